"""The whole patient's copy of every example is as plain as the texts of the rules in it."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from careplan.plan.model import SignOff
from careplan.rules.checks.jargon import jargon, jargon_in
from careplan.rules.checks.readability import GOAL, MOST_WORDS, reading_grade, sentences, words
from careplan.testing import document_for

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
CASES = [pytest.param(each, id=each.stem) for each in sorted(EXAMPLES.rglob("*.yaml"))]
SIGNED = SignOff("Ada Bell", "pain nurse")
INLINE = {"a", "abbr", "b", "bdi", "code", "em", "i", "small", "span", "strong", "sub", "sup", "tspan"}
VOID = {
    "br",
    "circle",
    "col",
    "ellipse",
    "hr",
    "img",
    "input",
    "line",
    "link",
    "meta",
    "path",
    "polygon",
    "rect",
    "use",
}
UNREAD = {"head", "script", "style"}
PROSE = {"p", "li", "figcaption", "dd"}


class _Blocks(HTMLParser):
    """The texts of a page, each with the name of the element it stands in; a label such as "Why:" is one of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.said = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag not in INLINE:
            self.close_block()
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE or self.said.rstrip().endswith(":"):
            self.close_block()
        while tag in self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not UNREAD & set(self.open):
            self.said += data

    def close_block(self) -> None:
        block = next((each for each in reversed(self.open) if each not in INLINE), "")
        if text := " ".join(self.said.split()):
            self.found.append((block, text))
        self.said = ""


@cache
def blocks(case: Path) -> tuple[tuple[str, str], ...]:
    page = _Blocks()
    page.feed(document_for(case, "patient", sign_off=SIGNED))
    page.close()
    return tuple(page.found)


def prose(case: Path) -> list[str]:
    """What is written in sentences; a line of a list without a full stop, such as a medicine's dose, is none."""
    return [text for block, text in blocks(case) if block in PROSE and text[-1] in ".!?"]


@pytest.mark.parametrize("case", CASES)
def test_no_sentence_of_a_patient_s_copy_is_long(case: Path) -> None:
    assert [each for text in prose(case) for each in sentences(text) if len(words(each)) > MOST_WORDS] == []


@pytest.mark.parametrize("case", CASES)
def test_a_patient_s_copy_asks_for_six_years_of_school_at_most(case: Path) -> None:
    everything = [text if text[-1] in ".!?" else f"{text}." for block, text in blocks(case) if block in PROSE]
    assert reading_grade(" ".join(everything)) <= GOAL


@pytest.mark.parametrize("case", CASES)
def test_a_patient_s_copy_is_free_of_jargon(case: Path) -> None:
    found = [(word, text) for _, text in blocks(case) for _, word, _ in jargon_in(text, jargon())]
    assert found == []


def test_a_page_is_cut_into_what_stands_together() -> None:
    page = _Blocks()
    page.feed("<style>a</style><p><strong>Why:</strong> it <b>helps</b> you.</p><ul><li>One<br>two</ul>rest")
    page.close_block()
    assert page.found == [("p", "Why:"), ("p", "it helps you."), ("li", "One"), ("li", "two"), ("", "rest")]
