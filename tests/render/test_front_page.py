"""The first page of the patient's copy stands alone, whoever the person is and however much they write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from careplan.assessment import Assessment, CareTeamMember
from careplan.intake import read_assessment
from careplan.knowledge import Knowledge
from careplan.plan.model import SignOff
from careplan.render.formats import FORMATS
from careplan.render.look import USUAL, FontSize, Look, Paper
from careplan.service import Request, make_document, make_plan
from tests.render.printed import pages

EXAMPLES = Path(__file__).parents[2] / "examples"
STANDS_ALONE = ("Whatmattersmosttome", "Mynextstep", "Gethelptoday", "Whotocall")
CROWD = tuple(CareTeamMember(f"Helper {number}", f"Name {number}", f"01632 9600{number:02}") for number in range(12))
WISH = "I want to walk my grandson to school, and to sleep through the night. " * 28


def assessment(name: str, knowledge: Knowledge) -> Assessment:
    return read_assessment(
        (EXAMPLES / f"{name}.yaml").read_bytes(),
        name=name,
        on=date(2026, 12, 31),
        vocabulary=knowledge.vocabulary,
        instruments=knowledge.instruments,
    )


def patients_pages(person: Assessment, knowledge: Knowledge, look: Look = USUAL) -> list[str]:
    plan, facts = make_plan(person, knowledge, Request(sign_off=SignOff("Ada Bell", "pain nurse")))
    page = make_document(plan, person, facts, knowledge, "patient", look=look)
    return [each.replace(" ", "") for each in pages(FORMATS["pdf"].render(page, knowledge.templates))]


@pytest.mark.parametrize(
    ("name", "paper"),
    [("fibromyalgia", "a4"), ("shift-worker", "a4"), ("minimal", "a4"), ("fibromyalgia", "letter")],
)
def test_the_first_page_stands_alone(name: str, paper: Paper, knowledge: Knowledge) -> None:
    first, second, *_ = patients_pages(assessment(name, knowledge), knowledge, Look(paper))
    assert [each for each in STANDS_ALONE if each not in first] == []
    assert not any(each in second for each in STANDS_ALONE)


@pytest.mark.parametrize(("paper", "size"), [("a4", 18), ("letter", 22)])
def test_in_larger_letters_the_first_sheet_does_with_help_and_calls_on_its_back(
    paper: Paper, size: FontSize, knowledge: Knowledge
) -> None:
    first, second, third, *_ = patients_pages(assessment("fibromyalgia", knowledge), knowledge, Look(paper, size))
    assert all(each in first for each in STANDS_ALONE[:2])
    assert all(each in second for each in STANDS_ALONE[2:])
    assert not any(each in third for each in STANDS_ALONE)


def test_a_long_wish_and_a_large_team_stand_in_full_behind_the_first_page(knowledge: Knowledge) -> None:
    person = evolve(assessment("fibromyalgia", knowledge), matters_most=WISH.strip(), care_team=CROWD)
    first, *others = patients_pages(person, knowledge)
    assert [each for each in STANDS_ALONE if each not in first] == []
    behind = "".join(others)
    assert WISH.replace(" ", "").strip() in behind
    assert all(each.name.replace(" ", "") in behind for each in CROWD if each.name)
