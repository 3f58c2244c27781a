"""The whole people of this folder, each with the plan that was reasoned out, and the twelve of the clinical cases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from attrs import frozen

from careplan.assessment import Assessment
from careplan.facts import Facts, derive_facts
from careplan.instruments import builtin_instruments
from careplan.intake import read_assessment
from careplan.plan.resolve import Resolution, resolve
from careplan.rules.decision import Decision, VerifiedEngine
from careplan.vocabulary.formulary import builtin_formulary
from careplan.vocabulary.read import builtin_vocabulary
from tests.whole_base import DATA, STAYS_IN_SMALL_PLANS, found, whole_base

FOLDER = Path(__file__).parent
TODAY = date(2026, 12, 31)


@frozen(eq=False)
class WholePerson:
    """Somebody invented: the intake, an earlier one for a follow-up, and what the plan must come to and why."""

    id: str
    title: str
    why: str
    intake: Mapping[str, Any]
    expected: Mapping[str, Any]
    because: Mapping[str, str]
    earlier: Mapping[str, Any] | None = None


@frozen
class Outcome:
    """What the engine makes of somebody."""

    facts: Facts
    decision: Decision
    resolution: Resolution
    found: Mapping[str, Any]


@cache
def people() -> tuple[WholePerson, ...]:
    """Everybody of this folder, by name."""
    files = sorted(FOLDER.glob("*.yaml"))
    return tuple(
        WholePerson(id=file.stem, **yaml.safe_load(file.read_text(encoding="utf-8")))
        for file in files
        if file.stem != "unreached"
    )


@cache
def clinical_cases() -> tuple[WholePerson, ...]:
    """The twelve people of the clinical cases, with the same expected results."""
    cases = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))
    return tuple(
        WholePerson(each["id"], each["title"], each["note"], each["intake"], each["expected"], {}) for each in cases
    )


@cache
def engine() -> VerifiedEngine:
    """The engines over every rule."""
    return VerifiedEngine(whole_base(builtin_vocabulary().types))


def assessment(intake: Mapping[str, Any]) -> Assessment:
    """The assessment in an intake, read as a service would send it."""
    content = json.dumps(intake, default=str).encode()
    return read_assessment(
        content,
        name=f"{intake['id']}.json",
        on=TODAY,
        vocabulary=builtin_vocabulary(),
        instruments=builtin_instruments(),
    )


@cache
def outcome(person: WholePerson) -> Outcome:
    """The whole way of somebody: intake, facts, decision, resolution."""
    assessed = assessment(person.intake)
    facts = derive_facts(
        assessed,
        builtin_vocabulary(),
        builtin_instruments(),
        builtin_formulary(),
        {},
        earlier=assessment(person.earlier) if person.earlier else None,
    )
    return decided(assessed, facts, engine())


def decided(assessed: Assessment, facts: Facts, by: VerifiedEngine) -> Outcome:
    """What an engine makes of an assessment and its facts."""
    decision = by.decide(facts.values)
    resolution = resolve(decision, assessed.cleared, STAYS_IN_SMALL_PLANS)
    helps = {need for goal in assessed.goals or () for need in goal.helps}
    return Outcome(facts, decision, resolution, found(helps, decision, resolution))
