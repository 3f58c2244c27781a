"""What the arithmetic and list operators of CQL come to over values that may be unknown (None)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

Number = int | float
LARGEST = 2**53


def _bounded(value: Number) -> Number | None:
    if isinstance(value, int):
        return value if -LARGEST <= value <= LARGEST else None
    return value if math.isfinite(value) else None


def add(left: Any, right: Any) -> Any:
    """Sum of numbers, or strings joined; unknown beyond ±2^53 for integers, and at infinity."""
    if left is None or right is None:
        return None
    return left + right if isinstance(left, str) else _bounded(left + right)


def subtract(left: Number | None, right: Number | None) -> Number | None:
    """Difference; unknown where it cannot be held."""
    return None if left is None or right is None else _bounded(left - right)


def multiply(left: Number | None, right: Number | None) -> Number | None:
    """Product; unknown where it cannot be held."""
    return None if left is None or right is None else _bounded(left * right)


def divide(left: Number | None, right: Number | None) -> float | None:
    """Quotient as a float; x / 0 is unknown."""
    if left is None or right is None or right == 0:
        return None
    return _bounded(float(left) / float(right))


def truncated_divide(left: Number | None, right: Number | None) -> Number | None:
    """``div``: the quotient with its fraction cut off; x div 0 is unknown."""
    if left is None or right is None or right == 0:
        return None
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    quotient_ = float(left) / float(right)
    return float(math.trunc(quotient_)) if math.isfinite(quotient_) else None


def modulo(left: Number | None, right: Number | None) -> Number | None:
    """``mod``: the remainder of ``div``, with the sign of the dividend; x mod 0 is unknown."""
    if left is None or right is None or right == 0:
        return None
    if isinstance(left, int) and isinstance(right, int):
        remainder = abs(left) % abs(right)
        return remainder if left >= 0 else -remainder
    return math.fmod(left, right)


def negate(value: Number | None) -> Number | None:
    """The number with its sign changed; zero has none."""
    return None if value is None else 0 - value


def known(values: Iterable[Any] | None) -> list[Any]:
    """The known elements of a list; of an unknown list, none."""
    return [value for value in values if value is not None] if values is not None else []


def total(values: Iterable[Number | None] | None) -> Number | None:
    """Sum of the known elements, unknown when there are none; floats are added in order."""
    result: Number | None = None
    for value in known(values):
        result = value if result is None else add(result, value)
        if result is None:
            return None
    return result


def least(values: Iterable[Any] | None) -> Any:
    """The smallest known number or string, unknown when there are none."""
    return min(known(values), default=None)


def greatest(values: Iterable[Any] | None) -> Any:
    """The largest known number or string, unknown when there are none."""
    return max(known(values), default=None)


def coalesce(values: Iterable[Any] | None) -> Any:
    """The first known element."""
    return next(iter(known(values)), None)


def member(value: Any, holder: Any) -> bool | None:
    """Whether ``value`` is in a list (tuple or list) or an interval; three-valued.

    An unknown value is in nothing for certain but not in an empty list, and an unknown element could be any value.
    """
    if holder == ():
        return False
    if value is None or holder is None:
        return None
    if isinstance(holder, Interval):
        return holder.holds(value)
    if any(element is not None and element == value for element in holder):
        return True
    return None if any(element is None for element in holder) else False


class Interval:
    """An interval of numbers. A closed unknown end is no end; an open unknown end is an unknown bound."""

    __slots__ = ("lower", "lower_closed", "upper", "upper_closed")

    def __init__(self, lower: Number | None, upper: Number | None, lower_closed: bool, upper_closed: bool) -> None:
        self.lower, self.upper = lower, upper
        self.lower_closed, self.upper_closed = lower_closed, upper_closed

    def holds(self, value: Number) -> bool | None:
        """Whether the value lies within, three-valued."""
        if self.lower is None:
            above: bool | None = True if self.lower_closed else None
        else:
            above = value >= self.lower if self.lower_closed else value > self.lower
        if self.upper is None:
            below: bool | None = True if self.upper_closed else None
        else:
            below = value <= self.upper if self.upper_closed else value < self.upper
        if above is False or below is False:
            return False
        return None if above is None or below is None else True


def fold(text: str | None) -> str | None:
    """A string as ``~`` compares it: without regard to case and the amount of white space."""
    return None if text is None else " ".join(text.casefold().split())
