"""What conditions mean: CQL's three-valued logic, nulls, lists, intervals and arithmetic."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.cql import Type, evaluate, expression, trace
from careplan.errors import ConditionError

TYPES = {
    **dict.fromkeys("abc", Type.BOOLEAN),
    **dict.fromkeys("ijk", Type.INTEGER),
    **dict.fromkeys("xyz", Type.DECIMAL),
    **dict.fromkeys("st", Type.STRING),
}
TRUTHS = (True, False, None)


def value(text: str, **facts: Any) -> Any:
    return evaluate(expression(text, TYPES), facts)


@pytest.mark.parametrize(("a", "b"), list(itertools.product(TRUTHS, TRUTHS)))
def test_logic_is_kleene_s(a: bool | None, b: bool | None) -> None:
    conjunction = False if a is False or b is False else None if a is None or b is None else True
    disjunction = True if a is True or b is True else None if a is None or b is None else False
    assert value("a and b", a=a, b=b) is conjunction
    assert value("a or b", a=a, b=b) is disjunction
    assert value("not (a and b)", a=a, b=b) is value("not a or not b", a=a, b=b)
    assert value("a implies b", a=a, b=b) is value("not a or b", a=a, b=b)
    assert value("a xor b", a=a, b=b) is (None if a is None or b is None else a is not b)


@pytest.mark.parametrize(
    ("text", "facts", "meaning"),
    [
        ("i >= 5", {}, None),
        ("i >= 5", {"i": 5}, True),
        ("i = null", {"i": 5}, None),
        ("i is null", {}, True),
        ("a is true", {}, False),
        ("a is not true", {}, True),
        ("if a then 1 else 2", {}, 2),
        ("i between 1 and j", {"i": 0}, False),
        ("i between 1 and j", {"i": 2}, None),
        ("s in {'x', 'y'}", {"s": "y"}, True),
        ("s in {'x', 'y'}", {}, None),
        ("s in {'x', t}", {"s": "y"}, None),
        ("s in {'x', t}", {"s": "x"}, True),
        ("i in Interval[1, 5)", {"i": 5}, False),
        ("i in Interval[1, 5]", {"i": 5}, True),
        ("i in Interval[1, null]", {"i": 5}, True),
        ("i in Interval[1, null)", {"i": 5}, None),
        ("i in Interval[9, null)", {"i": 5}, False),
        ("{i, j} contains 3", {"i": 3}, True),
        ("exists {i, j}", {}, False),
        ("Count({i, j, k})", {"j": 1}, 1),
        ("Sum({i, j, k})", {"j": 1, "k": 4}, 5),
        ("Sum({i, j})", {}, None),
        ("Max({i, j})", {"j": 3}, 3),
        ("Min({x, 2.5})", {"x": 2.25}, 2.25),
        ("Coalesce(i, j, 7)", {"j": 2}, 2),
        ("x / 0", {"x": 1.0}, None),
        ("i / 2", {"i": 3}, 1.5),
        ("i div 2", {"i": -7}, -3),
        ("i mod 2", {"i": -7}, -1),
        ("i div 0", {"i": 1}, None),
        ("i * 2", {"i": 2**52 + 1}, None),
        ("x * x", {"x": 1e300}, None),
        ("s + t", {"s": "a", "t": "b"}, "ab"),
        ("s ~ t", {"s": "Two  words", "t": "two WORDS"}, True),
        ("a ~ b", {}, True),
        ("a !~ b", {"a": True}, True),
    ],
)
def test_the_meaning_of_each_operator(text: str, facts: dict[str, Any], meaning: Any) -> None:
    got = value(text, **facts)
    assert got == meaning
    assert type(got) is type(meaning)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not i >= 5", "write not (…) around the comparison"),
        ("i = 'x'", "the two sides of '=' are Integer and String"),
        ("i and a", "'and' needs a Boolean, and 'i' is Integer"),
        ("s in {1, 2}", "a String is never in a List<Integer>"),
        ("Max({1, null})", "a null written in a list says nothing"),
        ("Sum({a})", "Sum needs numbers"),
        ("Coalesce(1)", "Coalesce needs two or more values"),
        ("x ~ y", "depends on their written precision"),
        ("a < b", "Boolean values have no order"),
        ("q > 1", "there is no fact 'q'"),
        ("{1} = {1}", "outside the CQL subset"),
    ],
)
def test_types_that_do_not_fit_are_refused(text: str, message: str) -> None:
    with pytest.raises(ConditionError) as error:
        expression(text, TYPES)
    assert message in str(error.value)


def test_every_misfit_of_a_condition_is_reported_at_once() -> None:
    with pytest.raises(ConditionError) as error:
        expression("q > 1 and i = 'x' or not j >= 3", TYPES)
    assert [problem.location.column for problem in error.value.problems if problem.location] == [1, 11, 26]


def test_a_condition_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(ConditionError, match="this should be Boolean, and it is Integer"):
        expression("i + 1", TYPES, expected=Type.BOOLEAN)


def test_an_expression_knows_the_facts_it_reads() -> None:
    assert expression("a and (i > j or s = 'x')", TYPES).reads == {"a", "i", "j", "s"}


def test_trace_gives_the_value_of_every_clause() -> None:
    condition = expression("a or i > 3", TYPES)
    assert list(trace(condition, {"a": False}).values()) == [False, None, 3, None, None]


@given(st.integers(-(2**53), 2**53), st.integers(-(2**53), 2**53).filter(bool))
def test_div_and_mod_put_the_dividend_together_again(i: int, j: int) -> None:
    assert value("i div j", i=i, j=j) * j + value("i mod j", i=i, j=j) == i
