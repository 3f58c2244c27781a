"""Techniques for stress and mood take the form and dose that fit a person's own scores, and sheets hold their words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.testing import places, plan_for
from tests.plugins.cards import cards, is_plain, page, reasons, rule_text
from tests.plugins.people import SIGNED, details_for, found, intake, shown_to_patient

WORRIED = {"gad7.total": 11, "phq9.total": 11, "phq9.item9": 0, "pcs.total": 25}
CRASHES = {"dsqpem": {f"{kind}{item}": 3 for kind in "fs" for item in range(1, 6)}}
GROUNDING = ("stress.breathing", "stress.relaxation", "stress.mindfulness")


def worried(**answers: Any) -> dict[str, Any]:
    """Somebody with moderate low mood and anxiety whose thoughts circle around pain."""
    return {"scores": WORRIED} | answers


def test_slow_breathing_has_the_dose_of_its_rule() -> None:
    assert shown_to_patient(**worried())["stress.breathing"] == {
        "form": "counted",
        "before": [],
        "minutes": 5,
        "times_a_day": [2, 3],
        "breathe_in": 4,
        "breathe_out": 6,
    }


def test_breathing_comes_before_the_persons_hardest_activities() -> None:
    activities = [
        {"name": "walking", "difficulty": 3},
        {"name": "hoovering", "difficulty": 8},
        {"name": "cooking", "difficulty": 5},
        {"name": "reading", "difficulty": 0},
        {"name": "stairs", "difficulty": 9, "fear": 60},
        {"name": "gardening"},
    ]
    card = shown_to_patient(**worried(activities=activities))["stress.breathing"]
    assert card["before"] == ["hoovering", "cooking"]


def test_with_copd_nobody_counts_the_breath() -> None:
    card = shown_to_patient(**worried(diagnoses=found("copd")))["stress.breathing"]
    assert card == {"form": "natural", "before": [], "minutes": 5, "times_a_day": [2, 3]}
    assert "natural rate" in rule_text("STR-01")


def test_with_crps_relaxation_is_passive() -> None:
    assert shown_to_patient(**worried(diagnoses=found("crps")))["stress.relaxation"]["form"] == "passive"
    assert shown_to_patient(**worried())["stress.relaxation"] == {"form": "chosen", "minutes": [10, 15]}


@pytest.mark.parametrize(
    "told",
    [
        {"diagnoses": found("ptsd")},
        {"findings": found("relaxation_distress")},
        {"scores": WORRIED | {"pcptsd5.total": 3}},
    ],
    ids=["known PTSD", "relaxation has distressed", "a positive screen"],
)
def test_after_trauma_every_relaxation_takes_its_grounding_form(told: dict[str, Any]) -> None:
    shown = shown_to_patient(**worried(**told))
    assert {each: shown[each]["form"] for each in GROUNDING} == dict.fromkeys(GROUNDING, "grounding")
    assert [key for each in GROUNDING for key in shown[each] if key in ("minutes", "weeks", "breathe_in")] == []
    assert shown["stress.grounding"] == {"see": 5, "hear": 4}
    text = page(**worried(**told))
    assert text.count("I keep my eyes open") == len(GROUNDING)
    assert "Weeks Minutes a day" not in text


def test_grounding_stays_in_place_when_a_clinician_declines_to_print_its_own_advice() -> None:
    override = {
        "rule": "STR-05",
        "do": "decline",
        "by": "Dr Bell",
        "role": "GP",
        "on": "2026-03-02",
        "until": "2026-06-02",
        "reason": {"code": "duplicate", "text": "In trauma therapy already"},
    }
    shown = shown_to_patient(**worried(diagnoses=found("ptsd"), overrides=[override]))
    assert "stress.grounding" not in shown
    assert [shown[each]["form"] for each in GROUNDING] == ["grounding"] * 3


def test_mindfulness_grows_from_its_first_to_its_last_dose_and_never_falls() -> None:
    card = shown_to_patient(**worried())["stress.mindfulness"]
    minutes = [each["minutes"] for each in card["weeks"]]
    assert (minutes[0], minutes[-1]) == ([5, 10], [20, 30])
    assert [low for low, _ in minutes] == sorted(low for low, _ in minutes)
    assert [(each["first"], each["last"]) for each in card["weeks"]] == [(1, 2), (3, 4), (5, 6), (7, 8)]
    assert "convention" in card["convention"]


def test_mindfulness_that_waits_or_is_blocked_has_no_card() -> None:
    """Psychosis blocks it; an unanswered question on severe dissociation holds it."""
    assert "stress.mindfulness" not in details_for(**worried(diagnoses=found("psychosis")))
    unknown = worried(findings={"present": [], "reviewed": ["mood", "social", "activity", "sleep", "medicines"]})
    assert places(plan_for(intake(**unknown), sign_off=SIGNED))["STR-03"] == "ask first"
    assert "stress.mindfulness" not in details_for(**unknown)


ACTIVITIES = [
    {"name": "gardening", "difficulty": 6},
    {"name": "walking", "difficulty": 3},
    {"name": "knitting"},
    {"name": "bending", "fear": 70},
]
GOALS = [
    {"text": "Garden for 30 minutes", "activity": "Gardening"},
    {"text": "Sing again", "activity": "singing"},
    {"text": "Lunch with my sister", "helps": ["social"]},
    {"text": "Wake up rested", "helps": ["sleep"]},
    {"text": "Bend without thinking", "activity": "bending"},
]


def test_the_list_begins_with_the_persons_own_activities_the_easiest_first() -> None:
    answers = worried(activities=ACTIVITIES, goals=GOALS, values=["family", "music"])
    sheet = shown_to_patient(**answers)["stress.activities"]
    assert sheet == {
        "form": "planned",
        "matters": ["family", "music"],
        "own": ["walking", "gardening", "knitting", "singing", "Lunch with my sister"],
        "list": 10,
        "planned": 3,
        "exercise_waits": False,
    }


def test_what_is_left_out_of_the_list_is_told_to_the_clinician() -> None:
    answers = worried(activities=ACTIVITIES, goals=GOALS)
    left_out = details_for(**answers)["stress.techniques"]["left_out"]
    assert left_out == [
        {"what": "bending", "why": "rated for fear: it belongs to the fear ladder"},
        {"what": "Wake up rested", "why": "a goal that names nothing to do"},
    ]
    many = [{"name": f"activity {number}", "difficulty": number % 10} for number in range(12)]
    techniques = details_for(**worried(activities=many))["stress.techniques"]
    assert techniques["left_out"] == [
        {"what": "activity 8", "why": "beyond 10"},
        {"what": "activity 9", "why": "beyond 10"},
    ]


def test_an_unsafe_goal_is_not_put_on_the_list() -> None:
    answers = worried(goals=GOALS[:2], findings=found("goal_unsafe"))
    shown = details_for(**answers)
    assert shown["stress.activities"]["own"] == []
    assert [each["why"] for each in shown["stress.techniques"]["left_out"]] == [
        "a goal waits for a safer first step (GOL-04)"
    ] * 2


@pytest.mark.parametrize(
    "answers",
    [
        {"answers": CRASHES},
        {"measures": {"duration_months": 24, "fatigue": 8}},
        {"measures": {"duration_months": 24}},
        {"diagnoses": found("mecfs")},
    ],
    ids=["crashes", "very tired and not asked", "tiredness not asked", "ME/CFS"],
)
def test_while_crashes_after_effort_are_not_excluded_no_number_of_activities_is_asked_for(
    answers: dict[str, Any],
) -> None:
    sheet = shown_to_patient(**worried(**answers))["stress.activities"]
    assert (sheet["form"], sheet["list"], sheet["planned"]) == ("energy", None, 1)


def test_while_a_warning_sign_is_open_the_list_is_without_exercise() -> None:
    answers = worried(red_flags=found("major_trauma"))
    assert shown_to_patient(**answers)["stress.activities"]["exercise_waits"] is True
    assert "Exercise waits until your check is done." in page(**answers)


def test_the_techniques_name_the_scores_that_chose_them() -> None:
    techniques = details_for(**worried())["stress.techniques"]
    assert {each["rule"]: reasons(each["because"]) for each in techniques["techniques"]} == {
        "STR-01": {"mood.anxiety": 2},
        "STR-02": {"mood.anxiety": 2},
        "STR-03": {"pcs.total": 25, "mood.anxiety": 2, "mood.depression": 2},
        "STR-04": {"mood.depression": 2, "mood.anxiety": 2, "pcs.total": 25},
        "STR-06": {"mood.depression": 2},
        "STR-08": {"pcs.total": 25, "mood.anxiety": 2},
    }
    levels = techniques["levels"].items()
    assert {level: (each["level"], reasons(each["scores"])) for level, each in levels} == {
        "mood.depression": (2, {"phq9.total": 11}),
        "mood.anxiety": (2, {"gad7.total": 11}),
    }


def test_scores_and_reasons_stay_out_of_the_persons_copy() -> None:
    """A household may read it."""
    answers = worried(diagnoses=found("ptsd"), activities=ACTIVITIES)
    shown = shown_to_patient(**answers)
    assert "stress.techniques" not in shown
    assert [
        key for each, values in shown.items() if each.startswith("stress.") for key in values if key == "because"
    ] == []
    text = page(**answers)
    assert [word for word in ("PHQ-9", "GAD-7", "PTSD", "mood.depression") if word in text] == []


def test_somebody_without_stress_low_mood_or_anxiety_gets_no_technique() -> None:
    shown = details_for(scores={"gad7.total": 2, "phq9.total": 3, "phq9.item9": 0, "pcs.total": 5, "pss10.total": 5})
    assert [each for each in shown if each.startswith("stress.")] == []


def test_nobody_who_was_not_asked_gets_a_technique() -> None:
    assert [each for each in details_for() if each.startswith("stress.")] == []


def test_a_balanced_thought_is_written_down_three_times_a_week() -> None:
    assert shown_to_patient(**worried())["stress.thoughts"] == {"lines": 3}


def test_a_steady_day_begins_at_the_persons_own_time() -> None:
    diary = {"duration_months": 24, "fatigue": 4, "sleep_diary": {"rise_time": "06:30"}}
    known = {"diagnoses": found("bipolar"), "measures": diary}
    assert shown_to_patient(**worried(**known))["stress.rhythm"] == {"get_up": "06:30"}
    assert shown_to_patient(**worried(diagnoses=found("bipolar")))["stress.rhythm"] == {"get_up": None}
    shifts = worried(**known, findings=found("shift_work"))
    assert shown_to_patient(**shifts)["stress.rhythm"] == {"get_up": None}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefghijklmnop"), st.none() | st.integers(0, 10), st.none() | st.integers(0, 100)),
        max_size=16,
    )
)
def test_the_list_keeps_its_laws(drawn: list[tuple[str, int | None, int | None]]) -> None:
    """Sorted by difficulty; at most ten; nothing feared; every activity is on it or told to be left out."""
    activities = [
        {key: value for key, value in (("name", name), ("difficulty", hard), ("fear", fear)) if value is not None}
        for name, hard, fear in {name: (name, hard, fear) for name, hard, fear in drawn}.values()
    ]
    shown = details_for(**worried(activities=activities))
    own = shown["stress.activities"]["own"]
    hard = {each["name"]: each.get("difficulty", 11) for each in activities}
    assert [hard[each] for each in own] == sorted(hard[each] for each in own)
    assert len(own) <= 10
    left_out = [each["what"] for each in shown["stress.techniques"]["left_out"]]
    assert sorted([*own, *left_out]) == sorted(hard)
    assert not {each["name"] for each in activities if "fear" in each} & set(own)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("STR-01", "for five minutes, two or three times a day"),
        ("STR-01", "Count 4 as you breathe in and 6 as you breathe out"),
        ("STR-02", "10 to 15 minutes"),
        ("STR-03", "5 to 10 minutes of mindfulness a day"),
        ("STR-03", "Slowly go up to 20 or 30 minutes over eight weeks"),
        ("STR-04", "8 to 12 sessions"),
        ("STR-05", "name five things you see and four you hear"),
        ("STR-06", "List ten activities that matter to you. Plan three of them each week"),
        ("STR-08", "three times a week"),
    ],
)
def test_every_dose_stands_in_its_rule(rule: str, words: str) -> None:
    assert words in rule_text(rule)


@pytest.mark.parametrize(
    "answers",
    [
        worried(activities=ACTIVITIES, goals=GOALS, values=["family"]),
        worried(diagnoses=found("ptsd", "bipolar")),
        worried(diagnoses=found("copd", "crps")),
        worried(answers=CRASHES),
    ],
    ids=["whole", "after trauma", "COPD and CRPS", "crashes"],
)
def test_the_cards_are_plain(answers: dict[str, Any]) -> None:
    assert is_plain(cards(**answers))
