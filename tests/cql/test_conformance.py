"""The public CQL conformance suite: what is inside the subset comes to what it should, all else is refused by name."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from careplan.cql import Expression, Type, evaluate, expression
from careplan.cql.write import literal
from careplan.rules.columns import evaluate as by_columns
from careplan.rules.durable import DurableConditions
from tests.cql.conformance import Case, cases

INSIDE = [each for each in cases() if each.read]
OUTSIDE = [each for each in cases() if not each.read]
ROOT = Path(__file__).parents[2]
REASONS = ("outside the CQL subset", "null written in a list", "written precision", "without a known end")


def named(some: list[Case]) -> list[Any]:
    return [pytest.param(each, id=each.id) for each in some]


def same(value: Any, expected: Any) -> bool:
    """Whether a value is the expected one; decimals within 1e-8."""
    if isinstance(expected, list):
        return list(value) == expected
    if isinstance(expected, float):
        return type(value) is float and abs(value - expected) <= 1e-8
    return type(value) is type(expected) and bool(value == expected)


def test_the_suite_is_whole() -> None:
    assert (len(INSIDE), len(OUTSIDE)) == (211, 156)


@pytest.mark.parametrize("case", named(INSIDE))
def test_what_is_inside_comes_to_what_it_should(case: Case) -> None:
    assert case.read
    assert same(evaluate(case.read, {}), case.expected)


@pytest.mark.parametrize("case", named([each for each in INSIDE if not isinstance(each.expected, list)]))
def test_the_other_engines_find_the_same(case: Case) -> None:
    """The live engine decides conditions: of any other value, whether it is the expected one."""
    assert case.read
    value = by_columns(case.read, {}, {})
    assert same(value, case.expected)
    condition = case.read if case.read.type == Type.BOOLEAN else expression(_is(case.read, value), {})
    expected = case.expected if case.read.type == Type.BOOLEAN else True
    assert DurableConditions({"R": condition}, {}).decide({})["R"] is expected


def _is(read: Expression, value: Any) -> str:
    return f"({read.text}) is null" if value is None else f"({read.text}) = {literal(value)}"


@pytest.mark.parametrize("case", named(OUTSIDE))
def test_what_is_outside_is_refused_by_name(case: Case) -> None:
    assert any(reason in case.refusal for reason in REASONS)
    _, is_a_function, name = case.construct.partition("the function `")
    assert not is_a_function or f"{name.strip('`')}(" in case.text


def test_the_page_counts_what_is_inside_and_names_all_that_is_not() -> None:
    page = " ".join((ROOT / "docs" / "rules.md").read_text(encoding="utf-8").split())
    assert f"Of its {len(cases())} expressions, {len(INSIDE)} are inside" in page
    assert f"the other {len(OUTSIDE)} are refused" in page
    counted = Counter(each.construct for each in OUTSIDE)
    assert ", ".join(f"{name} ({number})" for name, number in counted.most_common()) in page
