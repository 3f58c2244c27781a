"""Every letter of a document is one that its font has, and numbers to copy have a zero that is no other letter."""

from __future__ import annotations

import pytest

from careplan.render.pdf import pdf
from tests.render.examples import Printed, printed
from tests.render.printed import letters

pytestmark = pytest.mark.xdist_group("printed examples")


def test_no_letter_is_missing(paper: Printed) -> None:
    """WeasyPrint warns of every letter that no font has."""
    assert paper.warnings == ()
    assert {font.split("-")[0] for font, _ in letters(paper.file)} == {"Atkinson", "DejaVu"}


def test_a_letter_that_no_font_has_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    pdf("<html lang=en><title>x</title><p>好")
    assert [each for each in caplog.messages if "unsupported by fonts" in each and "U+597D" in each]


def test_telephone_and_record_numbers_have_a_zero_without_a_slash() -> None:
    """The zeros of Atkinson Hyperlegible have one; numbers that people copy are set in DejaVu Sans."""
    unslashed = "".join(
        letter for font, letter in letters(printed(("fibromyalgia",), "patient").file) if "DejaVu" in font
    )
    for number in ("01632960001", "SAMPLE-0018", "4May1983", "08088088000"):
        assert number in unslashed.replace(" ", "")
