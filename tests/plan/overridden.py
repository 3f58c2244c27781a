"""Plans with what a clinician decides otherwise in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from careplan.assessment import Clearance, Goal, Override
from careplan.errors import IntakeError
from careplan.facts import complete_facts
from careplan.plan.compose import Case, compose
from careplan.plan.model import Overridden, Plan, Recommendation, SignOff
from careplan.plan.overrides import Circumstances, resolve_overridden
from careplan.rules.decision import Decision
from tests.render.whole_documents import engine, setting, vocabulary
from tests.whole_base import STAYS_IN_SMALL_PLANS

DAY = date(2026, 3, 2)
SIGNED = SignOff("Ada Bell", "pain nurse")
WHY = "Tried it for three months with a coach."


def override(rule: str, do: Any, **more: Any) -> Override:
    given = {"by": "Dr Ola Example", "role": "GP", "on": DAY, "until": date(2026, 6, 1), "code": "already_tried"}
    return Override(**{"rule": rule, "do": do, "reason": WHY, **given, **more})


def own(**more: Any) -> Override:
    """A recommendation in the clinician's own words."""
    given = {"modality": "exercise", "title": "Chair class", "patient": "Go to the chair class once a week."}
    return override("ADD-01", "add", **{**given, "code": "new_information", **more})


def decided(facts: Mapping[str, Any]) -> Decision:
    return engine().decide(complete_facts(facts, vocabulary()).values)


def plan(
    facts: Mapping[str, Any],
    *overrides: Override,
    signed: SignOff | None = None,
    on: date = DAY,
    cleared: tuple[Clearance, ...] = (),
    goals: tuple[Goal, ...] = (),
) -> Plan:
    """The plan of an assessment of ``DAY``, made on another day if need be."""
    decision = decided(facts)
    about = setting(decision.base)
    circumstances = Circumstances(on, DAY, signed is not None, about.modalities)
    resolution = resolve_overridden(decision, cleared, STAYS_IN_SMALL_PLANS, overrides, circumstances)
    return compose(Case("somebody", on, goals=goals, signed_by=signed), decision, resolution, about)


def standing(found: Plan) -> dict[str, Recommendation]:
    return {each.rule: each for each in (*found.emergency, *found.safety, *found.recommendations)}


def taken_out(found: Plan) -> list[str]:
    """The rules whose recommendations are held or blocked."""
    return [each.recommendation.rule for each in found.ask_first] + [each.recommendation.rule for each in found.blocked]


def only(found: Plan) -> Overridden:
    (overridden,) = found.overrides
    return overridden


def problems(facts: Mapping[str, Any], *overrides: Override, **more: Any) -> list[str]:
    with pytest.raises(IntakeError) as refused:
        plan(facts, *overrides, **more)
    return [str(each) for each in refused.value.problems]
