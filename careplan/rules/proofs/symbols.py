"""Values that depend on who somebody is: when they are known and what they are, as z3 terms."""

from __future__ import annotations

from typing import Any

import z3
from attrs import frozen

Term = Any
"""A z3 term, or a Python bool where it is that whatever the facts are."""
OTHER = -1
"""The code of a string that stands nowhere in conditions and vocabulary."""


def both(*terms: Term) -> Term:
    """All of the terms."""
    left = [each for each in terms if each is not True]
    if any(each is False for each in left):
        return False
    return z3.And(left) if len(left) > 1 else left[0] if left else True


def either(*terms: Term) -> Term:
    """Any of the terms."""
    left = [each for each in terms if each is not False]
    if any(each is True for each in left):
        return True
    return z3.Or(left) if len(left) > 1 else left[0] if left else False


def no(term: Term) -> Term:
    """The opposite of a term."""
    return not term if isinstance(term, bool) else z3.Not(term)


def pick(test: Term, one: Term, other: Term) -> Term:
    """One term where the test holds, else the other."""
    if isinstance(test, bool):
        return one if test else other
    if isinstance(one, bool) or isinstance(other, bool):
        return either(both(test, one), both(no(test), other))
    return one if one is other else z3.If(test, one, other)


@frozen(eq=False)
class Unknown:
    """``null``, of whatever type is asked for."""

    known: Term = False


@frozen(eq=False)
class Truth:
    """A Boolean: when it is true, and when it is false; it is unknown otherwise."""

    yes: Term
    no: Term

    @property
    def known(self) -> Term:
        """When it is either."""
        return either(self.yes, self.no)


@frozen(eq=False)
class Number:
    """A number; ``whole`` when it is an Integer, which is unknown beyond ±2^53."""

    known: Term
    value: Term
    whole: bool


@frozen(eq=False)
class Text:
    """A string by its place among all strings that are written down, in their order; ``OTHER`` for any other."""

    known: Term
    code: Term


@frozen(eq=False)
class Items:
    """A list: its elements, each with when it is there."""

    known: Term
    elements: tuple[tuple[Term, Value], ...]


@frozen(eq=False)
class Range:
    """An interval: its ends, and when each is closed."""

    known: Term
    low: Value
    high: Value
    low_closed: Term
    high_closed: Term


Value = Unknown | Truth | Number | Text | Items | Range
NULL = Unknown()


def choose(test: Term, one: Value, other: Value) -> Value:  # noqa: PLR0911 - one for each kind of value
    """One value where the test holds, else the other."""
    if isinstance(test, bool):
        return one if test else other
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return NULL
    if isinstance(one, Unknown):
        return _limited(other, no(test))
    if isinstance(other, Unknown):
        return _limited(one, test)
    if isinstance(one, Truth) and isinstance(other, Truth):
        return Truth(pick(test, one.yes, other.yes), pick(test, one.no, other.no))
    known = pick(test, one.known, other.known)
    if isinstance(one, Number) and isinstance(other, Number):
        return Number(known, pick(test, one.value, other.value), whole=one.whole and other.whole)
    if isinstance(one, Text) and isinstance(other, Text):
        return Text(known, pick(test, one.code, other.code))
    if isinstance(one, Items) and isinstance(other, Items):
        ours = tuple((both(test, there), each) for there, each in one.elements)
        return Items(known, ours + tuple((both(no(test), there), each) for there, each in other.elements))
    assert isinstance(one, Range)
    assert isinstance(other, Range)
    return Range(
        known,
        choose(test, one.low, other.low),
        choose(test, one.high, other.high),
        pick(test, one.low_closed, other.low_closed),
        pick(test, one.high_closed, other.high_closed),
    )


def _limited(value: Value, test: Term) -> Value:
    """The value where the test holds, unknown elsewhere."""
    if isinstance(value, Truth):
        return Truth(both(test, value.yes), both(test, value.no))
    if isinstance(value, Number):
        return Number(both(test, value.known), value.value, value.whole)
    if isinstance(value, Text):
        return Text(both(test, value.known), value.code)
    if isinstance(value, Items):
        return Items(both(test, value.known), value.elements)
    assert isinstance(value, Range)
    return Range(both(test, value.known), value.low, value.high, value.low_closed, value.high_closed)


def as_truth(value: Value) -> Truth:
    """A value that is a Boolean, if it is anything."""
    if isinstance(value, Unknown):
        return Truth(False, False)
    assert isinstance(value, Truth)
    return value
