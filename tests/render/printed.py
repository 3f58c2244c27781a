"""What stands in a PDF: the text of its pages, decoded by the fonts' own maps, and the fonts' names."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

_MAPPED = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>")


def pages(pdf: bytes) -> list[str]:
    """The text of every page, without the spaces between words."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return ["".join(letter for _, letter in _painted(page)) for page in document.pages]


def fonts(pdf: bytes) -> set[str]:
    """The names of the embedded fonts, without the tag of the subset."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(value["/FontName"]).lstrip("/").split("+")[-1]
            for value in document.objects
            if isinstance(value, pikepdf.Dictionary) and value.get("/Type") == "/FontDescriptor"
        }


def everything(pdf: bytes) -> str:
    """All strings and streams of the file, decompressed, and the text of its pages."""
    found = list(pages(pdf))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for value in document.objects:
            found.append(repr(value))
            if isinstance(value, pikepdf.Stream):
                found.append(value.read_bytes().decode("latin-1"))
    return "\n".join(found)


def letters(pdf: bytes) -> Iterator[tuple[str, str]]:
    """Every letter that is painted, behind the name of its font."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            yield from _painted(page)


def _painted(page: Any) -> Iterator[tuple[str, str]]:
    fonts = page.resources.get("/Font", {})
    maps = {name: _map(font) for name, font in fonts.items()}
    current: dict[int, str] = {}
    called = ""
    for each in pikepdf.parse_content_stream(page):
        operands, operator = each.operands, each.operator
        if str(operator) == "Tf":
            current = maps[str(operands[0])]
            called = str(fonts[str(operands[0])].BaseFont).split("+")[-1]
        elif str(operator) in ("Tj", "TJ"):
            strings = operands[0] if str(operator) == "TJ" else operands
            for part in strings:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    for start in range(0, len(raw), 2):
                        yield called, current.get(int.from_bytes(raw[start : start + 2], "big"), "")


def _map(font: Any) -> dict[int, str]:
    """From glyph ids to letters."""
    text = font["/ToUnicode"].read_bytes()
    return {
        int(glyph, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for glyph, letters in _MAPPED.findall(text)
    }
