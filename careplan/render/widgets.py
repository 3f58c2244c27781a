"""The form fields of a PDF, made fit for an archive: each with its label, an appearance, a font to write in.

WeasyPrint places the fields and puts them into the structure of the document. How they look it leaves to the reader,
which an archive forbids (ISO 19005-3, 6.4), and it names a font in which readers cannot write.
"""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

import pydyf

from careplan.render.forms import unused
from careplan.render.html import font
from careplan.render.look import POINTS

FONT = "AtkinsonHyperlegible-Regular.ttf"
"""The bundled font that the style gives to fields."""
MULTILINE = 1 << 12
"""The flag of a text field of several lines (ISO 32000-1, table 228)."""
INSET = 1.5
"""Points between the lines of a table's cell and its field."""
LINES = 2.2
"""A field this many times as high as its letters has room for a second line."""
FIRST, WINDOWS = 32, "cp1252"
"""The first letter that can be typed, and Python's name of the encoding of all of them, WinAnsiEncoding."""
NONSYMBOLIC = 1 << 5
"""The flag of a font whose letters the encoding names (ISO 32000-1, table 123)."""
WITHOUT_TABLES = {"h1", "h2", "h3", "h4", "p", "th", "td", "svg"}
"""Elements in which no table can be, not searched for one."""


def complete_fields(document: Any, pdf: Any) -> None:
    """Complete the text fields of a document that WeasyPrint is about to write (its ``finisher``)."""
    letters = next((each for each in document.fonts.values() if each.used_in_forms), None)
    if letters is None:
        return
    resources = pydyf.Dictionary({"Font": pydyf.Dictionary({"F": _font(letters, pdf).reference})})
    pdf.add_object(resources)
    names: set[str] = set()
    for page in document.pages:
        cells = _cells(page)
        for box, _ in (field for form in page.forms.values() for field in form):
            widget, label = box.widget_annotation, box.element.get("aria-label")
            if widget["FT"] != "/Tx":
                continue
            left, bottom, right, top = _rectangle(widget, cells.get(box.element), page)
            size = round(box.style["font_size"] * POINTS, 2)
            appearance = pydyf.Stream(
                [b"/Tx BMC", b"EMC"],
                {
                    "Type": "/XObject",
                    "Subtype": "/Form",
                    "BBox": pydyf.Array([0, 0, round(right - left, 2), round(top - bottom, 2)]),
                    "Resources": resources.reference,
                },
            )
            pdf.add_object(appearance)
            widget["Rect"] = pydyf.Array([left, bottom, right, top])
            if label:  # a plugin's own field keeps its own name
                widget["T"] = pydyf.String(unused(_name(label), "{}-{}", names))
                widget["TU"] = pydyf.String(label.replace("\N{NO-BREAK SPACE}", " "))
            widget["DA"] = pydyf.String(f"/F {size} Tf 0 g")
            widget["Ff"] = MULTILINE if top - bottom > LINES * size else 0
            widget["AP"] = pydyf.Dictionary({"N": appearance.reference})
    form = pdf.catalog["AcroForm"]
    del form["NeedAppearances"]
    form["DR"] = resources.reference


def _cells(page: Any) -> dict[Any, Any]:
    """The boxes of the cells that are fields as a whole, by the element of their field."""
    found: dict[Any, Any] = {}
    boxes = [page._page_box]  # noqa: SLF001 - nowhere else does WeasyPrint say how high a row has become
    while boxes:
        for box in boxes.pop().children:
            if box.element_tag == "td" and len(box.element):
                found[box.element[0]] = box
            elif box.element_tag not in WITHOUT_TABLES:
                boxes.append(box)
    return found


def _name(label: str) -> str:
    """The label as a name can be, without a full stop, which would part it into names of names."""
    return re.sub(r"\W+", "-", label.lower()).strip("-") or "field"


def _rectangle(widget: Any, cell: Any, page: Any) -> tuple[float, ...]:
    """Left, bottom, right and top of a field in points: all of its cell, or where its line is."""
    if cell is None:
        left, top, right, bottom = widget["Rect"]
    else:
        x, y, width, height = cell.hit_area()
        left, right = x * POINTS + INSET, (x + width) * POINTS - INSET
        top, bottom = (page.height - y) * POINTS - INSET, (page.height - y - height) * POINTS + INSET
    return tuple(round(each, 2) for each in (left, bottom, right, top))


def _font(whole: Any, pdf: Any) -> Any:
    """The font of the fields as readers can write in it: a letter, a byte. Its file is in the document already."""
    descriptor = next(
        each for each in pdf.objects if isinstance(each, pydyf.Dictionary) and each.get("FontName") == whole.name
    )
    name = b"/" + whole.name.partition(b"+")[2]  # the tag before it says that letters are missing; here none is
    simple = pydyf.Dictionary({**descriptor, "FontName": name, "Flags": NONSYMBOLIC})
    pdf.add_object(simple)
    widths = _widths()
    made = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/TrueType",
            "BaseFont": name,
            "Encoding": "/WinAnsiEncoding",
            "FirstChar": FIRST,
            "LastChar": FIRST + len(widths) - 1,
            "Widths": pydyf.Array(widths),
            "FontDescriptor": simple.reference,
        }
    )
    pdf.add_object(made)
    return made


@cache
def _widths() -> tuple[int, ...]:
    """How wide each letter of the encoding is, in thousandths of the letters' size."""
    from fontTools.ttLib import TTFont

    read = TTFont(io.BytesIO(font(FONT)))
    names, widths, unit = read.getBestCmap(), read["hmtx"], read["head"].unitsPerEm
    letters = (bytes([each]).decode(WINDOWS, "replace") for each in range(FIRST, 256))
    return tuple(round(widths[names.get(ord(each), ".notdef")][0] * 1000 / unit) for each in letters)
