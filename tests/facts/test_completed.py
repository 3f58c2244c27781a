"""Facts given directly: what follows from them is added, what contradicts them is refused, nothing is assumed."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.errors import IntakeError
from careplan.facts import complete_facts
from careplan.vocabulary.read import builtin_vocabulary


def completed(facts: dict[str, Any]) -> dict[str, Any]:
    return dict(complete_facts(facts, builtin_vocabulary()).values)


def refused(facts: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(IntakeError) as error:
        completed(facts)
    return [(problem.message, problem.code) for problem in error.value.problems]


def test_what_follows_is_added_through_every_layer() -> None:
    found = completed({"dx.osa": False, "stopbang.risk": "high"})
    assert found["sleep.osa_risk"] is True
    assert found["safety.sedative_unsafe"] is True
    assert found["sleep.restriction_unsafe"] is True


def test_what_does_not_follow_stays_unknown_and_nothing_is_assumed() -> None:
    facts = complete_facts({"isi.total": 16}, builtin_vocabulary())
    assert facts.assumed_no == ()
    assert facts.values["sleep.insomnia"] == 2
    assert "finding.boom_bust" not in facts.values
    assert "phq9.answered" not in facts.values


def test_a_fact_given_as_null_is_unknown() -> None:
    assert "isi.total" not in completed({"isi.total": None})


def test_facts_come_in_the_order_of_the_vocabulary() -> None:
    one = completed({"isi.total": 16, "dx.osa": False, "person.age": 40})
    two = completed({"person.age": 40, "dx.osa": False, "isi.total": 16})
    assert list(one.items()) == list(two.items())


def test_a_derived_fact_stands_while_its_inputs_are_unknown_and_later_ones_read_it() -> None:
    found = completed({"sleep.osa_risk": True})
    assert found["sleep.restriction_unsafe"] is True


def test_decimals_agree_within_a_hundred_millionth() -> None:
    measured = {"person.weight_kg": 76.5, "person.height_cm": 168.0}
    assert completed({**measured, "person.bmi": 27.1045918367347})["person.bmi"] == 27.1045918367347
    ((message, code),) = refused({**measured, "person.bmi": 27.1})
    assert message.startswith(
        "person.bmi is given as 27.1, and by person.height_cm, person.weight_kg it is 27.10459183"
    )
    assert code == "disagree"


def test_every_problem_is_reported_at_once() -> None:
    assert refused({"isi.totl": 16, "phq9.total": 28, "dx.osa": "no", "fatigue.nrs": math.nan, "isi.total": 16.5}) == [
        ("there is no fact 'isi.totl'; did you mean 'isi.total'?", "unknown_fact"),
        ("phq9.total should be a whole number from 0 to 27, not 28", "out_of_range"),
        ('dx.osa should be true or false, not "no"', "type"),
        ("fatigue.nrs should be a number from 0 to 10 (0-10), not NaN", "out_of_range"),
        ("isi.total should be a whole number from 0 to 28, not 16.5", "out_of_range"),
    ]


def test_a_clearance_that_is_given_is_not_contradicted_by_the_formula() -> None:
    facts = {
        "person.age": 42, "person.sex": "male", "person.height_cm": 180.0, "person.weight_kg": 80.0,
        "renal.creatinine_umol_l": 88.4,
    }  # fmt: skip
    assert completed(facts)["renal.crcl"] == 108.9
    assert completed({**facts, "renal.crcl": 60.0})["renal.function"] == 60.0


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_completing_twice_adds_nothing(data: st.DataObject) -> None:
    yes_no = [each.id for each in builtin_vocabulary() if each.type.name == "Boolean" and not each.derived]
    facts: dict[str, Any] = data.draw(st.dictionaries(st.sampled_from(yes_no), st.booleans(), max_size=60))
    facts["isi.total"] = data.draw(st.integers(0, 28))
    once = completed(facts)
    assert completed(once) == once
    assert facts.items() <= once.items()
