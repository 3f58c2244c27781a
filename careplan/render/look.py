"""How a document is set: its paper, the size of the patient's letters, its ink."""

from __future__ import annotations

import re
from typing import Literal, get_args

from attrs import frozen

Paper = Literal["a4", "letter"]
FontSize = Literal[14, 18, 22]
Ink = Literal["colour", "mono"]

PAPERS: tuple[Paper, ...] = get_args(Paper)
FONT_SIZES: tuple[FontSize, ...] = get_args(FontSize)
"""Points of the patient's edition; the clinician's has a size of its own."""
INKS: tuple[Ink, ...] = get_args(Ink)

POINTS = 0.75
"""Points of a pixel of CSS."""

_COLOUR = r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|rgb\([0-9, ]+\)"
_PICTURED = re.compile(rf'\b(fill|stroke)="({_COLOUR})"')
"""A colour in a picture. Nobody's own words match: in text every quotation mark is escaped."""


@frozen
class Look:
    """The paper, the points of the patient's letters, and whether there is colour."""

    paper: Paper = "a4"
    font_size: FontSize = 14
    ink: Ink = "colour"

    @property
    def style(self) -> str:
        """What the style of every document does not say yet."""
        rules = [f"@page {{ size: {self.paper} }}"] if self.paper != PAPERS[0] else []
        rules += [f".patient {{ font-size: {self.font_size}pt }}"] if self.font_size != FONT_SIZES[0] else []
        return "\n".join(rules)

    def inked(self, html: str) -> str:
        """The page with its pictures in this ink."""
        if self.ink == "colour":
            return html
        return _PICTURED.sub(lambda found: f'{found[1]}="{grey(found[2])}"', html)


def inked_style(style: str, ink: Ink) -> str:
    """A style sheet in an ink: without colour each is as grey as it is dark."""
    return style if ink == "colour" else re.sub(_COLOUR, lambda found: grey(found[0]), style)


USUAL = Look()
"""A4, the size that everybody can read, in colour."""


DARKEST_LINEAR, DARKEST_ENCODED, SLOPE = 0.0031308, 0.04045, 12.92
"""Below these the curve of sRGB is a line (IEC 61966-2-1)."""


def grey(colour: str) -> str:
    """The grey as light as a colour (``#1d5f9e``, ``#fff``, ``rgb(29, 95, 158)``): its relative luminance, WCAG 2.2."""
    if colour.startswith("rgb"):
        parts = [int(each) for each in re.findall(r"[0-9]+", colour)]
    else:
        digits = colour[1:] if len(colour) > len("#fff") else "".join(2 * each for each in colour[1:])
        parts = [int(digits[place : place + 2], 16) for place in (0, 2, 4)]
    red, green, blue = (_linear(each / 255) for each in parts)
    return f"#{3 * f'{round(255 * _encoded(0.2126 * red + 0.7152 * green + 0.0722 * blue)):02x}'}"


def _linear(part: float) -> float:
    return part / SLOPE if part <= DARKEST_ENCODED else ((part + 0.055) / 1.055) ** 2.4


def _encoded(light: float) -> float:
    return SLOPE * light if light <= DARKEST_LINEAR else 1.055 * light ** (1 / 2.4) - 0.055
