"""Proofs over a rule base: what can never happen, what must not happen and can, each with a person as witness.

What is proved is proved over the reals, of everybody the vocabulary allows; every witness has been replayed in the
reference engine. ``docs/proofs.md`` says what each code means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define, evolve, field, frozen

from careplan.errors import Location
from careplan.facts.completed import shown
from careplan.rules.base import RuleBase, part_name
from careplan.rules.checks.finding import Finding, RulesetFile, Severity
from careplan.rules.proofs.everybody import Everybody, Person, everybody
from careplan.rules.proofs.gaps import gaps
from careplan.rules.proofs.search import Answer, Decided, Replay, Search
from careplan.rules.proofs.symbols import both, no
from careplan.rules.proofs.waivers import Waiver, unused
from careplan.rules.ruleset import Effects, Part, Rule, Tag
from careplan.vocabulary.model import Vocabulary

CODES = ("never_fires", "implied", "duplicate", "contraindication_unknown", "gap")
"""What can be found, and waived."""
_SEVERITIES: Mapping[str, Severity] = {"never_fires": "error", "contraindication_unknown": "error", "gap": "error"}


@frozen
class Proof:
    """What was found of a rule and others, with a person as witness where there is one, and who accepted it."""

    finding: Finding
    rule: str
    others: tuple[str, ...] = ()
    witness: Person | None = None
    waiver: Waiver | None = None


@frozen
class Proofs:
    """All that was found, what is waived, and how many questions were asked.

    ``implications`` are pairs of rules of which the second fires whenever the first does.
    """

    found: tuple[Proof, ...]
    waived: tuple[Proof, ...]
    asked: int
    implications: tuple[tuple[str, str], ...]


def prove(
    files: Sequence[RulesetFile],
    tags: Mapping[str, Tag],
    vocabulary: Vocabulary,
    waivers: Iterable[Waiver],
    timeout: float,
) -> Proofs:
    """What is found in rulesets that answer together; a question takes at most ``timeout`` seconds."""
    base = RuleBase(tuple(each.ruleset for each in files), tags, vocabulary.types)
    places = {name: node.location for each in files for name, _, node in each.conditions}
    prover = _Prover(base, vocabulary, places, Search(timeout), everybody(vocabulary, base)[0])
    waivers = [each for each in waivers if each.rule.partition("#")[0] in base.deciding]
    found: list[Proof] = []
    waived: list[Proof] = []
    accepted: list[tuple[str, str, str]] = []
    for proof in prover.all():
        key = (proof.finding.code, proof.rule, "".join(proof.others))
        waiver = next((each for each in waivers if each.covers(*key)), None)
        accepted += [key] if waiver else []
        (waived if waiver and not waiver.open else found).append(evolve(proof, waiver=waiver))
    found = [_known(each) for each in grouped(found)]
    found += [Proof(each, "") for each in unused(waivers, accepted)]
    found.sort(key=lambda each: each.finding.location)
    return Proofs(tuple(found), tuple(waived), prover.search.asked, tuple(prover.implications))


def told(person: Person) -> str:
    """A person in words: ``isi.total 15, sleep.efficiency_given 80.0``."""
    return ", ".join(f"{name} {shown(value)}" for name, value in person.items()) or "somebody of whom nothing is known"


def grouped(proofs: Iterable[Proof]) -> Iterator[Proof]:
    """The proofs, those of one rule that blocks made one, with the first witness; what is open stays apart."""
    groups: dict[tuple[str, Waiver | None], list[Proof]] = {}
    for proof in proofs:
        if proof.finding.code == "contraindication_unknown":
            groups.setdefault((proof.rule, proof.waiver), []).append(proof)
        else:
            yield proof
    for first, *more in groups.values():
        others = tuple(other for each in (first, *more) for other in each.others)
        message = first.finding.message
        if more:
            message += f"; the same can happen with {', '.join(others[1:])}"
        yield evolve(first, others=others, finding=evolve(first.finding, message=message))


def _known(proof: Proof) -> Proof:
    """A finding of which somebody has said that it is still open, as the warning that it is."""
    if proof.waiver is None:
        return proof
    message = f"{proof.finding.message}; open: {proof.waiver.reason}"
    return evolve(proof, finding=evolve(proof.finding, message=message, severity="warning"))


@define(eq=False, slots=False)
class _Prover:
    base: RuleBase
    vocabulary: Vocabulary
    places: Mapping[str, Location]
    search: Search
    people: Everybody
    implications: list[tuple[str, str]] = field(factory=list)

    @cached_property
    def replay(self) -> Replay:
        return Replay(self.base, self.vocabulary)

    def all(self) -> Iterator[Proof]:
        """What every check finds, one after the other."""
        firing: dict[str, Person] = {}
        yield from self.never_fires(firing)
        yield from self.implied(firing)
        yield from self.contraindications()
        yield from self.gaps()

    def proof(self, code: str, name: str, message: str, other: str = "", witness: Person | None = None) -> Proof:
        """A proof placed at a condition."""
        place = self.places.get(name) or self.places[name.partition("#")[0]]
        finding = Finding(message, place, code, _SEVERITIES.get(code, "warning"))
        return Proof(finding, name, (other,) if other else (), witness)

    def open(self, answer: Answer, name: str, question: str, other: str = "") -> Proof:
        """What is said where z3 has no answer, or one that the reference does not confirm."""
        if answer.said == "undecided":
            return self.proof("not_decided", name, f"not decided: {question}", other)
        message = f"not confirmed by the reference engine: {question}, as it seems for {told(answer.person or {})}"
        return self.proof("unconfirmed", name, message, other, answer.person)

    def confirms(self, holds: Callable[[Decided], bool]) -> Callable[[Person], bool]:
        """What says of a person whether it is somebody, and the outcome holds for them."""

        def confirmed(person: Person) -> bool:
            decided = self.replay.decide(person)
            return decided is not None and holds(decided)

        return confirmed

    def whole(self, name: str) -> list[str]:
        """The conditions that must be true for one to count: a part's own and that of its rule."""
        return list(dict.fromkeys([name.partition("#")[0], name])) if "#" in name else [name]

    def never_fires(self, firing: dict[str, Person]) -> Iterator[Proof]:
        """Conditions that are true of nobody; ``firing`` takes somebody for each of the others."""
        for name in self.base.conditions:
            names = self.whole(name)
            conditions = [self.people.condition(each) for each in names]
            goal = both(*(each.value.yes for each in conditions))
            answer = self.search.ask(self.people, goal, conditions, self.confirms(_true(names)))
            what = f"the part {name} is never printed" if "#" in name else f"{name} never fires"
            if answer.said == "nobody":
                yield self.proof("never_fires", name, f"{what}: its condition is true of nobody")
            elif answer.said != "somebody":
                yield self.open(answer, name, f"whether {name} can fire")
            else:
                firing[name] = answer.person or {}

    def implied(self, firing: Mapping[str, Person]) -> Iterator[Proof]:
        """Rules that fire only where another does that says much the same; first people rule most pairs out."""
        sample = _Sample([name for name in self.base.rules if name in firing])
        for person in _mixed(list(firing.values())):
            sample.add(self.replay.decide(person))
        quiet: dict[str, Person] = {}
        found: list[tuple[str, str]] = []
        for one, other in sample.pairs():
            if other not in quiet:
                quiet[other] = self.quiet(other)
            if sample.possible(one, other):
                sample.add(self.replay.decide({**quiet[other], **firing[one]}))
            if sample.possible(one, other):
                answer = self.only(one, other)
                if answer.said == "nobody":
                    found.append((one, other))
                elif answer.said == "somebody":
                    sample.add(self.replay.decide(answer.person or {}))
                else:
                    yield self.open(answer, one, f"whether {other} fires whenever {one} does", other)
        self.implications += found
        for one, other in found:
            yield from self.repeated(one, other, both_ways=(other, one) in found)

    def quiet(self, name: str) -> Person:
        """Somebody for whom a rule is false, or nobody in particular."""
        condition = self.people.condition(name)
        confirmed = self.confirms(lambda each: each.outcomes[name] is False)
        answer = self.search.ask(self.people, condition.value.no, [condition], confirmed, simple=False)
        return answer.person or {}

    def only(self, one: str, other: str) -> Answer:
        """Somebody for whom the one rule fires and the other does not."""
        conditions = [self.people.condition(each) for each in (one, other)]
        goal = both(conditions[0].value.yes, no(conditions[1].value.yes))
        confirmed = self.confirms(lambda each: each.outcomes[one] is True and each.outcomes[other] is not True)
        return self.search.ask(self.people, goal, conditions, confirmed, simple=False)

    def repeated(self, one: str, other: str, *, both_ways: bool) -> Iterator[Proof]:
        """Whether it is a finding that the first rule fires only where the second does."""
        rule, wider = self.base.rules[one], self.base.rules[other]
        same_ruleset = self.base.ruleset_of[one] is self.base.ruleset_of[other]
        same_tags = bool(rule.tags) and set(rule.tags) <= set(wider.tags)
        if both_ways:
            order = list(self.base.rules)
            if order.index(one) > order.index(other) and (same_ruleset or same_tags):
                yield self.proof("duplicate", one, f"{one} fires for exactly the same people as {other}", other)
        elif same_ruleset and same_tags and rule.kind == wider.kind and rule.effects == Effects():
            tags = ", ".join(rule.tags)
            yield self.proof("implied", one, f"{other} fires whenever {one} does, and carries its tags ({tags})", other)

    def contraindications(self) -> Iterator[Proof]:
        """Recommendations released while a rule that would block them is unknown."""
        for name, rule, part in self.released():
            tags = rule.tags if part is None else part.tags
            for blocker in self.base.rules.values():
                blocked = [tag for tag in tags if tag in blocker.effects.blocks]
                if blocked and blocker.id != rule.id:
                    yield from self.contraindication(name, rule, blocker, blocked)

    def released(self) -> Iterator[tuple[str, Rule, Part | None]]:
        """What carries tags and can be blocked: rules, and their parts as ``RULE#n``."""
        for rule in self.base.rules.values():
            if rule.priority != "emergency":
                yield rule.id, rule, None
                yield from ((part_name(rule, number), rule, part) for number, part in enumerate(rule.parts))

    def contraindication(self, name: str, rule: Rule, blocker: Rule, tags: Sequence[str]) -> Iterator[Proof]:
        """Somebody for whom the rule is released and the blocker is unknown, if there is."""
        withholding = [each.id for each in self.base.rules.values() if each.effects.withhold]
        against = [each for each in self.against(name, rule) if each != blocker.id]
        answer = self.blocked_unknown(name, rule, blocker, [*against, *withholding])
        if answer.said == "nobody":  # of those whose plan is withheld: it may be cleared
            answer = self.blocked_unknown(name, rule, blocker, against)
        if answer.said == "somebody":
            decided = self.replay.decide(answer.person or {})
            missing = [each for each in sorted(blocker.when.reads) if decided and decided.facts.get(each) is None]
            message = (
                f"{blocker.id} blocks {', '.join(tags)}, and is unknown ({', '.join(missing)}) while {name}, that "
                f"carries it, is released, for {told(answer.person or {})}"
            )
            yield self.proof("contraindication_unknown", blocker.id, message, name, answer.person)
        elif answer.said != "nobody":
            yield self.open(answer, blocker.id, f"whether {blocker.id} can be unknown while {name} is released", name)

    def blocked_unknown(self, name: str, rule: Rule, blocker: Rule, against: Sequence[str]) -> Answer:
        """Somebody for whom the blocker is unknown, the rule is true and knows what it must, and nothing is against."""
        names = [each for each in self.whole(name) if each in self.base.conditions]
        true = [self.people.condition(each) for each in names]
        refused = [self.people.condition(each) for each in against]
        asked = self.people.condition(blocker.id)
        known = self.people.known(rule.requires_known)
        goal = both(
            *(each.value.yes for each in true),
            known.value.yes,
            no(asked.value.known),
            *(no(each.value.yes) for each in refused),
        )

        def holds(each: Decided) -> bool:
            return (
                _true(names)(each)
                and each.outcomes[blocker.id] is None
                and all(each.facts.get(fact) is not None for fact in rule.requires_known)
                and all(each.outcomes[other] is not True for other in against)
            )

        return self.search.ask(self.people, goal, [*true, *refused, asked, known], self.confirms(holds))

    def against(self, name: str, rule: Rule) -> list[str]:
        """The conditions of which one that is true takes a recommendation out, or holds it."""
        part = rule.parts[int(name.partition("#")[2])] if "#" in name else None
        tags = {*rule.tags, *(part.tags if part else ())}
        found = [each.id for each in self.base.rules.values() if each.id != rule.id and tags & {*each.effects.blocks}]
        holding = self.base.contradictions.values()
        found += [each.id for each in holding if tags & {*each.holds_tags} or rule.id in each.holds_rules]
        if rule.priority in ("core", "adjunct"):
            keepers = (each for each in self.base.rules.values() if each.effects.keeps)
            found += [each.id for each in keepers if rule.id not in (each.id, *each.effects.keeps)]
        return list(dict.fromkeys(found))

    def gaps(self) -> Iterator[Proof]:
        """Values of a number that fall between two rules."""
        for gap, answer in gaps(self.base, self.vocabulary, self.people, self.search, self.replay):
            if answer.said == "somebody":
                message = f"{gap} is covered by no rule, for {told(answer.person or {})}"
                yield self.proof("gap", gap.above, message, gap.below, answer.person)
            else:
                yield self.open(answer, gap.above, f"whether {gap} is covered", gap.below)


def _true(names: Iterable[str]) -> Callable[[Decided], bool]:
    return lambda each: all(each.outcomes[name] is True for name in names)


def _mixed(people: Sequence[Person]) -> Iterator[Person]:
    """The people, and each of them mixed with some of the others: what the first has stands."""
    yield from people
    for step in (1, 3, 7, 19, 31, 53):
        for number, person in enumerate(people):
            yield {**people[(number + step) % len(people)], **person}


@define(eq=False)
class _Sample:
    """Who fires for whom: for each rule a number with one bit a person."""

    rules: Sequence[str]
    fires: dict[str, int] = field(factory=dict)
    size: int = 0

    def add(self, decided: Decided | None) -> None:
        if decided is not None:
            for name in self.rules:
                self.fires[name] = self.fires.get(name, 0) | (decided.outcomes[name] is True) << self.size
            self.size += 1

    def possible(self, one: str, other: str) -> bool:
        """Whether nobody yet fires the one and not the other."""
        return not self.fires.get(one, 0) & ~self.fires.get(other, 0)

    def pairs(self) -> list[tuple[str, str]]:
        """The pairs that are left."""
        return [
            (one, other) for one in self.rules for other in self.rules if one != other and self.possible(one, other)
        ]
