"""Whole people get exactly the plan that was reasoned out for them, every rule for the reason that was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from careplan.knowledge import Knowledge
from careplan.plan.resolve import Resolution
from careplan.rules.decision import Decision
from tests.people.people import WholePerson, assessment, decided, outcome, people

each_person = pytest.mark.parametrize("person", people(), ids=[each.id for each in people()])


def expected(person: WholePerson) -> Mapping[str, Any]:
    return {**person.expected, "released": sorted(person.expected["released"])}


def places(rule: str, decision: Decision, resolution: Resolution) -> Iterator[str]:
    """Every word for what became of a rule."""
    yield {True: "fires", False: "silent", None: "unknown"}[decision.outcomes[rule]]
    for standing in resolution.standing:
        if standing.rule.id == rule:
            yield "stands"
            yield from ["part"] if standing.left_out else []
            yield from ["adapted"] if standing.adapted_by else []
            yield from ["cleared"] if standing.cleared else []
    yield from ("held" for each in resolution.held if each.rule.id == rule)
    yield from ("blocked" if each.tags else "cut" for each in resolution.removed if each.rule.id == rule)


def test_there_are_forty_one_people_with_a_reason_each() -> None:
    assert len(people()) == 41
    assert all(each.why and each.because for each in people())
    assert all(each.intake["id"] == each.id for each in people())


@each_person
def test_the_plan_of_a_person_is_the_one_reasoned_out(person: WholePerson) -> None:
    assert outcome(person).found == expected(person)


@each_person
def test_the_installed_modalities_give_the_same_plan(person: WholePerson, knowledge: Knowledge) -> None:
    assessed = assessment(person.intake)
    installed = decided(assessed, outcome(person).facts, knowledge.engine(assessed.date, {}))
    assert installed.found == expected(person)


@each_person
def test_every_rule_a_person_is_there_for_comes_out_for_the_reason_given(person: WholePerson) -> None:
    got = outcome(person)
    for rule, reason in person.because.items():
        word, _, why = reason.partition(": ")
        assert word in set(places(rule, got.decision, got.resolution)), rule
        assert why
