"""Where the pages of every example end: no heading alone, no row of a table in two, no page left half empty."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from weasyprint.formatting_structure import boxes

from tests.render.examples import Printed

pytestmark = pytest.mark.xdist_group("printed examples")

HEADINGS = ("h1", "h2", "h3", "h4")
FULL = 0.6
"""How much of a page is filled at least, unless what follows has a page of its own."""


def within(box: Any) -> Iterator[Any]:
    yield box
    for each in getattr(box, "children", ()):
        yield from within(each)


def content(page: Any) -> list[Any]:
    """The boxes of a page, without those in its margins."""
    parts = (each for each in page._page_box.children if not isinstance(each, boxes.MarginBox))
    return [box for part in parts for box in within(part)]


def texts(found: list[Any]) -> list[Any]:
    return [each for each in found if isinstance(each, boxes.TextBox) and each.text.strip()]


def test_no_heading_stands_without_what_it_heads(paper: Printed) -> None:
    for page in paper.pages.pages:
        found = content(page)
        for heading in (each for each in found if isinstance(each, boxes.BlockBox) and each.element_tag in HEADINGS):
            own = {id(each) for each in within(heading)}
            after = heading.position_y + heading.margin_height() - 1
            beside = heading.position_x + heading.width
            follows = (
                each.position_y >= after or (each.position_x >= beside and each.position_y >= heading.position_y - 1)
                for each in texts(found)
                if id(each) not in own
            )
            assert any(follows), heading.element.text


def test_no_row_of_a_table_stands_on_two_pages(paper: Printed) -> None:
    seen: set[Any] = set()
    for page in paper.pages.pages:
        rows = {each.element for each in content(page) if isinstance(each, boxes.TableRowBox)}
        rows = {each for each in rows if each is not None and each.find("td") is not None}
        assert not rows & seen
        seen |= rows


def test_no_page_is_half_empty_unless_what_follows_has_a_page_of_its_own(paper: Printed) -> None:
    for page, following in pairwise(paper.pages.pages):
        box = page._page_box
        painted = (boxes.TextBox, boxes.ReplacedBox, boxes.TableCellBox)
        low = max(each.position_y + each.height for each in content(page) if isinstance(each, painted))
        filled = (low - box.content_box_y()) / box.height
        apart = any(
            each.element_tag == "section" and each.element.get("class") == "apart" for each in content(following)
        )
        assert apart or filled >= FULL
