"""The first page of the patient's copy stands alone, whoever the person is and however much they write."""

from __future__ import annotations

import pytest
from attrs import evolve

from careplan.assessment import Assessment, CareTeamMember
from careplan.knowledge import Knowledge
from careplan.render.formats import FORMATS
from careplan.render.look import USUAL, FontSize, Look, Paper
from tests.render.examples import example, printed, signed_document
from tests.render.printed import pages

pytestmark = pytest.mark.xdist_group("printed examples")

STANDS_ALONE = ("Whatmattersmosttome", "Mynextstep", "Gethelptoday", "Whotocall")
CROWD = tuple(CareTeamMember(f"Helper {number}", f"Name {number}", f"01632 9600{number:02}") for number in range(12))
WISH = "I want to walk my grandson to school, and to sleep through the night. " * 28


def patients_pages(person: Assessment, knowledge: Knowledge, look: Look = USUAL) -> list[str]:
    page = signed_document(person, "patient", knowledge, look)
    return unspaced(FORMATS["pdf"].render(page, knowledge.templates))


def unspaced(pdf: bytes) -> list[str]:
    return [each.replace(" ", "") for each in pages(pdf)]


@pytest.mark.parametrize("name", ["fibromyalgia", "shift-worker", "minimal"])
def test_the_first_page_stands_alone(name: str) -> None:
    stands_alone(*unspaced(printed((name,), "patient").file))


def test_the_first_page_stands_alone_on_shorter_paper_too(knowledge: Knowledge) -> None:
    stands_alone(*patients_pages(example("fibromyalgia", knowledge), knowledge, Look("letter")))


def stands_alone(first: str, second: str, *_: str) -> None:
    assert [each for each in STANDS_ALONE if each not in first] == []
    assert not any(each in second for each in STANDS_ALONE)


@pytest.mark.parametrize(("paper", "size"), [("a4", 18), ("letter", 22)])
def test_in_larger_letters_the_first_sheet_does_with_help_and_calls_on_its_back(
    paper: Paper, size: FontSize, knowledge: Knowledge
) -> None:
    first, second, third, *_ = patients_pages(example("fibromyalgia", knowledge), knowledge, Look(paper, size))
    assert all(each in first for each in STANDS_ALONE[:2])
    assert all(each in second for each in STANDS_ALONE[2:])
    assert not any(each in third for each in STANDS_ALONE)


def test_a_long_wish_and_a_large_team_stand_in_full_behind_the_first_page(knowledge: Knowledge) -> None:
    person = evolve(example("fibromyalgia", knowledge), matters_most=WISH.strip(), care_team=CROWD)
    first, *others = patients_pages(person, knowledge)
    assert [each for each in STANDS_ALONE if each not in first] == []
    behind = "".join(others)
    assert WISH.replace(" ", "").strip() in behind
    assert all(each.name.replace(" ", "") in behind for each in CROWD if each.name)
