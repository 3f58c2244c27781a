"""Expression tree → z3 terms that say when its value is known and what it is: the same three-valued meaning, symbolic.

Numbers are the reals, not float64. What has no faithful term (a string nobody wrote down, ``mod`` on decimals) becomes
a value that nothing constrains: what is proved then still holds, and what is found has to be tried on the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import count
from typing import Any

import z3
from attrs import field, frozen

from careplan.cql.arithmetic import LARGEST, fold
from careplan.cql.exact import number
from careplan.cql.nodes import Fact, Literal, Node, Operation
from careplan.rules.proofs.symbols import (
    NULL,
    OTHER,
    Items,
    Number,
    Range,
    Term,
    Text,
    Truth,
    Unknown,
    Value,
    as_truth,
    both,
    choose,
    either,
    no,
    pick,
)

Look = Callable[[str], Value]
"""The value of a fact, by its id."""


@frozen
class Translator:
    """Turns trees into values; ``codes`` are those of all strings written down, ``opaque`` grows with what is not said.

    ``codes`` count from 0 in the order of the strings.
    """

    codes: Mapping[str, int]
    opaque: list[Term] = field(factory=list)
    _numbers: Any = field(factory=count, init=False, repr=False)

    def value(self, tree: Node, look: Look) -> Value:
        """The value of a tree over the facts that ``look`` gives."""
        found: dict[int, Value] = {}
        for node in tree.walk():
            if isinstance(node, Literal):
                found[id(node)] = self.literal(node.value)
            elif isinstance(node, Fact):
                found[id(node)] = look(node.name)
            else:
                assert isinstance(node, Operation)
                found[id(node)] = self.operation(node, [found[id(each)] for each in node.operands])
        return found[id(tree)]

    def truth(self, tree: Node, look: Look) -> Truth:
        """The value of a condition."""
        return as_truth(self.value(tree, look))

    def literal(self, value: bool | int | float | str | None) -> Value:
        """A constant; decimals are what is written, not the float nearest to it."""
        if value is None:
            return NULL
        if isinstance(value, bool):
            return Truth(value, not value)
        if isinstance(value, str):
            return Text(True, z3.IntVal(self.codes[value]))
        if isinstance(value, int):
            return Number(True, z3.IntVal(value), whole=True)
        return Number(True, z3.RealVal(str(number(value))), whole=False)

    def free(self, sort: Callable[[str], Term]) -> Term:
        """A term that nothing constrains."""
        self.opaque.append(sort(f"opaque!{next(self._numbers)}"))
        return self.opaque[-1]

    def operation(self, node: Operation, operands: list[Value]) -> Value:
        """What an operator makes of its operands."""
        operator = node.operator
        if operator in _LOGICAL:
            return _LOGICAL[operator](*map(as_truth, operands))
        if operator in _COMPARE:
            return self.compared(operator, *operands)
        if operator in _OTHERS:
            return _OTHERS[operator](self, node, *operands)
        if operator in ("Coalesce", "Count", "exists", "Sum", "Min", "Max"):
            items = operands[0] if len(operands) == 1 else Items(True, tuple((True, each) for each in operands))
            return self.aggregate(operator, _known_elements(items))
        return self.arithmetic(operator, operands)

    def compared(self, operator: str, one: Value, other: Value) -> Truth:
        """``=``, ``!=``, ``<`` and their like: unknown where an operand is."""
        known = both(one.known, other.known)
        if known is False:
            return Truth(False, False)
        holds = self.holds(operator, one, other)
        return Truth(both(known, holds), both(known, no(holds)))

    def holds(self, operator: str, one: Value, other: Value) -> Term:
        """The comparison of two values that are known."""
        if isinstance(one, Truth) and isinstance(other, Truth):
            same = pick(one.yes, other.yes, no(other.yes))
            return same if operator == "=" else no(same)
        if isinstance(one, Text) and isinstance(other, Text):
            return self.compared_texts(operator, one.code, other.code)
        assert isinstance(one, Number)
        assert isinstance(other, Number)
        return _COMPARE[operator](one.value, other.value)

    def compared_texts(self, operator: str, one: Term, other: Term) -> Term:
        """Two strings: one that is written down nowhere may be any, and two of those may be the same."""
        if operator == "!=":
            return no(self.compared_texts("=", one, other))
        written = [_written(each) for each in (one, other)]
        if all(written) or (operator == "=" and any(written)):
            return _COMPARE[operator](one, other)
        which = z3.And if operator == "=" else z3.Or
        return z3.If(which(one == OTHER, other == OTHER), self.free(z3.Bool), _COMPARE[operator](one, other))

    def alike(self, one: Value, other: Value) -> Term:
        """``~``: always known, and two unknowns are alike."""
        known, unknown = both(one.known, other.known), both(no(one.known), no(other.known))
        if known is False:
            return unknown
        if not (isinstance(one, Text) and isinstance(other, Text)):
            return either(unknown, both(known, self.holds("=", one, other)))
        folded: dict[str | None, list[int]] = {}
        for text, code in self.codes.items():
            folded.setdefault(fold(text), []).append(code)
        twins = [
            z3.And(z3.Or([one.code == code for code in group]), z3.Or([other.code == code for code in group]))
            for group in folded.values()
        ]
        if _written(one.code) and _written(other.code):
            return either(unknown, both(known, either(*twins)))
        unwritten = z3.And(z3.Or(one.code == OTHER, other.code == OTHER), self.free(z3.Bool))
        return either(unknown, both(known, either(unwritten, *twins)))

    def between(self, value: Value, low: Value, high: Value) -> Truth:
        """``between``: false beyond an end that is known, whatever the other is."""
        above, below = self.compared(">=", value, low), self.compared("<=", value, high)
        return Truth(both(above.yes, below.yes), either(above.no, below.no))

    def member(self, value: Value, holder: Value) -> Truth:
        """``in``: an unknown value is in nothing for certain, but not in an empty list."""
        if isinstance(holder, Range):
            sides = self.within(value, holder)
            known = both(value.known, holder.known)
            yes = both(known, *(each.yes for each in sides))
            return Truth(yes, both(known, either(*(each.no for each in sides))))
        if not isinstance(holder, Items):
            return Truth(False, False)
        matches = [(there, each, self.compared("=", value, each)) for there, each in holder.elements]
        known = both(value.known, holder.known)
        empty = both(holder.known, *(no(there) for there, _ in holder.elements))
        yes = either(*(both(there, same.yes) for there, _, same in matches))
        others = both(*(either(no(there), same.no) for there, _, same in matches))
        return Truth(both(known, yes), either(empty, both(known, others)))

    def within(self, value: Value, holder: Range) -> tuple[Truth, Truth]:
        """Whether the value lies above the lower end and below the upper; a closed unknown end is no end."""
        sides = []
        for end, closed, inside, strictly in (
            (holder.low, holder.low_closed, ">=", ">"),
            (holder.high, holder.high_closed, "<=", "<"),
        ):
            loose, strict = self.compared(inside, value, end), self.compared(strictly, value, end)
            open_end = both(no(end.known), closed)
            sides.append(
                Truth(
                    either(open_end, both(end.known, pick(closed, loose.yes, strict.yes))),
                    both(end.known, pick(closed, loose.no, strict.no)),
                )
            )
        return sides[0], sides[1]

    def aggregate(self, operator: str, elements: Sequence[tuple[Term, Value]]) -> Value:
        """What the known elements of a list come to."""
        nothing: Value = NULL
        if operator == "Count":
            ones = [pick(there, z3.IntVal(1), z3.IntVal(0)) for there, _ in elements]
            return Number(True, z3.Sum([z3.IntVal(0), *ones]), whole=True)
        if operator == "exists":
            some = either(*(there for there, _ in elements))
            return Truth(some, no(some))
        if operator == "Coalesce":
            return reduce(lambda rest, each: choose(each[0], each[1], rest), reversed(elements), nothing)
        if operator == "Sum":
            return self.total(elements)
        return reduce(lambda best, each: self.extreme(operator, best, each), elements, nothing)

    def total(self, elements: Sequence[tuple[Term, Value]]) -> Value:
        """Sum of the known elements; unknown once it cannot be held."""
        result: Value = NULL
        started: Term = False
        for there, each in elements:
            summed = self.arithmetic("+", [result, each])
            result = choose(there, choose(started, summed, each), result)
            started = either(started, there)
        return result

    def extreme(self, operator: str, best: Value, each: tuple[Term, Value]) -> Value:
        """The smaller or larger of the best so far and the next known element."""
        there, value = each
        if isinstance(best, Unknown):
            return choose(there, value, best)
        first = self.holds("<=" if operator == "Min" else ">=", best, value) if not isinstance(value, Unknown) else True
        return choose(both(there, either(no(best.known), no(first))), value, best)

    def arithmetic(self, operator: str, operands: list[Value]) -> Value:
        """``+ - * / div mod`` and the change of sign."""
        known = both(*(each.known for each in operands))
        if known is False:
            return NULL
        if isinstance(operands[0], Text):
            code = self.free(z3.Int)
            return Text(known, z3.If(z3.And(code >= 0, code < len(self.codes)), code, OTHER))
        numbers = [each for each in operands if isinstance(each, Number)]
        whole = all(each.whole for each in numbers) and operator != "/"
        left, right = numbers[0].value, numbers[-1].value
        if operator == "negate":
            return Number(known, -left, whole=whole)
        if operator in ("/", "div", "mod"):
            known = both(known, right != 0)
        value = self.calculated(operator, left, right, whole=whole)
        if whole and operator in ("+", "-", "*"):
            known = both(known, value <= LARGEST, value >= -LARGEST)
        return Number(known, value, whole=whole)

    def calculated(self, operator: str, left: Term, right: Term, *, whole: bool) -> Term:
        """The number that comes out, where it is known."""
        if operator in ("+", "-", "*"):
            return {"+": left + right, "-": left - right, "*": left * right}[operator]
        if operator == "/":
            left, right = (z3.ToReal(each) if each.is_int() else each for each in (left, right))
            return left / right
        if not whole:
            return self.free(z3.Real)
        size = z3.If(left >= 0, left, -left) / z3.If(right >= 0, right, -right)
        quotient = z3.If((left >= 0) == (right > 0), size, -size)
        return quotient if operator == "div" else left - quotient * right


def _written(code: Term) -> bool:
    """Whether a string is one that is written down, whatever the facts are."""
    return bool(z3.is_int_value(code)) and code.as_long() != OTHER


def _settled(term: Term) -> Truth:
    """A Boolean that is always known."""
    return Truth(term, no(term))


def _decimal(value: Value) -> Value:
    return Number(value.known, z3.ToReal(value.value), whole=False) if isinstance(value, Number) else value


def _known_elements(items: Value) -> list[tuple[Term, Value]]:
    """The elements of a list with when each is there and known; an unknown list has none."""
    if not isinstance(items, Items):
        return []
    return [
        (there, each)
        for present, each in items.elements
        if (there := both(items.known, present, each.known)) is not False
    ]


_LOGICAL: Mapping[str, Callable[..., Truth]] = {
    "and": lambda *each: Truth(both(*(one.yes for one in each)), either(*(one.no for one in each))),
    "or": lambda *each: Truth(either(*(one.yes for one in each)), both(*(one.no for one in each))),
    "not": lambda one: Truth(one.no, one.yes),
    "implies": lambda one, other: Truth(either(one.no, other.yes), both(one.yes, other.no)),
    "xor": lambda one, other: Truth(
        either(both(one.yes, other.no), both(one.no, other.yes)),
        either(both(one.yes, other.yes), both(one.no, other.no)),
    ),
}
_COMPARE: Mapping[str, Callable[[Term, Term], Term]] = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}
_OTHERS: Mapping[str, Callable[..., Value]] = {
    "~": lambda self, _, one, other: _settled(self.alike(one, other)),
    "!~": lambda self, _, one, other: _settled(no(self.alike(one, other))),
    "between": lambda self, _, value, low, high: self.between(value, low, high),
    "is null": lambda _, __, one: _settled(no(one.known)),
    "is true": lambda _, __, one: _settled(as_truth(one).yes),
    "is false": lambda _, __, one: _settled(as_truth(one).no),
    "if": lambda _, __, test, one, other: choose(as_truth(test).yes, one, other),
    "decimal": lambda _, __, one: _decimal(one),
    "list": lambda _, __, *each: Items(True, tuple((True, one) for one in each)),
    "interval": lambda _, node, low, high: Range(True, low, high, node.lower_closed, node.upper_closed),
    "in": lambda self, _, value, holder: self.member(value, holder),
    "contains": lambda self, _, holder, value: self.member(value, holder),
}
