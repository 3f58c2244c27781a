"""All 184 rules of the clinical rule base, read from one data file: what the engine is tried on whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from careplan.cql import Type
from careplan.plan.phases import is_new_action, phases
from careplan.plan.resolve import Resolution
from careplan.rules.base import RuleBase
from careplan.rules.decision import Decision
from careplan.rules.read import ruleset_from_text
from careplan.rules.ruleset import Tag

DATA = Path(__file__).parent / "data"
ACTION_ORDER = (
    "education", "graded_exposure", "exercise", "sleep", "stress", "goals", "self_management", "social_support",
    "medication_review", "nutrition", "pain_profile", "coordination",
)  # fmt: skip
"""The order the modalities state for their actions."""
STAYS_IN_SMALL_PLANS = ("medication_review",)


@cache
def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((DATA / "every_rule.json").read_text(encoding="utf-8"))
    return found


def whole_base(types: Mapping[str, Type]) -> RuleBase:
    """The rule base of every modality, in the order of their sections."""
    tags = {each["id"]: Tag(**each) for each in _data()["tags"]}
    rulesets = (ruleset_from_text(json.dumps(each), each["id"], types, tags) for each in _data()["rulesets"])
    return RuleBase(tuple(rulesets), tags, types)


def action_order(base: RuleBase) -> dict[str, int]:
    """The place of every rule's modality in the order of actions."""
    places = {name: number for number, name in enumerate(ACTION_ORDER)}
    return {rule: places.get(base.ruleset_of[rule].id, 99) for rule in base.rules}


def found(helps: Collection[str], decision: Decision, resolution: Resolution) -> dict[str, Any]:
    """A resolution in the words of the expected results; ``helps`` is what the person's goals need help with."""
    base, standing = decision.base, resolution.standing
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
        "phases": [list(phase) for phase in phases(actions, helps, action_order(base))],
    }
