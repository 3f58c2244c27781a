"""From an assessment to its scores: what was answered, what follows from a longer form, what measures decide."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from careplan.assessment import Assessment, Checklist, Goal, Person
from careplan.errors import AnswerError
from careplan.instruments import builtin_instruments
from careplan.scoring import score_assessment

INSTRUMENTS = builtin_instruments()
WOMAN = Person(date(1970, 3, 3), sex="female", height_cm=160, weight_kg=100)


def assessed(person: Person = WOMAN, **given: Any) -> Assessment:
    return Assessment("case", date(2026, 3, 2), person, **given)


def scores(assessment: Assessment) -> dict[str, Any]:
    results = score_assessment(assessment, INSTRUMENTS)
    return {f"{name}.{each}": value for name, scored in results.items() for each, value in scored.scores.items()}


def test_nothing_is_scored_that_was_not_asked() -> None:
    assert score_assessment(assessed(), INSTRUMENTS) == {}


@pytest.mark.parametrize("blank", [(None,) * 2, {"i1": None, "i2": None}, {}])
def test_a_form_that_nobody_answered_was_not_asked(blank: Any) -> None:
    assert scores(assessed(answers={"phq2": blank, "cssrs": {}, "gas": (None,) * 10})) == {}
    longer = (3, 2, 0, 0, 0, 0, 0, 0, 0)
    assert scores(assessed(answers={"phq9": longer, "phq2": blank}))["phq2.total"] == 5
    goals = (Goal("Walk", gas={"attained": 1}),)
    assert scores(assessed(answers={"gas": (None,) * 10}, goals=goals)) == {"gas.t": 60.0}


def test_a_short_form_is_taken_from_the_longer_one() -> None:
    results = scores(assessed(answers={"phq9": (3, 2, 0, 0, 0, 0, 0, 0, 0)}))
    assert results == {"phq2.total": 5, "phq9.total": 5, "phq9.item9": 0}


def test_a_short_form_that_was_given_itself_stands() -> None:
    longer = {"i1": 3, "i2": 3}
    assert scores(assessed(answers={"phq9": longer, "phq2": (0, 0)}))["phq2.total"] == 0
    assert "phq2.total" not in scores(assessed(answers={"phq9": longer}, scores={"phq2.total": 1}))


def test_a_short_form_of_which_nothing_was_answered_is_not_scored() -> None:
    assert set(score_assessment(assessed(answers={"phq9": {"i9": 0}}), INSTRUMENTS)) == {"phq9"}


def test_a_form_that_follows_says_which_form_it_is() -> None:
    results = scores(assessed(answers={"promis29": {"i25": 3, "i26": 3, "i27": 3, "i28": 3}}))
    assert results["promis_pi.t"] == 61.2 == results["promis29.pain_interference_t"]


def test_measured_values_answer_what_was_left_open() -> None:
    asked = {"s": 1, "t": 1, "o": 0}
    measured = assessed(
        answers={"stopbang": asked},
        measures={"neck_cm": 41},
        diagnoses=Checklist(reviewed=True),
    )
    assert scores(measured) == {"stopbang.total": 5, "stopbang.risk": "high"}
    unmeasured = evolve(measured, measures={}, diagnoses=Checklist())
    assert scores(unmeasured) == {"stopbang.total": None, "stopbang.risk": "high"}


@pytest.mark.parametrize(
    ("diagnoses", "total"),
    [
        (Checklist(present=("hypertension",)), 1),
        (Checklist(denied=("hypertension",)), 0),
        (Checklist(reviewed=("diagnoses",)), 0),
        (Checklist(reviewed=("sleep",)), None),
        (Checklist(), None),
    ],
)
def test_blood_pressure_is_answered_by_the_diagnoses(diagnoses: Checklist, total: int | None) -> None:
    answers = dict.fromkeys("stoban", 0)
    assert scores(assessed(answers={"stopbang": answers}, diagnoses=diagnoses))["stopbang.total"] == total


def test_measures_count_without_the_questionnaire_only_where_they_decide() -> None:
    measured = assessed(
        evolve(WOMAN, sex="male", birth_date=date(1960, 1, 1)),
        diagnoses=Checklist(present=("hypertension",)),
        measures={"neck_cm": 44},
    )
    assert scores(measured) == {"stopbang.total": None, "stopbang.risk": "high"}
    assert scores(evolve(measured, measures={})) == {}
    assert scores(evolve(measured, scores={"stopbang.risk": "low"})) == {}


def test_a_body_mass_index_of_exactly_35_is_not_over_35() -> None:
    person = evolve(WOMAN, height_cm=160, weight_kg=89.6)
    answers = {**dict.fromkeys("stopan", 0)}
    assert scores(assessed(person, answers={"stopbang": answers}))["stopbang.total"] == 0
    assert scores(assessed(evolve(person, weight_kg=89.7), answers={"stopbang": answers}))["stopbang.total"] == 1


def test_the_sex_of_the_person_chooses_the_band() -> None:
    assessment = assessed(answers={"auditc": (2, 1, 0)})
    assert score_assessment(assessment, INSTRUMENTS)["auditc"].bands == {"screen": "positive"}
    man = evolve(assessment, person=evolve(WOMAN, sex="male"))
    assert score_assessment(man, INSTRUMENTS)["auditc"].bands == {"screen": "negative"}


def test_goals_are_scored_by_what_was_attained_and_how_much_they_weigh() -> None:
    goals = (
        Goal("Walk", gas={"importance": 2, "difficulty": 1, "attained": 1}),
        Goal("Rest", gas={"importance": 1, "attained": 0}),
        Goal("Cook"),
    )
    results = score_assessment(assessed(goals=goals), INSTRUMENTS)["gas"]
    assert (results.scores, results.bands, results.of) == ({"t": 58.0}, {"attainment": "above"}, 2)


def test_goals_that_nobody_rated_yet_are_no_score() -> None:
    assert score_assessment(assessed(goals=(Goal("Walk", gas={"importance": 2}),)), INSTRUMENTS) == {}
    unrated = (Goal("Walk", gas={"importance": 2, "difficulty": 2}),)
    assert score_assessment(assessed(goals=unrated), INSTRUMENTS)["gas"].scores == {"t": None}


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"answers": {"gas": (1,) + (None,) * 9}, "goals": (Goal("Walk", gas={"attained": 1}),)}, ["given_twice"]),
        ({"goals": tuple(Goal("Walk", gas={"attained": 1}) for _ in range(6))}, ["wrong_count"]),
        (
            {"answers": {"phq": (1,), "phq2": (1, 4), "isi": (1,)}},
            ["unknown_instrument", "out_of_range", "wrong_count"],
        ),
    ],
)
def test_everything_that_cannot_be_scored_is_refused_at_once(given: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(AnswerError) as refused:
        score_assessment(assessed(**given), INSTRUMENTS)
    assert [problem.code for problem in refused.value.problems] == codes


def test_the_results_are_in_the_order_of_the_instruments_whatever_was_answered_first() -> None:
    answers = {"rls": (1,), "auditc": (0, 0, 0), "isi": (1,) * 7}
    assert list(score_assessment(assessed(answers=answers), INSTRUMENTS)) == ["auditc", "isi", "rls"]
