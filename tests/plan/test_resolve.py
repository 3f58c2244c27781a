"""A rule never acts on itself: what it blocks or adapts are the recommendations of others."""

from __future__ import annotations

import json
from typing import Any

from careplan.cql import Type
from careplan.plan.resolve import Resolution, Standing, resolve
from careplan.rules.base import RuleBase
from careplan.rules.decision import VerifiedEngine
from careplan.rules.read import ruleset_from_text
from careplan.rules.ruleset import Tag


def rule(number: int, **more: Any) -> dict[str, Any]:
    """A rule that fires where swimming is open, about swimming."""
    words = {"patient": "Please swim.", "clinician": "Swim.", "because": "It helps."}
    about = {"id": f"ABC-0{number}", "title": f"Rule {number}", "when": "open", "priority": "core", "kind": "action"}
    return {**about, **words, "evidence": [{"id": "x", "cite": "X", "grade": "low"}], "tags": ["swim"]} | more


def resolved(*rules: dict[str, Any]) -> Resolution:
    """The resolution where all of the rules fire."""
    types, tags = {"open": Type.BOOLEAN}, {"swim": Tag("swim", "Swimming")}
    content = {"id": "abc", "version": "2026.1", "effective": "2026-01-01", "title": "Abc", "rules": rules}
    base = RuleBase((ruleset_from_text(json.dumps(content), "abc", types, tags),), tags, types)
    return resolve(VerifiedEngine(base).decide({"open": True}))


def standing(found: Resolution) -> dict[str, Standing]:
    return {each.rule.id: each for each in found.standing}


BLOCKS = {"effects": {"blocks": ["swim"]}}
ADAPTS = {"effects": {"adapts": {"swim": "Only in the morning."}}}


def test_a_rule_is_not_blocked_by_itself() -> None:
    found = resolved(rule(1, **BLOCKS), rule(2))
    assert list(standing(found)) == ["ABC-01"]
    assert [(each.rule.id, each.by, each.tags) for each in found.removed] == [("ABC-02", ("ABC-01",), ("swim",))]


def test_two_rules_that_block_what_both_are_take_each_other_out() -> None:
    found = resolved(rule(1, **BLOCKS), rule(2, **BLOCKS))
    assert {each.rule.id: each.by for each in found.removed} == {"ABC-01": ("ABC-02",), "ABC-02": ("ABC-01",)}
    assert found.standing == ()


def test_a_part_is_not_left_out_for_what_its_own_rule_blocks() -> None:
    parts = [{"text": "In the pool.", "tags": ["swim"]}]
    found = standing(resolved(rule(1, tags=[], parts=parts, **BLOCKS), rule(2, tags=[], parts=parts)))
    assert [len(found[name].parts) for name in ("ABC-01", "ABC-02")] == [1, 0]
    assert [left.reason for left in found["ABC-02"].left_out] == ["blocked by ABC-01"]


def test_a_rule_does_not_adapt_itself() -> None:
    found = standing(resolved(rule(1, **ADAPTS), rule(2)))
    assert found["ABC-01"].adapted_by == ()
    assert [each.rule for each in found["ABC-02"].adapted_by] == ["ABC-01"]
