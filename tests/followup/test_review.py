"""Whole people over their visits: what is new, kept and gone in their plans, why, and what to do with it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from attrs import evolve

from careplan.assessment import Assessment, Checklist, Clearance, Medication, Override
from careplan.followup import AnswerChange, Followed, Review
from careplan.intake import read_assessment
from careplan.knowledge import Knowledge
from careplan.plan.model import Earlier, SignOff
from careplan.render.review import review_json
from careplan.service import earlier_visits, make_plan, make_visits
from tests.followup.people import FIRST, ISI_7, UNTIL, alex, reviewed, visit
from tests.whole_base import DATA

SEVEN_WEEKS, FOURTEEN_WEEKS = date(2026, 4, 20), date(2026, 6, 8)
DSQ_PEM = (*(f"f{number}" for number in range(1, 6)), *(f"s{number}" for number in range(1, 6)))
CASES = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))


def by_rule(review: Review) -> dict[str, Followed]:
    return {each.rule: each for each in review.recommendations}


def fates(review: Review, fate: str) -> set[str]:
    return {each.rule for each in review.recommendations if each.fate == fate}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_beside_itself_nothing_has_changed(case: dict[str, Any], knowledge: Knowledge) -> None:
    assessment = read_assessment(
        json.dumps(case["intake"]).encode(),
        name=case["id"],
        on=UNTIL,
        vocabulary=knowledge.vocabulary,
        instruments=knowledge.instruments,
    )
    found = reviewed(knowledge, assessment, assessment)
    assert {each.since_last.verdict for each in found.trends} <= {"no_clear_change", "cannot_tell"}
    assert all(each.since_last.old.value is None for each in found.trends if each.since_last.verdict == "cannot_tell")
    assert [each for each in found.recommendations if each.fate != "kept"] == []
    assert {each.changed for each in found.recommendations} <= {()}
    assert {each.advice for each in found.recommendations} <= {"keep"}
    assert {each.minutes.progress for each in found.goals if each.minutes} <= {"the_same"}
    assert {each.standing for each in found.goals} <= {"kept"}
    assert found.plan.phases == () or found.visits[0].withheld
    assert (found.worse, found.improved, found.weeks, found.overrides, found.notes) == ((), (), 0, (), ())


@pytest.fixture(scope="module")
def three_visits(knowledge: Knowledge) -> Review:
    """Pain and sleep get better, mood gets worse at last."""
    return reviewed(
        knowledge,
        alex(knowledge),
        alex(knowledge, SEVEN_WEEKS, {"peg": (5, 5, 6)}),
        alex(knowledge, FOURTEEN_WEEKS, {"peg": (3, 3, 4), "isi": ISI_7, "phq9": (2, 3, 3, 2, 2, 2, 2, 1, 0)}),
    )


def test_scores_that_changed_by_more_than_matters_are_named(three_visits: Review) -> None:
    assert [each.fact for each in three_visits.worse] == ["phq9.total"]
    assert [each.fact for each in three_visits.improved] == ["isi.total", "peg.mean"]
    assert three_visits.weeks == 14


def test_the_rules_about_follow_up_fire(three_visits: Review) -> None:
    assert [each.rule for each in three_visits.rules] == ["FUP-05", "FUP-04"]
    assert three_visits.plan.facts["followup.weeks_on_plan"] == 7.0
    assert three_visits.plan.previous == Earlier("fibromyalgia", SEVEN_WEEKS, planned=True)


def test_what_was_in_the_plan_before_is_not_new(three_visits: Review) -> None:
    first, *later = (each.plan for each in three_visits.visits)
    assert first is not None
    assert first.previous is None
    assert {rule for phase in first.phases for rule in phase} >= {"SLP-01", "SLP-02", "ACT-03"}
    assert [each.phases for each in later if each] == [(), ()]


def test_a_recommendation_that_is_gone_says_why(three_visits: Review) -> None:
    gone = by_rule(three_visits)["SLP-03"]
    assert (gone.fate, gone.place.how, gone.since) == ("gone", "not_true", FIRST)
    assert gone.changed == (AnswerChange("isi.total", 17, 7),)
    assert [(each.fact, each.verdict) for each in gone.measured] == [("isi.total", "improved")]
    assert gone.step is not None
    assert (gone.advice, gone.step.rests_on) == ("step_down", "FUP-04")


def test_a_recommendation_that_is_new_says_why(three_visits: Review) -> None:
    new = by_rule(three_visits)["FUP-05"]
    assert (new.fate, new.advice, new.place.how, new.since) == ("new", "start", "not_true", FOURTEEN_WEEKS)
    assert AnswerChange("followup.phq9_change", 0, 6) in new.changed
    assert "Review safety and treatment within 1 week" in new.text


def test_a_recommendation_that_is_kept_goes_by_what_it_helps_with(three_visits: Review) -> None:
    found = by_rule(three_visits)
    kept = {rule: found[rule] for rule in ("STR-01", "STR-06", "ACT-03", "MED-01", "CLS-01")}
    assert {rule: each.advice for rule, each in kept.items()} == {
        "STR-01": "step_up",
        "STR-06": "keep",
        "ACT-03": "keep",
        "MED-01": "keep",
        "CLS-01": "keep",
    }
    assert {each.since for each in kept.values()} == {FIRST}
    assert found["ACT-03"].changed == (AnswerChange("peg.mean", 5.33, 3.33),)
    assert [each.fact for each in found["STR-01"].measured] == ["phq9.total"]


def test_pain_that_gets_worse_takes_activity_a_step_back(knowledge: Knowledge) -> None:
    found = reviewed(knowledge, alex(knowledge), alex(knowledge, SEVEN_WEEKS, {"peg": (9, 9, 9)}))
    assert "FUP-02" in fates(found, "new")
    assert found.plan.status == "review_first"
    assert by_rule(found)["ACT-03"].advice == "step_down"


def test_little_change_after_twelve_weeks_asks_for_a_switch(knowledge: Knowledge) -> None:
    found = reviewed(knowledge, alex(knowledge), alex(knowledge, FOURTEEN_WEEKS))
    assert [each.rule for each in found.rules] == ["FUP-03"]
    assert by_rule(found)["ACT-03"].advice == "switch"
    two_steps = reviewed(knowledge, alex(knowledge), alex(knowledge, SEVEN_WEEKS), alex(knowledge, FOURTEEN_WEEKS))
    assert two_steps.rules == ()
    assert by_rule(two_steps)["ACT-03"].advice == "switch"  # it has stood for 14 weeks, though one plan for seven


def test_what_another_rule_blocks_now_is_left_out(knowledge: Knowledge) -> None:
    later = alex(knowledge, SEVEN_WEEKS, {"dsqpem": dict.fromkeys(DSQ_PEM, 4)})
    gone = by_rule(reviewed(knowledge, alex(knowledge), later))["ACT-03"]
    assert (gone.fate, gone.place.how, gone.advice) == ("gone", "blocked", "stop")
    assert "ACT-01" in gone.place.by


def test_what_cannot_be_told_any_more_is_asked_first(knowledge: Knowledge) -> None:
    found = by_rule(reviewed(knowledge, alex(knowledge), alex(knowledge, SEVEN_WEEKS, {"isi": (None,) * 7})))
    assert (found["SLP-02"].place.how, found["SLP-02"].advice) == ("unknown", "ask")
    assert found["SLP-02"].place.missing == ("isi.total", "psqi.total", "promis29.sleep_disturbance_t")
    assert found["SLP-02"].changed == (AnswerChange("isi.total", 17, None),)


def test_a_reason_that_is_gone_ends_no_medicine(knowledge: Knowledge) -> None:
    first = alex(knowledge)
    tablets = Medication("zolpidem", strength="5 mg", dose=1, times_per_day=1, months=8)
    before = evolve(first, medications=(*(first.medications or ()), tablets))
    found = reviewed(knowledge, before, alex(knowledge, SEVEN_WEEKS))
    gone = [each for each in found.recommendations if each.fate == "gone" and "medicines" in each.recommendation.helps]
    assert "MED-17" in {each.rule for each in gone}
    assert {each.advice for each in gone} == {"ask"}
    assert all("No medicine is ended abruptly" in each.text for each in gone)


def emergency(knowledge: Knowledge, on: date, **fields: Any) -> Assessment:
    return alex(knowledge, on, red_flags=Checklist(("saddle_anaesthesia",), reviewed=True), **fields)


def test_a_withheld_plan_puts_everything_off(knowledge: Knowledge) -> None:
    found = reviewed(knowledge, alex(knowledge), emergency(knowledge, SEVEN_WEEKS))
    assert found.plan.status == "withheld"
    assert fates(found, "kept") == set()
    assert {each.rule for each in found.recommendations if each.fate == "new"} == {
        each.rule for each in found.plan.emergency
    }
    gone = by_rule(found)["SLP-02"]
    assert (gone.place.how, gone.advice) == ("withheld", "ask")
    assert gone.place.by == tuple(each.rule for each in found.plan.emergency)


def test_what_was_withheld_was_never_given_and_is_new(knowledge: Knowledge) -> None:
    found = reviewed(knowledge, emergency(knowledge, FIRST), alex(knowledge, SEVEN_WEEKS))
    assert found.plan.previous == Earlier("fibromyalgia", FIRST, planned=False)
    assert by_rule(found)["SLP-02"].place.how == "withheld"
    assert "SLP-02" in {rule for phase in found.plan.phases for rule in phase}
    assert fates(found, "kept") == set()


def test_an_emergency_cleared_later_was_cleared_when_its_plan_was_made(knowledge: Knowledge) -> None:
    flagged = visit(knowledge, emergency(knowledge, FIRST))
    assert flagged.plan is not None
    cleared = tuple(
        Clearance(each.rule, "Dr Bell", "GP", date(2026, 3, 4), "Seen and scanned") for each in flagged.plan.emergency
    )
    (before,) = earlier_visits([emergency(knowledge, FIRST, cleared=cleared)], knowledge)
    assert before.plan is not None
    assert (before.plan.on, before.plan.status) == (date(2026, 3, 4), "review_first")


def test_before_all_rules_there_was_no_plan_and_everything_is_new(knowledge: Knowledge) -> None:
    found = reviewed(knowledge, alex(knowledge, date(2025, 11, 3)), alex(knowledge))
    assert [each.assessment.date for each in found.unplanned] == [date(2025, 11, 3)]
    assert found.plan.previous == Earlier("fibromyalgia", date(2025, 11, 3), planned=False)
    assert fates(found, "new") == {each.rule for each in found.recommendations}
    assert {each.place.how for each in found.recommendations} == {None}
    assert found.plan.facts["followup.peg_change"] == 0.0


def test_an_earlier_assessment_that_is_only_named_leaves_the_change_unknown(knowledge: Knowledge) -> None:
    plan, _ = make_plan(alex(knowledge, previous="case-000"), knowledge)
    assert plan.previous == Earlier("case-000")
    assert plan.facts["followup.present"] is True
    assert "followup.peg_change" not in plan.facts
    assert {"FUP-02", "FUP-05"} <= {each.rule for each in plan.undecided}


def declined(rule: str, on: date) -> Override:
    return Override(rule, "decline", "Dr Bell", "GP", on, date(2026, 12, 31), "patient_choice", "Not now")


def test_a_decision_of_last_time_comes_back(knowledge: Knowledge) -> None:
    found = reviewed(knowledge, alex(knowledge, overrides=(declined("SLP-03", FIRST),)), alex(knowledge, SEVEN_WEEKS))
    assert [(each.overridden.override.rule, each.again) for each in found.overrides] == [("SLP-03", None)]
    assert by_rule(found)["SLP-03"].place.how == "declined"
    assert by_rule(found)["SLP-03"].fate == "new"


def test_a_decision_that_was_made_again_says_so(knowledge: Knowledge) -> None:
    again = declined("SLP-03", SEVEN_WEEKS)
    found = reviewed(
        knowledge,
        alex(knowledge, overrides=(declined("SLP-03", FIRST),)),
        alex(knowledge, SEVEN_WEEKS, overrides=(again,)),
    )
    assert [each.again for each in found.overrides] == [again]


def test_an_earlier_plan_is_that_of_the_day_it_was_last_decided_on(knowledge: Knowledge) -> None:
    a_week_later = date(2026, 3, 9)
    before = alex(knowledge, overrides=(declined("SLP-03", a_week_later),))
    found = reviewed(knowledge, before, alex(knowledge, SEVEN_WEEKS))
    earlier = found.visits[0].plan
    assert earlier is not None
    assert (earlier.on, [each.outcome for each in earlier.overrides]) == (a_week_later, ["applied"])
    assert by_rule(found)["SLP-03"].place.how == "declined"


def test_a_decision_that_was_only_copied_comes_back_as_it_was_written_last(knowledge: Knowledge) -> None:
    first = declined("SLP-03", FIRST)
    copied = evolve(first, reason="Not now, she said")
    found = reviewed(
        knowledge,
        alex(knowledge, overrides=(first,)),
        alex(knowledge, SEVEN_WEEKS, overrides=(copied,)),
        alex(knowledge, FOURTEEN_WEEKS, overrides=(copied,)),
    )
    assert [(each.overridden.override, each.again) for each in found.overrides] == [(copied, None)]


def test_what_a_clinician_declines_now_has_ended(knowledge: Knowledge) -> None:
    later = alex(knowledge, SEVEN_WEEKS, overrides=(declined("SLP-03", SEVEN_WEEKS),))
    gone = by_rule(reviewed(knowledge, alex(knowledge), later))["SLP-03"]
    assert (gone.place.how, gone.advice) == ("declined", "ended")


def test_the_json_of_a_review_holds_the_plan_and_everything_that_changed(three_visits: Review) -> None:
    found = review_json(three_visits)
    assert (found["careplan"], found["case"], found["weeks"]) == ("review/1", "fibromyalgia", 14)
    assert [each["date"] for each in found["visits"]] == ["2026-03-02", "2026-04-20", "2026-06-08"]
    assert (found["worse"], found["follow_up_rules"]) == (["phq9.total"], ["FUP-05", "FUP-04"])
    assert found["plan"]["previous"] == {"case": "fibromyalgia", "on": "2026-04-20", "read": True}
    phq9 = next(each for each in found["trends"] if each["fact"] == "phq9.total")
    assert [each["value"] for each in phq9["points"]] == [11, 11, 17]
    assert phq9["since_first"]["percent"] == 54.5455
    json.dumps(found, allow_nan=False)


def test_visits_do_not_depend_on_those_after_them(knowledge: Knowledge) -> None:
    people = alex(knowledge), alex(knowledge, SEVEN_WEEKS, {"isi": ISI_7})
    assert make_visits(people, knowledge)[0] == visit(knowledge, people[0])


def test_a_safety_rule_declined_before_was_signed_for_by_whoever_declined_it(knowledge: Knowledge) -> None:
    oxycodone = Medication("oxycodone", strength="20 mg", dose=1, times_per_day=2, months=8)
    before = alex(knowledge, medications=(oxycodone,), overrides=(declined("SAF-17", FIRST),))
    (found,) = earlier_visits([before], knowledge)
    assert found.plan is not None
    assert found.plan.signed_by == SignOff("Dr Bell", "GP")
    assert "SAF-17" not in found.given


def test_what_is_confidential_is_marked_as_such(knowledge: Knowledge) -> None:
    first = alex(knowledge)
    present = evolve(first.findings, present=(*first.findings.present, "abuse_current"))
    found = reviewed(knowledge, first, alex(knowledge, SEVEN_WEEKS, findings=present))
    new = {each["rule"]: each["audience"] for each in review_json(found)["recommendations"] if each["fate"] == "new"}
    assert new["SAF-23"] == "confidential"
