"""Every example's file holds what PDF/A-3a and PDF/UA-1 ask for, as far as a program can see it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pdfua
import pikepdf
import pytest
from attrs import field, frozen

from careplan.render.look import POINTS
from tests.render.examples import Printed
from tests.render.test_page_breaks import within

PDFA, PDFUA = "{http://www.aiim.org/pdfa/ns/id/}", "{http://www.aiim.org/pdfua/ns/id/}"
RDF, DC = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://purl.org/dc/elements/1.1/}"
STANDARD = {
    "Document", "Part", "Sect", "Div", "NonStruct", "Caption", "P", "H1", "H2", "H3", "H4", "L", "LI", "Lbl", "LBody",
    "Table", "THead", "TBody", "TFoot", "TR", "TH", "TD", "Span", "Link", "Form", "Figure",
}  # fmt: skip
pytestmark = pytest.mark.xdist_group("printed examples")


@frozen(eq=False)
class Element:
    """An element of the structure of a file."""

    raw: Any
    kids: tuple[Element | Any, ...] = field()

    @property
    def kind(self) -> str:
        return str(self.raw.S)[1:]

    @property
    def annotations(self) -> set[tuple[int, int]]:
        """The links and fields that stand in this element."""
        below = (each for each in self.kids if isinstance(each, pikepdf.Dictionary))
        return {each.Obj.objgen for each in below if each.get("/Type") == "/OBJR"}

    @property
    def elements(self) -> Iterator[Element]:
        """This element and all below it, in the order of reading."""
        yield self
        for each in self.kids:
            if isinstance(each, Element):
                yield from each.elements


def element(raw: Any) -> Element:
    kids = raw.get("/K", [])
    below = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    structured = (isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/StructElem" for each in below)
    return Element(
        raw, tuple(element(each) if is_one else each for each, is_one in zip(below, structured, strict=True))
    )


@pytest.fixture
def file(paper: Printed) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(paper.file)) as opened:
        yield opened


@pytest.fixture
def structure(file: pikepdf.Pdf) -> list[Element]:
    return list(element(file.Root.StructTreeRoot.K[0]).elements)


def test_a_file_says_what_it_conforms_to_in_what_language_and_its_title(file: pikepdf.Pdf, paper: Printed) -> None:
    metadata = ET.fromstring(file.Root.Metadata.read_bytes())  # noqa: S314 - what we have just written
    (described,) = metadata.findall(f"{RDF}RDF")
    attributes = {name: value for each in described for name, value in each.attrib.items()}
    assert (attributes[f"{PDFA}part"], attributes[f"{PDFA}conformance"]) == ("3", "A")
    assert [each.text for each in metadata.iter(f"{PDFUA}part")] == ["1"]
    assert "PDF/UA identification schema" in "".join(metadata.itertext())
    (title,) = metadata.iter(f"{DC}title")
    assert "".join(title.itertext()) == file.docinfo["/Title"] == paper.document.title
    assert file.Root.Lang == "en-GB"
    assert file.Root.MarkInfo.Marked
    assert file.Root.ViewerPreferences.DisplayDocTitle


def test_colours_are_defined_and_nothing_is_locked_or_runs(file: pikepdf.Pdf) -> None:
    (intent,) = file.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    assert len(intent.DestOutputProfile.read_bytes()) > 100
    assert not file.is_encrypted
    assert not {"/OpenAction", "/AA"} & set(file.Root.keys())
    assert not any(
        each.get("/S") in ("/JavaScript", "/Launch", "/URI", "/SubmitForm")
        for each in file.objects
        if isinstance(each, pikepdf.Dictionary)
    )


def test_only_standard_elements_and_headings_that_skip_no_level(structure: list[Element]) -> None:
    assert {each.kind for each in structure} <= STANDARD
    levels = [int(each.kind[1]) for each in structure if re.fullmatch("H[1-6]", each.kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(following <= level + 1 for level, following in pairwise(levels))


def test_no_heading_is_empty(structure: list[Element]) -> None:
    headings = [each for each in structure if re.fullmatch("H[1-6]", each.kind)]
    assert all(any(isinstance(kid, int) for part in each.elements for kid in part.kids) for each in headings)


def test_every_header_of_a_table_says_what_it_heads_and_every_cell_knows_its_headers(structure: list[Element]) -> None:
    tables = [each for each in structure if each.kind == "Table"]
    for table in tables:
        inside = list(table.elements)
        headers = [each for each in inside if each.kind == "TH"]
        known = {str(each.raw.ID) for each in headers}
        assert all(each.raw.A.Scope in ("/Row", "/Column") for each in headers)
        heads = {id(each) for head in inside if head.kind == "THead" for each in head.elements}
        assert all((each.raw.A.Scope == "/Column") == (id(each) in heads) for each in headers)
        cells = [each for each in inside if each.kind == "TD"]
        assert all({str(name) for name in each.raw.A.Headers} <= known for each in cells)
        assert all(len(each.raw.A.Headers) > 0 for each in cells)


def test_every_picture_has_words_and_a_place(paper: Printed, structure: list[Element]) -> None:
    pictures = [each.raw for each in structure if each.kind == "Figure"]
    assert all(len(str(each.Alt)) > 20 for each in pictures)
    placed = [
        (round(box.content_box_x() * POINTS), round((page.height - box.content_box_y() - box.height) * POINTS))
        for page in paper.pages.pages
        for box in within(page._page_box)
        if box.element_tag == "{http://www.w3.org/2000/svg}svg"
    ]
    assert [(round(float(each.A.BBox[0])), round(float(each.A.BBox[1]))) for each in pictures] == placed
    assert all(each.A.BBox[0] < each.A.BBox[2] and each.A.BBox[1] < each.A.BBox[3] for each in pictures)


def test_every_list_is_one_of_items(structure: list[Element]) -> None:
    for each in structure:
        if each.kind == "L":
            assert {kid.kind for kid in each.kids if isinstance(kid, Element)} <= {"LI", "Caption", "L"}


def test_every_link_says_its_words_and_stands_in_the_structure(
    paper: Printed, file: pikepdf.Pdf, structure: list[Element]
) -> None:
    words = {" ".join("".join(box.element.itertext()).split()) for page in paper.pages.pages for *_, box in page.links}
    referred = {objgen for each in structure for objgen in each.annotations}
    for page in file.pages:
        annotations = list(page.get("/Annots", []))
        assert not annotations or page.Tabs == "/S"
        for each in annotations:
            assert each.objgen in referred
            assert str(each.TU) if each.Subtype == "/Widget" else str(each.Contents) in words


def test_all_that_is_painted_is_in_the_structure_or_an_artifact(file: pikepdf.Pdf, structure: list[Element]) -> None:
    within = {(each.raw.Pg.objgen, kid) for each in structure for kid in each.kids if isinstance(kid, int)}
    for page in file.pages:
        marks: list[tuple[str, int | None]] = []
        for each in pikepdf.parse_content_stream(page):
            operator = str(each.operator)
            if operator in ("BDC", "BMC"):
                marked = each.operands[1].get("/MCID") if operator == "BDC" else None
                marks.append((str(each.operands[0]), None if marked is None else int(marked)))
                if marked is not None:
                    assert (page.obj.objgen, int(marked)) in within
            elif operator == "EMC":
                marks.pop()
            elif operator in ("Tj", "TJ", "f", "F", "f*", "S", "s", "B", "Do"):
                assert marks, f"{operator} is painted outside of the structure"
                assert marks[0][1] is not None or marks[0][0] == "/Artifact"


def test_a_file_of_several_pages_has_bookmarks_for_its_headings(
    paper: Printed, file: pikepdf.Pdf, structure: list[Element]
) -> None:
    if paper.document.withheld:
        assert len(file.pages) == 1
        return
    with file.open_outline() as outline:
        titles = list(_titles(outline.root))
    assert len(titles) == sum(bool(re.fullmatch("H[1-6]", each.kind)) for each in structure)


def _titles(items: list[Any]) -> Iterator[str]:
    for each in items:
        yield each.title
        yield from _titles(each.children)


def test_every_font_is_inside_the_file(file: pikepdf.Pdf) -> None:
    described = [each for each in file.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each]
    assert len(described) >= 2
    assert all("/FontFile2" in each or "/FontFile3" in each for each in described)


def test_an_independent_checker_of_pdf_ua_finds_nothing(paper: Printed, tmp_path: Path) -> None:
    """It decides 16 of the 106 checks of PDF/UA-1 that a program can make; the rest is above, or for people to see."""
    file = tmp_path / "plan.pdf"
    file.write_bytes(paper.file)
    outcomes = pdfua.validate(str(file)).outcomes
    assert len(outcomes) == len(list(pdfua.default_registry()))
    assert [each for each in outcomes if each.findings] == []
    # It fails on content that is an array; that no heading is empty is tested above.
    assert {each.rule_id for each in outcomes if each.skipped_reason} <= {"UA-14-001"}


def test_the_checker_of_pdf_ua_sees_a_file_that_is_not_tagged(paper: Printed, tmp_path: Path) -> None:
    file = tmp_path / "plan.pdf"
    with pikepdf.open(io.BytesIO(paper.file)) as opened:
        opened.Root.MarkInfo.Marked = False
        opened.save(file)
    assert [each.severity for each in pdfua.validate(str(file)).findings][:1] == [pdfua.Severity.ERROR]
