"""One case decided: every condition true, false or unknown, by the live engine and the reference alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from careplan.errors import EngineDisagreement
from careplan.rules.base import RuleBase
from careplan.rules.durable import Durable
from careplan.rules.reference import Reference


@frozen
class Decision:
    """The outcome of every condition over the facts; ``facts`` hold what conditions wrote as well."""

    base: RuleBase
    facts: Mapping[str, Any]
    outcomes: Mapping[str, bool | None]


class VerifiedEngine:
    """Both engines over one rule base; they must agree before there is a decision."""

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self.reference = Reference(base)
        self.live = Durable(base)

    def decide(self, facts: Mapping[str, Any]) -> Decision:
        """The decision over ``facts``; raises EngineDisagreement, with a report that reproduces it, if they differ."""
        outcomes = self.reference.decide(facts)
        live = self.live.decide(facts)
        if live != outcomes:
            raise _disagreement(self.base, facts, outcomes, live)
        return Decision(self.base, self.base.written(outcomes) | dict(facts), outcomes)


def _disagreement(
    base: RuleBase, facts: Mapping[str, Any], reference: Mapping[str, bool | None], live: Mapping[str, bool | None]
) -> EngineDisagreement:
    differing = [name for name in reference if live.get(name) is not reference[name]]
    report = {
        "careplan": "disagreement/1",
        "engines": {"reference": Reference.name, "live": Durable.name},
        "rulesets": {each.id: {"version": each.version, "digest": each.digest} for each in base.rulesets},
        "conditions": [
            {
                "name": name,
                "when": base.conditions[name].text,
                "facts": {fact: facts.get(fact) for fact in sorted(base.conditions[name].reads)},
                "reference": reference[name],
                "live": live.get(name),
            }
            for name in differing
        ],
    }
    names = ", ".join(differing)
    return EngineDisagreement(f"the live engine and the reference disagree on {names}; no plan was made", report)
