"""Resolution of every rule over whole people gives exactly the plan that was reasoned out for them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from careplan.assessment import Clearance
from careplan.plan.resolve import resolve
from careplan.rules.decision import Decision, VerifiedEngine
from careplan.vocabulary.read import builtin_vocabulary
from tests.whole_base import DATA, STAYS_IN_SMALL_PLANS, found, whole_base

CASES = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def engine() -> VerifiedEngine:
    return VerifiedEngine(whole_base(builtin_vocabulary().types))


def decided(case: dict[str, Any], engine: VerifiedEngine) -> Decision:
    return engine.decide({k: v for k, v in case["facts"].items() if not k.startswith("contradiction.")})


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_plan_of_a_whole_person_is_the_one_reasoned_out(case: dict[str, Any], engine: VerifiedEngine) -> None:
    decision = decided(case, engine)
    cleared = [
        Clearance(**{**each, "on": date.fromisoformat(each["on"])}) for each in case["intake"].get("cleared", ())
    ]
    resolution = resolve(decision, cleared, STAYS_IN_SMALL_PLANS)
    expected = {**case["expected"], "released": sorted(case["expected"]["released"])}
    helps = {need for goal in case["intake"].get("goals") or () for need in goal.get("helps", ())}
    assert found(helps, decision, resolution) == expected
