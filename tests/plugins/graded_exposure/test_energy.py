"""With malaise after effort, or while it is not excluded, energy sets the limit and nothing steps up."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from careplan.testing import places, plan_for
from tests.plugins.cards import reasons
from tests.plugins.graded_exposure.people import (
    CRASHES,
    EVERYTHING,
    FEARFUL,
    LOGS,
    computed,
    intake,
    page,
)
from tests.plugins.people import SIGNED, details_of

RISING = ("steps", "limits", "breaks", "ladder")


@pytest.mark.parametrize(
    "limited",
    [
        {"answers": {"dsqpem": CRASHES, "tsk11": FEARFUL}},
        {"answers": {"tsk11": FEARFUL}, "diagnoses": ["mecfs"]},
        {"answers": {"dsqpem": None, "tsk11": FEARFUL}, "measures": {"duration_months": 72, "fatigue": 7}},
    ],
    ids=["shown", "diagnosed", "not excluded"],
)
def test_nothing_rises_where_effort_makes_worse_or_may(limited: dict[str, Any]) -> None:
    assert not set(RISING) & set(computed(**EVERYTHING, **limited))
    assert set(RISING) <= set(computed(**EVERYTHING, answers={"tsk11": FEARFUL}))


def test_energy_limits_stay_a_third_under_the_middle_day_and_never_rise() -> None:
    found = computed(**EVERYTHING, answers={"dsqpem": CRASHES})
    assert set(found) == {"energy", "crash_log"}
    walking, cooking = found["energy"]["activities"]
    assert (walking["good_day"], walking["longest"]) == (10, 25)
    assert walking["start"] == {"minutes": 6, "seconds": 30}
    assert (cooking["good_day"], cooking["start"]) == (None, None)
    assert reasons(found["energy"]["because"]) == {"dsqpem.step1": True, "dx.mecfs": False}
    assert found["crash_log"]["days"] == 5
    assert "weeks" not in json.dumps(found)


def test_of_an_even_log_the_lower_middle_day_counts() -> None:
    activities = [{"name": "walking", "minutes": [30, 9, 12, 0]}]
    (walking,) = computed(activities=activities, diagnoses=["mecfs"])["energy"]["activities"]
    assert (walking["good_day"], walking["start"]) == (9, {"minutes": 6, "seconds": 0})


@settings(max_examples=40, deadline=None)
@given(LOGS)
def test_an_energy_limit_is_always_under_two_thirds_of_the_longest_day(log: list[float]) -> None:
    activities = [{"name": "walking", "minutes": log}]
    (walking,) = computed(activities=activities, diagnoses=["mecfs"])["energy"]["activities"]
    start = walking["start"] and walking["start"]["minutes"] * 60 + walking["start"]["seconds"]
    assert start is None or start <= Fraction(max(log)) * 60 * Fraction(2, 3)


def test_the_patient_with_energy_limits_reads_no_step_to_add() -> None:
    text = page(intake(**EVERYTHING, answers={"dsqpem": CRASHES}))
    assert "My energy window" in text
    assert "My crash log" in text
    assert "week by week" not in text


@pytest.mark.parametrize("rule", ["ACT-03", "ACT-04", "ACT-05", "ACT-06"])
def test_a_clinician_who_adds_a_blocked_rule_still_gets_no_steps(rule: str) -> None:
    override = {
        "rule": rule,
        "do": "add",
        "by": "Dr Bell",
        "role": "GP",
        "on": "2026-03-02",
        "until": "2026-06-01",
        "reason": {"code": "new_information", "text": "Stable for a year."},
    }
    text = intake(**EVERYTHING, answers={"dsqpem": CRASHES, "tsk11": FEARFUL}, overrides=[override])
    plan = plan_for(text, sign_off=SIGNED)
    assert places(plan)[rule] == "released"
    assert set(details_of("graded_exposure", plan)) == {"energy", "crash_log"}
