"""The week of movement, strength and pregnancy are computed from a person's own answers, and never where unsafe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.plan.editions import Edition
from careplan.rules.checks.readability import reading_grade, sentences, words
from careplan.testing import document_for, places, plan_for
from tests.plugins.cards import reasons
from tests.plugins.people import SIGNED, WORSE_AFTER_EFFORT, details_of, walker

RULES = Path(__file__).parents[2] / "rulesets" / "exercise" / "2026.1.yaml"
WHO = {"sex": "female", "pregnant": False}
ACTIVE_ENOUGH_TO_CHOOSE = {"days": 3, "minutes": 40}


def intake(person: Mapping[str, Any] | None = None, **changed: Any) -> str:
    """A person with long-lasting pain who was asked everything; ``findings`` and the like replace lists."""
    return walker(person={**WHO, **(person or {})}, **changed)


def computed(**changed: Any) -> dict[str, Any]:
    return details_of("exercise", plan_for(intake(**changed)))


def page(text: str, edition: Edition = "patient") -> str:
    return document_for(text, edition, sign_off=SIGNED)


# The week of movement


def test_what_somebody_does_now_stands_beside_the_start_and_the_aim() -> None:
    week = computed()["week"]
    assert (week["now"], week["enough"]) == (40, 150)
    assert (week["start"]["week"], week["aim"]["week"]) == ([15, 30], [60, 150])
    assert week["above_start"] is True
    assert "40 of 150 minutes a week" in page(intake())
    assert reasons(week["because"])["pavs.minutes_per_week"] == 40.0


@pytest.mark.parametrize(("minutes", "above"), [(10, False), (11, True)])
def test_above_the_start_is_more_than_its_longest_sessions(minutes: int, above: bool) -> None:
    assert computed(answers={"pavs": {"days": 3, "minutes": minutes}})["week"]["above_start"] is above


def test_somebody_who_moves_little_begins_at_the_lower_end() -> None:
    paths = computed(answers={"pavs": {"days": 0, "minutes": None}})["week"]["paths"]
    assert [(each["path"], each["start"], each["add"]) for each in paths] == [("gentle", 5, 1)]
    assert paths[0]["weeks"] == [
        [5, 6, 7],
        [8, 9, 10],
        [11, 12, 13],
        [14, 15, 16],
        [17, 18, 19],
        [20, 21, 22],
    ]


def test_somebody_who_moves_more_may_begin_at_either_end() -> None:
    paths = computed(answers={"pavs": ACTIVE_ENOUGH_TO_CHOOSE})["week"]["paths"]
    assert [each["path"] for each in paths] == ["gentle", "quicker"]
    assert paths[1]["weeks"] == [
        [10, 12, 14],
        [16, 18, 20],
        [22, 24, 26],
        [28, 30, 30],
        [30, 30, 30],
        [30, 30, 30],
    ]


FIBROMYALGIA = {
    "sites": [
        *("neck", "shoulder_girdle_l", "shoulder_girdle_r", "upper_arm_l", "upper_back", "lower_back"),
        *("hip_l", "hip_r", "upper_leg_l", "upper_leg_r"),
    ],
    "fatigue": 2,
    "unrefreshed": 3,
    "cognition": 2,
    "headache": 1,
    "abdominal_pain": 0,
    "depression": 0,
    "duration_months": 72,
}


def test_with_fibromyalgia_the_start_is_the_lower_one() -> None:
    week = computed(answers={"pavs": ACTIVE_ENOUGH_TO_CHOOSE, "fm2016": FIBROMYALGIA})["week"]
    assert [each["path"] for each in week["paths"]] == ["gentle"]
    assert reasons(week["because"])["fm2016.met"] is True


def test_without_minutes_the_category_stands_and_without_both_a_blank() -> None:
    text = intake(answers={"pavs": None, "ipaq": [0, 0, 3, 30, 2, 20]})
    week = details_of("exercise", plan_for(text))["week"]
    assert (week["now"], week["category"], week["above_start"]) == (None, "low", False)
    assert "you move a little in a week" in page(text)
    nothing = computed(answers={"pavs": None})["week"]
    assert (nothing["now"], nothing["category"]) == (None, None)
    assert [each["path"] for each in nothing["paths"]] == ["gentle"]
    assert "We do not know yet how much you move." in page(intake(answers={"pavs": None}))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 7), st.integers(0, 200))
def test_no_session_adds_more_than_its_path_says_or_passes_the_aim(days: int, minutes: int) -> None:
    week = computed(answers={"pavs": {"days": days, "minutes": minutes}}).get("week")
    assert (week is None) == (days * minutes >= 150)
    for path in week["paths"] if week else ():
        sessions = list(chain(*path["weeks"]))
        assert sessions[0] == path["start"]
        assert all(earlier <= later <= earlier + path["add"] for earlier, later in pairwise(sessions))
        assert max(sessions) <= 30


def test_a_task_that_is_also_timed_follows_one_plan() -> None:
    assert computed()["week"]["also_timed"] is True
    assert "I follow one plan for it, not both." in page(intake())
    assert computed(measures={"duration_months": 2, "fatigue": 5})["week"]["also_timed"] is False


def test_what_to_mind_comes_from_the_rules_that_stand() -> None:
    text = intake(
        diagnoses=["osteoporosis", "falls"],
        medications=[{"name": "fentanyl", "strength": "25 mcg/h", "route": "transdermal", "every_hours": 72}],
    )
    found = details_of("exercise", plan_for(text))
    assert found["week"]["careful"] == ["EXR-05", "EXR-08", "EXR-12"]
    assert found["strength"]["careful"] == ["EXR-08"]
    assert "Keep your medicine patch away from hot water" in page(text)
    assert computed()["week"]["careful"] == []


# Never where unsafe


@pytest.mark.parametrize(
    "unsafe",
    [
        {"answers": {"dsqpem": WORSE_AFTER_EFFORT}},
        {"diagnoses": ["mecfs"]},
        {"answers": {"dsqpem": None}, "measures": {"duration_months": 72, "fatigue": 7}},
        {"red_flags": ["syncope_exertion"]},
        {"diagnoses": ["hf"]},
    ],
    ids=["malaise", "mecfs", "malaise not excluded", "warning sign", "not cleared"],
)
def test_nothing_is_built_up_where_exercise_is_blocked(unsafe: dict[str, Any]) -> None:
    assert computed(**unsafe) == {}


@pytest.mark.parametrize("rule", ["EXR-01", "EXR-02"])
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
    plan = plan_for(intake(answers={"dsqpem": WORSE_AFTER_EFFORT}, overrides=[override]), sign_off=SIGNED)
    assert places(plan)[rule] == "released"
    assert details_of("exercise", plan) == {}


def test_nothing_is_computed_for_a_rule_that_is_held() -> None:
    text = intake().replace('"red_flags": {"present": [], "reviewed": true}, ', "")
    assert places(plan_for(text))["EXR-01"] == "ask first"
    assert details_of("exercise", plan_for(text)) == {}


# Strength and pregnancy


def test_strength_is_as_the_rule_says() -> None:
    strength = computed()["strength"]
    assert (strength["days"], strength["exercises"], strength["sets"], strength["repeats"]) == (2, [5, 8], 1, [10, 15])
    assert (strength["no_strain"], strength["careful"], strength["not_known"]) == (False, [], [])


@pytest.mark.parametrize("diagnosis", ["hypertension", "glaucoma_narrow"])
def test_nobody_holds_the_breath_with_high_pressure(diagnosis: str) -> None:
    text = intake(diagnoses=[diagnosis])
    strength = details_of("exercise", plan_for(text))["strength"]
    assert strength["no_strain"] is True
    assert reasons(strength["because"])[f"dx.{diagnosis}"] is True
    assert "Never hold your breath." in page(text)


def test_a_diagnosis_that_was_not_recorded_is_not_taken_for_no() -> None:
    text = intake(answers={"pavs": ACTIVE_ENOUGH_TO_CHOOSE})
    text = text.replace('"diagnoses": {"present": [], "reviewed": true}, ', "")
    assert details_of("exercise", plan_for(text))["strength"]["not_known"] == ["dx.hypertension", "dx.glaucoma_narrow"]
    assert "Not recorded:" in page(text, "clinician")


@pytest.mark.parametrize(("weeks", "until", "already"), [(16, 4, False), (19, 1, False), (20, 0, True), (31, 0, True)])
def test_the_weeks_until_nobody_should_lie_on_her_back(weeks: int, until: int, already: bool) -> None:
    found = computed(person={"pregnant": True, "weeks_gestation": weeks})["pregnancy"]
    assert (found["weeks_until"], found["already"]) == (until, already)


def test_without_weeks_nothing_is_said_of_them() -> None:
    assert "pregnancy" not in computed(person={"pregnant": True})
    assert "pregnancy" not in computed()


# What is read


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("EXR-01", "Start with 5 to 10 minutes, three times a week, at an effort that lets you talk."),
        ("EXR-01", "Add one or two minutes each session."),
        ("EXR-01", "towards 20 to 30 minutes, three to five times a week"),
        ("EXR-01", "A rise in pain of up to 2 of 10 is safe if it settles within 24 hours."),
        ("EXR-01", "pavs.minutes_per_week < 150"),
        ("EXR-02", "strength training twice a week, not on neighbouring days"),
        ("EXR-02", "five to eight exercises, one set of 10 to 15 of each, at a light effort"),
        ("EXR-02", "Add a little when two sessions felt easy"),
        ("EXR-02", "avoid the Valsalva manoeuvre with hypertension or glaucoma"),
        ("EXR-04", "Start lower than you think."),
        ("EXR-09", "After about 20 weeks, do not lie on your back for long. Do not get too hot."),
    ],
)
def test_every_number_is_one_of_the_rules(rule: str, said: str) -> None:
    (text,) = (each for each in RULES.read_text(encoding="utf-8").split("  - id: ") if each.startswith(rule))
    assert said in " ".join(text.split())


PEOPLE = [
    intake(),
    intake(answers={"pavs": ACTIVE_ENOUGH_TO_CHOOSE}, diagnoses=["osteoporosis", "falls", "hypertension"]),
    intake(answers={"pavs": None}, person={"pregnant": True, "weeks_gestation": 16}),
]


@pytest.mark.parametrize("text", PEOPLE)
def test_the_patients_copy_is_plain_and_says_nothing_meant_for_the_clinician(text: str) -> None:
    shown = page(text)
    advice = re.findall(r'<section class="advice [a-z ]+" id="EXR-\d\d">(.*?)Why this helps', shown, re.DOTALL)
    assert advice
    said = [
        re.sub(r"\s+", " ", re.sub("<[^>]+>", "", each)).strip()
        for each in re.findall(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", "".join(advice), re.DOTALL)
    ]
    assert [each for text in said for each in sentences(text) if len(words(each)) > 20] == []
    assert reading_grade(" ".join(said)) < 6
    assert not re.search(r"onvention|[A-Z]{3}-\d|Valsalva|PAVS|IPAQ", " ".join(said))
