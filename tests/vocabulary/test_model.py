"""What values a fact may have: types are strict, nothing is clamped, numbers are finite, text is normalised."""

from __future__ import annotations

import math
from typing import Any

import pytest

from careplan.cql import Type
from careplan.vocabulary.model import FactDefinition

TOTAL = FactDefinition("isi.total", Type.INTEGER, "ISI", "scores", range=(0, 28))
HOURS = FactDefinition("sleep.slept_hours", Type.DECIMAL, "Sleep", "sleep", unit="hours", range=(0, 24))
FREE = FactDefinition("some.number", Type.DECIMAL, "Any number", "sleep")
RISK = FactDefinition("stopbang.risk", Type.STRING, "Risk", "sleep", values=("low", "high"))
TIME = FactDefinition("sleep.rise_time", Type.STRING, "Rise time", "sleep", unit="HH:MM", pattern="[0-9]{2}:[0-9]{2}")
NOTE = FactDefinition("some.note", Type.STRING, "Note", "sleep")
PANIC = FactDefinition("finding.panic", Type.BOOLEAN, "Panic", "mood", listed="findings")


@pytest.mark.parametrize(
    ("fact", "value", "held"),
    [
        (TOTAL, 0, 0),
        (TOTAL, 28, 28),
        (HOURS, 7, 7.0),
        (HOURS, 6.5, 6.5),
        (RISK, "low", "low"),
        (TIME, "07:30", "07:30"),
        (NOTE, "e\u0301", "\u00e9"),
        (PANIC, False, False),
    ],
)
def test_a_value_that_fits_is_held_in_the_type_of_the_fact(fact: FactDefinition, value: Any, held: Any) -> None:
    found = fact.checked(value)
    assert (found, type(found)) == (held, type(held))


@pytest.mark.parametrize(
    ("fact", "value", "allowed"),
    [
        (TOTAL, 29, "a whole number from 0 to 28"),
        (TOTAL, -1, "a whole number from 0 to 28"),
        (TOTAL, 16.0, "a whole number from 0 to 28"),
        (TOTAL, True, "a whole number from 0 to 28"),
        (TOTAL, "16", "a whole number from 0 to 28"),
        (HOURS, 24.1, "a number from 0 to 24 (hours)"),
        (HOURS, math.nan, "a number from 0 to 24 (hours)"),
        (FREE, math.inf, "a number"),
        (FREE, math.nan, "a number"),
        (FREE, 2**53 + 1, "a number"),
        (RISK, "medium", "one of low, high"),
        (TIME, "7:30", "text (HH:MM)"),
        (TIME, "07:30\n", "text (HH:MM)"),
        (NOTE, 5, "text"),
        (PANIC, 1, "true or false"),
        (PANIC, "yes", "true or false"),
        (PANIC, None, "true or false"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_saying_what_would(fact: FactDefinition, value: Any, allowed: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        fact.checked(value)
    assert str(error.value) == allowed
