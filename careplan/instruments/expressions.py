"""The CQL of an instrument: what it may read, and expressions made whole so that they read answers and scores alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import evolve

from careplan.cql import Expression, Fact, Node, Operation, Type, compile_all
from careplan.instruments.model import Item

ANSWERED = "items.answered"
OPEN = "items.open"

Values = Mapping[str, Any]


def readable(items: Iterable[Item]) -> dict[str, Type]:
    """What expressions may read of the items, with types: points, sites, how many are answered and still open."""
    types = {ANSWERED: Type.INTEGER, OPEN: Type.INTEGER}
    for item in items:
        types |= item.facts
    return types


def written_out(expression: Expression, terms: Mapping[str, Expression]) -> Expression:
    """The expression with every term it reads written out."""
    if not expression.reads & terms.keys():
        return expression
    tree = _in_full(expression.tree, terms)
    return evolve(expression, tree=tree, reads=frozenset(node.name for node in tree.walk() if isinstance(node, Fact)))


def _in_full(node: Node, terms: Mapping[str, Expression]) -> Node:
    if isinstance(node, Fact) and node.name in terms:
        return _in_full(terms[node.name].tree, terms)
    if isinstance(node, Operation):
        return evolve(node, operands=tuple(_in_full(each, terms) for each in node.operands))
    return node


def compiled(expression: Expression) -> Callable[[Values], Any]:
    """The function from values to the exact value of an expression."""
    run = compile_all({"": expression}, exactly=True)
    return lambda values: run(values)[""]
