"""Whole intake files give exactly the facts that were reasoned out for them: no more, no less, no other."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from careplan.assessment import Assessment
from careplan.facts import Facts, complete_facts, derive_facts
from careplan.facts.completed import same
from careplan.instruments import builtin_instruments
from careplan.intake import read_assessment
from careplan.vocabulary.formulary import builtin_formulary
from careplan.vocabulary.read import builtin_vocabulary

CASES = json.loads((Path(__file__).parent.parent / "data" / "cases.json").read_text(encoding="utf-8"))
each_case = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


def differing(found: Any, expected: Any) -> dict[str, tuple[Any, Any]]:
    """The facts on which two sets of facts differ, with both values."""
    return {
        name: (found.get(name), expected.get(name))
        for name in sorted(found.keys() | expected.keys())
        if not same(found.get(name), expected.get(name))
    }


def without_contradictions(case: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in case["facts"].items() if not name.startswith("contradiction.")}


def assessment(case: dict[str, Any]) -> Assessment:
    return read_assessment(
        json.dumps(case["intake"]).encode(),
        name=f"{case['id']}.json",
        on=date(2026, 3, 2),
        vocabulary=builtin_vocabulary(),
        instruments=builtin_instruments(),
    )


def derived(assessed: Assessment) -> Facts:
    return derive_facts(assessed, builtin_vocabulary(), builtin_instruments(), builtin_formulary(), {})


@each_case
def test_an_intake_gives_exactly_the_facts_reasoned_out_for_it(case: dict[str, Any]) -> None:
    facts = derived(assessment(case))
    assert differing(facts.values, without_contradictions(case)) == {}
    assert list(facts.assumed_no) == case["assumed_no"]


@each_case
def test_derived_facts_follow_from_the_others_when_facts_are_given(case: dict[str, Any]) -> None:
    expected = case["facts"]
    given = {name: value for name, value in expected.items() if not builtin_vocabulary()[name].derived}
    assert differing(complete_facts(given, builtin_vocabulary()).values, expected) == {}
    assert differing(complete_facts(expected, builtin_vocabulary()).values, expected) == {}
