"""What a derivation comes to whatever the answers that are missing turn out to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from attrs import evolve

from careplan.cql import Expression, Literal, Node, Operation
from careplan.cql.compile import compile_trees


@lru_cache(maxsize=1024)
def certainly(rule: Expression) -> Callable[[Mapping[str, Any]], Any]:
    """A function from known facts to the value of the rule, None where that could change as more becomes known.

    CQL reads some unknowns as an answer: ``x is null`` is true, ``x is not true`` is true, ``if`` takes ``else``,
    ``Coalesce`` falls back to a constant. A value that rests on such a reading does not contradict one that was
    given. ``Max``, ``Min`` and ``Coalesce`` over facts come to what is known so far.
    """
    seen: dict[int, Node] = {}
    for node in rule.tree.walk():
        seen[id(node)] = _strict(node, tuple(seen[id(child)] for child in node.children))
    run = compile_trees({"": seen[id(rule.tree)]})
    return lambda facts: run(facts)[""]


def _strict(node: Node, operands: tuple[Node, ...]) -> Node:
    """The node over strict operands, unknown where CQL would answer for an unknown."""
    if not isinstance(node, Operation):
        return node
    strict = evolve(node, operands=operands)
    if node.operator in ("Coalesce", "Count", "Sum", "exists"):
        return _strict_list(strict)
    if node.operator == "is true":
        return operands[0]
    if node.operator == "is false":
        return evolve(strict, operator="not")
    if node.operator in ("is null", "if"):
        known = Literal(node.span, value=False) if node.operator == "is null" else strict
        return _unless_unknown(operands[:1], known)
    return strict


def _strict_list(node: Operation) -> Node:
    """What skips unknowns: ``Coalesce`` without its constants, and what counts or adds only where all is known."""
    first = node.operands[0]
    if node.operator == "Coalesce":
        facts = tuple(each for each in node.operands if not isinstance(each, Literal))
        alone = len(facts) == 1 < len(node.operands)
        return facts[0] if alone else evolve(node, operands=facts or node.operands)
    return _unless_unknown(first.children, node)


def _unless_unknown(operands: tuple[Node, ...], node: Node) -> Node:
    """``if a is null or b is null then null else node``."""
    tests = tuple(Operation(node.span, "is null", (each,)) for each in operands)
    unknown = tests[0] if len(tests) == 1 else Operation(node.span, "or", tests)
    return Operation(node.span, "if", (unknown, Literal(node.span, None), node)) if tests else node
