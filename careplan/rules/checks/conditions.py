"""Whether conditions can mean what they say: literals that cannot be met, and unknowns that count without a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import floor, inf
from operator import eq, ge, gt, le, lt
from typing import Any

from careplan.cql import Fact, Node, Operation, Type
from careplan.cql.comparing import Compared, compared
from careplan.cql.parse import shortened
from careplan.errors import RulesetError
from careplan.rules.checks.finding import Finding, RulesetFile
from careplan.rules.paths import paths
from careplan.vocabulary.model import FactDefinition, Vocabulary

_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
_SKIPPING = frozenset({"Sum", "Count"})
"""Aggregates that leave out what is unknown, so that what they come to is less than it may be."""
_SETTLED = frozenset({"is true", "is false", "is null"})


def conditions(file: RulesetFile) -> Iterator[Finding]:
    """Comparisons that no value meets, an ``if`` that takes ``else`` for an unknown, sums without what is unknown."""
    for name, condition, text in file.conditions:
        try:
            paths(name, condition)
        except RulesetError as error:
            yield Finding(str(error), text.location, "too_many_ways")
        for node in condition.tree.walk():
            if isinstance(node, Operation):
                for message, code, severity in _amiss(node, file.vocabulary):
                    at = text.locate(node.span.line, node.span.column)
                    yield Finding(f"{name}: {message}", at, code, severity)


def _amiss(node: Operation, vocabulary: Vocabulary) -> Iterator[tuple[str, str, Any]]:
    if node.operator == "and":
        yield from _contradictions(node, vocabulary)
    if test := _test(node, vocabulary):
        yield from _outside(*test)
    if node.operator in _SKIPPING:
        message = f"{node.operator} leaves out what is unknown, and comes to less than it may be; ask that all is known"
        yield message, "skips_unknown", "warning"
    if node.operator == "if" and not _settled(node.operands[0]):
        yield "'if' takes 'else' for an unknown condition; write 'is true' to say so", "unknown_takes_else", "warning"


def _settled(test: Node) -> bool:
    """Whether a test is never unknown: an ``is``, or one with ``not`` around it."""
    while isinstance(test, Operation) and test.operator == "not":
        test = test.operands[0]
    return isinstance(test, Operation) and test.operator in _SETTLED


_Test = tuple[FactDefinition, Compared]


def _test(node: Node, vocabulary: Vocabulary) -> _Test | None:
    """A fact and the constant it is compared with, where it can be said what meets the comparison.

    The order of strings is left alone: there is always another string between two.
    """
    found = compared(node)
    if found is None or not isinstance(found.subject, Fact) or found.operator not in _HOLDS:
        return None
    if not found.number and found.operator != "=":
        return None
    return vocabulary[found.subject.name], found


def _outside(fact: FactDefinition, test: Compared) -> Iterator[tuple[str, str, Any]]:
    """What is wrong with a comparison that comes out the same whatever the fact is."""
    values: Sequence[Any]
    if fact.range is not None and test.number:
        values = [*fact.range, *_values(fact, [test.constant], *fact.range)]
    elif fact.values is not None:
        values = fact.values
    else:
        return
    met = [_HOLDS[test.operator](each, test.constant) for each in values]
    if not any(met):
        yield f"{_said(fact, test)} is never met; it is {fact.allowed}", "never_met", "error"
    elif all(met):
        yield f"{_said(fact, test)} is always met; it is {fact.allowed}", "always_met", "warning"


def _contradictions(node: Operation, vocabulary: Vocabulary) -> Iterator[tuple[str, str, Any]]:
    """Facts of which an ``and`` asks what no one value meets."""
    asked: dict[str, list[_Test]] = {}
    for each in node.operands:
        if test := _test(each, vocabulary):
            asked.setdefault(test[0].id, []).append(test)
    for tests in asked.values():
        (fact, _), constants = tests[0], [test.constant for _, test in tests]
        values = _values(fact, constants) if fact.type.numeric else constants
        met = (all(_HOLDS[test.operator](each, test.constant) for _, test in tests) for each in values)
        if len(tests) > 1 and not any(met):
            yield f"{' and '.join(_said(*each) for each in tests)} contradict each other", "contradictory", "error"


def _values(fact: FactDefinition, constants: Sequence[Any], low: float = -inf, high: float = inf) -> Iterator[float]:
    """A number of each kind that comparisons with the constants can tell apart, of those from low to high."""
    whole = fact.type == Type.INTEGER
    marks = sorted({float(each) for each in constants})
    around = [marks[0] - 1, *marks]
    for mark, following in zip(marks, [*marks[1:], marks[-1] + 2], strict=True):
        between = floor(mark) + 1 if whole else (mark + following) / 2
        around += [between] if between < following else []
    yield from (each for each in around if low <= each <= high and (not whole or float(each).is_integer()))


def _said(fact: FactDefinition, test: Compared) -> str:
    constant = shortened(repr(test.constant), 40) if isinstance(test.constant, str) else str(test.constant)
    return f"{fact.id} {test.operator} {constant}"
