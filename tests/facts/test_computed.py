"""Facts that a named function computes from single answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.facts.people import values

SCREEN = ("q1", "q2", "q3", "q4", "q5", "q6_lifetime", "q6_3_months")


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ((False, False, None, None, None, False, None), False),
        ((True, False, None, None, None, False, None), False),
        ((False, True, False, False, False, False, None), True),
        ((False, False, None, None, None, True, True), True),
        ((False, False, None, None, None, True, False), False),
        ((False, False, None, None, None, True, None), None),
        ((False, False, None, None, None, None, None), None),
        ((False, None, False, False, False, False, None), None),
        ((False, None, None, True, None, None, None), True),
        ((None, None, None, None, None, None, None), None),
    ],
)
def test_cssrs_2_to_6_is_no_only_when_all_that_had_to_be_asked_is_no(answers: tuple[Any, ...], found: Any) -> None:
    assert values(answers={"cssrs": answers}).get("cssrs.q2_to_q6") is found
    assert values(answers={"cssrs": dict(zip(SCREEN, answers, strict=True))}).get("cssrs.q2_to_q6") is found


def test_a_screener_that_was_not_given_says_nothing() -> None:
    assert "cssrs.q2_to_q6" not in values()


@pytest.mark.parametrize(
    ("answers", "count"),
    [({}, 0), ({"phq9": (1, None, 2, None, 1, None, 1, 0, None)}, 5), ({"phq9": {"i1": 0, "i2": None}}, 1)],
)
def test_answered_phq9_items_are_counted_and_none_is_0(answers: dict[str, Any], count: int) -> None:
    assert values(answers=answers)["phq9.answered"] == count


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({}, None),
        ({"pss10": (2,) * 10}, True),
        ({"pss10": (0,) * 10}, False),
        ({"pss10": (2, 2, 2, 2, 2, 2, 2, 2, 2, 3)}, False),
        ({"pss10": (2, 2, 2, None, None, None, None, None, None, None)}, None),
        ({"pss10": (2, 3, None, None, None, None, None, None, None, None)}, False),
        ({"pss10": (2, 3, 1, 0, 1, 2, 3, 1, 2, 1), "dast10": (1,) * 10}, True),
        ({"peg": (5, 5, 5)}, None),
    ],
)
def test_the_same_answer_throughout_is_seen_where_items_are_reversed(answers: dict[str, Any], found: Any) -> None:
    assert values(answers=answers).get("instruments.straight_lined") is found
