"""What goals and values compute: steps tied to activities, goal attainment scaling, and room for the person's words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.testing import document_for, plan_for
from tests.plugins.people import SIGNED, details, details_for, found, intake, shown_to_patient

GARDEN = {"text": "Garden for 30 minutes, twice a week", "activity": "Gardening", "baseline_minutes": 10}
LOG = [{"name": "gardening", "minutes": [10, 30, 0, 8]}]
LEVELS = {"-2": "No gardening", "-1": "10 minutes", "0": "30 minutes", "1": "40 minutes", "2": "60 minutes"}
SURE = {"duration_months": 24, "fatigue": 4, "confidence": 8}
PAIN = {"peg": [6, 6, 6]}


def scaled(**gas: Any) -> dict[str, Any]:
    return {**GARDEN, "gas": gas}


def test_a_step_holds_the_goal_its_activity_and_what_is_done_now() -> None:
    (step,) = details_for(goals=[GARDEN], activities=LOG, answers=PAIN)["goals.steps"]["goals"]
    assert (step["goal"], step["activity"], step["now_minutes"]) == (GARDEN["text"], "Gardening", 10)
    assert step["logged"] == {"days": 4, "least": 0, "most": 30, "mean": 12}
    assert step["because"] == [
        {"goal": GARDEN["text"], "minutes": 10, "activity": "Gardening", "logged": [10, 30, 0, 8]}
    ]


def test_the_amount_of_a_first_step_is_that_of_the_rule_that_sets_it() -> None:
    (step,) = details_for(goals=[GARDEN], activities=LOG, answers=PAIN)["goals.steps"]["goals"]
    assert step["amount"] == {"rule": "ACT-03", "title": "Build up activity in planned steps"}


def test_with_energy_limits_the_amount_is_that_of_the_energy_window() -> None:
    plan = plan_for(intake(goals=[GARDEN], answers=PAIN, diagnoses=found("mecfs")), sign_off=SIGNED)
    (step,) = details(plan)["goals.steps"]["goals"]
    assert step["amount"]["rule"] == "ACT-01"


@pytest.mark.parametrize("goal", [GARDEN, {"text": "Sleep better"}])
def test_no_rule_for_an_amount_leaves_it_to_the_person(goal: dict[str, Any]) -> None:
    answers = {"peg": [1, 1, 1], "pavs": {"days": 7, "minutes": 60}}
    (step,) = details_for(goals=[goal], activities=LOG, answers=answers)["goals.steps"]["goals"]
    assert step["amount"] is None


def test_a_goal_without_log_or_minutes_guesses_none() -> None:
    goal = {"text": "Walk again", "activity": "walking"}
    (step,) = details_for(goals=[goal], activities=[{"name": "swimming", "minutes": [9]}])["goals.steps"]["goals"]
    assert (step["now_minutes"], step["logged"]) == (None, None)


@pytest.mark.parametrize("finding", ["goal_unsafe", "goal_training"])
def test_an_unsafe_goal_is_kept_and_gets_no_first_step(finding: str) -> None:
    found_in = details_for(goals=[GARDEN], answers=PAIN, findings=found(finding), diagnoses=found("mecfs"))
    assert found_in["goals.steps"]["waits"] is True
    assert [each["amount"] for each in found_in["goals.steps"]["goals"]] == [None]
    assert found_in["goals.safer"]["goals"] == [GARDEN["text"]]
    assert [each["fact"] for each in found_in["goals.safer"]["because"]] == [f"finding.{finding}"]


def test_without_a_goal_there_are_no_steps_but_a_place_to_find_one() -> None:
    values = details_for(goals=[], matters_most="My garden", values=["family"])
    assert not {"goals.steps", "goals.attainment", "goals.scaling", "goals.smaller"} & values.keys()
    assert values["goals.find"] == {
        "matters_most": "My garden",
        "values": ["family"],
        "because": ["matters_most", "values"],
    }


def test_goals_nobody_asked_for_are_not_taken_as_none() -> None:
    assert not {each for each in details_for() if each.startswith("goals.")}


def test_levels_stand_as_given_and_missing_ones_are_blank() -> None:
    goals = [scaled(levels={"0": "30 minutes"}, importance=3, difficulty=2), GARDEN]
    first, second = details_for(goals=goals)["goals.scaling"]["goals"]
    assert [(each["level"], each["text"]) for each in first["levels"]] == [
        (2, None), (1, None), (0, "30 minutes"), (-1, None), (-2, None),
    ]  # fmt: skip
    assert (first["weight"], second["weight"]) == (6, None)
    assert [each["text"] for each in second["levels"]] == [None] * 5


def test_a_rated_goal_gives_the_t_score_of_the_instrument() -> None:
    values = details_for(goals=[scaled(levels=LEVELS, importance=3, difficulty=2, attained=1)])["goals.scaling"]
    assert (values["t"], values["band"]) == (60.0, "above expectation")
    assert [each["attained"] for each in values["goals"][0]["levels"]] == [False, True, False, False, False]


def test_an_unrated_goal_gives_no_t_score() -> None:
    values = details_for(goals=[scaled(levels=LEVELS, importance=3, difficulty=2)])["goals.scaling"]
    assert (values["t"], values["band"]) == (None, None)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(-2, 2)), min_size=1, max_size=5))
def test_the_t_score_is_on_the_side_of_fifty_that_the_weighted_levels_are(rated: list[tuple[int, int, int]]) -> None:
    goals = [
        {"text": f"Goal {number}", "gas": {"importance": importance, "difficulty": difficulty, "attained": level}}
        for number, (importance, difficulty, level) in enumerate(rated)
    ]
    values = details_for(goals=goals)["goals.scaling"]
    weights = [each["weight"] for each in values["goals"]]
    assert weights == [importance * difficulty for importance, difficulty, _ in rated]
    total = sum(weight * level for weight, (_, _, level) in zip(weights, rated, strict=True))
    assert (values["t"] > 50) - (values["t"] < 50) == (total > 0) - (total < 0)


@pytest.mark.parametrize(("sure", "stands"), [(6.5, True), (7, False)])
def test_a_step_is_made_smaller_below_seven_of_ten(sure: float, stands: bool) -> None:
    values = details_for(goals=[GARDEN], measures={**SURE, "confidence": sure})
    assert ("goals.smaller" in values) is stands
    if stands:
        assert (values["goals.smaller"]["sure"], values["goals.smaller"]["enough"]) == (sure, 7)


def test_scaling_in_a_table_is_for_clinicians_and_levels_in_words_for_the_person() -> None:
    goals = [scaled(levels=LEVELS, importance=3, difficulty=2, attained=0)]
    seen = shown_to_patient(goals=goals)
    assert "goals.scaling" not in seen
    assert seen["goals.attainment"]["goals"][0]["levels"][0]["words"] == "Much more than I hoped for"
    page = document_for(intake(goals=goals), sign_off=SIGNED)
    assert "No gardening" in page
    assert "T score" not in page
    assert "GAS T score" in document_for(intake(goals=goals), "clinician", sign_off=SIGNED)


def test_a_review_day_stands_beside_a_goal_only_when_it_begins_now() -> None:
    soon = details_for(goals=[GARDEN], measures={**SURE, "duration_months": 2})["goals.steps"]
    assert soon["begins_now"] is True
    many = {"peg": [8, 8, 8], "isi": [4, 4, 4, 3, 3, 3, 3], "phq9": [2, 2, 2, 2, 2, 0, 0, 0, 0], "tsk11": [4] * 11}
    later = plan_for(intake(goals=[GARDEN], answers=many, findings=found("boom_bust")), sign_off=SIGNED)
    assert "GOL-01" not in later.phases[0]
    assert details(later)["goals.steps"]["begins_now"] is False
