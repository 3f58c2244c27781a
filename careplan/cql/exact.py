"""The operators of CQL that would leave whole numbers and fractions for float64, made exact."""

from __future__ import annotations

import math
from fractions import Fraction

Exact = int | Fraction

NAMES = ("divide", "modulo", "truncated_divide")
"""What compiled code finds here instead of in ``arithmetic``."""


def number(value: float) -> Exact:
    """A decimal as it is written: 0.1 is a tenth, 8.0 is eight."""
    return int(value) if value.is_integer() else Fraction(str(value))


def divide(left: Exact | None, right: Exact | None) -> Fraction | None:
    """Quotient; x / 0 is unknown."""
    return None if left is None or right is None or right == 0 else Fraction(left) / right


def truncated_divide(left: Exact | None, right: Exact | None) -> int | None:
    """``div``: the quotient with its fraction cut off; x div 0 is unknown."""
    quotient = divide(left, right)
    return None if quotient is None else math.trunc(quotient)


def modulo(left: Exact | None, right: Exact | None) -> Exact | None:
    """``mod``: the remainder of ``div``, with the sign of the dividend; x mod 0 is unknown."""
    whole = truncated_divide(left, right)
    return None if left is None or right is None or whole is None else left - whole * right
