"""The patient's edition holds nothing that only a clinician may read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import attrs
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.plan.compose import Case
from careplan.plan.editions import for_edition
from careplan.plan.model import Adaptation, Failure, Plan, SignOff
from careplan.rules.base import RuleBase
from careplan.rules.decision import VerifiedEngine
from careplan.rules.ruleset import Rule
from tests.plan.test_laws import PEOPLE, people
from tests.render.whole_documents import cases, engine, plan_of

CASE = Case("somebody", date(2026, 3, 2))
ABUSE = {"finding.abuse_current": True, "finding.support_person_willing": True, "pain.duration_months": 40,
         "dx.cancer_active": False}  # fmt: skip


def facts_of(name: str) -> dict[str, Any]:
    return {fact: value for fact, value in cases()[name]["facts"].items() if not fact.startswith("contradiction.")}


WORDLESS = (int, float, bool, type(None), date)


@cache
def _fields(kind: Any) -> tuple[str, ...] | None:
    return tuple(each.name for each in attrs.fields(kind)) if isinstance(kind, type) and attrs.has(kind) else None


def words(value: Any) -> Iterator[str]:
    """Every text anywhere in a value; what stands in it twice is looked into once."""
    pending, seen = [value], set[int]()
    while pending:
        each = pending.pop()
        kind: Any = type(each)
        if kind is str:
            yield each
        elif kind not in WORDLESS and id(each) not in seen:
            seen.add(id(each))
            if (fields := _fields(kind)) is not None:
                pending += [getattr(each, name) for name in fields]
            elif isinstance(each, Mapping):
                pending += [*each.keys(), *each.values()]
            else:
                assert isinstance(each, tuple | list | frozenset | set), kind
                pending += each


def texts(rule: Rule) -> set[str]:
    """What a rule says to people, longer than a word."""
    found = {rule.title, rule.patient, rule.clinician, rule.because, rule.uncertain, *rule.effects.adapts.values()}
    return {each for each in found | {part.text for part in rule.parts} if each and len(each) > 20 and "{" not in each}


def reads(rule: Rule) -> set[str]:
    return {*rule.when.reads, *rule.requires_known, *rule.asks}


def hidden_from(base: RuleBase, hidden: set[str]) -> tuple[set[str], set[str], set[str]]:
    """The ids, texts and facts that belong to hidden rules alone."""
    others = [rule for rule in base.rules.values() if rule.id not in hidden]
    alone = [base.rules[rule] for rule in hidden]
    shared = {text for rule in others for text in texts(rule)}
    facts = {fact for rule in alone for fact in reads(rule)} - {fact for rule in others for fact in reads(rule)}
    return hidden, {text for rule in alone for text in texts(rule)} - shared, facts


def with_confidential(names: set[str]) -> VerifiedEngine:
    """The whole rule base with some rules made confidential."""
    base = engine().base
    rulesets = tuple(
        evolve(
            ruleset,
            rules=tuple(
                evolve(rule, audience="confidential", patient=None, clinician=rule.clinician or rule.patient)
                if rule.id in names
                else rule
                for rule in ruleset.rules
            ),
        )
        for ruleset in base.rulesets
    )
    return VerifiedEngine(RuleBase(rulesets, base.tags, base.types))


CONFIDENTIAL = with_confidential({"SAF-16", "SAF-20", "GAP-02", "ACT-01", "PNE-04", "SLP-04", "STR-05", "SOC-05"})
"""Rules that block, adapt, hold and ask: each hidden from the patient."""


@cache
def hidden_by(over: VerifiedEngine) -> tuple[set[str], set[str], set[str]]:
    """The ids, texts and facts of the rules that are not for the patient."""
    return hidden_from(over.base, {rule.id for rule in over.base.rules.values() if rule.audience != "both"})


def leaks(plan: Plan, over: VerifiedEngine) -> set[str]:
    """What the patient's edition shows of rules that are not for the patient."""
    ids, said, facts = hidden_by(over)
    shown = " \n ".join(words(for_edition(plan, "patient")))
    tokens = set(re.findall(r"[A-Za-z0-9_.-]+[A-Za-z0-9]", shown))
    return (ids & tokens) | (facts & tokens) | {each for each in said if each in shown}


@settings(PEOPLE, max_examples=30)
@given(st.data())
def test_no_id_text_or_fact_of_a_hidden_rule_is_in_the_patients_edition(data: st.DataObject) -> None:
    facts = data.draw(people())
    for over in (engine(), CONFIDENTIAL):
        assert leaks(plan_of(facts, CASE, over=over), over) == set()


def test_the_search_for_leaks_finds_them_in_the_whole_plan() -> None:
    plan = plan_of({**facts_of("gardener"), **ABUSE}, CASE)
    shown = " ".join(words(plan))
    assert "SAF-23" in shown
    assert "Abuse or coercion disclosed" in shown
    assert "finding.abuse_current" in shown


@settings(PEOPLE, max_examples=40)
@given(st.data())
def test_every_emergency_for_both_editions_stays_in_the_patients(data: st.DataObject) -> None:
    plan = plan_of(data.draw(people()), CASE, over=CONFIDENTIAL)
    shown = [each.rule for each in for_edition(plan, "patient").emergency]
    assert shown == [each.rule for each in plan.emergency if each.audience == "both"]


@settings(PEOPLE, max_examples=40)
@given(st.data())
def test_the_phases_name_exactly_the_actions_that_are_shown(data: st.DataObject) -> None:
    view = for_edition(plan_of(data.draw(people()), CASE, over=CONFIDENTIAL), "patient")
    shown = {each.rule: each.phase for each in view.recommendations}
    assert {rule: number for number, row in enumerate(view.phases, 1) for rule in row} == {
        rule: phase for rule, phase in shown.items() if phase is not None
    }


def test_the_clinicians_edition_is_the_plan_itself() -> None:
    plan = plan_of({**facts_of("gardener"), **ABUSE}, CASE)
    assert for_edition(plan, "clinician") is plan


def test_a_recommendation_blocked_only_by_a_confidential_rule_is_absent() -> None:
    plan = plan_of({**facts_of("gardener"), **ABUSE}, CASE)
    assert {each.recommendation.rule: each.by for each in plan.blocked}["PNE-06"] == ("SAF-23",)
    view = for_edition(plan, "patient")
    assert "PNE-06" not in set(words(view))


def test_a_block_that_others_share_is_shown_without_the_confidential_one() -> None:
    shared = evolve(
        next(
            each
            for each in plan_of({**facts_of("gardener"), **ABUSE}, CASE).blocked
            if each.recommendation.rule == "PNE-06"
        ),
        by=("SAF-23", "CLS-03"),
    )
    plan = evolve(plan_of({**facts_of("gardener"), **ABUSE}, CASE), blocked=(shared,))
    (blocked,) = for_edition(plan, "patient").blocked
    assert blocked.by == ("CLS-03",)
    assert blocked.reason == "Fibromyalgia criteria met (CLS-03)"
    assert (blocked.recommendation.patient, blocked.recommendation.clinician) == (None, None)


def test_a_question_that_a_confidential_rule_needs_is_not_asked_on_a_patients_page() -> None:
    facts = {**facts_of("gardener"), "finding.support_person_willing": True}
    del facts["finding.abuse_current"]
    plan = plan_of(facts, CASE)
    assert "PNE-06" in {each.recommendation.rule for each in plan.ask_first}
    assert "PNE-06" not in set(words(for_edition(plan, "patient")))


def test_what_a_hidden_rule_adapts_is_left_out_and_never_shown_unadapted() -> None:
    plan = plan_of(facts_of("gardener"), CASE)
    first = plan.recommendations[0]
    adapted = evolve(first, adapted_by=(Adaptation("SAF-23", "flex", "Only lying down."),))
    plan = evolve(plan, recommendations=(adapted, *plan.recommendations[1:]))
    assert first.rule not in {each.rule for each in for_edition(plan, "patient").recommendations}


@pytest.mark.parametrize("signed", [None, SignOff("Ada Bell", "nurse")])
def test_a_modality_that_waits_for_review_is_absent_until_the_plan_is_signed(signed: SignOff | None) -> None:
    plan = plan_of(facts_of("nurse"), evolve(CASE, signed_by=signed))
    plan = evolve(plan, review_modalities=("exercise",))
    view = for_edition(plan, "patient")
    waits = signed is None
    assert ("exercise" not in {each.modality for each in view.sections}) is waits
    assert ("exercise" not in {each.modality for each in view.recommendations}) is waits


def test_the_patients_edition_has_no_answer_reason_or_clinicians_text() -> None:
    view = for_edition(plan_of(facts_of("churchgoer"), CASE), "patient")
    assert dict(view.facts) == {}
    for each in (*view.emergency, *view.safety, *view.recommendations):
        assert (each.clinician, dict(each.triggered_by), each.condition, each.uncertain) == (None, {}, "", None)
        assert each.patient


def test_the_clinicians_lists_are_not_in_the_patients_edition() -> None:
    plan = plan_of(facts_of("librarian"), evolve(CASE, assumed_no=("finding.likes_heat",)))
    plan = evolve(plan, failures=(Failure("pool", "import", "No module named 'finding'"),))
    assert all((plan.assumed_no, plan.undecided, plan.missing_answers, plan.not_fired, plan.facts))
    view = for_edition(plan, "patient")
    lists = (view.assumed_no, view.undecided, view.missing_answers, view.not_fired, view.contradictions, view.cautions)
    assert lists == ((), (), (), (), (), ())
    assert view.failures == (Failure("pool", "import", ""),)


def test_parts_for_the_clinician_are_not_in_the_patients_edition() -> None:
    plan = plan_of(facts_of("gardener"), CASE)
    whole = {part.edition for each in plan.recommendations for part in each.parts}
    assert whole == {"both", "clinician"}
    view = for_edition(plan, "patient")
    assert {part.edition for each in view.recommendations for part in each.parts} == {"both"}


def test_an_emergency_stays_where_its_modality_waits_and_loses_only_a_hidden_adaptation() -> None:
    plan = plan_of(facts_of("harbour-worker"), CASE)
    (emergency,) = plan.emergency
    adapted = evolve(emergency, adapted_by=(Adaptation("SAF-23", "heat", "Not at home."),))
    plan = evolve(plan, emergency=(adapted,), review_modalities=("safety",))
    (shown,) = for_edition(plan, "patient").emergency
    assert (shown.rule, shown.patient, shown.adapted_by) == ("SAF-01", emergency.patient, ())
