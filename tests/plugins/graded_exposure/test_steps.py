"""Steps and time limits are computed from a person's own log, and never where they could do harm."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.testing import plan_for
from tests.plugins.cards import reasons
from tests.plugins.graded_exposure.people import (
    FEARFUL,
    LOGS,
    WALKING,
    column,
    computed,
    intake,
    page,
)
from tests.plugins.people import details_of


def test_a_task_starts_at_four_fifths_of_its_mean_and_rises_by_a_tenth_a_week_rounded_down() -> None:
    steps = computed(activities=[WALKING])["steps"]
    (walking,) = steps["tasks"]
    assert walking["mean"] == 11.2
    assert walking["start"] == {"minutes": 8, "seconds": 30}
    assert column(steps) == [8.5, 9, 9.5, 10, 11, 12, 13, 14, 15, 16.5, 18, 19.5]
    assert walking["because"] == [{"activity": "walking", "minutes": [10, 4, 12, 25, 5]}]
    assert (steps["convention"], steps["start_percent"], steps["step_percent"]) == (True, 80, 10)


def test_a_short_task_rises_by_seconds() -> None:
    steps = computed(activities=[{"name": "standing", "minutes": [3, 3, 3]}])["steps"]
    assert steps["tasks"][0]["start"] == {"minutes": 2, "seconds": 20}
    assert [(each["amounts"][0]["minutes"], each["amounts"][0]["seconds"]) for each in steps["weeks"]][:4] == [
        (2, 20),
        (2, 30),
        (2, 45),
        (3, 0),
    ]


def test_what_is_too_short_to_time_gets_no_steps() -> None:
    steps = computed(activities=[{"name": "standing", "minutes": [1, 1, 1]}])["steps"]
    assert (steps["tasks"][0]["mean"], steps["tasks"][0]["start"], steps["weeks"]) == (1.0, None, [])
    assert "too short to time" in page(intake(activities=[{"name": "standing", "minutes": [1, 1, 1]}]))


def test_a_task_rises_to_the_minutes_of_its_goal_and_no_further() -> None:
    goals = [{"text": "Walk for 10 minutes", "activity": " Walking "}]
    steps = computed(activities=[WALKING], goals=goals)["steps"]
    assert column(steps) == [8.5, 9, 9.5, 10]
    assert (steps["tasks"][0]["goal_minutes"], steps["tasks"][0]["goal_week"]) == (10, 4)
    assert steps["tasks"][0]["because"][1] == {"goal": "Walk for 10 minutes"}


def test_a_goal_beyond_the_weeks_shown_says_when_it_may_be_reached() -> None:
    goals = [{"text": "Walk half the way, 30 min", "activity": "walking"}]
    steps = computed(activities=[WALKING], goals=goals)["steps"]
    assert (len(steps["weeks"]), steps["tasks"][0]["goal_week"]) == (12, 18)


def test_somebody_who_does_the_goal_already_stays_there() -> None:
    goals = [{"text": "Walk 5 minutes each day", "activity": "walking"}]
    steps = computed(activities=[WALKING], goals=goals)["steps"]
    assert (column(steps), steps["tasks"][0]["goal_week"]) == ([5], 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Walk for 30 minutes, twice a week", 30),
        ("A 30-minute walk", 30),
        ("Walk 1.5 hours", 90),
        ("Walk 2 h", 120),
        ("Walk 20 to 30 minutes", None),
        ("Walk 20-30 minutes", None),
        ("Walk 1,5 hours", None),
        ("Walk 1 hour 30 minutes", None),
        ("Walk to the shop 3 times a week", None),
        ("Walk an hour", None),
        ("Walk 0 minutes", None),
        ("Walk for 90 hours", None),
        ("Walk 3 minor trails", None),
    ],
)
def test_minutes_are_read_from_a_goal_only_where_it_names_one_length_of_time(text: str, named: float | None) -> None:
    steps = computed(activities=[WALKING], goals=[{"text": text, "activity": "walking"}])["steps"]
    assert steps["tasks"][0]["goal_minutes"] == named


def test_of_two_goals_for_one_task_the_smaller_counts() -> None:
    goals = [{"text": f"Walk {each}", "activity": "walking"} for each in ("far", "20 minutes", "15 minutes")]
    steps = computed(activities=[WALKING], goals=goals)["steps"]
    assert [(each["activity"], each["goal"]) for each in steps["tasks"]] == [("walking", "Walk 15 minutes")]


def test_a_task_measured_less_than_three_times_waits_for_its_start() -> None:
    activities = [{"name": "walking", "minutes": [10, 4]}]
    goals = [{"text": "Dance", "activity": "dancing", "baseline_minutes": 5}]
    steps = computed(activities=activities, goals=goals)["steps"]
    assert [(each["activity"], each["measure_more"], each["start"]) for each in steps["tasks"]] == [
        ("dancing", 3, None),
        ("walking", 1, None),
    ]
    assert (steps["columns"], steps["weeks"]) == ([], [])


def test_three_tasks_are_built_up_those_of_goals_first_and_the_others_are_named() -> None:
    log = [10, 10, 10]
    activities = [
        {"name": "ironing"},
        *({"name": name, "minutes": log} for name in ("stairs", "cooking", "reading", "piano")),
    ]
    steps = computed(activities=activities, goals=[{"text": "Play again", "activity": "piano"}])["steps"]
    assert steps["columns"] == ["piano", "stairs", "cooking"]
    assert steps["later"] == ["reading", "ironing"]


def test_without_any_activity_there_are_blanks_to_fill_in() -> None:
    assert computed()["steps"]["tasks"] == []
    assert "First I measure" in page(intake())


def test_a_feared_task_is_met_on_the_ladder_and_not_by_the_clock() -> None:
    activities = [WALKING | {"fear": 29}, {"name": "bending", "minutes": [5, 5, 5], "fear": 30}]
    found = computed(activities=activities, answers={"tsk11": FEARFUL})
    assert found["steps"]["columns"] == ["walking"]
    assert (found["steps"]["feared"], found["steps"]["on_ladder"]) == ([{"activity": "bending", "fear": 30}], True)
    assert [each["activity"] for each in found["ladder"]["rungs"]] == ["walking", "bending"]
    assert computed(activities=activities, answers={"tsk11": [1] * 11})["steps"]["columns"] == ["walking", "bending"]


@settings(max_examples=60, deadline=None)
@given(LOGS, st.none() | st.integers(1, 600))
def test_no_amount_ever_rises_by_more_than_a_tenth_or_above_the_goal(log: list[float], goal: int | None) -> None:
    goals = [{"text": f"{goal} minutes of it", "activity": "walking"}] if goal else []
    steps = computed(activities=[{"name": "walking", "minutes": log}], goals=goals)["steps"]
    seconds = [each["amounts"][0]["minutes"] * 60 + each["amounts"][0]["seconds"] for each in steps["weeks"]]
    mean = sum(map(Fraction, log)) * 60 / len(log)
    assert all(earlier < later <= earlier * Fraction(11, 10) for earlier, later in pairwise(seconds))
    assert all(each <= min(goal * 60 if goal else 86400, 86400) for each in seconds)
    assert seconds[:1] == [] or 0 < seconds[0] <= mean * Fraction(4, 5)
    assert bool(seconds) == (mean * Fraction(4, 5) >= 50)


def test_while_a_warning_sign_is_unchecked_no_amount_is_given() -> None:
    found = computed(activities=[WALKING], red_flags=["fever"], answers={"tsk11": FEARFUL}, findings=["rest_dominant"])
    assert (found["steps"]["waits_for"], found["steps"]["weeks"]) == ("warning_sign", [])
    assert set(found) == {"steps"}
    text = page(intake(activities=[WALKING], red_flags=["fever"]))
    assert "First your warning sign is checked." in text
    assert "My steps, week by week" not in text


def test_until_somebody_is_cleared_for_more_the_start_stays() -> None:
    found = computed(activities=[WALKING], diagnoses=["hf"])["steps"]
    assert (found["waits_for"], column(found)) == ("clearance", [8.5])


def test_what_nobody_asked_is_said_to_the_clinician() -> None:
    asked_nothing = intake(activities=[WALKING]).replace('"red_flags": {"present": [], "reviewed": true}, ', "")
    assert details_of("graded_exposure", plan_for(asked_nothing))["steps"]["not_known"] == ["safety.exercise_unsafe"]
    assert "Check before any step" in page(asked_nothing, "clinician")
    assert "Check before any step" not in page(asked_nothing)


def test_steps_go_when_their_rule_does_not_stand() -> None:
    assert "steps" not in computed(activities=[WALKING], measures={"duration_months": 2, "fatigue": 5})
    assert "steps" not in computed(activities=[WALKING], findings=["acute_flare_severe"])


def test_uneven_days_get_the_steady_start_as_their_limit() -> None:
    even = {"name": "reading", "minutes": [5, 5, 5]}
    short = {"name": "cooking", "minutes": [0, 40]}
    limits = computed(activities=[WALKING, even, short], findings=["boom_bust"])["limits"]["tasks"]
    assert [(each["activity"], each["least"], each["most"], each["limit"]) for each in limits] == [
        ("walking", 4, 25, {"minutes": 8, "seconds": 30}),
        ("cooking", 0, 40, None),
    ]
    assert "limits" not in computed(activities=[even], findings=["boom_bust"])


def test_breaks_from_rest_grow_by_a_minute_every_three_days_up_to_five() -> None:
    breaks = computed(findings=["rest_dominant"])["breaks"]["steps"]
    assert [(each["from_day"], each["to_day"], each["minutes"]) for each in breaks] == [
        (1, 3, 2),
        (4, 6, 3),
        (7, 9, 4),
        (10, None, 5),
    ]


def test_there_is_one_activity_log_to_fill_in_wherever_days_are_built_up_or_made_steady() -> None:
    uneven: dict[str, Any] = {"activities": [WALKING], "findings": ["boom_bust"]}
    assert page(intake(**uneven)).count("My activity log</h4>") == 1
    assert {"week_log", "week_log_of_pacing"} & set(computed(**uneven)) == {"week_log"}
    override = {
        "rule": "ACT-03",
        "do": "decline",
        "by": "Dr Bell",
        "role": "GP",
        "on": "2026-03-02",
        "until": "2026-06-01",
        "reason": {"code": "patient_choice", "text": "Steady days first."},
    }
    steady = computed(**uneven, overrides=[override])
    assert "week_log" not in steady
    assert reasons(steady["week_log_of_pacing"]["because"]) == {"finding.boom_bust": True}
    assert page(intake(**uneven, overrides=[override])).count("My activity log</h4>") == 1


def test_where_effort_makes_worse_or_a_warning_sign_is_unchecked_no_activity_is_logged() -> None:
    for held in ({"diagnoses": ["mecfs"]}, {"red_flags": ["fever"]}):
        found = computed(activities=[WALKING], findings=["boom_bust"], **held)
        assert not {"week_log", "week_log_of_pacing"} & set(found)
