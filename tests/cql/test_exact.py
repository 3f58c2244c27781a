"""Expressions evaluated exactly: whole numbers and fractions, where float64 would lose something."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from careplan.cql import Type, compile_all, expression

X = {"x": Type.DECIMAL}


def exactly(text: str, **facts: Any) -> Any:
    return compile_all({"": expression(text, X)}, exactly=True)(facts)[""]


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("x / 3 * 3", 1, 1),
        ("0.1 + 0.2", None, Fraction(3, 10)),
        ("3.3 * x", 5, Fraction(33, 2)),
        ("x * 8.0", 2, 16),
        ("x - 23 + 24", Fraction(15, 2), Fraction(17, 2)),
        ("(x + 24) mod 24", Fraction(-31, 2), Fraction(17, 2)),
        ("x mod 3", -7, -1),
        ("x div 2", Fraction(-7, 2), -1),
        ("x / 0", 1, None),
        ("x div 0", 1, None),
        ("x mod 0", 1, None),
        ("x >= 0.3", Fraction(3, 10), True),
        ("x = 0.1 + 0.2", Fraction(3, 10), True),
    ],
)
def test_nothing_is_lost_to_binary_floats(text: str, x: Any, value: Any) -> None:
    assert exactly(text, x=x) == value


def test_the_usual_arithmetic_stays_float64() -> None:
    assert compile_all({"": expression("0.1 + 0.2", {})})({})[""] == 0.1 + 0.2
