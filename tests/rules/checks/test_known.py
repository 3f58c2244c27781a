"""What is said to be known where a condition holds is known there, whatever the condition."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from careplan.cql import Type, evaluate, expression
from careplan.rules.checks.known import known_where
from tests.rules.random_conditions import TYPES, people
from tests.rules.random_expressions import expressions


@settings(max_examples=300, deadline=None)
@given(text=expressions(Type.BOOLEAN), facts=people)
def test_nothing_that_is_said_to_be_known_is_missing(text: str, facts: dict[str, Any]) -> None:
    typed = expression(text, TYPES)
    value = evaluate(typed, facts)
    if value is not None:
        assert known_where(typed.tree)[not value] <= facts.keys(), text


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        ("count.a >= 3", "count.a", "count.a"),
        ("count.a >= 3 and flag.a", "count.a flag.a", ""),
        ("flag.a or flag.b", "", "flag.a flag.b"),
        ("(flag.a and flag.b) or (flag.a and flag.c)", "flag.a", ""),
        ("flag.a is true", "flag.a", ""),
        ("flag.a is not true", "", "flag.a"),
        ("count.a is not null", "count.a", ""),
        ("not (count.a + count.b > 3)", "count.a count.b", "count.a count.b"),
        ("count.a in {1, 2}", "count.a", "count.a"),
        ("count.a in Interval[1, 2]", "count.a", "count.a"),
        ("count.a between 1 and count.b", "count.a count.b", "count.a"),
        ("Coalesce(count.a, count.b) > 3", "", ""),
        ("Max({count.a, count.b}) > 3", "", ""),
    ],
)
def test_what_is_known(text: str, true: str, false: str) -> None:
    assert known_where(expression(text, TYPES).tree) == (frozenset(true.split()), frozenset(false.split()))
