"""Every law of a plan for thousands of random people, to whom all happens that the laws are about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest

from careplan.cql import Type
from careplan.plan.compose import Setting, compose
from careplan.plan.resolve import Resolution
from careplan.rules.decision import Decision, VerifiedEngine
from careplan.vocabulary.model import FactDefinition
from tests.plan.test_editions import CASE, CONFIDENTIAL, leaks
from tests.plan.test_laws import (
    LAWS,
    decided,
    engine,
    limits,
    loaded_in_another_order,
    same_in_any_order,
    vocabulary,
)
from tests.render.whole_documents import setting

CROWDS = int(os.environ.get("CAREPLAN_CROWDS", "2"))
"""Crowds of people: 2 in the quick suite, 8, which are 10,000 people, by ``make laws``."""
EACH = 1_250


WAYS = (*product((0.1, 0.6, 0.97), (0.03, 0.1, 0.5), (1.0,)), (0.97, 0.004, 0.1), (1.0, 0.0, 0.0), (0.8, 0.0, 0.0))
"""How much somebody answers, how often with yes, and how far up a scale: the last ones are hardly burdened."""


def crowd(seed: int, size: int = EACH) -> Iterator[dict[str, Any]]:
    """Random people, the same every time."""
    chance = Random(seed)
    asked = [each for each in vocabulary() if not each.derived and not each.decided_by]
    for _ in range(size):
        answered, yes, burden = chance.choice(WAYS)
        yield {each.id: _drawn(each, chance, yes, burden) for each in asked if chance.random() < answered}


def _drawn(definition: FactDefinition, chance: Random, yes: float, burden: float) -> Any:
    if definition.type == Type.BOOLEAN:
        return chance.random() < (0.95 if definition.id.endswith(".reviewed") else yes)
    if definition.pattern:
        return {"person.country": "GB", "sleep.rise_time": "07:00"}[definition.id]
    if definition.type == Type.STRING:
        return chance.choice((definition.values or ("GB",))[: None if burden else 1])
    low, high = limits(definition)
    drawn = chance.randint(int(low), int(low + (high - low) * burden))
    return drawn if definition.type == Type.INTEGER else float(drawn)


@cache
def about(over: VerifiedEngine) -> Setting:
    return setting(over.base)


def no_trace(decision: Decision, resolution: Resolution, over: VerifiedEngine) -> None:
    """A confidential rule, or one for the clinician, leaves no trace in the patient's edition."""
    assert leaks(compose(CASE, decision, resolution, about(over)), over) == set()


SPOKEN_OF = frozenset((
    "withheld", "review_first", "ready_for_sign_off", "a small plan", "blocked", "blocked by a confidential rule alone",
    "held for an answer", "held by a contradiction", "a part blocked", "a part not true", "a part unknown", "adapted",
    "confidential", "two emergencies",
))  # fmt: skip
"""What the laws are about."""
RARE = frozenset({"MED-04"})
"""Rules that ask so much that a crowd may hold nobody they fire for; people of tests/people they do fire for."""


def befalls(found: Resolution) -> Iterator[str]:
    yield found.status
    yield from ["a small plan"] if found.minimal else []
    for removed in found.removed:
        yield from ["blocked"] if removed.tags else []
    for held in found.held:
        yield from (
            "held by a contradiction" if "contradiction" in each else "held for an answer" for each in held.missing
        )
    for each in found.standing:
        yield from (f"a part {left.reason.split(' by ')[0]}" for left in each.left_out)
        yield from ["adapted"] if each.adapted_by else []
        yield each.rule.audience
    yield from ["two emergencies"] if sum(each.rule.priority == "emergency" for each in found.standing) > 1 else []
    hidden = {each.rule.id for each in found.standing if each.rule.audience == "confidential"}
    yield from ("blocked by a confidential rule alone" for each in found.removed if set(each.by) <= hidden)


@pytest.mark.parametrize("seed", range(CROWDS))
def test_every_law_of_a_plan_holds_for_thousands(seed: int) -> None:
    """Through both engines, each person with plugins loaded and answers written in another order too."""
    chance = Random(seed)
    befallen: set[str] = set()
    silent = set(engine().base.rules)
    for number, facts in enumerate(crowd(seed)):
        decision, found = decided(facts)
        for law in LAWS:
            law(decision, found)
        no_trace(decision, found, engine())
        same_in_any_order(facts, found, chance, loaded_in_another_order(seed))
        if number % 10 == 0:
            no_trace(*decided(facts, CONFIDENTIAL), CONFIDENTIAL)
        befallen.update(befalls(found))
        silent = {rule for rule in silent if decision.outcomes[rule] is not True}
    assert befallen >= SPOKEN_OF
    assert silent <= RARE
