"""What adds up is held against the amounts from which the rules speak; a lower bound is called one."""

from __future__ import annotations

from typing import Any

import pytest

from careplan.testing import document_for, knowledge
from plugins.medication_review.loads import LOADS_OF_THE_LIST, Limit, Load
from tests.facts.medicine_lists import line
from tests.plugins.medication_review.lists import SERTRALINE, TRAMADOL, UNHEARD_OF, listed, table
from tests.plugins.people import SIGNED, intake


def loads(*lines: Any, **answers: Any) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in table(*lines, **answers)["against_limits"]}


@pytest.mark.parametrize(("load", "limit"), [(load, limit) for load in LOADS_OF_THE_LIST for limit in load.limits])
def test_each_limit_is_that_of_its_rule(load: Load, limit: Limit) -> None:
    rules = {rule.id: rule for versions in knowledge().versions.values() for each in versions for rule in each.rules}
    assert f"{load.fact}_at_least >= {limit.at}" in " ".join(rules[limit.rule].when.text.split())


def test_the_highest_limit_reached_is_named() -> None:
    found = loads(line("oxycodone", "40 mg", 2), line("amitriptyline", "10 mg"))
    assert (found["mme"]["value"], found["mme"]["reached"], found["mme"]["exact"]) == (120.0, "SAF-18", True)
    assert (found["acb"]["value"], found["acb"]["reached"]) == (3, "MED-12")
    assert found["qt"]["reached"] is None


def test_what_is_not_assessed_makes_a_lower_bound_and_the_picture_says_so() -> None:
    found = loads(TRAMADOL, SERTRALINE, UNHEARD_OF)
    assert {each["exact"] for each in found.values()} == {False}
    page = document_for(intake(**listed(TRAMADOL, SERTRALINE, UNHEARD_OF)), "clinician", sign_off=SIGNED)
    assert "Opioid, MME a day at least 80, reaches SAF-17" in page
    assert "A dashed end is a lower bound" in page
    assert "stroke-dasharray" in page[page.index("Loads of all medicines") :]


def test_an_exact_load_has_no_dashed_end() -> None:
    page = document_for(intake(**listed(TRAMADOL, SERTRALINE)), "clinician", sign_off=SIGNED)
    picture = page[page.index("Loads of all medicines") :]
    assert "stroke-dasharray" not in picture[: picture.index("</svg>")]
