"""Depth and topics of pain education follow a person's own scores, findings and needs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.cards import cards, is_plain, page, reasons, rule_text
from tests.plugins.people import details_for, found, shown_to_patient

FEARFUL = {"tsk11.total": 33, "pcs.total": 35}
FEARED = [
    {"name": "stairs", "fear": 40},
    {"name": "lifting", "fear": 80},
    {"name": "walking", "difficulty": 3},
    {"name": "sitting", "fear": 0},
]
CRASHES = {"dsqpem": {f"{kind}{item}": 3 for kind in "fs" for item in range(1, 6)}}
PAIN = ["Why pain does not equal damage", "What turns the alarm up and down", "Why change is possible"]


def topics(**answers: Any) -> list[str]:
    return [each["topic"] for each in shown_to_patient(**answers)["education.sessions"]["topics"]]


def test_everybody_in_long_pain_hears_how_pain_works() -> None:
    assert topics() == PAIN
    assert details_for()["education.depth"]["sessions"] == [1, 2]
    assert details_for()["education.depth"]["minutes"] == [20, 45]


def test_topics_follow_the_persons_own_answers() -> None:
    answers = {
        "scores": FEARFUL | {"csi.total": 45},
        "findings": found("believes_damage"),
        "diagnoses": found("ptsd"),
    }
    assert topics(**answers) == [
        *PAIN,
        "The movements and thoughts that worry me most",
        "How light, sound, smells, tiredness and fog can be part of this",
        "What scans show, and what they do not",
        "How threat, body memories and pain are linked",
    ]
    depth = details_for(**answers)["education.depth"]
    assert {each["rule"]: reasons(each["because"]) for each in depth["topics"]} == {
        "PNE-01": {"pain.duration_months": 24},
        "PNE-02": {"pcs.total": 35, "fear.level": 1, "tsk11.total": 33},
        "PNE-03": {"csi.total": 45},
        "PNE-04": {"finding.believes_damage": True},
        "PNE-05": {"mood.ptsd": True},
    }


@pytest.mark.parametrize(("catastrophizing", "sessions"), [(29, [1, 2]), (30, [3, 6])])
def test_worry_about_pain_adds_two_to_four_sessions(catastrophizing: int, sessions: list[int]) -> None:
    assert details_for(scores={"pcs.total": catastrophizing})["education.depth"]["sessions"] == sessions


def test_what_the_person_fears_stands_first_by_how_much_they_fear_it() -> None:
    answers = {"scores": FEARFUL, "activities": FEARED}
    assert shown_to_patient(**answers)["education.worries"]["feared"] == ["lifting", "stairs"]
    assert details_for(**answers)["education.depth"]["feared"] == [
        {"name": "lifting", "fear": 80},
        {"name": "stairs", "fear": 40},
    ]


def test_the_clinician_sees_whether_exposure_goes_with_it() -> None:
    def stands(**answers: Any) -> dict[str, bool]:
        coupled = details_for(scores=FEARFUL, **answers)["education.depth"]["coupled"]
        return {each["rule"]: each["stands"] for each in coupled}

    assert stands() == {"ACT-05": True, "STR-08": True}
    assert stands(answers=CRASHES) == {"ACT-05": False, "STR-08": True}
    assert "Without graded exposure" in page("clinician", scores=FEARFUL, answers=CRASHES)


@pytest.mark.parametrize("need", ["literacy_low", "cognitive_impairment"])
def test_the_short_form_takes_one_topic_at_a_time(need: str) -> None:
    answers = {"findings": found(need)}
    assert shown_to_patient(**answers)["education.sessions"]["form"] == "short"
    assert reasons(details_for(**answers)["education.depth"]["needs"]) == {f"finding.{need}": True}
    assert "We take one topic at a time." in page(**answers)


def test_an_interpreter_need_is_not_low_literacy() -> None:
    answers = {"findings": found("language_need")}
    assert shown_to_patient(**answers)["education.sessions"]["form"] == "full"
    assert reasons(details_for(**answers)["education.depth"]["needs"]) == {"finding.language_need": True}


def test_somebody_whose_pain_is_new_or_whose_cancer_is_active_gets_no_sessions() -> None:
    assert "education.sessions" not in details_for(measures={"duration_months": 2, "fatigue": 4})
    assert "education.sessions" not in details_for(diagnoses=found("cancer_active"))


def test_without_any_topic_nothing_is_computed() -> None:
    shown = details_for(measures={"duration_months": 2, "fatigue": 4})
    assert [each for each in shown if each.startswith("education.")] == []


def test_a_held_rule_computes_nothing() -> None:
    """Active cancer must be known first."""
    shown = details_for(diagnoses={"present": [], "denied": [], "reviewed": False})
    assert "education.sessions" not in shown


def test_scores_and_reasons_stay_out_of_the_persons_copy() -> None:
    shown = shown_to_patient(scores=FEARFUL, activities=FEARED, diagnoses=found("ptsd"))
    assert "education.depth" not in shown
    values = [shown[each] for each in shown if each.startswith("education.")]
    assert [key for each in values for key in each if key in ("because", "needs")] == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("PNE-01", "one or two sessions of 20 to 45 minutes"),
        ("PNE-01", "why pain does not equal damage"),
        ("PNE-01", "what turns the alarm up and down, and why change is possible"),
        ("PNE-02", "two to four more sessions about the movements and thoughts that worry you most"),
        ("PNE-02", "Couple it with ACT-05 exposure and STR-08 reframing"),
        ("PNE-03", "Pick two things that lower the load on your senses"),
        ("PNE-05", "Threat, body memories and pain are linked"),
    ],
)
def test_every_number_and_topic_stands_in_its_rule(rule: str, words: str) -> None:
    assert words in rule_text(rule)


@pytest.mark.parametrize(
    "answers",
    [
        {"scores": FEARFUL | {"csi.total": 45}, "activities": FEARED},
        {"scores": FEARFUL, "findings": found("literacy_low", "believes_damage")},
    ],
    ids=["full", "short"],
)
def test_the_sheets_are_plain(answers: dict[str, Any]) -> None:
    assert is_plain(cards(**answers))
