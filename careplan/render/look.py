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

_PICTURED = re.compile(r'\b(fill|stroke)="(#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|rgb\([0-9, ]+\))"')
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
        rules = []
        if self.paper != "a4":
            rules.append(f"@page {{ size: {self.paper} }}")
        if self.font_size != FONT_SIZES[0]:
            rules.append(f".patient {{ font-size: {self.font_size}pt }}")
        if self.ink == "mono":
            rules.append(f"@page {{ @bottom-right {{ color: {grey('#3b4754')} }} }}")
        return "\n".join(rules)

    def inked(self, html: str) -> str:
        """The page with its pictures in this ink."""
        if self.ink == "colour":
            return html
        return _PICTURED.sub(lambda found: f'{found[1]}="{grey(found[2])}"', html)


USUAL = Look()
"""A4, the size that everybody can read, in colour."""


def grey(colour: str) -> str:
    """The grey as light as a colour (``#1d5f9e``, ``#fff``, ``rgb(29, 95, 158)``): its relative luminance, WCAG 2.2."""
    if colour.startswith("rgb"):
        parts = [int(each) for each in re.findall(r"[0-9]+", colour)]
    else:
        digits = colour[1:] if len(colour) > len("#fff") else "".join(2 * each for each in colour[1:])
        parts = [int(digits[place : place + 2], 16) for place in (0, 2, 4)]
    red, green, blue = (_linear(each / 255) for each in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    level = 12.92 * luminance if luminance <= 0.0031308 else 1.055 * luminance ** (1 / 2.4) - 0.055  # noqa: PLR2004 - sRGB
    return f"#{3 * f'{round(level * 255):02x}'}"


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
