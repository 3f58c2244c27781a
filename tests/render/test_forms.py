"""Every place to write is a form field: named, labelled in the page's words, in its place, fit for what is typed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from pikepdf.form import ExtendedAppearanceStreamGenerator, Form

from careplan.plan.editions import Edition
from careplan.render.forms import fillable
from careplan.render.html import bare_html, html
from careplan.render.pdf import pdf
from careplan.testing import document_for
from tests.render.whole_documents import SIGNED, document_of, templates

FIBROMYALGIA = Path(__file__).parents[2] / "examples" / "fibromyalgia.yaml"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DIARY = ("pain", "mood", "sleep", "what I did", "medicines", "one good thing")
DOCUMENTS = ("fibromyalgia, patient", "swimmer, clinician")


@cache
def page(name: str) -> str:
    if name == "fibromyalgia, patient":
        return document_for(FIBROMYALGIA, sign_off=SIGNED)
    person, edition = name.split(", ")
    return bare_html(document_of(person, "clinician" if edition == "clinician" else "patient"), templates())


@cache
def printed(name: str) -> bytes:
    return pdf(page(name))


def opened(name: str) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(printed(name)))


def fields(document: pikepdf.Pdf) -> list[Any]:
    return list(document.Root.AcroForm.Fields)


def labels(text: str) -> list[str]:
    return re.findall(r'<(?:input|textarea) aria-label="([^"]+)">', text)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_has_a_name_a_label_and_an_appearance(name: str) -> None:
    with opened(name) as document:
        found = fields(document)
        assert len({str(each.T) for each in found}) == len({str(each.TU) for each in found}) == len(found)
        assert all(re.fullmatch(r"\w[\w-]*", str(each.T)) and str(each.TU).strip() for each in found)
        looks = [each.AP.N for each in found]
        assert all(look.Subtype == "/Form" and look.read_bytes() == b"/Tx BMC\nEMC" for look in looks)
        assert len({look.objgen for look in looks}) == len(found)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_lies_on_its_page_and_on_no_other_field(name: str) -> None:
    with opened(name) as document:
        for sheet in document.pages:
            widgets = [each for each in sheet.get("/Annots", []) if each.Subtype == "/Widget"]
            _, _, width, height = map(float, sheet.mediabox)
            boxes = [tuple(map(float, each.Rect)) for each in widgets]
            assert all(each.P.objgen == sheet.objgen for each in widgets)
            assert all(0 < left < right - 8 and right < width for left, _, right, _ in boxes)
            assert all(0 < bottom < top - 8 and top < height for _, bottom, _, top in boxes)
            assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_there_is_a_field_for_every_place_to_write(name: str) -> None:
    text = page(name)
    bare = re.sub(r"<(input|textarea) [^>]*>(</textarea>)?", "", text)
    lines = bare.count('<span class="blank')
    cells = len(re.findall(r"<td[^>]*>(?:<br>)*</td>", bare)) if 'class="patient"' in text else 0
    with opened(name) as document:
        assert lines
        assert len(fields(document)) == len(labels(text)) == lines + cells
        on_pages = [each.objgen for sheet in document.pages for each in sheet.get("/Annots", [])]
        assert {each.objgen for each in fields(document)} <= set(on_pages)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_is_read_where_it_stands(name: str) -> None:
    with opened(name) as document:
        form_elements = [each for each in elements(document.Root.StructTreeRoot.K) if each.S == "/Form"]
        owners = {only.Obj.objgen: each.objgen for each in form_elements for only in each.K if only.Type == "/OBJR"}
        assert set(owners) == {each.objgen for each in fields(document)}
        parents = list(document.Root.StructTreeRoot.ParentTree.Nums)
        by_number = {int(number): owner.objgen for number, owner in zip(parents[::2], parents[1::2], strict=True)}
        assert all(by_number[int(each.StructParent)] == owners[each.objgen] for each in fields(document))
        assert {str(sheet.Tabs) for sheet in document.pages} == {"/S"}


def elements(kids: Any) -> Iterator[Any]:
    for each in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(each, pikepdf.Dictionary) and "/S" in each:
            yield each
            yield from elements(each.get("/K", pikepdf.Array()))


def test_the_diary_has_a_field_for_every_day_and_column() -> None:
    with opened("fibromyalgia, patient") as document:
        found = [str(each.TU) for each in fields(document)]
    assert [each for each in found if each.startswith("My diary, ")] == [
        f"My diary, {day}, {column}" for day in DAYS for column in DIARY
    ]
    assert [each for each in found if each.startswith("My activity log, ")] == [
        f"My activity log, {day}, {column}" for day in DAYS for column in ("what I did", "minutes", "how it was")
    ]
    assert {f"{SIGNED.name}, {SIGNED.role}, date", "Alex Sample, date"} <= set(found)


def test_what_is_typed_survives_and_is_shown_in_the_fields_font() -> None:
    kept = io.BytesIO()
    with opened("swimmer, clinician") as document:
        filled: Any = Form(document, ExtendedAppearanceStreamGenerator)
        filled["date-time"].value = "Zoë, 9–10 °C, 3 × ½"
        document.save(kept)
    with pikepdf.open(kept) as document:
        values = {str(each.T): str(each.V) for each in fields(document)}
        (shown,) = (each.AP.N.read_bytes() for each in fields(document) if each.T == "date-time")
    assert values.pop("date-time") == "Zoë, 9–10 °C, 3 × ½"
    assert set(values.values()) == {""}
    assert b"/F " in shown
    assert "Zoë, 9–10 °C, 3 × ½".encode("cp1252").hex().encode() in shown


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_font_of_the_fields_is_whole_and_inside_the_file(name: str) -> None:
    """As an archive (ISO 19005-3) and readers ask: no letter is left to the reader's own fonts, nor any appearance."""
    with opened(name) as document:
        form = document.Root.AcroForm
        font = form.DR.Font.F
        letters = TTFont(io.BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
        assert "/NeedAppearances" not in form
        assert "/XFA" not in form
        assert {re.sub(r"[\d.]+ Tf", "Tf", str(each.DA)) for each in fields(document)} == {"/F Tf 0 g"}
        assert "+" not in str(font.BaseFont)
        assert font.BaseFont == font.FontDescriptor.FontName
        widths = dict(zip(range(int(font.FirstChar), int(font.LastChar) + 1), map(int, font.Widths), strict=True))
    known = letters.getBestCmap()
    for letter in "Aazé€ŠŸ“½":
        assert widths[letter.encode("cp1252")[0]] == round(letters["hmtx"][known[ord(letter)]][0])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_typed_can_be_read(name: str) -> None:
    with opened(name) as document:
        sizes = {float(str(each.DA).split()[1]) for each in fields(document)}
    assert min(sizes) >= (10 if name.endswith("patient") else 8)
    assert max(sizes) <= 12


def test_a_high_cell_takes_several_lines_and_a_low_one_a_single_line() -> None:
    several = 1 << 12
    with opened("fibromyalgia, patient") as document:
        flags = {str(each.TU): int(each.Ff) & several for each in fields(document)}
    assert flags["Garden for 30 minutes, twice a week, how often"]
    assert flags["My thoughts this week, row 1, A balanced thought"]
    assert not flags["My diary, Monday, pain"]
    assert not flags["Amber: a flare-up comes, I call if"]


def test_a_label_says_nothing_that_does_not_stand_on_the_page() -> None:
    text = page("fibromyalgia, patient")
    seen = re.sub(r"<(?:input|textarea) [^>]*>", "", text).lower()
    words = {word for label in labels(text) for word in re.findall(r"[^\W\d_]+", label.lower())}
    assert {word for word in words if word not in seen} <= {"row", "line"}


def test_equal_pages_give_equal_bytes() -> None:
    text = '<html lang=en><title>x</title><p>Name: <span class="blank"><span></span></span></p>'
    first, second = (pdf(fillable(text, cells=True)) for _ in range(2))
    assert first == second
    assert b"AcroForm" in first or b"ObjStm" in first


@pytest.mark.parametrize("edition", ["patient", "clinician"])
def test_on_a_web_page_every_field_has_a_label_and_no_id_stands_twice(edition: Edition) -> None:
    text = html(document_of("churchgoer", edition, signed=SIGNED), templates())
    assert len(labels(text)) == len(re.findall(r"<(?:input|textarea|select|button)\b", text)) > 0
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(set(ids)) == len(ids)


LINE = '<span class="blank"><span></span></span>'
HEADS = '<th scope="col">Week</th><th scope="col">With whom</th>'


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (f"<p>Who helps me: {LINE}</p>", ["Help, who helps me"]),
        (f"<p>We start. Now I have {LINE} cups a day. More.</p>", ["Help, now I have … cups a day"]),
        (f"<p>First: {LINE} When: {LINE}</p>", ["Help, first", "Help, when"]),
        (f"<p>{LINE}</p>", ["Help"]),
        (f"<p>I look for:</p><ul><li>sleep</li><li>{LINE}</li></ul>", ["Help, I look for, line 1"]),
        (f"<ol><li>{LINE}</li><li>{LINE}</li></ol>", ["Help, line 1", "Help, line 2"]),
        (f"<p>Who: {LINE}</p><p>Who: {LINE}</p>", ["Help, who", "Help, who (2)"]),
        ('<p><span class="blank sign" data-label="Ann, date"><span>Ann, date</span></span></p>', ["Ann, date"]),
        ('<table><tr><th scope="row">GP</th><td></td></tr></table>', ["Help, GP"]),
        ("<table><tr><td></td></tr><tr><td>x</td></tr></table>", ["Help, row 1"]),
        (f'<table><tr>{HEADS}</tr><tr><th scope="row">2</th><td><br></td></tr></table>', ["Help, week 2, with whom"]),
        (f"<table><tr>{HEADS}</tr><tr><td>{LINE}</td><td>x</td></tr></table>", ["Help, week"]),
    ],
)
def test_a_field_is_called_what_the_page_says_around_it(content: str, wanted: list[str]) -> None:
    assert labels(fillable(f"<body><h2>Help</h2>{content}", cells=True)) == wanted


def test_in_the_clinicians_edition_an_empty_cell_is_no_place_to_write() -> None:
    text = f"<h2>Scores</h2><p>{LINE}</p><table><tr><td></td></tr></table>"
    assert labels(fillable(text, cells=False)) == ["Scores"]


def test_what_people_wrote_stays_text_in_a_label() -> None:
    text = '<h2>&#34;&gt;&lt;b&gt; "a" &amp; b</h2><table><tr><td></td></tr></table>'
    made = fillable(text, cells=True)
    assert 'aria-label="&#34;&gt;&lt;b&gt; &#34;a&#34; &amp; b"' in made
    assert made.count("<b>") == 0
    assert re.sub(r"<textarea [^>]*></textarea>", "", made) == text


def test_a_long_heading_makes_a_label_that_can_still_be_heard() -> None:
    (label,) = labels(fillable(f"<h2>{'word ' * 900}</h2><table><tr><td></td></tr></table>", cells=True))
    assert len(label) < 80


def test_a_page_without_a_place_to_write_has_no_form() -> None:
    text = "<html lang=en><title>x</title><body><table><tr><td>full</td></tr></table>"
    assert fillable(text, cells=True) == text
    with pikepdf.open(io.BytesIO(pdf(text))) as document:
        assert "/AcroForm" not in document.Root
