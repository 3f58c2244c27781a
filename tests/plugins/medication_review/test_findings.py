"""Every finding names the lines behind it, and every line what is to be talked about."""

from __future__ import annotations

from careplan.testing import plan_for
from tests.facts.medicine_lists import line, planned
from tests.plugins.medication_review.lists import (
    OLDER,
    SERTRALINE,
    TRAMADOL,
    behind,
    listed,
    table,
)
from tests.plugins.people import SIGNED, details, found, intake


def test_every_finding_names_the_lines_that_made_it_and_the_other_answers() -> None:
    lines = (TRAMADOL, SERTRALINE, line("diazepam", "5 mg"), line("levothyroxine", "50 mcg"))
    found = behind(*lines)
    assert found["SAF-16"] == [1, 3]
    assert found["MED-10"] == [1, 2]
    assert found["MED-27"] == [1, 2]
    assert found["MED-16"] == [3]
    assert all(4 not in numbers for numbers in found.values())
    finding = next(each for each in table(TRAMADOL, person=OLDER)["findings"] if each["rule"] == "MED-27")
    assert [(each["fact"], each["value"], each["of_medicines"]) for each in finding["because"]] == [
        ("med.tramadol", True, True),
        ("person.age", 76, False),
        ("tramadol.daily_mg", 400.0, True),
    ]


def test_what_is_planned_is_behind_what_it_would_cause() -> None:
    found = behind(TRAMADOL, planned(line("duloxetine", "30 mg")))
    assert found["MED-10"] == [1, 2]


def test_an_allergy_is_marked_at_the_line_it_names() -> None:
    found = table(SERTRALINE, line("naproxen", "250 mg", 2), allergies=[{"substance": "NSAIDs"}])
    assert [each["allergies"] for each in found["rows"]] == [[], ["NSAIDs"]]
    assert {each["rule"]: each["lines"] for each in found["findings"]}["MED-33"] == [2]


def test_advice_for_every_medicine_names_none() -> None:
    found = table(SERTRALINE)
    assert found["whole_list"] == ["MED-01"]
    assert found["rows"][0]["discuss"] == []


def test_a_recommendation_that_does_not_stand_is_no_finding() -> None:
    held = plan_for(intake(**listed(TRAMADOL, findings={**found("taper_wanted")})), sign_off=SIGNED)
    assert "MED-05" in {each.recommendation.rule for each in held.ask_first}
    rules = {each["rule"] for each in details(held)["medication_review.table"]["findings"]}
    assert "MED-05" not in rules
