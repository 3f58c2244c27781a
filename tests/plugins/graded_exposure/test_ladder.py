"""A ladder of feared movements follows the person's own ratings, and waits where it could do harm."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.testing import places, plan_for
from tests.plugins.cards import reasons
from tests.plugins.graded_exposure.people import (
    FEARFUL,
    computed,
    intake,
    page,
)
from tests.plugins.people import details_of


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
    assert reasons(ladder["because"])["tsk11.total"] == 30


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
    assert "bending or twisting while you lift or carry." in page(text)


def test_a_ladder_goes_when_its_rule_is_held_or_blocked() -> None:
    assert "ladder" not in computed(answers={"tsk11": FEARFUL}, diagnoses=["psychosis"])
    not_asked = intake(answers={"tsk11": FEARFUL}).replace('"red_flags": {"present": [], "reviewed": true}, ', "")
    assert places(plan_for(not_asked))["ACT-05"] == "ask first"
    assert "ladder" not in details_of("graded_exposure", plan_for(not_asked))
