"""A typed tree → the same with every Integer that CQL takes as a Decimal made one, so that no engine has to guess."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from careplan.cql.nodes import Literal, Node, Operation
from careplan.cql.types import ListType, Type

_TAKES_DECIMALS = frozenset({"+", "-", "*", "div", "mod", "if", "Coalesce"})


def widened(tree: Node, types: Mapping[int, Type]) -> Node:
    """The tree with ``decimal`` around each Integer among Decimals: in a list, a choice, or under an operator.

    ``types`` are those of its nodes by identity. Comparisons need none, since both kinds of number compare exactly,
    nor does ``/``, which always divides Decimals.
    """
    made: dict[int, Node] = {}
    for node in tree.walk():
        if not isinstance(node, Operation):
            made[id(node)] = node
            continue
        operands = tuple(made[id(each)] for each in node.operands)
        demanded = _demanded(node, types)
        if demanded is not None:
            first = 1 if node.operator == "if" else 0
            kinds = [types[id(each)] for each in node.operands]
            operands = operands[:first] + tuple(
                _as(demanded, each, kind) for each, kind in zip(operands[first:], kinds[first:], strict=True)
            )
        same = all(one is other for one, other in zip(operands, node.operands, strict=True))
        made[id(node)] = node if same else evolve(node, operands=operands)
    return made[id(tree)]


def _demanded(node: Operation, types: Mapping[int, Type]) -> Type | None:
    """The type that the operands are taken in, where it is one of Decimals."""
    kind = types[id(node)]
    if node.operator == "list":
        assert isinstance(kind, ListType)
        kind = kind.element
    elif node.operator not in _TAKES_DECIMALS or len(node.operands) == 1:
        return None
    return kind if Type.DECIMAL in (kind, getattr(kind, "element", None)) else None


def _as(demanded: Type, node: Node, kind: Type) -> Node:
    """The node as a value of the type demanded; the elements of a list are reached where it is written."""
    unknown = kind == Type.ANY or (isinstance(node, Literal) and node.value is None)
    if unknown or kind == demanded or (kind.numeric and demanded != Type.DECIMAL):
        return node
    if kind.numeric:
        if isinstance(node, Literal):
            return Literal(node.span, float(node.value or 0))
        return Operation(node.span, "decimal", (node,))
    assert isinstance(node, Operation)
    assert isinstance(kind, ListType)
    assert isinstance(demanded, ListType)
    inner = demanded.element if node.operator == "list" else demanded
    kinds = kind.element if node.operator == "list" else kind
    first = 1 if node.operator == "if" else 0
    return evolve(
        node, operands=node.operands[:first] + tuple(_as(inner, each, kinds) for each in node.operands[first:])
    )
