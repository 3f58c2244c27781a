"""What details are computed from: what stands, who may see it, and which facts stay out of sight."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from attrs import evolve

from careplan.assessment import Assessment, Person
from careplan.cql import Type, expression
from careplan.hookspecs import DetailSpec, Situation
from careplan.instruments import builtin_instruments
from careplan.plan.compose import Case, Setting, compose
from careplan.plan.editions import for_edition
from careplan.plan.modality import Modality
from careplan.plan.model import Plan, SignOff
from careplan.plan.resolve import resolve
from careplan.rules.base import RuleBase
from careplan.rules.decision import VerifiedEngine
from careplan.rules.read import ruleset_from_text
from careplan.rules.ruleset import Tag
from careplan.vocabulary.formulary import builtin_formulary
from careplan.vocabulary.model import FactDefinition, Vocabulary

ON = date(2026, 3, 2)
FACTS = ("open", "hidden", "behind", "follows", "unasked")


def rule(number: int, when: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"ABC-0{number}",
        "title": f"Rule {number}",
        "when": when,
        "priority": "core",
        "kind": "action",
        "patient": "Please do.",
        "clinician": "Do.",
        "because": "It helps.",
        "evidence": [{"id": "x", "cite": "X", "grade": "low"}],
    } | more


RULES = [
    rule(1, "open"),
    rule(2, "open", audience="clinician", patient=None),
    rule(3, "hidden", audience="confidential", effects={"adapts": {"swim": "Only in the morning."}}, patient=None),
    rule(4, "open", tags=["swim"]),
    rule(5, "open", priority="safety", effects={"review": ["abc"]}),
]
"""ABC-05 makes the modality wait for review until the plan is signed."""


def situation_of(*rules: Mapping[str, Any], signed: bool = False, **facts: bool) -> tuple[Situation, Plan]:
    """The situation a detail is computed from, and the plan it stands in."""
    types = dict.fromkeys(FACTS, Type.BOOLEAN)
    vocabulary = Vocabulary({each: FactDefinition(each, Type.BOOLEAN, f"Whether {each}", "abc") for each in FACTS})
    content = {"id": "abc", "version": "2026.1", "effective": "2026-01-01", "title": "Abc", "rules": list(rules)}
    base = RuleBase(
        (ruleset_from_text(json.dumps(content), "abc", types, {"swim": Tag("swim", "Swimming")}),),
        {"swim": Tag("swim", "Swimming")},
        types,
    )
    seen: list[Situation] = []
    modality = Modality("abc", "Abc", "", 1, "nobody")
    setting = Setting(
        vocabulary=vocabulary,
        derivations={
            "hidden": expression("behind", types),
            "follows": expression("hidden or unasked", types),
        },
        modalities={"abc": modality},
        sections=[],
        details=[DetailSpec("abc.seen", "base/none.html", seen.append, rule="ABC-01")],
        formulary=builtin_formulary(),
        instruments=builtin_instruments(),
        plugins={},
        engine={"live": "", "verified_by": ""},
    )
    decision = VerifiedEngine(base).decide(facts)
    case = Case(
        "somebody",
        ON,
        signed_by=SignOff("Ada Bell", "nurse") if signed else None,
        assessment=Assessment("somebody", ON, Person(date(1983, 5, 4))),
    )
    plan = compose(case, decision, resolve(decision, (), ()), setting)
    return seen[0], plan


def test_what_stands_is_told_in_the_order_of_its_rulesets_and_without_details() -> None:
    seen, plan = situation_of(*RULES, open=True, hidden=False)
    assert [each.rule for each in seen.recommendations] == ["ABC-01", "ABC-02", "ABC-04", "ABC-05"]
    assert seen.released == {"ABC-01", "ABC-02", "ABC-04", "ABC-05"}
    standing = {each.rule: each for each in (*plan.safety, *plan.recommendations)}
    assert all(standing[each.rule] == each for each in seen.recommendations if each.rule != "ABC-01")
    assert next(each for each in seen.recommendations if each.rule == "ABC-01").details == ()


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("hidden", [False, True])
def test_shown_is_exactly_what_the_patients_copy_shows(*, signed: bool, hidden: bool) -> None:
    seen, plan = situation_of(*RULES, signed=signed, open=True, hidden=hidden)
    copy = for_edition(plan, "patient")
    assert seen.shown == {each.rule for each in (*copy.emergency, *copy.safety, *copy.recommendations)}
    expected = {"ABC-01", "ABC-04", "ABC-05"} - ({"ABC-04"} if hidden else set())
    assert seen.shown == (expected if signed else set())


def test_confidential_are_the_facts_a_confidential_rule_reads_what_is_behind_them_and_what_follows() -> None:
    seen, _ = situation_of(*RULES, open=True)
    assert seen.confidential == {"hidden", "behind", "follows"}
    without, _ = situation_of(*RULES[:2], open=True)
    assert without.confidential == frozenset()


def test_a_confidential_rules_parts_and_what_it_must_know_are_confidential_too() -> None:
    secret = rule(
        3,
        "hidden",
        audience="confidential",
        patient=None,
        requires_known=["unasked"],
        parts=[{"text": "Ask.", "when": "behind"}],
    )
    seen, _ = situation_of(RULES[0], secret, open=True)
    assert seen.confidential == {"hidden", "behind", "follows", "unasked"}


def test_a_reason_names_the_fact_its_meaning_and_its_value() -> None:
    seen, _ = situation_of(RULES[0], open=True)
    assert seen.because("open", "unasked") == [
        {"fact": "open", "meaning": "Whether open", "value": True},
        {"fact": "unasked", "meaning": "Whether unasked", "value": None},
    ]


def test_reasons_are_told_where_they_are_known_and_where_they_are_not_a_no() -> None:
    seen, _ = situation_of(RULES[0], open=True, hidden=False)
    assert [each["fact"] for each in seen.known("unasked", "hidden", "open")] == ["hidden", "open"]
    assert [each["fact"] for each in seen.reasons("unasked", "hidden", "open")] == ["open"]


@pytest.mark.parametrize(("malaise", "within"), [(None, True), (True, True), (False, False)])
def test_effort_stays_inside_an_energy_window_until_malaise_is_ruled_out(malaise: bool | None, within: bool) -> None:
    seen, _ = situation_of(RULES[0], open=True)
    assert evolve(seen, facts={"pem.suspected": malaise}).within_energy is within


def test_where_a_clinician_adds_the_pacing_of_energy_effort_stays_inside_it() -> None:
    seen, _ = situation_of(RULES[0], open=True)
    added = evolve(seen.recommendations[0], tags=("energy_pacing",))
    assert evolve(seen, facts={"pem.suspected": False}, recommendations=(added,)).within_energy
