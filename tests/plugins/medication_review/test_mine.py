"""The person's own copy holds their medicines and what to talk about, and never an instruction to stop."""

from __future__ import annotations

import re
from typing import Any

import pytest

from careplan.intake.medicines import ROUTES
from careplan.plan.editions import for_edition
from careplan.testing import document_for, plan_for
from tests.facts.medicine_lists import line, planned
from tests.plugins.cards import is_plain, page, plain
from tests.plugins.medication_review.lists import (
    KIDNEYS,
    OLDER,
    SERTRALINE,
    TRAMADOL,
    UNHEARD_OF,
    listed,
    mine,
)
from tests.plugins.people import SIGNED, details, intake


def test_the_persons_copy_lists_what_they_take_and_what_to_talk_about() -> None:
    team = [{"role": "GP", "name": "Dr Bell", "phone": "01632 960001"}, {"role": "Friend", "name": "Sam"}]
    found = mine(TRAMADOL, SERTRALINE, planned(line("melatonin", "2 mg")), care_team=team)
    assert [(each["name"], each["status"], each["note"], each["twice"]) for each in found["lines"]] == [
        ("tramadol", "current", None, False),
        ("sertraline", "current", None, False),
        ("melatonin", "planned", None, False),
    ]
    assert [(each["rule"], each["names"]) for each in found["talk"]] == [
        ("MED-06", ["tramadol"]),
        ("MED-10", ["tramadol", "sertraline"]),
        ("MED-27", ["tramadol", "sertraline"]),
        ("GAP-05", ["tramadol"]),
        ("MED-07", ["tramadol"]),
    ]
    assert found["people"] == [{"role": "GP", "name": "Dr Bell", "phone": "01632 960001"}]


def test_the_persons_copy_asks_for_the_box_of_what_was_not_found() -> None:
    text = page(**listed(UNHEARD_OF, line("morphine", "strong"), SERTRALINE, SERTRALINE))
    assert "zorvamine 5 mg, once a day We did not find this name. Please bring the box to your next visit." in text
    assert "morphine strong, once a day We could not read the dose. Please bring the box to your next visit." in text
    assert text.count("This is on your list more than once. Please tell us how much of it you take in all.") == 2


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"medications": None, "medications_reviewed": False}, "We have not yet gone through your medicines together."),
        ({"medications": []}, "You take no medicines that we know of."),
        (
            {**listed(SERTRALINE), "medications_reviewed": False},
            "This list may not be complete. Please tell us what is missing.",
        ),
    ],
)
def test_the_persons_copy_tells_a_list_that_is_missing_empty_or_open(answers: dict[str, Any], said: str) -> None:
    assert said in page(**answers)


def test_the_list_is_plain_never_says_to_stop_and_names_no_change_of_dose() -> None:
    lines = (TRAMADOL, line("diazepam", "5 mg"), UNHEARD_OF, {"name": "phenelzine", "status": "stopped"})
    html = document_for(intake(**listed(*lines, person=OLDER)), "patient", sign_off=SIGNED)
    (part,) = re.findall(r'<section class="mine" id="medicines">(.*?)</section>', html, re.DOTALL)
    assert is_plain(part)
    text = plain(part)
    assert not re.search(r"\b(stop|stopp\w+|reduce|lower|withdraw|MME|label maximum)\b", text, re.IGNORECASE)
    assert "Please do not change a medicine on your own. Talk to your clinician or pharmacist about any change." in text


def test_nothing_that_only_a_clinician_may_read_is_in_the_persons_copy() -> None:
    answers = listed(TRAMADOL, line("Prozac", "20 mg"), planned(line("ibuprofen", "400 mg", 3)), nociplastic="probable")
    plan = plan_for(intake(**answers), sign_off=SIGNED)
    hidden = {each.rule for each in plan.recommendations if each.audience != "both"}
    assert hidden >= {"MED-37", "MED-38"}
    seen = for_edition(plan, "patient")
    assert [each.id for each in _of_section(seen)] == ["medication_review.mine"]
    talk = {each["rule"] for each in details(seen)["medication_review.mine"]["talk"]}
    assert talk
    assert talk.isdisjoint(hidden)


def test_while_the_section_waits_for_review_the_persons_copy_has_nothing_of_it() -> None:
    plan = plan_for(intake(**listed(line("warfarin", "3 mg"), SERTRALINE)))
    assert "medication_review" in plan.review_modalities
    assert _of_section(for_edition(plan, "patient")) == []


def test_the_clinicians_copy_prints_the_table_and_not_the_persons_list() -> None:
    text = page("clinician", **listed(TRAMADOL, SERTRALINE, UNHEARD_OF, measures=KIDNEYS, person=OLDER))
    assert "tramadol: at least 400 mg, label maximum 300 mg (age 76) above" in text
    assert "Not in the formulary: not assessed" in text
    assert "Oral morphine equivalents, MME/day at least 80 ;" in text
    assert "Lower bounds: name not in the formulary, not assessed (line 3)." in text
    assert "unverified: CNS-active, QT risk" in text
    assert "I take" not in text


def _of_section(plan: Any) -> list[Any]:
    return [each for section in plan.sections if section.modality == "medication_review" for each in section.details]


def test_the_persons_copy_says_in_plain_words_how_each_medicine_is_taken() -> None:
    lines = [line(f"zorvamine {number}", "5 mg", None, route=route) for number, route in enumerate(ROUTES)]
    html = document_for(intake(**listed(*lines)), "patient", sign_off=SIGNED)
    (part,) = re.findall(r'<section class="mine" id="medicines">(.*?)</section>', html, re.DOTALL)
    said = dict(zip(ROUTES, re.findall(r"5 mg(?:, ([a-z ]+))? We did", plain(part)), strict=True))
    assert {each for each in said if each == said[each]} == {"by mouth"}
    assert (said["topical"], said["transdermal"], said["po"]) == ("on the skin", "as a patch", "by mouth")
    assert said["oral"] == ""
