"""The laws of a plan, over random people with answers missing: what must hold whatever the rules say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.assessment import Clearance
from careplan.cql import Type
from careplan.facts import complete_facts
from careplan.plan.phases import is_new_action, phases
from careplan.plan.resolve import Resolution, resolve
from careplan.rules.base import RuleBase
from careplan.rules.decision import Decision, VerifiedEngine
from careplan.vocabulary.model import FactDefinition, Vocabulary
from careplan.vocabulary.read import builtin_vocabulary
from tests.whole_base import STAYS_IN_SMALL_PLANS, action_order, whole_base

PEOPLE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


PLAUSIBLE = {
    "person.height_cm": (140, 200),
    "person.weight_kg": (40, 160),
    "renal.creatinine_umol_l": (60, 1000),
    "sleep.time_in_bed_hours": (6, 24),
    "followup.peg_change": (-100, 100),
    "followup.weeks_on_plan": (0, 60),
}
"""Measures within which all that is computed from them, such as a BMI, lies in its own range, and rules turn."""


def limits(definition: FactDefinition) -> tuple[float, float]:
    """What a random person's measure lies within."""
    return PLAUSIBLE.get(definition.id) or definition.range or (0, 100)


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
    low, high = limits(definition)
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


def only_clearing_every_emergency_lifts_it(decision: Decision, _: Resolution) -> None:
    """An emergency that is not cleared withholds whatever else is; cleared ones still send the plan to review."""
    emergencies = [rule for rule in decision.base.rules.values() if rule.priority == "emergency"]
    firing = [rule.id for rule in emergencies if decision.outcomes[rule.id] is True]
    cleared = [Clearance(rule, "Dr Ola Example", "GP", date(2026, 3, 2), "Seen.") for rule in firing]
    if firing:
        still_open = len(decision.facts) % len(firing)
        all_but_one = [*cleared[:still_open], *cleared[still_open + 1 :]]
        assert resolve(decision, all_but_one, STAYS_IN_SMALL_PLANS).status == "withheld"
        assert resolve(decision, cleared, STAYS_IN_SMALL_PLANS).status == "review_first"


LAWS = (
    blocked_stay_out, unknown_contraindications_hold, nothing_is_dropped, emergencies_withhold,
    only_clearing_every_emergency_lifts_it,
)  # fmt: skip


@PEOPLE
@given(st.data())
def test_the_laws_of_a_plan_hold_for_anybody(data: st.DataObject) -> None:
    found = decided(data.draw(people()))
    for law in LAWS:
        law(*found)


@cache
def loaded_in_another_order(seed: int) -> VerifiedEngine:
    """The same rules, the rulesets and tags loaded in another order."""
    chance, base = Random(seed), engine().base
    rulesets = tuple(chance.sample(base.rulesets, len(base.rulesets)))
    tags = dict(chance.sample(list(base.tags.items()), len(base.tags)))
    return VerifiedEngine(RuleBase(rulesets, tags, base.types))


def in_no_order(found: Resolution) -> Mapping[str, Any]:
    """All that a resolution says, but for the order in which several are named."""
    actions = [each.rule for each in found.standing if is_new_action(each.rule)]
    return {
        "status": found.status,
        "minimal": found.minimal,
        "standing": {
            each.rule.id: (each.parts, {(left.number, left.reason.split(" by ")[0]) for left in each.left_out},
                           frozenset(each.adapted_by))
            for each in found.standing
        },
        "removed": {each.rule.id: (frozenset(each.by), each.tags) for each in found.removed},
        "held": {each.rule.id: frozenset(each.missing) for each in found.held},
        "cautions": {each.tag: frozenset(each.by) for each in found.cautions},
        "review": frozenset(found.review_modalities),
        "phases": phases(actions, (), action_order(engine().base)),
    }  # fmt: skip


def same_in_any_order(facts: Mapping[str, Any], one: Resolution, chance: Random, over: VerifiedEngine) -> None:
    """The plan does not depend on the order in which plugins load or answers are written."""
    _, two = decided(dict(chance.sample(list(facts.items()), len(facts))), over)
    assert in_no_order(one) == in_no_order(two)


@PEOPLE
@given(st.data())
def test_the_plan_does_not_depend_on_the_order_of_plugins_or_answers(data: st.DataObject) -> None:
    facts, seed = data.draw(people()), data.draw(st.integers(0, 3))
    chance = Random(seed)
    same_in_any_order(facts, decided(facts)[1], chance, loaded_in_another_order(seed))
