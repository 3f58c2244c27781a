"""What must be known where a condition holds: the facts without which it could not have come out so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from careplan.cql import Fact, Node, Operation

Facts = frozenset[str]
Known = tuple[Facts, Facts]
"""The facts that are known wherever an expression is true, and wherever it is false; a value is both or neither."""

_NOTHING = Facts()
_STRICT = frozenset({"=", "!=", "<", "<=", ">", ">=", "xor", "+", "-", "*", "/", "div", "mod", "negate", "decimal"})
"""Operators that are unknown as soon as one operand is."""


def known_where(tree: Node) -> Known:
    """The facts that are certainly known where the expression is true, and where it is false."""
    found: dict[int, Known] = {}
    for node in tree.walk():
        found[id(node)] = _NOTHING, _NOTHING
        if isinstance(node, Fact):
            found[id(node)] = Facts({node.name}), Facts({node.name})
        elif isinstance(node, Operation) and not _looks_into_nothing(node):
            below = [found[id(each)] for each in node.operands]
            name = "strict" if node.operator in _STRICT else node.operator
            if name in _OPERATIONS:
                found[id(node)] = _OPERATIONS[name]([true for true, _ in below], [false for _, false in below])
    return found[id(tree)]


def _any(some: Sequence[Facts]) -> Facts:
    return _NOTHING.union(*some)


def _all(some: Sequence[Facts]) -> Facts:
    return Facts.intersection(*some)


_OPERATIONS: dict[str, Callable[[list[Facts], list[Facts]], Known]] = {
    "strict": lambda true, false: (both := _any([t & f for t, f in zip(true, false, strict=True)]), both),
    "and": lambda true, false: (_any(true), _all(false)),
    "or": lambda true, false: (_all(true), _any(false)),
    "not": lambda true, false: (false[0], true[0]),
    "implies": lambda true, false: (false[0] & true[1], true[0] | false[1]),
    "is true": lambda true, _: (true[0], _NOTHING),
    "is false": lambda _, false: (false[0], _NOTHING),
    "is null": lambda true, false: (_NOTHING, true[0] & false[0]),
    "between": lambda true, _: (_any(true), true[0]),
    "in": lambda true, false: (true[0] & false[0], true[0] & false[0]),
    "contains": lambda true, false: (true[1] & false[1], true[1] & false[1]),
    "if": lambda true, false: (true[1] & true[2], false[1] & false[2]),
}
"""What each operator that needs its operands makes of what is known where they are true, and where they are false."""


def _looks_into_nothing(node: Operation) -> bool:
    """Whether it may look into an empty list, where nothing is, known or not."""
    return node.operator in ("in", "contains") and any(
        isinstance(each, Operation) and each.operator == "list" and not each.operands for each in node.walk()
    )
