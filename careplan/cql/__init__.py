"""Conditions in a subset of HL7 CQL: text to a typed expression, and its meaning over facts that may be unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import field, frozen

from careplan.cql.check import node_types
from careplan.cql.compile import compile_trace, compile_trees
from careplan.cql.nodes import Fact, Literal, Node, Operation, Span, conjuncts
from careplan.cql.parse import parse
from careplan.cql.types import SIMPLE, IntervalType, ListType, Type, list_of
from careplan.cql.widen import widened
from careplan.errors import Location

__all__ = [
    "SIMPLE", "Expression", "Fact", "IntervalType", "ListType", "Literal", "Node", "Operation", "Span", "Type",
    "compile_all", "conjuncts", "evaluate", "expression", "list_of", "parse", "trace",
]  # fmt: skip


@frozen
class Expression:
    """A typed condition: its text, its tree, the type of its value, and the facts it reads."""

    text: str
    tree: Node = field(eq=False, repr=False)
    type: Type
    reads: frozenset[str]

    def __str__(self) -> str:
        return self.text

    def said(self, node: Node) -> str:
        """The text of one of its nodes, on one line."""
        return " ".join(self.text[node.span.start : node.span.end].split())

    def clause(self, node: Node) -> Expression:
        """One of its Boolean nodes as a condition by itself."""
        return Expression(self.text, node, Type.BOOLEAN, _reads(node))


def expression(
    text: str, types: Mapping[str, Type], *, expected: Type | None = None, origin: Location | None = None
) -> Expression:
    """The typed expression of a text; raises ConditionError with every problem, placed from ``origin`` on."""
    tree = parse(text, origin)
    found = node_types(tree, text, types, expected=expected, origin=origin)
    return Expression(text, widened(tree, found), found[id(tree)], _reads(tree))


def _reads(tree: Node) -> frozenset[str]:
    return frozenset(node.name for node in tree.walk() if isinstance(node, Fact))


def compile_all(
    expressions: Mapping[str, Expression], *, exactly: bool = False
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """One function from facts to the value of every expression by name; an unknown fact is absent or None.

    With ``exactly`` it computes in whole numbers and fractions (facts are then ints or Fractions), not in float64.
    """
    return compile_trees({name: each.tree for name, each in expressions.items()}, exactly=exactly)


def evaluate(each: Expression, facts: Mapping[str, Any]) -> Any:
    """The value of one expression, or None when it is unknown."""
    return compile_trees({"": each.tree})(facts)[""]


def trace(each: Expression, facts: Mapping[str, Any]) -> dict[int, Any]:
    """The value of every node of the expression, by the node's identity."""
    return compile_trace(each.tree)(facts)
