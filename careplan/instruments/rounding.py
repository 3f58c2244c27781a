"""Exact numbers → the numbers that are reported."""

from __future__ import annotations

import math
from fractions import Fraction

from careplan.instruments.model import Number, Rounding

HALF = Fraction(1, 2)


def whole_number(value: Number, mode: Rounding) -> int:
    """The value as a whole number: a half rounds up, or any fraction does."""
    return math.ceil(value) if mode == "up" else math.floor(value + HALF)


def half_up(value: Number, decimals: int) -> Fraction:
    """The value with so many decimals; a half rounds up."""
    scale: int = 10**decimals
    return Fraction(math.floor(value * scale + HALF), scale)


def quotient(number: Number, by: int) -> Number:
    """The exact quotient, an int where it is whole."""
    return number // by if isinstance(number, int) and number % by == 0 else Fraction(number, by)
