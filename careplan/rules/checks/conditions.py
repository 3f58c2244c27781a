"""Whether conditions can mean what they say: literals that cannot be met, and unknowns that count without a word."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from careplan.cql import Fact, Literal, Node, Operation, Type
from careplan.cql.parse import shortened
from careplan.errors import RulesetError
from careplan.rules.checks.finding import Finding, RulesetFile
from careplan.rules.paths import paths
from careplan.vocabulary.model import FactDefinition, Vocabulary

_FLIPPED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
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
    if node.operator in _FLIPPED and (compared := _compared(node)):
        yield from _outside(*compared, vocabulary)
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


def _compared(node: Operation) -> tuple[str, str, Any] | None:
    """``(fact, operator, constant)`` of a comparison of a fact with a constant, written either way round."""
    left, right = node.operands
    operator = node.operator
    if isinstance(left, Literal):
        left, right, operator = right, left, _FLIPPED[operator]
    if isinstance(left, Fact) and isinstance(right, Literal) and right.value is not None:
        return left.name, operator, right.value
    return None


def _outside(name: str, operator: str, constant: Any, vocabulary: Vocabulary) -> Iterator[tuple[str, str, Any]]:
    """What is wrong with a comparison that comes out the same whatever the fact is."""
    fact = vocabulary[name]
    if isinstance(constant, str):
        if operator == "=" and fact.values is not None and constant not in fact.values:
            yield f"{name} is never {shortened(repr(constant), 40)}; it is {fact.allowed}", "never_met", "error"
        return
    if isinstance(constant, bool) or fact.range is None:
        return
    low, high = fact.range
    met_by = [each for each in (low, high, *_within(constant, low, high)) if _holds(operator, each, constant)]
    missed_by = [each for each in (low, high, *_within(constant, low, high)) if not _holds(operator, each, constant)]
    if not met_by:
        yield f"{name} {operator} {constant} is never met; it is {fact.allowed}", "never_met", "error"
    elif not missed_by:
        yield f"{name} {operator} {constant} is always met; it is {fact.allowed}", "always_met", "warning"


def _within(constant: float, low: float, high: float) -> list[float]:
    return [constant] if low <= constant <= high else []


def _holds(operator: str, value: Any, constant: Any) -> bool:
    return bool(
        {
            "=": value == constant,
            "<": value < constant,
            "<=": value <= constant,
            ">": value > constant,
            ">=": value >= constant,
        }[operator]
    )


def _contradictions(node: Operation, vocabulary: Vocabulary) -> Iterator[tuple[str, str, Any]]:
    """Facts of which an ``and`` asks what no one value meets."""
    asked: dict[str, list[tuple[str, Any]]] = {}
    for each in node.operands:
        if isinstance(each, Operation) and each.operator in _FLIPPED and (compared := _compared(each)):
            asked.setdefault(compared[0], []).append(compared[1:])
    for name, tests in asked.items():
        if len(tests) > 1 and not any(
            all(_holds(operator, value, constant) for operator, constant in tests)
            for value in _candidates(vocabulary[name], [constant for _, constant in tests])
        ):
            said = " and ".join(f"{name} {operator} {_written(constant)}" for operator, constant in tests)
            yield f"{said} contradict each other", "contradictory", "error"


def _candidates(fact: FactDefinition, constants: list[Any]) -> Iterator[Any]:
    """A value of each kind that comparisons with the constants can tell apart."""
    if not fact.type.numeric:
        yield from constants
        return
    whole = fact.type == Type.INTEGER
    marks = sorted({float(each) for each in constants})
    yield from (each for each in marks if not whole or each.is_integer())
    yield marks[0] - 1
    for low, high in zip(marks, [*marks[1:], marks[-1] + 2], strict=True):
        following = math.floor(low) + 1 if whole else (low + high) / 2
        if following < high:
            yield following


def _written(constant: Any) -> str:
    return shortened(repr(constant), 40) if isinstance(constant, str) else str(constant)
