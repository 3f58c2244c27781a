"""The largest labelled dose for one person: lowered by what is known of them, and never raised by what is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.facts.medicine_limits import Ceiling, ceiling
from careplan.vocabulary.formulary import builtin_formulary
from careplan.vocabulary.medicine import Maximum
from careplan.vocabulary.read import builtin_vocabulary

LIMITED = {
    name: each.max_daily_mg
    for name, each in builtin_formulary().medicines.items()
    if each.max_daily_mg is not None and each.max_daily_mg.conditions
}
KNOWN = {
    "person.age": st.integers(18, 100),
    "person.sex": st.sampled_from(["female", "male"]),
    "person.weight_kg": st.floats(35, 150),
    "renal.crcl": st.floats(5, 150),
    "fm2016.met": st.booleans(),
    "dx.liver": st.booleans(),
    "alcohol.risky": st.booleans(),
    "auditc.total": st.integers(0, 12),
}
people = st.fixed_dictionaries({}, optional=KNOWN)


def highest(drug: str, **facts: Any) -> Ceiling:
    dotted = {name.replace("__", "."): value for name, value in facts.items()}
    return ceiling(LIMITED[drug], dotted, builtin_vocabulary())


@pytest.mark.parametrize(
    ("function", "gabapentin", "pregabalin"),
    [
        (60, 3600, 600), (59.9, 1400, 300), (30, 1400, 300), (29.9, 700, 150), (15, 700, 150), (14.9, 300, 75),
    ],
)  # fmt: skip
def test_gabapentinoids_have_the_maxima_of_the_label_for_each_clearance(
    function: float, gabapentin: float, pregabalin: float
) -> None:
    assert highest("gabapentin", renal__crcl=function).mg == gabapentin
    assert highest("pregabalin", renal__crcl=function, fm2016__met=False).mg == pregabalin


def test_an_egfr_stands_for_a_clearance_that_is_not_known() -> None:
    assert highest("gabapentin", renal__function=40.0).mg == 1400
    assert highest("gabapentin", renal__function=40.0, renal__crcl=70.0).mg == 3600


def test_what_is_not_known_is_left_open_with_the_answers_it_waits_for() -> None:
    found = highest("tramadol", person__age=80)
    assert (found.mg, found.because, [each.max_daily_mg for each in found.open]) == (300, ("person.age",), [200])
    assert found.missing == ("renal.crcl",)
    assert highest("tramadol", person__age=80, renal__crcl=80.0).open == ()


def test_the_lowest_limit_that_holds_counts() -> None:
    assert highest("acetaminophen", person__age=70, dx__liver=True).mg == 2000
    assert highest("acetaminophen", person__age=70, dx__liver=False, auditc__total=3).mg == 3000
    assert highest("duloxetine", renal__crcl=20.0).mg == 0


def test_the_maximum_without_a_prescription_stands_beside_the_other() -> None:
    found = highest("ibuprofen", person__age=40)
    assert (found.mg, found.unprescribed) == (3200, 1200)


@given(people, st.sampled_from(sorted(LIMITED)), st.sampled_from(sorted(KNOWN)))
def test_one_more_answer_moves_the_maximum_only_within_what_was_left_open(
    facts: dict[str, Any], drug: str, left_out: str
) -> None:
    maximum: Maximum = LIMITED[drug]
    more = ceiling(maximum, facts, builtin_vocabulary())
    less = ceiling(maximum, {name: each for name, each in facts.items() if name != left_out}, builtin_vocabulary())
    possible = [less.mg, *(each.max_daily_mg for each in less.open)]
    assert min(possible) <= more.mg <= less.mg
    assert more.mg <= maximum.value
