"""What self-management computes: the flare-up plan in three colours, and the sheets to fill in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.testing import document_for, knowledge, plan_for
from tests.plugins.people import SIGNED, details, details_for, found, intake, shown_to_patient

WELL_AFTER_EFFORT = {"dsqpem": {f"{kind}{number}": 0 for kind in "fs" for number in range(1, 6)}}
ILL_AFTER_EFFORT = {"dsqpem": {f"{kind}{number}": 4 for kind in "fs" for number in range(1, 6)}}
PAIN = {"peg": [6, 6, 6], **WELL_AFTER_EFFORT}
LOG = [{"name": "walking", "minutes": [10, 4, 12, 25, 5]}, {"name": "bending", "fear": 70}]
TEAM = [{"role": "GP", "name": "Dr Bell", "phone": "01632 960001"}, {"role": "Sister"}]


def flare(**answers: Any) -> Any:
    return details_for(**answers)["self_management.flare"]


def test_the_parts_of_the_rule_are_numbered_as_the_flare_up_plan_reads_them() -> None:
    (rule,) = (each for each in knowledge().versions["self_management"][-1].rules if each.id == "SMF-01")
    assert [part.text.split()[0] for part in rule.parts] == ["Days", "Days", "Rest", "Keep"]
    assert [part.tags for part in rule.parts] == [("heat",), ("graded_activity",), (), ()]


def test_a_flare_up_halves_what_was_logged() -> None:
    values = flare(answers=PAIN, activities=LOG)
    assert values["halved"] == [
        {
            "activity": "walking",
            "usual": 11.2,
            "minutes": 5,
            "because": [{"activity": "walking", "minutes": [10, 4, 12, 25, 5]}],
        }
    ]
    assert values["rest"] is False
    assert values["then"] == ["Days 1 and 2: use warmth, if it helps.", "Days 3 to 7: go back up in steps."]


def test_with_illness_after_effort_it_is_rest_and_no_amount() -> None:
    values = flare(answers={**PAIN, **ILL_AFTER_EFFORT}, activities=LOG)
    assert (values["rest"], values["halved"]) == (True, [])
    assert values["then"][-1].startswith("Rest until you are back at your usual level.")
    page = document_for(intake(answers={**PAIN, **ILL_AFTER_EFFORT}, activities=LOG), sign_off=SIGNED)
    assert "I do less and rest." in page
    assert "I halve what I do" not in page


def test_while_nobody_knows_what_effort_does_no_amount_is_named() -> None:
    values = flare(answers={"peg": [6, 6, 6]}, measures={"duration_months": 24}, activities=LOG)
    assert values["because"][0]["value"] is not False
    assert values["halved"] == []


def test_warmth_is_left_out_where_it_is_unsafe() -> None:
    values = flare(answers=PAIN, findings=found("heat_unsafe"))
    assert values["then"] == ["Days 3 to 7: go back up in steps."]


@pytest.mark.parametrize(("minutes", "half"), [([1, 2], []), ([2], [1]), ([3, 4], [1]), ([0, 0], [])])
def test_half_of_very_little_is_not_named(minutes: list[float], half: list[int]) -> None:
    values = flare(answers=PAIN, activities=[{"name": "walking", "minutes": minutes}])
    assert [each["minutes"] for each in values["halved"]] == half


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 1440), min_size=1, max_size=8))
def test_the_amount_in_a_flare_up_is_never_nothing_and_never_more_than_half(minutes: list[int]) -> None:
    for each in flare(answers=PAIN, activities=[{"name": "walking", "minutes": minutes}])["halved"]:
        assert 1 <= each["minutes"] <= sum(minutes) / len(minutes) / 2


def test_early_signs_come_from_findings_and_the_rest_is_blank() -> None:
    assert flare(answers=PAIN)["signs"] == []
    values = flare(answers={**PAIN, "isi": [3, 3, 3, 3, 3, 3, 3]}, findings=found("boom_bust"))
    assert [each["because"][0]["fact"] for each in values["signs"]] == ["finding.boom_bust", "sleep.insomnia"]
    assert values["own_signs"] == 2


def test_the_way_to_breathe_is_the_one_on_the_persons_own_copy() -> None:
    worried = {**PAIN, "gad7": [2, 2, 2, 1, 1, 1, 1]}
    assert flare(answers=worried)["calming"] == {"rule": "STR-01", "title": "Slow breathing"}
    assert flare(answers=PAIN)["calming"] is None


def test_only_those_with_a_number_are_called() -> None:
    assert flare(answers=PAIN, care_team=TEAM)["team"] == [{"role": "GP", "name": "Dr Bell", "phone": "01632 960001"}]
    assert flare(answers=PAIN)["team"] == []


def test_a_crisis_card_is_named_only_where_a_risk_was_found() -> None:
    asked = {"q1": True, "q2": False, "q6_lifetime": False}
    assert flare(answers={**PAIN, "cssrs": asked})["crisis_card"].startswith("Keep your crisis card")
    assert flare(answers={**PAIN, "cssrs": {**asked, "q1": False}})["crisis_card"] is None


def test_the_three_colours_are_named_in_words() -> None:
    page = document_for(intake(answers=PAIN, care_team=TEAM), sign_off=SIGNED)
    for words in ("Green: my usual days", "Amber: a flare-up comes", "Red: I get help today", "Samaritans"):
        assert words in page
    assert page.count("new numbness around your bottom") == 2


def test_short_pain_gets_no_flare_up_plan() -> None:
    assert "self_management.flare" not in details_for(answers=PAIN, measures={"duration_months": 2, "fatigue": 4})


def test_the_diary_has_what_its_rule_asks_for() -> None:
    values = details_for(answers=PAIN)["self_management.diary"]
    assert values["columns"] == ["Pain", "Mood", "Sleep", "What I did", "Medicines", "One good thing"]
    assert values["weeks"] == [2, 4]


@pytest.mark.parametrize(
    ("finding", "sheet"), [("diary_harm", "self_management.week"), ("literacy_low", "self_management.faces")]
)
def test_no_daily_diary_where_it_harms_or_words_are_hard(finding: str, sheet: str) -> None:
    values = details_for(answers=PAIN, findings=found(finding))
    assert "self_management.diary" not in values
    assert sheet in values


def test_effort_is_logged_for_three_days_where_it_makes_ill() -> None:
    values = details_for(answers={**PAIN, **ILL_AFTER_EFFORT})["self_management.effort"]
    assert values["hours"] == [24, 48, 72]
    assert "self_management.effort" not in details_for(answers=PAIN)


def test_low_confidence_gets_a_call_each_week_for_four_weeks() -> None:
    assert details_for(answers={**PAIN, "pseq": [1] * 10})["self_management.calls"]["weeks"] == 4
    assert "self_management.calls" not in details_for(answers={**PAIN, "pseq": [3] * 10})


def test_the_note_knows_how_to_reach_a_clinician_only_by_number() -> None:
    assert details_for(answers=PAIN, care_team=TEAM)["self_management.note"]["reach"]["phone"] == "01632 960001"
    assert details_for(answers=PAIN, care_team=TEAM[1:])["self_management.note"]["reach"] is None


def test_sheets_to_fill_in_are_the_persons_and_not_the_clinicians() -> None:
    assert {"self_management.diary", "self_management.note"} <= shown_to_patient(answers=PAIN).keys()
    page = document_for(intake(answers=PAIN), "clinician", sign_off=SIGNED)
    assert "My diary" not in page
    assert "My note" not in page


def test_a_small_plan_keeps_the_flare_up_plan_and_takes_the_sheets_along() -> None:
    calm: dict[str, Any] = {"peg": [1, 0, 0], "phq9": [0] * 9, "gad7": [0] * 7, "isi": [0] * 7, "tsk11": [1] * 11}
    plan = plan_for(intake(answers=calm | WELL_AFTER_EFFORT, findings=found("boom_bust")), sign_off=SIGNED)
    assert plan.minimal
    assert "self_management.flare" in details(plan)
    assert "self_management.diary" not in details(plan)
