"""Documents of whole people: plans of all modalities composed from facts, with the intake they come from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from attrs import evolve

from careplan.assessment import (
    Allergy,
    Assessment,
    CareTeamMember,
    Checklist,
    Clearance,
    Goal,
    Medication,
    Person,
)
from careplan.facts import complete_facts
from careplan.instruments import builtin_instruments, score
from careplan.plan.compose import Case, Setting, compose
from careplan.plan.editions import Edition
from careplan.plan.modality import DetailSpec, Modality, SectionSpec
from careplan.plan.model import Failure, Plan, SignOff
from careplan.plan.resolve import resolve
from careplan.render.document import Document, document
from careplan.render.environment import environment
from careplan.rules.base import RuleBase
from careplan.rules.decision import VerifiedEngine
from careplan.vocabulary.contacts import contacts_for
from careplan.vocabulary.formulary import builtin_formulary
from careplan.vocabulary.model import Vocabulary
from careplan.vocabulary.read import builtin_vocabulary
from tests.whole_base import ACTION_ORDER, DATA, STAYS_IN_SMALL_PLANS, whole_base

if TYPE_CHECKING:
    import jinja2

SIGNED = SignOff("Ada Bell", "pain nurse")
WITH_TEMPLATES = ("safety", "education", "sleep")


@cache
def vocabulary() -> Vocabulary:
    return builtin_vocabulary()


@cache
def engine() -> VerifiedEngine:
    return VerifiedEngine(whole_base(vocabulary().types))


@cache
def templates() -> jinja2.Environment:
    return environment({each: files("careplan.templates") / each for each in WITH_TEMPLATES})


@cache
def cases() -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in json.loads((DATA / "cases.json").read_text(encoding="utf-8"))}


def setting(base: RuleBase, failures: tuple[Failure, ...] = (), details: tuple[DetailSpec, ...] = ()) -> Setting:
    """Every ruleset is a modality with one section."""

    def modality(name: str, number: int) -> Modality:
        order = ACTION_ORDER.index(name) if name in ACTION_ORDER else 99
        small = name in STAYS_IN_SMALL_PLANS
        title = name.replace("_", " ").capitalize()
        return Modality(name, title, "", number, "nobody", action_order=order, stays_in_small_plans=small)

    return Setting(
        vocabulary=vocabulary(),
        derivations={each.id: each.derive for each in vocabulary() if each.derive is not None},
        modalities={each.id: modality(each.id, number) for number, each in enumerate(base.rulesets)},
        sections=[(each.id, SectionSpec(each.id, each.title, _template(each.id))) for each in base.rulesets],
        details=details,
        formulary=builtin_formulary(),
        instruments=builtin_instruments(),
        plugins={each.id: "1.0.0" for each in base.rulesets},
        engine={"live": "durable-rules 2.0.28", "verified_by": "reference"},
        failures=failures,
    )


def _template(modality: str) -> str:
    return f"{modality if modality in WITH_TEMPLATES else 'base'}/section.html"


def plan_of(
    facts: Mapping[str, Any],
    case: Case,
    *,
    cleared: tuple[Clearance, ...] = (),
    over: VerifiedEngine | None = None,
    failures: tuple[Failure, ...] = (),
    details: tuple[DetailSpec, ...] = (),
) -> Plan:
    """The plan of a person's facts, over all rules or those of ``over``."""
    deciding = over or engine()
    decision = deciding.decide(complete_facts(facts, vocabulary()).values)
    return compose(
        case, decision, resolve(decision, cleared, STAYS_IN_SMALL_PLANS), setting(deciding.base, failures, details)
    )


def document_of(
    name: str,
    edition: Edition,
    *,
    signed: SignOff | None = None,
    failures: tuple[Failure, ...] = (),
    facts: Mapping[str, Any] | None = None,
    details: tuple[DetailSpec, ...] = (),
    **changes: Any,
) -> Document:
    """The document of one of the cases; ``changes`` are to its assessment, ``facts`` are added to its facts."""
    case = cases()[name]
    known = {fact: value for fact, value in case["facts"].items() if not fact.startswith("contradiction.")}
    given = {fact: value for fact, value in known.items() if {fact, fact.split(".")[0]} & set(case["intake"]["scores"])}
    person = evolve(assessment(case["intake"]), scores=given, **changes)
    plan = plan_of(
        {**known, **(facts or {})},
        Case(name, person.date, goals=person.goals or (), signed_by=signed, assessment=person),
        cleared=person.cleared,
        failures=failures,
        details=details,
    )
    instruments = builtin_instruments()
    answers = case["intake"].get("answers", {})
    return document(
        plan,
        person,
        {each: score(instruments[each], answers[each], {"sex": person.person.sex}) for each in answers},
        edition=edition,
        instruments=instruments,
        vocabulary=vocabulary(),
        contacts=contacts_for(person.person.country),
    )


def assessment(intake: Mapping[str, Any]) -> Assessment:
    """What a document shows of an intake."""
    return Assessment(
        id=intake["id"],
        date=date.fromisoformat(intake["date"]),
        person=Person(**{**intake["person"], "birth_date": date.fromisoformat(intake["person"]["birth_date"])}),
        diagnoses=Checklist(present=tuple(intake.get("diagnoses", {}).get("present", ()))),
        medications=_each(Medication, intake.get("medications")),
        allergies=_each(Allergy, intake.get("allergies")),
        goals=_each(Goal, intake.get("goals")),
        matters_most=intake.get("matters_most"),
        care_team=_each(CareTeamMember, intake.get("care_team")) or (),
        cleared=tuple(
            Clearance(**{**each, "on": date.fromisoformat(each["on"])}) for each in intake.get("cleared", ())
        ),
    )


def _each(kind: type[Any], values: Any) -> Any:
    if values is None:
        return None
    return tuple(kind(**{key: tuple(v) if isinstance(v, list) else v for key, v in each.items()}) for each in values)
