"""Whole people get exactly the plan that was reasoned out for them, from their facts and from their intake files."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from careplan.facts import complete_facts
from careplan.intake import read_assessment, read_facts
from careplan.knowledge import Knowledge
from careplan.plan.model import Plan
from careplan.service import FactCase, Request, make_plan, plan_of_facts
from careplan.vocabulary.read import builtin_vocabulary
from tests.whole_base import DATA

CASES = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))
TODAY = date(2026, 12, 31)
people = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


def from_facts(case: dict[str, Any], knowledge: Knowledge) -> Plan:
    given = {name: value for name, value in case["facts"].items() if not name.startswith("contradiction.")}
    document = {
        "on": case["intake"]["date"],
        "facts": given,
        "goals": case["intake"].get("goals", []),
        "cleared": case["intake"].get("cleared", []),
    }
    file = read_facts(json.dumps(document).encode(), name=case["id"], vocabulary=knowledge.vocabulary)
    facts = complete_facts(file.facts, knowledge.vocabulary)
    return plan_of_facts(FactCase(case["id"], file.on, facts, file.goals, file.cleared), knowledge)


def from_intake(case: dict[str, Any], knowledge: Knowledge) -> Plan:
    assessment = read_assessment(
        json.dumps(case["intake"]).encode(),
        name=case["id"],
        on=TODAY,
        vocabulary=knowledge.vocabulary,
        instruments=knowledge.instruments,
    )
    return make_plan(assessment, knowledge, Request())[0]


def in_the_same_words(plan: Plan) -> dict[str, Any]:
    """A plan in the words of the expected results."""
    standing = (*plan.emergency, *plan.safety, *plan.recommendations)
    return {
        "status": plan.status,
        "minimal": plan.minimal,
        "emergency": [each.rule for each in plan.emergency],
        "cleared": [each.rule for each in plan.emergency if each.cleared],
        "safety": [each.rule for each in plan.safety],
        "released": {each.rule for each in plan.recommendations},
        "ask_first": {each.recommendation.rule: list(each.missing) for each in plan.ask_first},
        "blocked": {each.recommendation.rule: list(each.by) for each in plan.blocked},
        "adapted": {
            each.rule: [adaptation.rule for adaptation in each.adapted_by] for each in standing if each.adapted_by
        },
        "parts_left_out": {
            each.rule: [{"part": part.number, "left_out": part.reason} for part in each.parts_left_out]
            for each in standing
            if each.parts_left_out
        },
        "review_modalities": list(plan.review_modalities),
        "contradictions": [each.contradiction.id for each in plan.contradictions],
        "unknown_count": len(plan.undecided),
        "phases": [list(phase) for phase in plan.phases],
    }


@people
def test_the_plan_from_facts_is_the_one_reasoned_out(case: dict[str, Any], knowledge: Knowledge) -> None:
    expected = case["expected"] | {"released": set(case["expected"]["released"])}
    assert in_the_same_words(from_facts(case, knowledge)) == expected


@people
def test_the_plan_from_the_whole_intake_file_is_the_same(case: dict[str, Any], knowledge: Knowledge) -> None:
    one, two = from_facts(case, knowledge), from_intake(case, knowledge)
    assert in_the_same_words(two) == in_the_same_words(one)
    # The intake gives further scores of the same instruments, which no rule reads.
    assert {name: value for name, value in two.facts.items() if name in builtin_vocabulary()} == one.facts
    assert list(two.assumed_no) == case["assumed_no"]


@people
def test_what_cannot_be_decided_is_listed_with_the_answers_it_waits_for(
    case: dict[str, Any], knowledge: Knowledge
) -> None:
    plan = from_intake(case, knowledge)
    assert all(each.missing for each in plan.undecided)
    waiting = {rule for each in plan.missing_answers for rule in each.rules}
    assert {each.rule for each in plan.undecided} <= waiting
