"""What the pain profile computes: the grading, how much pain gets in the way, where it is, and what is still open."""

from __future__ import annotations

from typing import Any

import pytest

from careplan.testing import document_for, plan_for
from tests.plugins.people import SIGNED, details, details_for, intake, shown_to_patient

PAIN = {"peg": [7, 6, 5]}
FM = {
    "sites": ["neck", "jaw_l", "hip_r", "upper_leg_r"],
    "fatigue": 1,
    "unrefreshed": 1,
    "cognition": 1,
    "headache": 0,
    "abdominal_pain": 0,
    "depression": 0,
    "duration_months": 24,
}


@pytest.mark.parametrize(
    ("grade", "detail"),
    [
        ("probable", "pain_profile.grade"),
        ("possible", "pain_profile.grade"),
        ("suspected", "pain_profile.grade_suspected"),
    ],
)
def test_the_clinicians_grading_stands_in_plain_words(grade: str, detail: str) -> None:
    values = details_for(nociplastic=grade)[detail]
    assert values["grade"] == grade
    assert [each["grade"] for each in values["steps"] if each["here"]] == [grade]
    assert [each["grade"] for each in values["steps"]] == ["suspected", "possible", "probable"]
    assert values["because"][0]["value"] == grade


@pytest.mark.parametrize("grade", ["none", None])
def test_nothing_is_said_of_an_alarm_system_that_nobody_graded(grade: str | None) -> None:
    assert not {"pain_profile.grade", "pain_profile.grade_suspected"} & details_for(nociplastic=grade).keys()


def test_a_high_csi_alone_is_no_grading() -> None:
    values = details_for(scores={"csi.total": 60})
    assert "pain_profile.grade_suspected" not in values


@pytest.mark.parametrize(
    ("peg", "level", "words"),
    [
        ([0, 0, 0], 0, "not at all"),
        ([4, 4, 3], 1, "a little"),
        ([4, 4, 4], 2, "quite a lot"),
        ([7, 7, 7], 3, "very much"),
    ],
)
def test_how_much_pain_gets_in_the_way_is_said_in_words(peg: list[int], level: int, words: str) -> None:
    values = details_for(answers={"peg": peg})["pain_profile.impact"]
    assert (values["level"], values["words"]) == (level, words)
    assert [each["value"] for each in values["items"]] == peg


def test_the_worst_measure_decides_and_all_are_named() -> None:
    values = details_for(answers={"peg": [1, 1, 1]}, scores={"promis_pi.t": 71})["pain_profile.impact"]
    assert values["level"] == 3
    assert [each["fact"] for each in values["because"]][:2] == ["peg.mean", "promis_pi.t"]


def test_without_a_pain_answer_there_is_no_level() -> None:
    assert "pain_profile.impact" not in details_for()


def test_painful_places_stand_by_region_and_a_jaw_makes_no_region() -> None:
    values = details_for(answers={"fm2016": FM})["pain_profile.sites"]
    assert (values["count"], values["of"], values["regions_in_pain"], values["of_regions"]) == (4, 19, 2, 5)
    assert [(each["region"], each["sites"], each["counts_as_region"]) for each in values["regions"]] == [
        ("left_upper", ["left jaw"], False),
        ("right_lower", ["right hip or buttock", "right upper leg"], True),
        ("axial", ["neck"], True),
    ]


def test_answers_in_item_order_give_the_same_places() -> None:
    listed = details_for(answers={"fm2016": list(FM.values())})["pain_profile.sites"]
    assert listed == details_for(answers={"fm2016": FM})["pain_profile.sites"]


def test_no_place_ticked_is_not_the_same_as_not_asked() -> None:
    assert details_for(answers={"fm2016": {**FM, "sites": []}})["pain_profile.sites"]["count"] == 0
    assert "pain_profile.sites" not in details_for(answers={"fm2016": {**FM, "sites": None}})
    assert "pain_profile.sites" not in details_for(scores={"fm2016.wpi": 9})


def test_what_is_still_open_is_a_list_for_the_person() -> None:
    asked = shown_to_patient(answers=PAIN, medications_reviewed=False, diagnoses=None)["pain_profile.open"]
    rules = [each["rule"] for each in asked["questions"]]
    assert {"GAP-04", "GAP-06", "GAP-07"} <= set(rules)
    assert "GAP-11" not in rules, "a gap for clinicians alone"
    assert all(each["text"] for each in asked["questions"])


def test_the_page_names_the_places_and_the_open_questions() -> None:
    page = document_for(intake(answers={"fm2016": FM}, nociplastic="probable"), sign_off=SIGNED)
    assert "left jaw" in page
    assert "What we do not know yet" in page
    assert "It is likely." in page
    assert "IASP" not in page


def test_a_small_plan_takes_the_grading_along_with_its_advice() -> None:
    calm: dict[str, Any] = {"peg": [1, 0, 0], "phq9": [0] * 9, "gad7": [0] * 7, "isi": [0] * 7, "tsk11": [1] * 11}
    calm |= {"dsqpem": {f"{kind}{number}": 0 for kind in "fs" for number in range(1, 6)}}
    plan = plan_for(intake(answers=calm, nociplastic="possible"), sign_off=SIGNED)
    assert plan.minimal
    assert "CLS-01" in [each.recommendation.rule for each in plan.blocked]
    assert "pain_profile.grade" not in details(plan)
