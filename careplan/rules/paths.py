"""Conditions → disjunctive paths: the ways in which a condition is known to be true, and known to be false.

Each path is a set of atoms that must all hold. An atom compares one property with a constant, and over a property
that is not there it does not hold: so no path of a condition holds while the condition is unknown.
"""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from careplan.cql import Expression, Fact, Node, Operation
from careplan.cql import Literal as Constant
from careplan.cql.comparing import compared
from careplan.errors import RulesetError

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Path = frozenset["Atom"]

MOST_PATHS = 500
"""Paths one condition may have, true and false together."""

_OPPOSITE: dict[str, Comparison] = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_CQL: dict[str, Comparison] = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@frozen
class Property:
    """What an atom looks at: a fact by name, or a ``leaf``, a Boolean piece of a condition computed beforehand.

    ``decimal`` says whether numbers are compared as decimals; one fact may be looked at in both ways.
    """

    fact: str | None = None
    leaf: Node | None = None
    decimal: bool = False


@frozen
class Atom:
    """``property comparison constant``, such as ``isi.total >= 15``."""

    of: Property
    comparison: Comparison
    constant: bool | int | float | str

    @property
    def opposite(self) -> Atom:
        """The atom that holds when the property is known and this one does not hold."""
        return Atom(self.of, _OPPOSITE[self.comparison], self.constant)


class _TooMany(Exception):
    pass


def paths(name: str, condition: Expression) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The paths on which the condition is true, and those on which it is false; refuses more than 500."""
    try:
        true, false = _paths(condition.tree)
    except _TooMany:
        message = f"the condition of {name} has more than {MOST_PATHS} ways to be true or false; split the rule"
        raise RulesetError(message) from None
    return tuple(true), tuple(false)


def _paths(node: Node) -> tuple[list[Path], list[Path]]:
    if isinstance(node, Operation) and node.operator in ("and", "or", "implies", "not", "is true", "is false"):
        return _logical(node)
    if isinstance(node, Constant):
        if node.value is None:
            return [], []
        return ([frozenset()], []) if node.value else ([], [frozenset()])
    atom = _comparison(node) or _truth(node)
    return [frozenset([atom])], [frozenset([atom.opposite])]


def _logical(node: Operation) -> tuple[list[Path], list[Path]]:
    if node.operator in ("is true", "is false"):
        return _truth_test(node)
    below = [_paths(operand) for operand in node.operands]
    if node.operator == "not":
        ((true, false),) = below
        return false, true
    if node.operator == "implies":
        below[0] = below[0][1], below[0][0]
    trues, falses = [true for true, _ in below], [false for _, false in below]
    if node.operator == "and":
        return _all(trues), _any(falses)
    return _any(trues), _all(falses)


def _truth_test(node: Operation) -> tuple[list[Path], list[Path]]:
    # "x is true" is false also while x is unknown, which no path can see: so its truth is taken apart and its
    # falsity, where one is needed, is a leaf.
    true, false = _paths(node.operands[0])
    return (true if node.operator == "is true" else false), [frozenset([_truth(node).opposite])]


def _any(alternatives: list[list[Path]]) -> list[Path]:
    merged = list(dict.fromkeys(path for paths in alternatives for path in paths))
    if len(merged) > MOST_PATHS:
        raise _TooMany
    return merged


def _all(conditions: list[list[Path]]) -> list[Path]:
    product: list[Path] = [frozenset()]
    for paths in conditions:
        product = list(dict.fromkeys(left | right for left in product for right in paths))
        if len(product) > MOST_PATHS:
            raise _TooMany
    return product


def _truth(node: Node) -> Atom:
    if isinstance(node, Fact):
        return Atom(Property(fact=node.name), "==", constant=True)
    return Atom(Property(leaf=node), "==", constant=True)


def _comparison(node: Node) -> Atom | None:
    """The atom of ``fact op constant`` (or the other way round) that the live engine can compare itself."""
    found = compared(node)
    if found is None or found.operator not in _CQL or not isinstance(found.subject, Fact):
        return None
    comparison = _CQL[found.operator]
    if isinstance(found.constant, str) and comparison not in ("==", "!="):
        return None
    decimal = isinstance(found.constant, float)
    return Atom(Property(fact=found.subject.name, decimal=decimal), comparison, found.constant)
