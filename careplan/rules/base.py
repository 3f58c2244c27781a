"""The rules that answer together: one version of each ruleset, and the order in which their conditions are decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from attrs import define

from careplan.cql import Expression, Type
from careplan.errors import Problem, RulesetError
from careplan.rules.ruleset import Contradiction, Rule, Ruleset, Tag

ANY_CONTRADICTION = "contradiction.any"
"""The fact that is true while any contradiction stands, and false otherwise."""

Outcomes = Mapping[str, bool | None]
"""True, false or unknown for every condition, by its name."""
SAID: Mapping[bool | None, str] = {True: "true", False: "false", None: "unknown"}
"""An outcome, as people read it."""


def part_name(rule: Rule, number: int) -> str:
    """The name of the condition of a rule's part; parts count from 0."""
    return f"{rule.id}#{number}"


@define(frozen=True, slots=False)
class RuleBase:
    """Rulesets that decide one case together, with the tags they share and the types of the facts they read."""

    rulesets: tuple[Ruleset, ...]
    tags: Mapping[str, Tag]
    types: Mapping[str, Type]

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """Every rule by id, in the order of rulesets and files."""
        return _unique((rule.id, rule) for each in self.rulesets for rule in each.rules)

    @cached_property
    def contradictions(self) -> dict[str, Contradiction]:
        """Every contradiction detector by id."""
        return _unique((found.id, found) for each in self.rulesets for found in each.contradictions)

    @cached_property
    def deciding(self) -> dict[str, Rule | Contradiction]:
        """Every detector and every rule by id, detectors first."""
        return {**self.contradictions, **self.rules}

    @cached_property
    def emergency_rulesets(self) -> frozenset[str]:
        """The ids of the rulesets that know emergencies; their rules come before all others."""
        return frozenset(self.ruleset_of[rule.id].id for rule in self.rules.values() if rule.priority == "emergency")

    @cached_property
    def ruleset_of(self) -> dict[str, Ruleset]:
        """The ruleset of every rule and detector, by id."""
        found = {rule.id: each for each in self.rulesets for rule in each.rules}
        return found | {detector.id: each for each in self.rulesets for detector in each.contradictions}

    @cached_property
    def conditions(self) -> dict[str, Expression]:
        """Every condition by name: rules and detectors by id, parts as ``RULE#n``."""
        named = {found.id: found.when for found in self.contradictions.values()}
        named |= {rule.id: rule.when for rule in self.rules.values()}
        for rule in self.rules.values():
            for number, part in enumerate(rule.parts):
                if part.when is not None:
                    named[part_name(rule, number)] = part.when
        return named

    @cached_property
    def confidential(self) -> frozenset[str]:
        """The facts that confidential rules read or must know."""
        found: set[str] = set()
        for rule in self.rules.values():
            if rule.audience == "confidential":
                found |= {*rule.when.reads, *rule.requires_known}
                found |= {fact for part in rule.parts if part.when is not None for fact in part.when.reads}
        return frozenset(found)

    @cached_property
    def writes(self) -> dict[str, str]:
        """The fact that each deciding condition writes, by the condition's name."""
        written = {found.id: found.fact for found in self.contradictions.values()}
        written |= {rule.id: rule.derive for rule in self.rules.values() if rule.derive}
        return written

    @cached_property
    def strata(self) -> tuple[dict[str, Expression], ...]:
        """The conditions in layers, each reading only what facts and earlier layers give."""
        writers: dict[str, set[str]] = {ANY_CONTRADICTION: set(self.contradictions)}
        for name, fact in self.writes.items():
            writers.setdefault(fact, set()).add(name)
        sorter = TopologicalSorter(
            {
                name: set().union(*(writers[fact] for fact in condition.reads if fact in writers))
                for name, condition in self.conditions.items()
            }
        )
        try:
            sorter.prepare()
        except CycleError as error:
            ring: list[str] = error.args[1]
            first = self.deciding[min(ring, key=list(self.conditions).index).partition("#")[0]]
            message = f"conditions that wait for each other: {' → '.join(reversed(ring))}"
            raise RulesetError(Problem(message, first.location, "cycle")) from None
        layers = []
        while sorter.is_active():
            ready = set(sorter.get_ready())
            sorter.done(*ready)
            layers.append({name: each for name, each in self.conditions.items() if name in ready})
        return tuple(layers)

    def written(self, outcomes: Outcomes) -> dict[str, bool]:
        """The facts that decided conditions write: known outcomes, and whether any contradiction stands."""
        facts: dict[str, bool] = {}
        for name, fact in self.writes.items():
            outcome = outcomes.get(name)
            if outcome is not None:
                facts[fact] = outcome
        if self.contradictions.keys() <= outcomes.keys():
            facts[ANY_CONTRADICTION] = any(outcomes[name] is True for name in self.contradictions)
        return facts


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    problems = []
    for key, value in pairs:
        if key in found:
            message = f"{key} is defined twice; it stands at {found[key].location} already"
            problems.append(Problem(message, value.location, "duplicate"))
        found.setdefault(key, value)
    if problems:
        raise RulesetError(problems)
    return found
