"""Steps, limits, ladders and stages are computed from a person's own answers, and never where they could do harm."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.plan.editions import Edition
from careplan.rules.readability import reading_grade, sentences, words
from careplan.testing import document_for, places, plan_for
from tests.plugins.people import SIGNED, WORSE_AFTER_EFFORT, details_of, walker

RULES = Path(__file__).parents[2] / "rulesets" / "graded_exposure" / "2026.1.yaml"
WHO = {"sex": "male", "name": "Alex Sample"}
CRASHES = {**WORSE_AFTER_EFFORT, "q7": True, "q8": True, "q9": 6}
FEARFUL = [3, 3, 3, 2, 3, 3, 3, 3, 2, 3, 2]
WALKING = {"name": "walking", "minutes": [10, 4, 12, 25, 5]}


def intake(person: Mapping[str, Any] | None = None, **changed: Any) -> str:
    """A person whose days are made small by pain, with everything asked; ``findings`` and the like replace lists."""
    return walker(person={**WHO, **(person or {})}, **changed)


def computed(**changed: Any) -> dict[str, Any]:
    return details_of("graded_exposure", plan_for(intake(**changed)))


def page(text: str, edition: Edition = "patient") -> str:
    return document_for(text, edition, sign_off=SIGNED)


def minutes(amounts: list[dict[str, int]]) -> list[float]:
    return [each["minutes"] + each["seconds"] / 60 for each in amounts]


def column(steps: dict[str, Any], number: int = 0) -> list[float]:
    return minutes([row["amounts"][number] for row in steps["weeks"]])


# Steps


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


LOGS = st.lists(st.integers(0, 2880).map(lambda each: each / 2), min_size=3, max_size=8)


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


# Energy limits

RISING = ("steps", "limits", "breaks", "ladder")
EVERYTHING: dict[str, Any] = {
    "activities": [WALKING, {"name": "cooking", "minutes": [20]}, {"name": "stairs", "fear": 35}],
    "findings": ["boom_bust", "rest_dominant"],
}


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
    assert found["energy"]["because"] == [{"fact": "dsqpem.step1", "value": True}, {"fact": "dx.mecfs", "value": False}]
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


# Ladder


def test_the_ladder_is_sorted_and_marks_where_to_begin() -> None:
    fears = {"lifting": 90, "stairs": 40, "bending": 30, "sitting": 29, "turning": 41}
    activities = [{"name": name, "fear": fear} for name, fear in fears.items()]
    ladder = computed(activities=activities, answers={"tsk11": FEARFUL})["ladder"]
    assert [(each["activity"], each["begin"]) for each in ladder["rungs"]] == [
        ("sitting", False),
        ("bending", True),
        ("stairs", True),
        ("turning", False),
        ("lifting", False),
    ]
    assert [each["halved"] for each in ladder["rungs"]] == [14.5, 15, 20, 20.5, 45]
    assert (ladder["blanks"], ladder["begins"]) == (3, True)
    assert ladder["rungs"][0]["because"] == [{"activity": "sitting", "fear": 29}]
    assert {"fact": "tsk11.total", "value": 30} in ladder["because"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 100), max_size=15))
def test_a_ladder_holds_every_rating_once_lowest_first(fears: list[int]) -> None:
    activities = [{"name": f"movement {place}", "fear": fear} for place, fear in enumerate(fears)]
    ladder = computed(activities=activities, answers={"tsk11": FEARFUL})["ladder"]
    assert [each["fear"] for each in ladder["rungs"]] == sorted(fears)
    assert {each["activity"] for each in ladder["rungs"]} == {each["name"] for each in activities}
    assert ladder["blanks"] == max(0, 8 - len(fears))


def test_a_ladder_without_a_first_rung_says_so() -> None:
    text = intake(activities=[{"name": "lifting", "fear": 90}], answers={"tsk11": FEARFUL})
    assert details_of("graded_exposure", plan_for(text))["ladder"]["begins"] is False
    assert "None at 30 to 40: find one to begin with." in page(text, "clinician")


def test_what_a_person_is_right_to_avoid_is_no_rung() -> None:
    text = intake(answers={"tsk11": FEARFUL}, diagnoses=["osteoporosis"], findings=["hypermobility_unstable"])
    assert details_of("graded_exposure", plan_for(text))["ladder"]["right_to_avoid"] == ["EXR-07", "EXR-08"]
    assert "bending or twisting under load." in page(text)


def test_a_ladder_goes_when_its_rule_is_held_or_blocked() -> None:
    assert "ladder" not in computed(answers={"tsk11": FEARFUL}, diagnoses=["psychosis"])
    not_asked = intake(answers={"tsk11": FEARFUL}).replace('"red_flags": {"present": [], "reviewed": true}, ', "")
    assert places(plan_for(not_asked))["ACT-05"] == "ask first"
    assert "ladder" not in details_of("graded_exposure", plan_for(not_asked))


# Imagery


def stages(found: dict[str, Any]) -> list[tuple[str, str | None, bool]]:
    return [(each["stage"], each["waits_for"], each["left_out"]) for each in found["stages"]]


def test_the_stages_of_imagery_wait_for_each_other() -> None:
    found = computed(diagnoses=["crps"], findings=["limb_allodynia"])["imagery"]
    assert stages(found) == [
        ("pictures", None, False),
        ("imagining", "pictures", False),
        ("mirror", "imagining", False),
    ]
    assert [each["dose"] for each in found["stages"]] == [
        {"minutes": 10, "times_a_day": [3, 5], "weeks": 2},
        None,
        None,
    ]
    assert (found["weeks"], found["pain_rise"], found["shorter"]) == (6, 2, False)
    assert found["alongside"] == ["GMI-02", "GMI-03"]


def test_inside_energy_limits_the_therapist_sets_the_dose() -> None:
    found = computed(diagnoses=["crps", "mecfs"])["imagery"]
    assert (found["shorter"], found["stages"][0]["dose"]) == (True, None)


def test_the_mirror_is_left_out_where_it_distresses() -> None:
    found = computed(diagnoses=["crps"], findings=["mirror_distress"])
    assert "imagery" not in found
    assert stages(found["no_mirror"]) == [
        ("pictures", None, False),
        ("imagining", "new_order", False),
        ("mirror", None, True),
    ]
    phantom = computed(findings=["limb_pain", "phantom_limb", "mirror_distress"])
    assert "no_mirror" not in phantom
    assert stages(phantom["imagery"])[2] == ("mirror", None, True)


def test_training_of_touch_is_named_only_while_it_stands() -> None:
    assert (
        computed(diagnoses=["crps"], findings=["limb_allodynia", "wound_or_infection_limb"])["imagery"]["alongside"]
        == []
    )


def test_with_epilepsy_no_app_may_flash() -> None:
    text = intake(diagnoses=["crps", "epilepsy"])
    assert details_of("graded_exposure", plan_for(text))["imagery"]["no_flashing"] is True
    assert "leave out apps that flash" in page(text)


# What is read


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("ACT-01", "Start at about a third less than what you manage on a good day"),
        ("ACT-02", "crash log for five days"),
        ("ACT-03", "two or three tasks"),
        ("ACT-03", "Measure three times what you can do, and start at four fifths of the average"),
        ("ACT-03", "done five of seven days, add a tenth each week"),
        ("ACT-03", "short two weeks running, go back to the last amount that worked"),
        ("ACT-05", "eight to ten movements you fear, and rate each from 0 to 100"),
        ("ACT-05", "Begin with a movement at 30 to 40"),
        ("ACT-05", "Repeat until the fear has halved"),
        (
            "ACT-06",
            "two to five minutes in each waking hour. Two minutes is a good start. Add a minute every three days",
        ),
        ("GMI-01", "10 minutes, three to five times a day for two weeks"),
        ("GMI-01", "pain rises by more than 2 of 10 for over a day, go one step back"),
        ("GMI-01", "at least 6 weeks"),
    ],
)
def test_every_number_is_one_of_the_rules(rule: str, said: str) -> None:
    (text,) = (each for each in RULES.read_text(encoding="utf-8").split("  - id: ") if each.startswith(rule))
    assert said in " ".join(text.split())


PEOPLE = [
    intake(**EVERYTHING, goals=[{"text": "Walk 30 minutes", "activity": "walking"}], answers={"tsk11": FEARFUL}),
    intake(**EVERYTHING, answers={"dsqpem": CRASHES}),
    intake(diagnoses=["crps", "epilepsy", "osteoporosis"], answers={"tsk11": FEARFUL}, findings=["limb_allodynia"]),
    intake(diagnoses=["crps", "hf"], findings=["mirror_distress"], activities=[WALKING]),
    intake(red_flags=["fever"], activities=[WALKING]),
]


@pytest.mark.parametrize("text", PEOPLE)
def test_the_patients_copy_is_plain_and_says_nothing_meant_for_the_clinician(text: str) -> None:
    shown = page(text)
    section = re.search(r'id="section-graded_exposure">(.*?)<section class="modality', shown, re.DOTALL)
    assert section is not None
    said = [
        re.sub(r"\s+", " ", re.sub("<strong>Why.*?</strong>|<[^>]+>", "", each)).strip()
        for each in re.findall(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", section[1], re.DOTALL)
    ]
    assert [each for text in said for each in sentences(text) if len(words(each)) > 20] == []
    assert reading_grade(" ".join(said)) < 6
    assert not re.search(r"onvention|ACT-\d|EXR-\d|GMI-\d|[a-z0-9]+\.[a-z_]+\b(?=:)|PEM\b|SAF-", " ".join(said))
