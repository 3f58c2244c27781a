"""The laws of a plan, over random people with answers missing: what must hold whatever the rules say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.cql import Type
from careplan.facts import complete_facts
from careplan.plan.resolve import Resolution, resolve
from careplan.rules.base import RuleBase
from careplan.rules.decision import Decision, VerifiedEngine
from careplan.vocabulary.model import FactDefinition, Vocabulary
from careplan.vocabulary.read import builtin_vocabulary
from tests.whole_base import STAYS_IN_SMALL_PLANS, whole_base

PEOPLE = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


PLAUSIBLE = {
    "person.height_cm": (140, 200),
    "person.weight_kg": (40, 160),
    "renal.creatinine_umol_l": (60, 1000),
    "sleep.time_in_bed_hours": (6, 24),
}
"""Measures within which all that is computed from them, such as a BMI, lies in its own range."""


@cache
def vocabulary() -> Vocabulary:
    return builtin_vocabulary()


@cache
def engine() -> VerifiedEngine:
    return VerifiedEngine(whole_base(vocabulary().types))


def _values(definition: FactDefinition) -> st.SearchStrategy[Any]:
    if definition.type == Type.BOOLEAN:
        return st.booleans()
    if definition.pattern:
        return st.from_regex(definition.pattern, fullmatch=True)
    if definition.type == Type.STRING:
        return st.sampled_from(definition.values or ("GB", "US", "FR"))
    low, high = PLAUSIBLE.get(definition.id) or definition.range or (0, 100)
    whole = st.integers(int(low), int(high))
    return whole if definition.type == Type.INTEGER else whole.map(float)


@cache
def people() -> st.SearchStrategy[Mapping[str, Any]]:
    asked = {
        each.id: _values(each) for each in vocabulary() if not each.derived and not each.id.startswith("contradiction.")
    }
    sparse = st.fixed_dictionaries({}, optional=asked)
    mostly_no = st.fixed_dictionaries(
        {
            fact: st.sampled_from([False, False, False, False, None, True])
            if vocabulary()[fact].type == Type.BOOLEAN
            else st.none() | values
            for fact, values in asked.items()
        }
    ).map(lambda facts: {fact: value for fact, value in facts.items() if value is not None})
    return sparse | mostly_no


def decided(facts: Mapping[str, Any], over: VerifiedEngine | None = None) -> tuple[Decision, Resolution]:
    decision = (over or engine()).decide(complete_facts(facts, vocabulary()).values)
    return decision, resolve(decision, (), STAYS_IN_SMALL_PLANS)


@PEOPLE
@given(st.data())
def test_no_released_recommendation_carries_a_tag_that_a_fired_rule_blocks(data: st.DataObject) -> None:
    decision, resolution = decided(data.draw(people()))
    fired = [rule for rule in decision.base.rules.values() if decision.outcomes[rule.id] is True]
    for standing in resolution.standing:
        if standing.rule.priority != "emergency":
            others = {tag for rule in fired if rule is not standing.rule for tag in rule.effects.blocks}
            assert not others & set(standing.rule.tags)
            assert not any(others & set(part.tags) for _, part in standing.parts)


@PEOPLE
@given(st.data())
def test_none_is_released_while_a_fact_it_must_know_is_unknown(data: st.DataObject) -> None:
    decision, resolution = decided(data.draw(people()))
    for standing in resolution.standing:
        if standing.rule.priority != "emergency":
            assert all(decision.facts.get(fact) is not None for fact in standing.rule.requires_known)


@PEOPLE
@given(st.data())
def test_every_fired_rule_stands_in_the_plan_exactly_once(data: st.DataObject) -> None:
    decision, resolution = decided(data.draw(people()))
    fired = sorted(rule for rule in decision.base.rules if decision.outcomes[rule] is True)
    places = [each.rule.id for each in resolution.standing]
    places += [each.rule.id for each in resolution.held]
    places += [each.rule.id for each in resolution.removed]
    assert sorted(places) == fired


@PEOPLE
@given(st.data())
def test_an_emergency_that_is_not_cleared_always_withholds(data: st.DataObject) -> None:
    decision, resolution = decided(data.draw(people()))
    emergencies = [rule for rule in decision.base.rules.values() if rule.effects.withhold]
    fires = any(decision.outcomes[rule.id] is True for rule in emergencies)
    assert (resolution.status == "withheld") is fires


@settings(PEOPLE, max_examples=40)
@given(st.data())
def test_the_plan_does_not_depend_on_the_order_of_plugins_or_answers(data: st.DataObject) -> None:
    facts = data.draw(people())
    base = engine().base
    shuffled = RuleBase(tuple(reversed(base.rulesets)), dict(reversed(list(base.tags.items()))), base.types)
    _, one = decided(facts)
    _, two = decided(dict(reversed(list(facts.items()))), VerifiedEngine(shuffled))
    assert one.status == two.status
    assert {each.rule.id for each in one.standing} == {each.rule.id for each in two.standing}
    assert {each.rule.id: set(each.by) for each in one.removed} == {each.rule.id: set(each.by) for each in two.removed}
    held_by_one, held_by_two = ({each.rule.id: set(each.missing) for each in found.held} for found in (one, two))
    assert held_by_one == held_by_two
