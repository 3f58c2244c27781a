"""Two versions of rules: which conditions say the same of everybody, and for the others somebody who parts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import z3
from attrs import define

from careplan.errors import Location
from careplan.rules.base import SAID, RuleBase
from careplan.rules.checks.finding import Finding, RulesetFile, Severity
from careplan.rules.proofs.everybody import Everybody, Person, everybody
from careplan.rules.proofs.prove import Proof, Proofs, told
from careplan.rules.proofs.search import Answer, Replay, Search
from careplan.rules.proofs.symbols import Term, both, either, no
from careplan.rules.ruleset import Tag
from careplan.vocabulary.model import Vocabulary


def compare(
    old: Sequence[RulesetFile],
    new: Sequence[RulesetFile],
    tags: Mapping[str, Tag],
    vocabulary: Vocabulary,
    timeout: float,
) -> Proofs:
    """Every condition, by its name, that is not true, false and unknown for the same people before and after."""
    bases = [RuleBase(tuple(each.ruleset for each in files), tags, vocabulary.types) for files in (old, new)]
    places = {name: node.location for files in (old, new) for each in files for name, _, node in each.conditions}
    search = Search(timeout)
    before, after = everybody(vocabulary, *bases)
    replays = (Replay(base, vocabulary) for base in bases)
    pair = _Pair(places, search, before, after, *replays)
    found = sorted(pair.all(), key=lambda each: each.finding.location)
    return Proofs(tuple(found), (), search.asked, ())


@define(eq=False)
class _Pair:
    """The people and the reference engines of both versions."""

    places: Mapping[str, Location]
    search: Search
    before: Everybody
    after: Everybody
    replay_before: Replay
    replay_after: Replay

    def all(self) -> Iterator[Proof]:
        """What differs."""
        names = {**self.before.base.conditions, **self.after.base.conditions}
        for name in names:
            if name not in self.after.base.conditions:
                yield self.proof("only_before", name, f"{name} is in {self.named(self.before, name)} only")
            elif name not in self.before.base.conditions:
                yield self.proof("only_after", name, f"{name} is in {self.named(self.after, name)} only")
            else:
                yield from self.differing(name)

    def named(self, people: Everybody, name: str) -> str:
        """``sleep@2026.1``: the version in which a condition stands."""
        return people.base.ruleset_of[name.partition("#")[0]].name

    def proof(self, code: str, name: str, message: str, witness: Person | None = None) -> Proof:
        severity: Severity = "warning" if code in ("not_decided", "unconfirmed") else "error"
        return Proof(Finding(message, self.places[name], code, severity), name, (), witness)

    def differing(self, name: str) -> Iterator[Proof]:
        """Somebody for whom the condition is true in one version only, or else false in one only."""
        one, other = self.before.condition(name), self.after.condition(name)

        def fires_once(person: Person) -> bool:
            return True in (self.outcomes(person, name) or ())

        def differs(person: Person) -> bool:
            return self.outcomes(person, name) is not None

        for goal, confirmed in (
            (_apart(one.value.yes, other.value.yes), fires_once),
            (_apart(one.value.no, other.value.no), differs),
        ):
            answer = self.search.ask(self.after, goal, (one, other), confirmed)
            if answer.said != "nobody":
                yield self.told(name, answer)
                return

    def told(self, name: str, answer: Answer) -> Proof:
        """What is said of a condition that differs, or of which nothing is known."""
        if answer.said == "undecided":
            return self.proof("not_decided", name, f"not decided: whether {name} is the same in both")
        person = answer.person or {}
        if answer.said == "unconfirmed":
            message = f"not confirmed by the reference engine: {name} differs, as it seems for {told(person)}"
            return self.proof("unconfirmed", name, message, person)
        before, after = (SAID[each] for each in self.outcomes(person, name) or (None, None))
        old, new = self.named(self.before, name), self.named(self.after, name)
        message = f"{name} is {before} in {old} and {after} in {new}, for {told(person)}"
        return self.proof("differs", name, message, person)

    def outcomes(self, person: Person, name: str) -> tuple[bool | None, bool | None] | None:
        """What the condition comes to before and after, where it differs; None where it does not."""
        before, after = self.replay_before.decide(person), self.replay_after.decide(person)
        if before is None or after is None or before.outcomes[name] is after.outcomes[name]:
            return None
        return before.outcomes[name], after.outcomes[name]


def _apart(one: Term, other: Term) -> Term:
    """Where two terms differ."""
    if not isinstance(one, bool) and not isinstance(other, bool) and z3.eq(one, other):
        return False
    return either(both(one, no(other)), both(no(one), other))
