"""What a clinician decides otherwise about a whole person comes out as it was reasoned out, and every sort is tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import get_args

import pytest
from attrs import evolve

from careplan.assessment import Doing, Override
from careplan.errors import IntakeError
from careplan.intake.overrides import DOINGS, KINDS, OF_ITS_OWN, TEXTS
from careplan.knowledge import Knowledge
from careplan.plan.editions import for_edition
from careplan.plan.model import Overridden, OverrideOutcome, Plan
from careplan.service import Request, make_plan
from careplan.vocabulary.override_reasons import override_reasons
from tests.people.courses import Course, courses, plan_in_words
from tests.people.people import assessment
from tests.plan.test_editions import words

PEOPLE = courses("decided")
PLANNED = [each for each in PEOPLE if not each.refused]


def each_of(people: list[Course] | tuple[Course, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("person", people, ids=[each.id for each in people])


@each_of(PLANNED)
def test_the_plan_with_what_was_decided_is_the_one_reasoned_out(person: Course, knowledge: Knowledge) -> None:
    wanted = {**person.expected, "released": sorted(person.expected["released"])}
    assert plan_in_words(person.plan(knowledge)) == wanted


@each_of(PEOPLE)
def test_without_a_signature_it_is_refused_for_the_reasons_given(person: Course, knowledge: Knowledge) -> None:
    problems: list[str] = []
    try:
        person.plan(knowledge, signed=False)
    except IntakeError as refused:
        problems = [each.message for each in refused.problems]
    assert problems == [*person.refused, *person.unsigned]


@each_of([each for each in PEOPLE if each.refused])
def test_what_nothing_overrides_is_refused_whoever_signs(person: Course, knowledge: Knowledge) -> None:
    with pytest.raises(IntakeError) as refused:
        person.plan(knowledge)
    assert [each.message for each in refused.value.problems] == person.refused


@each_of(PLANNED)
def test_every_rule_a_person_is_there_for_comes_out_for_the_reason_given(person: Course, knowledge: Knowledge) -> None:
    plan = person.plan(knowledge)
    for rule, reason in person.because.items():
        word, _, why = reason.partition(": ")
        assert word in set(places(rule, plan)), rule
        assert why


def places(rule: str, plan: Plan) -> Iterator[str]:
    """Every word for what became of a rule."""
    for standing in (*plan.emergency, *plan.safety, *plan.recommendations):
        if standing.rule == rule:
            yield "stands"
            yield from ["part"] if standing.parts_left_out else []
            yield from ["adapted"] if standing.adapted_by else []
    yield from ("held" for each in plan.ask_first if each.recommendation.rule == rule)
    yield from ("blocked" if each.tags else "cut" for each in plan.blocked if each.recommendation.rule == rule)
    yield from ("silent" for each in plan.not_fired if each == rule)
    yield from ("unknown" for each in plan.undecided if each.rule == rule)
    yield from ("declined" for each in applied(plan) if (each.override.rule, each.override.do) == (rule, "decline"))


def applied(plan: Plan) -> list[Overridden]:
    return [each for each in plan.overrides if each.outcome == "applied"]


@each_of(PEOPLE)
def test_a_decision_without_a_last_day_a_reason_or_a_name_is_not_read(person: Course) -> None:
    for number, given in enumerate(person.intake["overrides"]):
        for key in ("until", "on", "by", "role", "reason", "rule", "do"):
            less = [*person.intake["overrides"]]
            less[number] = {name: value for name, value in given.items() if name != key}
            with pytest.raises(IntakeError, match=f"{key!r}"):
                assessment({**person.intake, "overrides": less})


@each_of(PLANNED)
def test_the_patient_reads_what_it_makes_of_the_plan_and_nothing_of_who_or_why(
    person: Course, knowledge: Knowledge
) -> None:
    plan = person.plan(knowledge)
    view = for_edition(plan, "patient")
    said = set(words(evolve(view, signed_by=None)))
    for each in plan.overrides:
        reasons = override_reasons()[each.override.code]
        assert not {each.override.by, each.override.code, each.override.reason, reasons.meaning} & said
        if each.outcome == "applied" and each.override.do != "decline" and each.override.patient:
            assert each.override.patient in said
        if each.audience != "both":
            assert not {each.override.title, each.override.clinician} & said
    declined = {each.override.rule for each in applied(plan) if each.override.do == "decline"}
    shown = (*view.safety, *view.recommendations, *(each for part in view.sections for each in part.recommendations))
    assert not declined & {each.rule for each in shown}


@each_of(PLANNED)
def test_the_patients_copy_is_the_same_without_what_was_decided_on_rules_it_never_shows(
    person: Course, knowledge: Knowledge
) -> None:
    plan, whole = person.plan(knowledge), person.assessments[-1]
    hidden = {each.override for each in plan.overrides if each.audience != "both"}
    less = evolve(whole, overrides=tuple(each for each in whole.overrides if each not in hidden))
    without, _ = make_plan(less, knowledge, Request(sign_off=plan.signed_by))
    if plan.status != "withheld":
        assert for_edition(plan, "patient") == for_edition(without, "patient")


def test_what_was_changed_shows_no_numbers_computed_for_the_words_it_replaces(knowledge: Knowledge) -> None:
    replaced: set[str] = set()
    for person in PLANNED:
        plan, whole = person.plan(knowledge), person.assessments[-1]
        plain, _ = make_plan(evolve(whole, overrides=()), knowledge)
        before = {each.rule: each.details for each in (*plain.safety, *plain.recommendations)}
        for each in (*plan.safety, *plan.recommendations):
            if each.override is not None and each.override.override.do == "change":
                assert each.details == ()
                replaced |= {detail.id for detail in before.get(each.rule, ())}
    assert "graded_exposure.steps" in replaced


def decisions() -> list[Override]:
    return [each for person in PEOPLE for each in person.assessments[-1].overrides]


def test_every_way_to_decide_has_come_out_every_way_for_somebody(knowledge: Knowledge) -> None:
    found = {(each.override.do, each.outcome) for person in PLANNED for each in person.plan(knowledge).overrides}
    assert set(DOINGS) == set(get_args(Doing))
    assert found == set(product(DOINGS, get_args(OverrideOutcome)))


def against_what(each: Overridden, plan: Plan) -> Iterator[str]:
    """What of the person's protection an override touches."""
    priority = {one.rule: one.priority for one in (*plan.safety, *plan.recommendations)}
    if each.original is not None:
        priority[each.override.rule] = each.original.priority
    if priority.get(each.override.rule) == "safety":
        yield "safety"
    for name in each.against:
        yield "contradiction" if name.startswith("contradiction.") else "an answer" if "." in name else "a rule"


def test_every_protection_has_been_overridden_by_a_signature_and_by_nothing_else(knowledge: Knowledge) -> None:
    signed = [person.plan(knowledge) for person in PLANNED if person.unsigned]
    found = {(each.override.do, what) for plan in signed for each in applied(plan) for what in against_what(each, plan)}
    assert found == {
        ("decline", "safety"), ("change", "safety"), ("add", "safety"), ("add", "a rule"), ("add", "an answer"),
        ("add", "contradiction"),
    }  # fmt: skip
    assert all(plan.status == "signed" for plan in signed)
    unsigned = [person.plan(knowledge) for person in PLANNED if not person.signed]
    assert not [what for plan in unsigned for each in applied(plan) for what in against_what(each, plan)]


def test_every_reason_field_and_kind_has_somebody() -> None:
    given = decisions()
    assert {each.code for each in given} == set(override_reasons())
    assert {each.kind for each in given if each.modality} == set(KINDS)
    for field in (*TEXTS, *OF_ITS_OWN):
        assert any(getattr(each, field) for each in given), field


def test_everybody_has_a_reason() -> None:
    assert all(each.why and (each.because or each.refused) for each in PEOPLE)
    assert all(each.intake["id"] == each.id for each in PEOPLE)
