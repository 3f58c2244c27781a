"""The few algorithms that CQL cannot say, by the name that definitions give them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

from careplan.instruments.expressions import Values
from careplan.instruments.model import Instrument, Number

DIGITS = 50
CORRELATION = Fraction(3, 10)
"""How far goals are taken to move together (Kiresuk & Sherman 1968)."""


def goal_attainment(instrument: Instrument, values: Values) -> Number | None:
    """The T score of goals: 50 + 10 sum(w x) / sqrt((1 - r) sum(w^2) + r (sum w)^2), r = 0.3; weights default to 1.

    A goal is set when its rating or its weight is given; a set goal without a rating makes the score unknown.
    """
    weight_of = {item.weighs: item.id for item in instrument.items if item.weighs}
    goals = [
        (values[rating], values[weight])
        for rating, weight in weight_of.items()
        if values[rating] is not None or values[weight] is not None
    ]
    weighted = [(Fraction(1 if weight is None else weight), rating) for rating, weight in goals]
    total = sum(weight for weight, _ in weighted)
    if not total or any(rating is None for _, rating in weighted):
        return None
    spread = (1 - CORRELATION) * sum(weight * weight for weight, _ in weighted) + CORRELATION * total * total
    with localcontext() as context:
        context.prec = DIGITS
        root = (Decimal(spread.numerator) / Decimal(spread.denominator)).sqrt()
    attained = sum((weight * Fraction(rating) for weight, rating in weighted), Fraction(0))
    return 50 + 10 * attained / Fraction(root)


METHODS: dict[str, Callable[[Instrument, Values], Number | None]] = {"goal_attainment": goal_attainment}
