"""All 184 rules of the clinical rule base, read from one data file: what the engine is tried on whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from careplan.cql import Type
from careplan.rules.base import RuleBase
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
