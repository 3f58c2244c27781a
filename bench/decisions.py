"""One verified decision over the whole rule base, beside each engine alone and zen-engine on the same conditions."""

from __future__ import annotations

import resource

from attrs import evolve

from bench.people import facts, knowledge
from bench.timing import medians, table
from bench.zen import zen_decider
from careplan.rules.base import RuleBase
from careplan.rules.decision import VerifiedEngine
from tests.whole_base import whole_base

FLAT = 20_000
SIZES = (170, 184)
"""Rules of the bases that are timed."""
TURNS = 10
"""How often everybody is decided before the next engine has its turn: the caches of the processor stay warm."""


def run(rounds: int) -> str:
    """A table for each size, and the memory of 20,000 decisions."""
    whole = whole_base(knowledge().vocabulary.types)
    tables = [_table(_first(whole, size), rounds) for size in SIZES]
    return "\n".join([*tables, _memory(VerifiedEngine(whole), facts())])


def _first(base: RuleBase, size: int) -> RuleBase:
    """The base cut to its first rules."""
    kept = set(list(base.rules)[:size])
    rulesets = (evolve(each, rules=tuple(rule for rule in each.rules if rule.id in kept)) for each in base.rulesets)
    return RuleBase(tuple(rulesets), base.tags, base.types)


def _table(base: RuleBase, rounds: int) -> str:
    engine, zen = VerifiedEngine(base), zen_decider(base)
    people = facts()
    for each in people:
        decision = engine.decide(each)
        if zen({**each, **decision.facts}) != decision.outcomes:
            raise AssertionError("zen-engine decides otherwise; the comparison would mean nothing")
    whole = [{**each, **engine.decide(each).facts} for each in people] * TURNS
    people = people * TURNS
    found = medians(
        {
            "careplan, verified": lambda: [engine.decide(each) for each in people],
            "  reference alone": lambda: [engine.reference.decide(each) for each in people],
            "  durable-rules alone, caged": lambda: [engine.live.decide(each) for each in people],
            "zen-engine": lambda: [zen(each) for each in whole],
        },
        rounds,
    )
    title = f"A decision: {len(base.rules)} rules, {len(base.conditions)} conditions, {len(people) // TURNS} people"
    return table(title, found, "careplan, verified", per=len(people))


def _memory(engine: VerifiedEngine, people: list[dict[str, object]]) -> str:
    for each in people * 10:
        engine.decide(each)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(FLAT):
        engine.decide(people[number % len(people)])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return f"  memory grown over {FLAT:,} decisions: {grown / 1024:.1f} MiB"
