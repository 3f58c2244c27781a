"""What coordination computes: referrals, days to meet again, measures, and a letter that gives nothing away."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from careplan.hookspecs import DetailSpec, Situation
from careplan.intake import read_assessment
from careplan.plan.compose import Case, compose
from careplan.plan.editions import for_edition
from careplan.plan.resolve import resolve
from careplan.service import decide, fact_case
from careplan.testing import document_for, knowledge, plan_for
from tests.plugins.people import DAY, SIGNED, details, details_for, found, intake, shown_to_patient

PAIN = {"peg": [6, 6, 7]}
SEVERE = {"peg": [8, 8, 8], "phq9": [2, 2, 2, 2, 2, 0, 0, 0, 0], "tsk11": [4] * 11}
NO_RISK = {"cssrs": {"q1": False, "q2": False, "q6_lifetime": False}}
ILL_AFTER_EFFORT = {"dsqpem": {f"{kind}{number}": 4 for kind in "fs" for number in range(1, 6)}}

VISITS = import_module("careplan.plugins.coordination.follow_up").VISITS
TO = import_module("careplan.plugins.coordination.referrals").TO
LETTER = import_module("careplan.plugins.coordination.letter").letter


def medicine(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "strength": "10 mg", "dose": 1, "unit": "tablet", "times_per_day": 1, **more}


# Referrals


def test_a_referral_says_to_whom_why_and_when_in_the_words_of_its_rule() -> None:
    rows = {each["rule"]: each for each in details_for(answers=SEVERE)["coordination.referrals"]["referrals"]}
    assert rows["TEM-01"]["to"] == "an interdisciplinary pain programme"
    assert rows["TEM-01"]["when"] is None
    assert {"peg.mean", "phq9.total"} <= {each["fact"] for each in rows["TEM-01"]["because"]}
    assert rows["STR-04"]["to"] == "pain psychology"


def test_what_is_urgent_comes_first_with_its_time() -> None:
    values = details_for(answers={**PAIN, "ess": [3, 3, 3, 3, 3, 3, 3, 3]}, red_flags=found("uveitis_psoriasis_ibd"))
    first, second, *_ = values["coordination.referrals"]["referrals"]
    assert (first["rule"], first["to"], first["when"]) == ("SAF-12", "rheumatology", "synovitis: within 3 working days")
    assert (second["rule"], second["when"], second["priority"]) == ("SLP-06", "urgent", "safety")


def test_every_rule_that_refers_is_known_and_says_so_itself() -> None:
    rules = {rule.id: rule for versions in knowledge().versions.values() for rule in versions[-1].rules}
    for rule, (to, when) in TO.items():
        text = (rules[rule].clinician or "").casefold()
        assert to.casefold() in text, rule
        assert when is None or when.casefold() in text, rule
    referring = {
        rule.id
        for rule in rules.values()
        if rule.priority != "emergency"
        and (
            rule.kind == "referral"
            or any(word in (rule.clinician or "") for word in ("Refer ", "Involve ", "refer to"))
        )
    }
    assert referring <= TO.keys()


def test_a_blocked_referral_is_in_no_table() -> None:
    plan = plan_for(intake(answers={**SEVERE, **ILL_AFTER_EFFORT}), sign_off=SIGNED)
    assert "TEM-01" in [each.recommendation.rule for each in plan.blocked]
    values = details(plan)
    assert "TEM-01" not in [each["rule"] for each in values["coordination.referrals"]["referrals"]]
    assert "TEM-01" not in [each["rule"] for each in values["coordination.letter"]["asks"]]


def test_the_person_sees_only_the_visits_their_own_copy_speaks_of() -> None:
    seen = shown_to_patient(answers={**SEVERE, "gad7": [3, 3, 3, 3, 3, 0, 0]})
    assert [each["rule"] for each in seen["coordination.appointments"]["appointments"]] == ["STR-04", "TEM-01"]
    assert not {"coordination.referrals", "coordination.follow_up", "coordination.letter"} & seen.keys()


def test_text_that_a_clinician_changed_no_longer_says_to_whom() -> None:
    override = {
        "rule": "TEM-01",
        "do": "change",
        "by": "Dr Bell",
        "role": "GP",
        "on": DAY,
        "until": "2026-06-01",
        "reason": {"code": "clinical_judgement", "text": "no programme within reach"},
        "clinician": "Online group first.",
    }
    values = details_for(answers=SEVERE, overrides=[override])
    rows = {each["rule"]: each for each in values["coordination.referrals"]["referrals"]}
    assert rows["TEM-01"]["to"] is None


# Follow-up


def test_visits_are_counted_in_weeks_from_the_day_of_the_plan() -> None:
    values = shown_to_patient(answers=PAIN)["coordination.visits"]
    assert [(each["rule"], each["number"], each["from"], each["to"]) for each in values["visits"]] == [
        ("FUP-01", 1, "2026-03-30", None),
        ("FUP-01", 2, "2026-05-25", None),
    ]
    assert values["review"] == "2026-03-30"
    assert [each["from"] for each in details_for_day(date(2026, 3, 9))["visits"]] == ["2026-04-06", "2026-06-01"]


def details_for_day(on: date) -> Any:
    return details(plan_for(intake(answers=PAIN), sign_off=SIGNED, on=on))["coordination.visits"]


def test_the_first_page_prints_the_day_of_the_first_visit() -> None:
    page = " ".join(document_for(intake(answers=PAIN), sign_off=SIGNED).split())
    assert 'We look at it again on <strong><span class="number nowrap">30 March 2026</span>' in page


def test_without_a_fixed_visit_the_first_page_leaves_the_day_blank() -> None:
    values = details_for(answers={"peg": [1, 1, 1]})
    (row,) = values["coordination.visits"]["visits"]
    assert (row["rule"], row["optional"], row["from"], row["to"]) == ("FUP-08", True, "2026-06-02", "2026-09-02")
    assert values["coordination.visits"]["review"] is None
    page = document_for(intake(answers={"peg": [1, 1, 1]}), sign_off=SIGNED)
    assert 'We look at it again on <span class="blank short">' in page


def test_visits_are_short_and_by_phone_where_travel_costs_too_much() -> None:
    both = details_for(answers={**PAIN, **ILL_AFTER_EFFORT})["coordination.follow_up"]["visits"]
    assert [(each["rule"], each["by_phone"]) for each in both] == [("FUP-01", True), ("FUP-01", True)]
    (alone,) = details_for(
        answers={"peg": [1, 1, 1], **ILL_AFTER_EFFORT}, medications=None, medications_reviewed=False
    )["coordination.follow_up"]["visits"]
    assert (alone["rule"], alone["from"], alone["to"]) == ("FUP-07", "2026-03-30", "2026-04-13")


def test_months_end_on_the_last_day_of_a_short_month() -> None:
    (first,) = VISITS["FUP-08"]
    assert first.days(date(2026, 11, 30)) == {"from": "2027-02-28", "to": "2027-05-30"}
    assert first.days(None) == {"from": None, "to": None}


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_visit_is_never_sooner_than_its_rule_says_and_windows_open_before_they_close(on: date) -> None:
    for rule, windows in VISITS.items():
        for window in windows:
            days = window.days(on)
            first = date.fromisoformat(days["from"] or on.isoformat())
            last = date.fromisoformat(days["to"] or "9999-12-31")
            assert on <= first < last, rule
            if not window.months:
                assert first == on + timedelta(weeks=window.first)
            elif window.first == 3:
                assert 89 <= (first - on).days <= 92


def test_what_is_measured_has_the_score_that_would_show_a_change() -> None:
    rows = {each["instrument"]: each for each in follow_up(answers=PAIN)["measures"]}
    assert (rows["peg"]["now"], rows["peg"]["band"]) == (6.33, "moderate")
    assert [(each["by"], each["percent"], each["reached_at"]) for each in rows["peg"]["changes"]] == [
        (30, True, 4.4),
        (1, False, 5.3),
    ]


def follow_up(**answers: Any) -> Any:
    return details_for(**answers)["coordination.follow_up"]


def test_what_is_low_is_not_measured_again_and_what_is_unknown_is() -> None:
    rows = [each["instrument"] for each in follow_up(answers={**PAIN, "phq9": [0] * 9, "gad7": [2] * 7})["measures"]]
    assert rows == ["peg", "gad7", "isi"]
    unknown = follow_up(answers=PAIN)["measures"][-1]
    assert (unknown["instrument"], unknown["now"], unknown["changes"][0]["reached_at"]) == ("isi", None, None)


def test_a_whole_score_changes_by_whole_points() -> None:
    answers = {**PAIN, "phq9": [2, 2, 2, 2, 2, 1, 0, 0, 0]}
    (row,) = (each for each in follow_up(answers=answers)["measures"] if each["instrument"] == "phq9")
    assert [each["reached_at"] for each in row["changes"]] == [6, 5]


def test_confidence_is_measured_again_while_its_rule_tracks_it() -> None:
    rows = {each["instrument"]: each for each in follow_up(answers={**PAIN, "pseq": [1] * 10})["measures"]}
    assert rows["pseq"]["changes"][0]["reached_at"] == 16
    assert "pseq" not in [each["instrument"] for each in follow_up(answers={**PAIN, "pseq": [5] * 10})["measures"]]


@pytest.mark.parametrize(
    ("line", "born", "answers", "weeks"),
    [
        (medicine("duloxetine", started_on="2026-02-23"), 1983, NO_RISK, [2, None]),
        (medicine("duloxetine", started_on="2026-02-23"), 1983, {}, [1, None]),
        (medicine("duloxetine", started_on="2026-02-23"), 2003, NO_RISK, [1, None]),
        (medicine("tramadol", started_on="2026-02-23"), 1983, NO_RISK, [1, 4]),
        (medicine("naproxen", started_on="2026-02-23"), 1983, NO_RISK, [1, 2]),
        (medicine("wonderdrug", started_on="2026-02-23"), 1983, NO_RISK, [1, 2]),
    ],
)
def test_a_new_medicine_is_looked_at_when_its_kind_asks_for(
    line: dict[str, Any], born: int, answers: dict[str, Any], weeks: list[int | None]
) -> None:
    person = {"birth_date": f"{born}-05-04"}
    (call,) = follow_up(answers={**PAIN, **answers}, medications=[line], person=person)["calls"]
    assert call["look"]["weeks"] == weeks
    assert call["look"]["from"] == str(date(2026, 2, 23) + timedelta(weeks=weeks[0] or 0))
    assert (call["from"], call["to"], call["overdue"]) == ("2026-03-02", "2026-03-09", False)


def test_a_planned_medicine_has_no_day_and_an_old_one_no_call() -> None:
    lines = [
        medicine("duloxetine", status="planned"),
        medicine("naproxen", started_on="2020-01-01"),
        medicine("paracetamol", months=0.5),
        medicine("amitriptyline", status="stopped", started_on="2026-02-20"),
    ]
    calls = follow_up(answers=PAIN, medications=lines)["calls"]
    assert [(each["medicine"], each["planned"], each["from"]) for each in calls] == [
        ("duloxetine", True, None),
        ("paracetamol", False, None),
    ]


@pytest.mark.parametrize(("started", "overdue"), [("2026-02-16", False), ("2026-02-15", True)])
def test_a_call_that_should_have_been_is_overdue(started: str, overdue: bool) -> None:
    (call,) = follow_up(answers=PAIN, medications=[medicine("naproxen", started_on=started)])["calls"]
    assert call["overdue"] is overdue


# The letter


def letter(**answers: Any) -> Any:
    return details_for(**answers)["coordination.letter"]


def test_the_letter_says_who_what_and_what_is_asked() -> None:
    team = [{"role": "Physiotherapist", "name": "Sam"}, {"role": "gp", "name": "Dr Bell"}]
    values = letter(
        answers=SEVERE, care_team=team, diagnoses=found("ibs"), nociplastic="probable", matters_most="My garden"
    )
    assert (values["to"], values["assessed"], values["duration_months"]) == ("Dr Bell", DAY, 24)
    assert (values["matters_most"], values["review"]) == ("My garden", "2026-03-30")
    assert values["diagnoses"] == ["Irritable bowel syndrome"]
    assert "CLS-01" in [each["rule"] for each in values["findings"]]
    assert [each["rule"] for each in values["asks"]] == ["STR-04", "TEM-01"]
    peg = next(each for each in values["scores"] if each["instrument"] == "PEG pain scale")
    assert [(each["value"], each["band"]) for each in peg["scores"]] == [(8, "severe")]


def test_short_forms_taken_from_longer_ones_are_not_scores_of_their_own() -> None:
    titles = [each["instrument"] for each in letter(answers=SEVERE)["scores"]]
    assert "PHQ-9" in titles
    assert "PHQ-2" not in titles


def test_nobody_knows_the_gp_so_the_address_is_blank() -> None:
    assert letter(answers=SEVERE, care_team=[{"role": "Sister", "name": "Kim"}])["to"] is None


def test_the_letter_says_nothing_of_what_is_confidential() -> None:
    told = {"answers": SEVERE, "matters_most": "My garden", "care_team": [{"role": "GP", "name": "Dr Bell"}]}
    plan = plan_for(intake(**told, findings=found("abuse_current")), sign_off=SIGNED)
    assert "SAF-23" in [each.rule for each in plan.safety]
    written = details(plan)["coordination.letter"]
    assert "abuse" not in json.dumps(written).casefold()
    assert "SAF-23" not in json.dumps(written)
    assert written == letter(**told), "the letter is the one that would be written without the finding"


def situation_for(**answers: Any) -> Situation:
    """What details are computed from, for the person with these answers."""
    seen: list[Situation] = []
    person = read_assessment(
        intake(**answers).encode(),
        name="somebody",
        on=date.max,
        vocabulary=knowledge().vocabulary,
        instruments=knowledge().instruments,
    )
    case = fact_case(person, knowledge())
    decision = decide(case, knowledge())
    spec = DetailSpec("seen", "base/section.html", seen.append, section="coordination")
    about = Case(person.id, person.date, assessment=person, scored=case.facts.scored, signed_by=SIGNED)
    compose(about, decision, resolve(decision, (), ()), evolve(knowledge().setting, details=[spec]))
    return seen[0]


def test_the_letter_leaves_out_every_fact_that_a_confidential_rule_reads() -> None:
    seen = situation_for(answers=SEVERE, diagnoses=found("ibs", "ptsd"))
    whole, read = (
        LETTER(seen),
        LETTER(evolve(seen, confidential=frozenset({"phq9.total", "dx.ibs", "pain.duration_months"}))),
    )
    assert "Irritable bowel syndrome" in whole["diagnoses"]
    assert read["diagnoses"] == ["Post-traumatic stress disorder"]
    assert read["duration_months"] is None
    assert "PHQ-9 total" in json.dumps(whole)
    assert "phq9.total" not in json.dumps(read)
    assert "peg.mean" in json.dumps(read)


def test_the_letter_leaves_out_what_rests_on_confidential_facts_alone() -> None:
    seen = situation_for(answers=SEVERE, diagnoses=found("ptsd"))
    rules = [each["rule"] for each in LETTER(seen)["asks"]]
    assert {"STR-05", "TEM-04"} <= set(rules)
    read = LETTER(evolve(seen, confidential=frozenset({"dx.ptsd", "mood.ptsd"})))
    assert [each["rule"] for each in read["asks"]] == ["STR-04", "TEM-01"]


def test_a_confidential_recommendation_is_in_no_letter_whatever_it_rests_on() -> None:
    seen = situation_for(answers=SEVERE, diagnoses=found("ptsd"))
    told = tuple(
        evolve(each, audience="confidential" if each.rule == "STR-05" else each.audience)
        for each in seen.recommendations
    )
    assert "STR-05" not in json.dumps(LETTER(evolve(seen, recommendations=told)))


def test_what_is_shown_to_the_person_is_the_same_without_what_is_confidential() -> None:
    told = {"answers": SEVERE}
    hidden = plan_for(intake(**told, findings=found("abuse_current")), sign_off=SIGNED)
    seen = details(for_edition(hidden, "patient"))
    assert {name: each for name, each in seen.items() if name.startswith("coordination.")} == {
        name: each for name, each in shown_to_patient(**told).items() if name.startswith("coordination.")
    }


def test_the_letter_has_a_page_of_its_own_in_the_clinicians_edition_alone() -> None:
    asked = intake(answers=SEVERE, care_team=[{"role": "GP", "name": "Dr Bell"}])
    assert '<section class="letter">' in document_for(asked, "clinician", sign_off=SIGNED)
    assert "Letter to the GP" not in document_for(asked, sign_off=SIGNED)


def test_medicines_to_discuss_are_released_recommendations_and_never_an_order_to_end_one() -> None:
    lines = [medicine("oxycodone", times_per_day=4, months=14), medicine("zopiclone", months=14)]
    values = letter(answers=SEVERE, medications=lines)
    released = {each.rule for each in plan_for(intake(answers=SEVERE, medications=lines)).recommendations}
    assert values["discuss"]
    assert {each["rule"] for each in values["discuss"]} <= released
    page = document_for(intake(answers=SEVERE, medications=lines), "clinician", sign_off=SIGNED)
    assert "Please do not end a medicine abruptly." in page
