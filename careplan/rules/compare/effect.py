"""What another version of the rules does to people: who gains a rule, who loses it, for whom it becomes unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from typing import Literal as OneOf

from attrs import define, field, frozen

from careplan.cql import Expression
from careplan.rules.base import RuleBase
from careplan.rules.compare.clauses import clause_changes
from careplan.rules.decision import Decision
from careplan.rules.explain import Clause, clauses
from careplan.rules.reasons import Derivations
from careplan.rules.reference import Reference

Move = OneOf["gains", "loses", "unknown", "ruled_out"]
EXPLAINED = 3
"""People for whom each move of a rule is explained."""


@frozen
class Turn:
    """A clause by which a decision came out otherwise: its account before and after, None where it was not."""

    before: Clause | None
    after: Clause | None


@frozen
class Explained:
    """One person for whom a rule came out otherwise: its outcome before and after, and the clauses that turned it.

    An outcome is None while it is unknown; a rule that a version does not have counts as false there.
    """

    case: str
    before: bool | None
    after: bool | None
    turns: tuple[Turn, ...]


@frozen
class RuleEffect:
    """What becomes of one rule: the ids of the people who move, each in one of the four, and the first explained.

    ``gains``: it fires now and did not; ``loses``: it fired and is false now; ``unknown``: it was decided and cannot be
    now; ``ruled_out``: it was unknown and is false now. ``stays`` counts those for whom it fires before and after.
    """

    rule: str
    title: str
    gains: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()
    stays: int = 0
    explained: tuple[Explained, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether anybody is decided otherwise."""
        return bool(self.gains or self.loses or self.unknown or self.ruled_out)


@frozen
class Effect:
    """What becomes of every rule and contradiction of either version, over so many ``cases``."""

    cases: int
    rules: tuple[RuleEffect, ...]


@define
class _Tally:
    """One rule while cases are still coming."""

    moves: dict[Move, list[str]] = field(factory=lambda: {"gains": [], "loses": [], "unknown": [], "ruled_out": []})
    stays: int = 0
    explained: list[Explained] = field(factory=list)


def effect(
    old: RuleBase, new: RuleBase, cases: Iterable[tuple[str, Mapping[str, Any]]], derivations: Derivations
) -> Effect:
    """What becomes of every rule when ``new`` decides the cases, each an id and its facts, and no longer ``old``.

    The cases are taken one by one, so that there may be any number of them.
    """
    before, after = _Version(old, Reference(old)), _Version(new, Reference(new))
    tallies = {name: _Tally() for name in old.deciding | new.deciding}
    decided = 0
    for case, facts in cases:
        was, now = before.decide(facts), after.decide(facts)
        for name, tally in tallies.items():
            one, other = was.outcomes.get(name, False), now.outcomes.get(name, False)
            if one is other:
                tally.stays += other is True
                continue
            people = tally.moves[_move(one, other)]
            people.append(case)
            if len(people) <= EXPLAINED:
                tally.explained.append(Explained(case, one, other, _turns(name, was, now, derivations)))
        decided += 1
    return Effect(decided, tuple(_rule_effect(name, tally, old, new) for name, tally in tallies.items()))


@frozen
class _Version:
    """One version of the rules, and what decides by it."""

    base: RuleBase
    reference: Reference

    def decide(self, facts: Mapping[str, Any]) -> Decision:
        """One case, with the facts that conditions wrote."""
        outcomes = self.reference.decide(facts)
        return Decision(self.base, self.base.written(outcomes) | dict(facts), outcomes)


def _move(before: bool | None, after: bool | None) -> Move:
    """Which way a rule went that came out otherwise."""
    if after is True:
        return "gains"
    if after is None:
        return "unknown"
    return "loses" if before is True else "ruled_out"


def _rule_effect(name: str, tally: _Tally, old: RuleBase, new: RuleBase) -> RuleEffect:
    title = (new.deciding.get(name) or old.deciding[name]).title
    people = {move: tuple(found) for move, found in tally.moves.items()}
    return RuleEffect(name, title, **people, stays=tally.stays, explained=tuple(tally.explained))


def _turns(name: str, was: Decision, now: Decision, derivations: Derivations) -> tuple[Turn, ...]:
    """The changed clauses that came out otherwise; the condition whole where it did not change, or is only in one."""

    def turn(before: Expression | None, after: Expression | None) -> Turn:
        return Turn(
            clauses(before, was.facts, derivations) if before else None,
            clauses(after, now.facts, derivations) if after else None,
        )

    before, after = was.base.conditions.get(name), now.base.conditions.get(name)
    found = []
    for each in clause_changes(before, after) if before and after else ():
        turned = turn(each.before, each.after)
        values = [clause.value if clause is not None else each.idle for clause in (turned.before, turned.after)]
        if values[0] is not values[1]:
            found.append(turned)
    return tuple(found) or (turn(before, after),)
