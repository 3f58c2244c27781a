"""A day's dose is held against the label and the kidneys, and says what it could not be held against."""

from __future__ import annotations

import pytest

from careplan.testing import plan_for
from tests.facts.medicine_lists import line, planned
from tests.plugins.medication_review.lists import (
    KIDNEYS,
    OLDER,
    TRAMADOL,
    doses,
    listed,
    table,
)
from tests.plugins.people import SIGNED, details, intake


def test_the_dose_is_held_against_the_maximum_for_this_person() -> None:
    tramadol = doses(TRAMADOL, person=OLDER)["tramadol", False]
    assert (tramadol["mg"], tramadol["max_mg"], tramadol["verdict"]) == (400.0, 300, "above")
    assert [(each["fact"], each["value"]) for each in tramadol["because"]] == [("person.age", 76)]
    assert tramadol["may_be_lower"] == [200]
    assert [each["fact"] for each in tramadol["missing"]] == ["renal.crcl"]


def test_lines_of_one_ingredient_are_taken_together_and_planned_ones_alone() -> None:
    lines = (line("paracetamol", "500 mg", 4), line("co-codamol", "30/500 mg", 4), planned(line("Tylenol", "1 g", 4)))
    found = doses(*lines)
    assert (found["acetaminophen", False]["lines"], found["acetaminophen", False]["mg"]) == ([1, 2], 4000.0)
    assert (found["acetaminophen", True]["lines"], found["acetaminophen", True]["mg"]) == ([3], 4000.0)


def test_a_dose_that_is_not_read_makes_the_sum_a_lower_bound() -> None:
    found = doses(line("pregabalin", "150 mg", 2), line("pregabalin", "strong", 2), measures=KIDNEYS)
    pregabalin = found["pregabalin", False]
    assert (pregabalin["mg"], pregabalin["at_least"], pregabalin["verdict"]) == (300.0, True, "within")
    assert doses(line("pregabalin", "strong"))["pregabalin", False]["verdict"] == "unread"


def test_a_provisional_maximum_from_the_egfr_says_so() -> None:
    found = doses(line("gabapentin", "600 mg", 3), measures={"duration_months": 24, "egfr": 40})["gabapentin", False]
    assert (found["max_mg"], found["verdict"], found["provisional"]) == (1400, "above", True)
    exact = doses(line("gabapentin", "600 mg", 3), measures=KIDNEYS)["gabapentin", False]
    assert (exact["max_mg"], exact["provisional"]) == (1400, False)


@pytest.mark.parametrize("drug", ["gabapentin", "pregabalin"])
@pytest.mark.parametrize("function", [60, 59, 30, 29, 15, 14])
def test_the_table_and_med_32_agree_on_every_edge_of_the_dose_table(drug: str, function: int) -> None:
    for times in (300, 301, 700, 701, 1400, 1401) if drug == "gabapentin" else (75, 76, 150, 151, 300, 301):
        found = table(line(drug, f"{times} mg"), measures={"duration_months": 24, "crcl": function})
        above = found["doses"][0]["verdict"] == "above"
        assert above is ("MED-32" in {each["rule"] for each in found["findings"]})


def test_a_dose_that_cannot_be_right_is_marked_at_its_line_and_stands() -> None:
    plan = plan_for(intake(**listed(line("gabapentin", "300 g", 3))), sign_off=SIGNED)
    assert [each.contradiction.id for each in plan.contradictions] == ["C11"]
    found = details(plan)["medication_review.table"]
    assert found["rows"][0]["implausible"] is True
    assert found["doses"][0]["mg"] == 900_000.0
    assert [each["finding"] for each in found["questions"]] == [
        "the dose is more than twice the largest on the label, or above 5,000 MME"
    ]


def test_a_unit_that_does_not_fit_the_medicine_is_computed_nowhere() -> None:
    found = table(line("gabapentin", "300 mg/h", 3))
    assert found["rows"][0]["daily"] == []
    assert found["rows"][0]["unread"] == "a strength by the hour needs the route transdermal, or the unit patch"
    assert found["doses"][0]["mg"] is None
    assert found["rows"][0]["discuss"] == ["GAP-10", "GAP-05"]
