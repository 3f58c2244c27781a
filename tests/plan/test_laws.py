"""The laws of a plan, over random people with answers missing: what must hold whatever the rules say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from random import Random
from typing import Any

import pytest
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
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
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


def blocked_stay_out(decision: Decision, resolution: Resolution) -> None:
    """No released recommendation, and no printed part, carries a tag that a fired rule blocks."""
    fired = [rule for rule in decision.base.rules.values() if decision.outcomes[rule.id] is True]
    blockers = {tag: {rule.id for rule in fired if tag in rule.effects.blocks} for tag in decision.base.tags}
    for standing in resolution.standing:
        if standing.rule.priority != "emergency":
            tags = {*standing.rule.tags, *(tag for _, part in standing.parts for tag in part.tags)}
            assert not any(blockers[tag] - {standing.rule.id} for tag in tags)


def unknown_contraindications_hold(decision: Decision, resolution: Resolution) -> None:
    """No recommendation is released while a fact it must know is unknown."""
    for standing in resolution.standing:
        if standing.rule.priority != "emergency":
            assert all(decision.facts.get(fact) is not None for fact in standing.rule.requires_known)


def nothing_is_dropped(decision: Decision, resolution: Resolution) -> None:
    """Every fired rule stands in the plan exactly once."""
    fired = sorted(rule for rule in decision.base.rules if decision.outcomes[rule] is True)
    places = [each.rule.id for each in resolution.standing]
    places += [each.rule.id for each in resolution.held]
    places += [each.rule.id for each in resolution.removed]
    assert sorted(places) == fired


def emergencies_withhold(decision: Decision, resolution: Resolution) -> None:
    """An emergency that is not cleared always withholds, and nothing else does."""
    emergencies = [rule for rule in decision.base.rules.values() if rule.effects.withhold]
    fires = any(decision.outcomes[rule.id] is True for rule in emergencies)
    assert (resolution.status == "withheld") is fires


LAWS = (blocked_stay_out, unknown_contraindications_hold, nothing_is_dropped, emergencies_withhold)


@PEOPLE
@given(st.data())
def test_the_laws_of_a_plan_hold_for_anybody(data: st.DataObject) -> None:
    found = decided(data.draw(people()))
    for law in LAWS:
        law(*found)


def crowd(size: int, seed: int) -> Iterator[dict[str, Any]]:
    """Random people, the same every time: some answered little, some nearly everything, most of it with no."""
    chance = Random(seed)  # noqa: S311 - nobody guesses these people
    asked = [each for each in vocabulary() if not each.derived and not each.decided_by]
    for _ in range(size):
        answered, yes = chance.choice((0.1, 0.6, 0.97)), chance.choice((0.03, 0.1, 0.5))
        yield {
            each.id: chance.random() < yes if each.type == Type.BOOLEAN else _drawn(each, chance)
            for each in asked
            if chance.random() < answered
        }


def _drawn(definition: FactDefinition, chance: Random) -> Any:
    if definition.pattern:
        return {"person.country": "GB", "sleep.rise_time": "07:00"}[definition.id]
    if definition.type == Type.STRING:
        return chance.choice(definition.values or ("GB",))
    low, high = PLAUSIBLE.get(definition.id) or definition.range or (0, 100)
    drawn = chance.randint(int(low), int(high))
    return drawn if definition.type == Type.INTEGER else float(drawn)


@cache
def shuffled() -> VerifiedEngine:
    """The same rules, loaded in another order."""
    base = engine().base
    tags = dict(reversed(list(base.tags.items())))
    return VerifiedEngine(RuleBase(tuple(reversed(base.rulesets)), tags, base.types))


def same_in_any_order(facts: Mapping[str, Any], one: Resolution) -> None:
    """The plan does not depend on the order in which plugins load or answers are written."""
    _, two = decided(dict(reversed(list(facts.items()))), shuffled())
    assert one.status == two.status
    assert {each.rule.id for each in one.standing} == {each.rule.id for each in two.standing}
    assert {each.rule.id: set(each.by) for each in one.removed} == {each.rule.id: set(each.by) for each in two.removed}
    held_by_one, held_by_two = ({each.rule.id: set(each.missing) for each in found.held} for found in (one, two))
    assert held_by_one == held_by_two


@PEOPLE
@given(st.data())
def test_the_plan_does_not_depend_on_the_order_of_plugins_or_answers(data: st.DataObject) -> None:
    facts = data.draw(people())
    same_in_any_order(facts, decided(facts)[1])


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_laws_of_a_plan_hold_for_thousands(seed: int) -> None:
    """10,000 people in all, through both engines; a fifth of them with plugins and answers in another order too."""
    for number, facts in enumerate(crowd(2_500, seed)):
        found = decided(facts)
        for law in LAWS:
            law(*found)
        if number % 5 == 0:
            same_in_any_order(facts, found[1])
