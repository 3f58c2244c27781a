"""Conditions that cannot mean what they say are found at the clause; those that can are left alone."""

from __future__ import annotations

import pytest

from careplan.rules.checks.conditions import conditions
from tests.rules.written import found, rule


@pytest.mark.parametrize(
    ("when", "place", "code", "message"),
    [
        ("isi.total >= 29", "8:11", "never_met", "isi.total >= 29 is never met; it is a whole number from 0 to 28"),
        ("30 < isi.total", "8:11", "never_met", "isi.total > 30 is never met; it is a whole number from 0 to 28"),
        ("isi.total = 14.5", "8:11", "never_met", "isi.total = 14.5 is never met; it is a whole number from 0 to 28"),
        ("isi.total >= 0", "8:11", "always_met", "isi.total >= 0 is always met; it is a whole number from 0 to 28"),
        (
            "dx.osa and isi.total > 14 and isi.total < 15",
            "8:11",
            "contradictory",
            "isi.total > 14 and isi.total < 15 contradict each other",
        ),
        (
            "sleep.efficiency > 80 and sleep.efficiency <= 80.0",
            "8:11",
            "contradictory",
            "sleep.efficiency > 80 and sleep.efficiency <= 80.0 contradict each other",
        ),
        (
            "dx.osa and Sum({isi.total, phq9.total}) > 12",
            "8:22",
            "skips_unknown",
            "Sum leaves out what is unknown, and comes to less than it may be; ask that all is known",
        ),
        (
            "if dx.osa then dx.falls else dx.epilepsy",
            "8:11",
            "unknown_takes_else",
            "'if' takes 'else' for an unknown condition; write 'is true' to say so",
        ),
    ],
)
def test_what_cannot_be_met_or_counts_the_unknown_without_a_word(
    when: str, place: str, code: str, message: str
) -> None:
    assert found(conditions, rule(when=when)) == [(place, code, f"WLK-01: {message}")]


@pytest.mark.parametrize(
    "when",
    [
        "isi.total >= 28",
        "isi.total >= 15 and isi.total < 16",
        "sleep.efficiency > 80 and sleep.efficiency < 80.5",
        "isi.total = 15 or isi.total = 16",
        "person.country > 'AA' and person.country < 'BB'",
        "if dx.osa is true then dx.falls else dx.epilepsy",
        "if dx.osa is not true then dx.falls else dx.epilepsy",
        "Max({isi.total, phq9.total}) > 12",
    ],
)
def test_what_can_be_met_is_left_alone(when: str) -> None:
    assert found(conditions, rule(when=when)) == []


def test_a_choice_that_the_fact_does_not_have_is_never_met() -> None:
    ((place, code, message),) = found(conditions, rule(when="isi.total >= 8 and startback.risk = 'hgh'"))
    assert (place, code) == ("8:30", "never_met")
    assert message.startswith("WLK-01: startback.risk = 'hgh' is never met; it is one of ")


def test_the_condition_of_a_part_is_looked_at_too() -> None:
    ((place, code, message),) = found(conditions, rule(parts="\n      - text: Go.\n        when: isi.total > 28"))
    assert (place, code) == ("17:15", "never_met")
    assert message.startswith("WLK-01#0: isi.total > 28")


def test_a_condition_with_more_ways_than_the_live_engine_takes() -> None:
    when = " and ".join(f"(isi.total = {number} or phq9.total = {number})" for number in range(9))
    ((place, code, message),) = found(conditions, rule(when=when))
    assert (place, code) == ("8:11", "too_many_ways")
    assert message == "the condition of WLK-01 has more than 500 ways to be true or false; split the rule"
