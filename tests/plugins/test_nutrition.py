"""Eating: a change that fits the person, never a judgement of weight, and numbers for the clinician only."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plugins.cards import cards, is_plain, page, rule_text
from tests.plugins.people import details_for, found, shown_to_patient

EVERY_CHANGE = [
    "more vegetables",
    "more beans",
    "fish twice a week",
    "olive oil",
    "nuts",
    "regular meals",
    "water to drink",
]
TALL_AND_HEAVY = {"height_cm": 165, "weight_kg": 95}


def change(**answers: Any) -> dict[str, Any]:
    return dict(shown_to_patient(**answers)["nutrition.change"])


def test_the_person_chooses_one_of_the_changes_of_the_rule() -> None:
    assert change() == {
        "changes": EVERY_CHANGE,
        "left_out": [],
        "allergies_asked": True,
        "dietitian_first": False,
        "low_cost": False,
    }


@pytest.mark.parametrize(
    ("substance", "food", "left"),
    [
        ("Walnuts", "nuts", "nuts"),
        ("PEANUT", "nuts", "nuts"),
        ("tree nuts", "nuts", "nuts"),
        ("Fish (cod)", "fish", "fish twice a week"),
        ("shellfish", "fish", "fish twice a week"),
        ("soya", "beans", "more beans"),
        ("chickpeas", "beans", "more beans"),
    ],
)
def test_a_food_that_the_person_is_allergic_to_is_left_out_and_said(substance: str, food: str, left: str) -> None:
    found_change = change(allergies=[{"substance": "penicillin"}, {"substance": substance}])
    assert found_change["changes"] == [each for each in EVERY_CHANGE if each != left]
    assert found_change["left_out"] == [{"food": food, "allergy": substance}]
    assert f"You told us of an allergy ( {substance} )" in page(allergies=[{"substance": substance}])


def test_an_allergy_to_something_else_leaves_every_change() -> None:
    assert change(allergies=[{"substance": "penicillin"}, {"substance": "coconut"}, {"substance": "latex"}])[
        "changes"
    ] == (EVERY_CHANGE)


def test_allergies_nobody_asked_about_are_asked_for() -> None:
    assert change(allergies=None)["allergies_asked"] is False
    assert "Please tell us of any allergy to food." in page(allergies=None)


def test_a_sensitive_gut_chooses_with_a_dietitian_and_little_money_costs_no_more() -> None:
    assert change(diagnoses=found("ibs"))["dietitian_first"] is True
    assert change(findings=found("food_insecure"))["low_cost"] is True


@pytest.mark.parametrize(
    "answers",
    [
        {"findings": found("eating_disorder")},
        {"person": {"height_cm": 170, "weight_kg": 50}},
    ],
    ids=["eating disorder", "underweight"],
)
def test_where_eating_is_support_first_nothing_is_chosen_counted_or_aimed_for(answers: dict[str, Any]) -> None:
    shown = details_for(**answers)
    assert "nutrition.change" not in shown
    assert (shown["nutrition.numbers"]["no_target"], shown["nutrition.numbers"]["loss_kg"]) == (True, None)
    assert "No weight target, no weighing, no food diary." in page("clinician", **answers)


def test_what_five_to_ten_percent_are_is_told_to_the_clinician_alone() -> None:
    answers = {"person": TALL_AND_HEAVY}
    numbers = details_for(**answers)["nutrition.numbers"]
    assert numbers["loss_kg"] == [4.8, 9.5]
    assert numbers["known"]["person.bmi"] == pytest.approx(34.89, abs=0.01)
    assert "4.8 to 9.5 kg" in page("clinician", **answers)


@pytest.mark.parametrize(
    "answers",
    [
        {"person": TALL_AND_HEAVY},
        {"person": TALL_AND_HEAVY, "findings": found("eating_disorder")},
        {"person": {"height_cm": 170, "weight_kg": 50}},
    ],
    ids=["heavy", "heavy with an eating disorder", "light"],
)
def test_the_persons_copy_never_judges_a_weight(answers: dict[str, Any]) -> None:
    assert "nutrition.numbers" not in shown_to_patient(**answers)
    text = page(**answers)
    assert [word for word in ("BMI", "Body mass", "body mass", " kg", "95", "34.9", "obes") if word in text] == []


@pytest.mark.parametrize(
    "answers",
    [
        {"person": TALL_AND_HEAVY | {"pregnant": True, "weeks_gestation": 20}},
        {"person": TALL_AND_HEAVY | {"pregnant": None}},
        {"person": TALL_AND_HEAVY, "findings": {"present": [], "reviewed": ["mood", "social", "sleep", "activity"]}},
        {"person": TALL_AND_HEAVY, "measures": {"duration_months": 24, "fatigue": 8}},
    ],
    ids=["pregnant", "pregnancy not asked", "eating disorder not asked", "crashes not excluded"],
)
def test_no_weight_is_computed_where_the_rule_is_held_or_does_not_apply(answers: dict[str, Any]) -> None:
    assert details_for(**answers).get("nutrition.numbers", {"loss_kg": None})["loss_kg"] is None


def test_a_weight_that_is_not_recorded_is_said_to_be_missing() -> None:
    numbers = details_for(person={"height_cm": 165})["nutrition.numbers"]
    assert (numbers["known"], numbers["missing"]) == ({"person.height_cm": 165.0}, ["person.weight_kg"])


def test_caffeine_is_cut_every_three_days_in_amounts_nobody_guesses() -> None:
    answers = {"scores": {"isi.total": 9}, "findings": found("caffeine_high")}
    sheet = shown_to_patient(**answers)["nutrition.caffeine"]
    assert sheet == {"steps": [{"first": first, "last": first + 2} for first in (1, 4, 7, 10)]}
    assert details_for(**answers)["nutrition.numbers"]["caffeine_limit_mg"] is None


def test_in_pregnancy_the_clinician_sees_the_limit_of_caffeine() -> None:
    answers = {
        "scores": {"isi.total": 9},
        "findings": found("caffeine_high"),
        "person": {"pregnant": True, "weeks_gestation": 20},
    }
    assert details_for(**answers)["nutrition.numbers"]["caffeine_limit_mg"] == 200


SUPPLEMENTS = [
    {"name": "Turmeric", "times_per_day": 1},
    {"name": "fish oil", "times_per_day": 1},
    {"name": "magnesium", "times_per_day": 1},
    {"name": "St John's wort", "times_per_day": 1},
    {"name": "vitamin D", "times_per_day": 1},
    {"name": "valerian", "status": "stopped", "stopped_on": "2026-02-01"},
    {"name": "paracetamol", "strength": "500 mg", "times_per_day": 2},
]


def test_supplements_are_checked_against_what_else_is_known() -> None:
    answers = {
        "findings": found("supplements_many"),
        "diagnoses": found("ckd"),
        "medications": [*SUPPLEMENTS, {"name": "apixaban", "strength": "5 mg", "times_per_day": 2}],
    }
    checks = details_for(**answers)["nutrition.checks"]
    assert [(each["written"], each["against"], each["present"], each["why"]) for each in checks["checks"]] == [
        ("Turmeric", "med.anticoagulant", True, None),
        ("fish oil", "med.anticoagulant", True, None),
        ("magnesium", "dx.ckd", True, None),
        ("St John's wort", None, None, "interacts with many medicines; serotonergic"),
    ]
    assert checks["listed"] == ["Turmeric", "fish oil", "magnesium", "St John's wort", "vitamin D"]
    assert checks["complete"] is True
    assert shown_to_patient(**answers)["nutrition.bring"] == {"listed": checks["listed"]}


def test_an_incomplete_list_is_said_to_be_so_and_unknown_is_not_no() -> None:
    answers = {
        "findings": found("supplements_many"),
        "diagnoses": {"present": [], "denied": [], "reviewed": False},
        "medications": SUPPLEMENTS[:3],
        "medications_reviewed": False,
    }
    checks = details_for(**answers)["nutrition.checks"]
    assert [each["present"] for each in checks["checks"]] == [None, None, None]
    assert checks["complete"] is False
    assert "The medicine list is not complete" in page("clinician", **answers)
    unread = {"findings": found("supplements_many"), "medications": [{"name": "Zzyzx forte"}]}
    assert details_for(**unread)["nutrition.checks"]["complete"] is False


def test_a_weight_that_cannot_be_is_not_computed_with() -> None:
    assert details_for(person={"height_cm": 150, "weight_kg": 181})["nutrition.numbers"]["loss_kg"] is None


@settings(max_examples=20, deadline=None)
@given(weight=st.floats(68, 180).map(lambda kg: round(kg, 1)))
def test_what_may_be_aimed_for_is_five_to_ten_percent_of_the_weight(weight: float) -> None:
    person = {"height_cm": 150, "weight_kg": weight}
    low, high = details_for(person=person)["nutrition.numbers"]["loss_kg"]
    assert (low, high) == (pytest.approx(weight / 20, abs=0.051), pytest.approx(weight / 10, abs=0.051))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            "NUT-01",
            "Eat vegetables and beans, fish twice a week, olive oil and nuts. Have regular meals, and drink water",
        ),
        ("NUT-01", "Begin with one change"),
        ("NUT-02", "5 to 10 %"),
        ("NUT-03", "No weight loss, no fasting and no food diary"),
        ("NUT-04", "A dietitian can guide you"),
        ("NUT-05", "Cut caffeine by a quarter every three days"),
        ("NUT-05", "In pregnancy the limit is ≤200 mg/day"),
        ("NUT-08", "turmeric or omega-3 with an anticoagulant, St John's wort, magnesium with renal disease, kratom"),
    ],
)
def test_every_number_and_name_stands_in_its_rule(rule: str, words: str) -> None:
    assert words in rule_text(rule)


def test_the_sheets_are_plain() -> None:
    assert is_plain(
        cards(
            scores={"isi.total": 9},
            findings=found("caffeine_high", "supplements_many", "food_insecure"),
            diagnoses=found("ibs"),
            allergies=[{"substance": "walnuts"}],
        )
    )
