"""Resolution of every rule over whole people gives exactly the plan that was reasoned out for them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from careplan.assessment import Clearance
from careplan.plan.phases import is_new_action, phases
from careplan.plan.resolve import Resolution, resolve
from careplan.rules.base import RuleBase
from careplan.rules.decision import Decision, VerifiedEngine
from careplan.vocabulary.read import builtin_vocabulary
from tests.whole_base import DATA, STAYS_IN_SMALL_PLANS, action_order, whole_base

CASES = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def engine() -> VerifiedEngine:
    return VerifiedEngine(whole_base(builtin_vocabulary().types))


def decided(case: dict[str, Any], engine: VerifiedEngine) -> Decision:
    return engine.decide({k: v for k, v in case["facts"].items() if not k.startswith("contradiction.")})


def found(case: dict[str, Any], decision: Decision, resolution: Resolution, base: RuleBase) -> dict[str, Any]:
    """A resolution in the words of the expected results."""
    standing = resolution.standing
    goals = {need for goal in case["intake"].get("goals") or () for need in goal.get("helps", ())}
    actions = [each.rule for each in standing if is_new_action(each.rule)]
    return {
        "status": resolution.status,
        "minimal": resolution.minimal,
        "emergency": [each.rule.id for each in standing if each.rule.priority == "emergency"],
        "cleared": [each.rule.id for each in standing if each.cleared],
        "safety": [each.rule.id for each in standing if each.rule.priority == "safety"],
        "released": sorted(each.rule.id for each in standing if each.rule.priority in ("core", "adjunct")),
        "ask_first": {each.rule.id: list(each.missing) for each in resolution.held},
        "blocked": {each.rule.id: list(each.by) for each in resolution.removed},
        "adapted": {
            each.rule.id: [adaptation.rule for adaptation in each.adapted_by] for each in standing if each.adapted_by
        },
        "parts_left_out": {
            each.rule.id: [{"part": part.number, "left_out": part.reason} for part in each.left_out]
            for each in standing
            if each.left_out
        },
        "review_modalities": list(resolution.review_modalities),
        "contradictions": [name for name in base.contradictions if decision.outcomes[name] is True],
        "unknown_count": sum(decision.outcomes[rule] is None for rule in base.rules),
        "phases": [list(phase) for phase in phases(actions, goals, action_order(base))],
    }


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_plan_of_a_whole_person_is_the_one_reasoned_out(case: dict[str, Any], engine: VerifiedEngine) -> None:
    decision = decided(case, engine)
    cleared = [
        Clearance(**{**each, "on": date.fromisoformat(each["on"])}) for each in case["intake"].get("cleared", ())
    ]
    resolution = resolve(decision, cleared, STAYS_IN_SMALL_PLANS)
    expected = {**case["expected"], "released": sorted(case["expected"]["released"])}
    assert found(case, decision, resolution, engine.base) == expected
