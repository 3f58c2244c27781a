"""Places to write on a page → form fields, each with a label of its own in the page's words.

A place to write is a line (``macros.blank``), and in the patient's edition also every empty cell of a table.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from html import unescape
from itertools import count

from attrs import frozen
from markupsafe import escape

from careplan.render.environment import excerpt, lower_first

LONGEST_PART = 70
"""Letters of a part of a label: a heading, a row, a column, a sentence."""

_GAP = "…"
"""Stands in a sentence for a line to write on."""
_LINE = re.compile(r'<span class="blank\b[^>]*>')
_OWN = re.compile(r'\sdata-label="([^"]*)"')
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[dh])\b([^>]*)>(.*?)</\1>", re.DOTALL)
_EMPTY = re.compile(r"(?:\s|<br>)*")
_HEADING = re.compile(r"<(h[1-6])\b[^>]*>(.*?)</\1>", re.DOTALL)
_BLOCK = re.compile(r"</?(?:h[1-6]|p|li|ul|ol|div|section|figure|table|tr|th|td|br)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def fillable(page: str, *, cells: bool) -> str:
    """The page with a field in every place to write; ``cells`` says whether empty cells are such places.

    Where the same words are said again, a number behind them tells the fields apart.
    """
    taken: set[str] = set()
    parts, last = [], 0
    for place in sorted(_places(page, cells=cells), key=lambda each: each.at):
        label = f'aria-label="{escape(unused(place.label, "{} ({})", taken))}"'
        parts += [page[last : place.at], f"<textarea {label}></textarea>" if place.is_cell else f"<input {label}>"]
        last = place.at
    return "".join([*parts, page[last:]])


@frozen
class _Place:
    """Where a field goes."""

    at: int
    label: str
    is_cell: bool


def _places(page: str, *, cells: bool) -> Iterator[_Place]:
    outline = _Outline(page)
    called = list(_called_cells(page, outline))
    for cell, label in called:
        if cells and cell[1] == "td" and _EMPTY.fullmatch(cell[3]):
            yield _Place(cell.start(3), label, is_cell=True)
    for line in _LINE.finditer(page):
        own = _OWN.search(line[0])
        of_cell = (label for cell, label in called if cell.start() < line.start() < cell.end())
        label = _plain(own[1]) if own else outline.sentence(line) or next(of_cell, "") or outline.item(line)
        yield _Place(line.end(), label, is_cell=False)


def unused(words: str, numbered: str, taken: set[str]) -> str:
    """The words, with a number where they have been taken; what comes out is taken from now on."""
    found = next(
        each
        for each in (words if number == 1 else numbered.format(words, number) for number in count(1))
        if each not in taken
    )
    taken.add(found)
    return found


def _called_cells(page: str, outline: _Outline) -> Iterator[tuple[re.Match[str], str]]:
    """Every cell below the head of its table, and what it is called: “My diary, Monday, pain”."""
    for table in _TABLE.finditer(page):
        rows = [list(_CELL.finditer(page, *row.span())) for row in _ROW.finditer(page, *table.span())]
        heads = [row for row in rows if all('scope="col"' in each[2] for each in row)]
        columns = [lower_first(_plain(each[3])) for row in heads[:1] for each in row]
        body = [row for row in rows if row not in heads]
        for number, row in enumerate(body, 1):
            name = next((_row_name(each) for each in row if each[1] == "th"), "")
            if columns and name.isdigit():
                name = f"{columns[0]} {name}"
            elif not name and len(body) > 1:
                name = f"row {number}"
            for place, cell in enumerate(row):
                column = columns[place] if place < len(columns) else ""
                yield cell, _joined(outline.heading(table.start()), name, column)


def _row_name(cell: re.Match[str]) -> str:
    own = _OWN.search(cell[2])
    return _plain(own[1] if own else cell[3])


class _Outline:
    """The headings of a page, and where its blocks begin and end."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.headings = [(each.end(), _plain(each[2])) for each in _HEADING.finditer(page)]
        self.bounds = [each.span() for each in _BLOCK.finditer(page)]

    def heading(self, at: int) -> str:
        """The last heading before a place."""
        passed = bisect(self.headings, at, key=lambda each: each[0])
        return self.headings[passed - 1][1] if passed else ""

    def sentence(self, line: re.Match[str]) -> str:
        """What the sentence around a line says; nothing where there is none."""
        bound = bisect(self.bounds, line.start(), key=lambda each: each[1])
        before = _SENTENCE_END.split(self._words(self.bounds[bound - 1][1], line.start()))[-1]
        after = _SENTENCE_END.split(self._words(line.end(), self.bounds[bound][0]))[0]
        asked = before.rpartition(_GAP)[2] if before.endswith(":") else f"{before} {_GAP} {after}"
        said = asked.strip(f" {_GAP}:.,")
        return _joined(self.heading(line.start()), lower_first(said)) if said else ""

    def item(self, line: re.Match[str]) -> str:
        """What the list is about that a line is in, and its number; elsewhere the heading."""
        at = line.start()
        begins = max(self.page.rfind(f"<{kind}", 0, at) for kind in ("ol", "ul"))
        if begins < max(self.page.rfind("<p", 0, at), 0):
            return self.heading(at)
        bound = bisect(self.bounds, begins, key=lambda each: each[1])
        lead = _SENTENCE_END.split(self._words(self.bounds[bound - 2][1], self.bounds[bound - 1][0]))[-1]
        number = f"line {len(_LINE.findall(self.page, begins, at)) + 1}"
        about = lower_first(lead.rstrip(":")) if lead.endswith(":") else ""
        return _joined(self.heading(at), about, number)

    def _words(self, start: int, end: int) -> str:
        return _plain(_LINE.sub(_GAP, self.page[start:end]))


def _plain(markup: str) -> str:
    """The words between the tags."""
    return " ".join(unescape(_TAG.sub("", markup)).split())


def _joined(*parts: str) -> str:
    return ", ".join(excerpt(each, LONGEST_PART) for each in parts if each)
