"""The account of one condition over one case, clause by clause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from careplan.cql import Expression, Fact, Literal, Node, Operation
from careplan.cql.compile import compile_trace
from careplan.rules.reasons import Derivations

_LOGICAL = ("and", "or", "xor", "implies", "not", "if", "is true", "is false")


@frozen
class Clause:
    """One clause: its text, its value (true, false or unknown), the facts it reads, and the clauses it is made of."""

    text: str
    value: Any
    facts: Mapping[str, Any]
    clauses: tuple[Clause, ...] = ()


def clauses(condition: Expression, facts: Mapping[str, Any], derivations: Derivations) -> Clause:
    """The condition and every clause below it with its value; derived facts are opened to their own clauses."""
    values = compile_trace(condition.tree)(facts)
    return _clause(condition, condition.tree, values, facts, derivations)


def _clause(
    condition: Expression, node: Node, values: Mapping[int, Any], facts: Mapping[str, Any], derivations: Derivations
) -> Clause:
    text = condition.said(node)
    below: tuple[Clause, ...] = ()
    names = sorted({each.name for each in node.walk() if isinstance(each, Fact)})
    if isinstance(node, Operation) and node.operator in _LOGICAL:
        below = tuple(_clause(condition, child, values, facts, derivations) for child in node.operands)
        if [each.text.strip("()") for each in below] == [text.strip("()")]:
            below = below[0].clauses  # "x is not true" is a "not" of "x is true" that stands in the same words
    elif not isinstance(node, Literal):
        below = tuple(_derivation(name, facts, derivations) for name in names if name in derivations)
    return Clause(text, values[id(node)], {name: facts.get(name) for name in names}, below)


def _derivation(name: str, facts: Mapping[str, Any], derivations: Derivations) -> Clause:
    inner = clauses(derivations[name], facts, derivations)
    return Clause(f"{name}: {inner.text}", facts.get(name), inner.facts, inner.clauses)
