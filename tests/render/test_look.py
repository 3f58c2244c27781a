"""Paper, the size of letters and the ink are as asked, and without colour there is none anywhere on a page."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pytest
from attrs import evolve

from careplan.plan.editions import Edition
from careplan.plan.model import SignOff
from careplan.render.formats import FORMATS
from careplan.render.look import USUAL, Look, grey
from careplan.testing import knowledge
from tests.render.whole_documents import document_of

PAPER = {"a4": (595, 842), "letter": (612, 792)}


def printed(look: Look, edition: Edition = "patient", form: str = "pdf") -> bytes:
    page = evolve(document_of("gardener", edition, signed=SignOff("Ada Bell", "GP")), look=look)
    return FORMATS[form].render(page, knowledge().templates)


def colours(pdf: bytes) -> Iterator[tuple[float, float, float]]:
    """Every colour that is set on a page or in a picture of it, as red, green and blue from 0 to 1."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        forms = [
            each for each in document.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Form"
        ]
        for place in (*document.pages, *forms):
            for each in pikepdf.parse_content_stream(place):
                if str(each.operator) in ("rg", "RG", "scn", "SCN", "sc", "SC") and len(each.operands) == 3:
                    red, green, blue = (float(part) for part in each.operands)
                    yield red, green, blue


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_page_has_the_paper_that_was_asked_for(paper: str) -> None:
    look = Look(paper="letter") if paper == "letter" else USUAL
    with pikepdf.open(io.BytesIO(printed(look))) as document:
        assert {tuple(round(float(each)) for each in page.mediabox[2:]) for page in document.pages} == {PAPER[paper]}


@pytest.mark.parametrize("edition", ["patient", "clinician"])
def test_with_one_ink_there_is_no_colour_on_any_page(edition: Edition) -> None:
    assert len({each for each in colours(printed(USUAL, edition)) if len(set(each)) > 1}) > 5
    found = set(colours(printed(Look(ink="mono"), edition)))
    assert len(found) > 3
    assert {each for each in found if max(each) - min(each) > 0.001} == set()


@pytest.mark.parametrize("edition", ["patient", "clinician"])
def test_larger_letters_are_the_patients_alone(edition: Edition) -> None:
    """The first sheet in larger letters is looked at in test_front_page.py."""
    large, usual = (printed(look, edition, "html").decode() for look in (Look(font_size=22), USUAL))
    rule = "<style>.patient { font-size: 22pt }</style>\n"
    assert rule in large
    assert (large.replace(rule, "") == usual) is (edition == "clinician")
    assert f'<body class="{edition}">' in large


@pytest.mark.parametrize(
    ("colour", "wanted"),
    [("#ffffff", "#ffffff"), ("#fff", "#ffffff"), ("#000", "#000000"), ("rgb(128, 128, 128)", "#808080")],
)
def test_a_grey_is_as_light_as_its_colour(colour: str, wanted: str) -> None:
    assert grey(colour) == wanted
    assert grey("#ff0000") < grey("#00ff00")


def test_nobodys_own_words_are_taken_for_a_colour() -> None:
    page = '<p>fill=&#34;#ff0000&#34; color: #ff0000</p><rect fill="#ff0000"/>'
    assert Look(ink="mono").inked(page) == page.replace('fill="#ff0000"', f'fill="{grey("#ff0000")}"')
