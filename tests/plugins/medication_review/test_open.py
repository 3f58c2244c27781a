"""What a list leaves open is asked, and nothing is read into it."""

from __future__ import annotations

from tests.facts.medicine_lists import line
from tests.plugins.medication_review.lists import (
    SERTRALINE,
    UNHEARD_OF,
    asked,
    table,
)
from tests.plugins.people import details_for


def test_what_the_list_leaves_open_is_asked_with_its_lines() -> None:
    lines = (
        UNHEARD_OF,
        line("morphine", "strong"),
        line("pregabalin", "150 mg", 2),
        line("pregabalin", "150 mg", 2),
        {"name": "fluoxetine", "status": "stopped"},
    )
    assert asked(*lines, allergies=None) == [
        ([1], "name not in the formulary"),
        ([2], "the dose is not read"),
        ([5], "the day of the last dose is not recorded"),
        ([3, 4], "the same medicine, strength and route"),
        ([], "nobody asked for allergies"),
    ]
    assert asked(SERTRALINE) == []


def test_entries_that_stand_twice_are_both_counted_and_the_clinician_is_asked() -> None:
    found = table(line("oxycodone", "10 mg", 2), line("oxycodone", "10 mg", 2), UNHEARD_OF, UNHEARD_OF)
    assert found["totals"][0]["value"] == 60.0
    twice = [each["ask"] for each in found["questions"] if len(each["lines"]) > 1]
    assert twice == [
        "One medicine or 2? Every dose is counted until then, as the higher reading.",
        "One medicine or 2? They are counted until then, as the higher reading.",
    ]


def test_without_medicines_there_is_no_table() -> None:
    assert "medication_review.table" not in details_for(medications=[])
    assert "medication_review.table" not in details_for(medications=None, medications_reviewed=False)
