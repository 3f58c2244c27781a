"""Open answers tried every way: a result stands when no answer could change it.

Not every value is tried, only one of each kind that the expression can tell apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import chain, pairwise, product
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from attrs import field, frozen

from careplan.cql import Expression, Fact, Literal, Node, Operation, Type
from careplan.instruments.answers import exact
from careplan.instruments.expressions import Values, compiled, written_out
from careplan.instruments.model import Instrument, Item, Number, Score

MOST = 4096
"""Ways of answering that are tried at most."""

Test = tuple[str, Number]
"""A comparison that an expression makes with a number: its operator and the number."""

_TESTS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_COMPARISONS = frozenset(_TESTS)
_PLAIN = _COMPARISONS | {"and", "or", "xor", "implies", "not", "between", "+", "-", "*", "negate", "decimal"}
"""Operators whose result, once known, no open answer can change."""


class Boundless(ValueError):
    """The open answers of an expression cannot all be tried; the message says why."""


@frozen
class Variable:
    """Something an expression reads that may be open: its names, and what they may be together, given what is known."""

    names: tuple[str, ...]
    candidates: Callable[[Values], Iterable[tuple[Any, ...]]]
    items: frozenset[str]
    ways: int


@frozen
class Bounds:
    """An expression over answers that may be open."""

    run: Callable[[Values], Any]
    variables: tuple[Variable, ...]
    plain: bool
    most: int = field(default=2)

    def value(self, values: Values) -> Any:
        """The value when every way of answering what is open gives the same, else None."""
        if self.plain and (known := self.run(values)) is not None:
            return known
        outcomes = self.outcomes(values)
        first = next(outcomes)
        return first if all(each == first for each in outcomes) else None

    def possible(self, values: Values) -> set[Any]:
        """Every value that some way of answering what is open gives."""
        found = set()
        for outcome in self.outcomes(values):
            found.add(outcome)
            if len(found) == self.most:
                break
        return found

    def outcomes(self, values: Values) -> Iterator[Any]:
        """The value for each way of answering, those with all lowest and all highest answers first."""
        unknown = [each for each in self.variables if any(values[name] is None for name in each.names)]
        choices = [tuple(each.candidates(values)) for each in unknown]
        tried = dict(values)
        ends = (tuple(each[0] for each in choices), tuple(each[-1] for each in choices))
        for ways in chain(ends, product(*choices)):
            for variable, way in zip(unknown, ways, strict=True):
                tried.update(zip(variable.names, way, strict=True))
            yield self.run(tried)


def bounds_of(instrument: Instrument, score: Score) -> Bounds:
    """How the open answers of an algorithm are tried; raises Boundless when they cannot be."""
    assert score.cql is not None
    expression = written_out(score.cql, instrument.terms)
    variables = tuple(_variables(instrument, expression))
    ways = 1
    seen: set[str] = set()
    for each in variables:
        ways *= each.ways
        if seen & each.items:
            shared = ", ".join(sorted(seen & each.items))
            raise Boundless(f"it reads {shared} in two ways, and cannot try them apart; read the items alone")
        seen |= each.items
    if ways > MOST:
        raise Boundless(f"there are {ways} ways to answer what it reads; at most {MOST} are tried")
    operators = {node.operator for node in expression.tree.walk() if isinstance(node, Operation)}
    most = len(score.options) or 2
    return Bounds(compiled(expression), variables, plain=operators <= _PLAIN, most=most)


def _variables(instrument: Instrument, expression: Expression) -> Iterator[Variable]:
    for item in instrument.items:
        names = tuple(name for name in item.facts if name in expression.reads)
        if names:
            yield _item_variable(item, names, expression.tree)
    for score in instrument.scores:
        if score.id in expression.reads:
            yield _score_variable(instrument, score)


def _item_variable(item: Item, names: tuple[str, ...], tree: Node) -> Variable:
    tests = {name: _tests(name, tree) for name in names}
    if item.type == "sites":
        every = _sites(item, names)
    elif item.facts[item.id] == Type.STRING:
        raise Boundless(f"{item.id} is a word, and words are not tried")
    elif item.whole:
        every = [(points,) for points in item.possible]
    else:
        limits = tests[item.id]
        if limits is None:
            raise Boundless(f"{item.id} is no whole number: it can only be tried where it is compared with numbers")
        every = [(number,) for number in _around(item, [limit for _, limit in limits])]
    if all(each is not None for each in tests.values()):
        every = _distinct(every, [tests[name] or () for name in names])
    return Variable(names, lambda _: every, frozenset({item.id}), len(every))


def _score_variable(instrument: Instrument, score: Score) -> Variable:
    items = frozenset(score.items)
    if score.kind == "sum" and score.missing.rule == "all_required" and score.gate is None:
        parts = [instrument.item[name] for name in score.items]
        if any(not part.whole or part.type in ("sites", "time") for part in parts):
            raise Boundless(f"the score {score.id} adds up what is no whole number")
        ends = [(part.id, part.possible[0], part.possible[-1]) for part in parts]

        def totals(values: Values) -> Iterator[tuple[int]]:
            low = sum(least if values[name] is None else values[name] for name, least, _ in ends)
            high = sum(most if values[name] is None else values[name] for name, _, most in ends)
            return ((total,) for total in range(low, high + 1))

        ways = sum(most for *_, most in ends) - sum(least for _, least, _ in ends) + 1
        return Variable((score.id,), totals, items, ways)
    if score.missing.rule == "bounds" and score.cql is not None:
        inner = bounds_of(instrument, score)

        def outcomes(values: Values) -> Iterator[tuple[Any]]:
            return ((each,) for each in sorted(inner.possible(values)))

        return Variable((score.id,), outcomes, items, inner.most)
    raise Boundless(f"open answers cannot be tried through the score {score.id}; read its items")


def _tests(name: str, tree: Node) -> tuple[Test, ...] | None:
    """The comparisons a value is put to, or None when it is used in another way too."""
    found: set[Test] = set()
    for node in tree.walk():
        if not isinstance(node, Operation) or not any(_is(name, each) for each in node.operands):
            continue
        value, *limits = node.operands
        operators = (">=", "<=") if node.operator == "between" else (node.operator,)
        if not _is(name, value) or not _COMPARISONS.issuperset(operators):
            return None
        for operator, limit in zip(operators, limits, strict=True):
            if not isinstance(limit, Literal) or not isinstance(limit.value, int | float):
                return None
            found.add((operator, exact(limit.value)))
    return tuple(sorted(found))


def _is(name: str, node: Node) -> bool:
    return isinstance(node, Fact) and node.name == name


def _distinct(every: Iterable[tuple[Any, ...]], tests: list[tuple[Test, ...]]) -> list[tuple[Any, ...]]:
    """One of each kind of candidate that the tests can tell apart."""
    kinds: dict[tuple[bool, ...], tuple[Any, ...]] = {}
    for way in every:
        kind = tuple(
            _TESTS[operator](value, limit)
            for value, compared in zip(way, tests, strict=True)
            for operator, limit in compared
        )
        kinds.setdefault(kind, way)
    return list(kinds.values())


def _around(item: Item, limits: Iterable[Number]) -> list[Number]:
    """Numbers in the range of an item: its ends, the limits, and something between each two of these."""
    low, high = (0, 24) if item.min is None or item.max is None else (item.min, item.max)
    marks = sorted({low, high, *(limit for limit in limits if low < limit < high)})
    return sorted({*marks, *(Fraction(left + right, 2) for left, right in pairwise(marks))})


def _sites(item: Item, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Every count of sites with every count of regions that it can make."""
    reached: set[tuple[int, frozenset[str]]] = {(0, frozenset())}
    for site in item.options:
        painful = {site.region} if site.region and site.counts_for_region else set()
        reached |= {(count + 1, regions | painful) for count, regions in reached}
    counts: Mapping[str, int] = {name: index for index, name in enumerate(item.facts)}
    pairs = sorted({(count, len(regions)) for count, regions in reached})
    return sorted({tuple(pair[counts[name]] for name in names) for pair in pairs})
