"""Gaps between bands: values of a number at which no rule fires, though rules fire right below and right above.

The rules of one ruleset that compare a number with constants are taken as bands of it; each side of an ``or`` is a band
of its own. A gap is a single constant, or what lies between two neighbouring constants no further apart than 1 (of
whole numbers: one of them), where none of these rules fires for somebody for whom, all else being equal, one band is
true right below and another right above. ``x < 10`` beside ``x > 10`` leaves 10; ``x <= 4`` beside ``x >= 5`` leaves
4.5 where x is a Decimal. What lies further apart is a middle that needs no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from math import ceil, floor
from typing import Any

import z3
from attrs import frozen

from careplan.cql import Expression, Fact, Literal, Node, Operation, Type, compile_all, conjuncts
from careplan.cql.compile import COMPARISONS
from careplan.cql.exact import number
from careplan.facts.completed import shown
from careplan.rules.base import RuleBase
from careplan.rules.proofs.everybody import Condition, Everybody, Person
from careplan.rules.proofs.search import Answer, Replay, Search
from careplan.rules.proofs.symbols import Number, Term, both, either, no
from careplan.rules.ruleset import Rule
from careplan.vocabulary.model import FactDefinition, Vocabulary

WIDEST = 1
"""How far two constants may be apart for what lies between them to be a gap; one more for whole numbers."""


@frozen
class Gap:
    """Values of a fact that fall between a rule whose band ends below them and one whose band begins above."""

    fact: str
    values: str
    below: str
    above: str

    def __str__(self) -> str:
        return f"{self.fact} {self.values}, between {self.below} and {self.above},"


@frozen
class _Hole:
    """One constant, or the open space between two; ``before`` and ``after`` are the constants around."""

    low: float
    high: float
    before: float
    after: float

    @property
    def values(self) -> str:
        """In words."""
        if self.low == self.high:
            return f"= {shown(self.low)}"
        return f"between {shown(self.low)} and {shown(self.high)}"

    def holds(self, value: Any) -> bool:
        """Whether a value, or a term, lies in it."""
        if value is None:
            return False
        return bool(value == self.low if self.low == self.high else self.low < value < self.high)

    def inside(self, value: Term) -> Term:
        """That a term lies in it."""
        if self.low == self.high:
            return value == _real(self.low)
        return z3.And(value > _real(self.low), value < _real(self.high))

    def beside(self, fact: FactDefinition) -> tuple[float, float]:
        """A value right below and one right above, on which every comparison with a constant comes out alike."""
        if self.low != self.high:
            whole = fact.type == Type.INTEGER
            return (floor(self.low), ceil(self.high)) if whole else (self.low, self.high)
        if fact.type == Type.INTEGER:
            return int(self.low) - 1, int(self.high) + 1
        return (self.before + self.low) / 2, (self.after + self.high) / 2


@frozen(eq=False)
class _Family:
    """The rules of one ruleset that compare a fact with constants, their bands by name, and the constants."""

    fact: FactDefinition
    rules: tuple[Rule, ...]
    bands: Mapping[str, Expression]
    constants: tuple[float, ...]

    def holes(self) -> Iterator[_Hole]:
        """The gaps there could be."""
        low, high = self.fact.range or (-(2.0**53), 2.0**53)
        points = [low, *(each for each in self.constants if low < each < high), high]
        widest = WIDEST + (self.fact.type == Type.INTEGER)
        for place, (one, other) in enumerate(pairwise(points)):
            before = points[place - 1] if place else low
            if place:
                yield _Hole(one, one, before, other)
                if other != high and other - one <= widest:
                    yield _Hole(one, other, before, points[place + 2])


def gaps(
    base: RuleBase, vocabulary: Vocabulary, people: Everybody, search: Search, replay: Replay
) -> Iterator[tuple[Gap, Answer]]:
    """Every gap with somebody in it, and those of which nothing is known."""
    for family in _families(base, vocabulary):
        fact = family.fact
        free = Everybody(vocabulary, base, people.codes, frozenset({fact.id})) if fact.derive else people
        for hole in family.holes():
            answer, pair = _ask(family, hole, free, search, replay)
            if answer.said != "nobody":
                yield Gap(fact.id, hole.values, *pair), answer


def _ask(
    family: _Family, hole: _Hole, people: Everybody, search: Search, replay: Replay
) -> tuple[Answer, tuple[str, str]]:
    """Whether somebody is in the gap, and the rules below and above it."""
    fact = family.fact
    value = people.seen(fact.id).value
    bands = {name: people.translated(each) for name, each in family.bands.items()}
    rules = [people.condition(each.id) for each in family.rules]
    assert isinstance(value, Number)
    bare = value.value
    low, high = hole.beside(fact)
    at_low, at_high = ({name: _at(each.value.yes, bare, end) for name, each in bands.items()} for end in (low, high))
    pairs = [both(at_low[one], at_high[other]) for one in bands for other in bands if one != other]
    inputs = [people.given(each).value.known for each in sorted(fact.derive.reads)] if fact.derive else []
    goal = both(
        value.known,
        hole.inside(bare),
        either(*pairs),
        *(no(each.value.yes) for each in rules),
        *(no(each) for each in inputs if each is not True),
    )
    found: list[tuple[str, str]] = []
    run = compile_all(family.bands)

    def true_at(person: Person, end: float) -> list[str]:
        decided = replay.decide({**person, fact.id: end})
        return [name for name, truth in run(decided.facts).items() if truth is True] if decided else []

    def confirmed(person: Person) -> bool:
        decided = replay.decide(person)
        if not decided or not hole.holds(decided.facts.get(fact.id)):
            return False
        if any(decided.outcomes[each.id] is True for each in family.rules):
            return False
        between = sorted((one, other) for one in true_at(person, low) for other in true_at(person, high))
        different = [(_rule(one), _rule(other)) for one, other in between if one != other]
        found[:] = different or found
        return bool(different)

    conditions: list[Condition] = [*rules, *bands.values(), people.known([fact.id])]
    answer = search.ask(people, goal, conditions, confirmed)
    first, last = family.rules[0].id, family.rules[-1].id
    return answer, found[0] if found else (first, last)


def _rule(band: str) -> str:
    return band.partition("|")[0]


def _at(term: Term, variable: Term, value: float) -> Term:
    """The term with a value in place of the variable."""
    constant = z3.IntVal(int(value)) if variable.is_int() else _real(value)
    return term if isinstance(term, bool) else z3.substitute(term, (variable, constant))


def _families(base: RuleBase, vocabulary: Vocabulary) -> Iterator[_Family]:
    """Every number that at least two bands of one ruleset compare with constants."""
    for ruleset in base.rulesets:
        compared: dict[str, set[float]] = {}
        for rule in ruleset.rules:
            for name, constant in _comparisons(rule.when.tree):
                compared.setdefault(name, set()).add(constant)
        for name, constants in compared.items():
            rules = tuple(each for each in ruleset.rules if name in dict(_comparisons(each.when.tree)))
            bands = {
                f"{rule.id}|{side}": rule.when.clause(node)
                for rule in rules
                for side, node in enumerate(conjuncts(rule.when.tree, "or"))
                if name in dict(_comparisons(node))
            }
            if len(bands) > 1 and vocabulary[name].type.numeric:
                yield _Family(vocabulary[name], rules, bands, tuple(sorted(constants)))


def _comparisons(tree: Node) -> Iterable[tuple[str, float]]:
    """The facts that are compared with constants, and the constants."""
    for node in tree.walk():
        if not isinstance(node, Operation) or node.operator not in (*COMPARISONS, "between", "in"):
            continue
        facts = [each.name for each in node.operands if isinstance(each, Fact)]
        spread = [inner for each in node.operands for inner in (each, *each.children)]
        for each in spread:
            if isinstance(each, Literal) and type(each.value) in (int, float) and facts:
                yield facts[0], float(each.value or 0)


def _real(value: float) -> Term:
    return z3.RealVal(str(number(float(value))))
