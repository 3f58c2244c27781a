"""A written strength → the amounts in one unit, exactly; what cannot be read is None, never a guess."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Literal
from unicodedata import normalize

from attrs import frozen

LONGEST = 60
"""Characters a strength may have."""

_MASS = {
    "g": Fraction(1000), "gram": Fraction(1000), "grams": Fraction(1000),
    "mg": Fraction(1), "milligram": Fraction(1), "milligrams": Fraction(1),
    "mcg": Fraction(1, 1000), "microgram": Fraction(1, 1000), "micrograms": Fraction(1, 1000),
    "ug": Fraction(1, 1000), "μg": Fraction(1, 1000),
}  # fmt: skip
_HOURS = ("h", "hr", "hrs", "hour", "hours")
_MILLILITRES = ("ml", "mls", "millilitre", "millilitres", "milliliter", "milliliters")
_FORMS = (
    "tablet", "tablets", "tab", "tabs", "capsule", "capsules", "cap", "caps", "lozenge", "lozenges",
    "sachet", "sachets", "patch", "patches", "suppository", "suppositories",
    "ir", "mr", "sr", "er", "xr", "xl", "pr", "la", "cr", "ec",
)  # fmt: skip
"""What may follow a strength without changing it."""

_NUMBER = "[0-9]+(?:[.,][0-9]+)*"
_UNIT = "|".join(sorted(_MASS, key=len, reverse=True))
_PER = "|".join(sorted(_HOURS + _MILLILITRES, key=len, reverse=True))
_AMOUNT = rf"{_NUMBER} ?(?:{_UNIT})?"
_STRENGTH = re.compile(
    rf"(?P<amounts>{_AMOUNT}(?: ?/ ?{_AMOUNT})*)"
    rf"(?: ?(?:/|\bper\b) ?(?P<count>{_NUMBER})? ?(?P<per>{_PER}))?"
    rf"(?: (?:{'|'.join(_FORMS)}))*"
)
_NUMBERS: tuple[tuple[re.Pattern[str], dict[int, str | None]], ...] = (
    (re.compile(r"[0-9]+|0\.[0-9]+|[0-9]+\.(?![0-9]{2}0$)[0-9]+"), {}),
    (
        re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})*,[0-9]{2}0|[1-9][0-9]{0,2}(,[0-9]{3})+(,[0-9]{3}|\.[0-9]+)"),
        {ord(","): None},
    ),
    (re.compile(r"0,[0-9]+|[0-9]+,[0-9]{1,2}"), {ord(","): "."}),
)
"""How a number may be written, and what to read its marks as."""
_PIECE = re.compile(rf"({_NUMBER}) ?({_UNIT})?")


@frozen
class Strength:
    """Milligrams of each ingredient in the order written, in one unit, in one mL, or released in one hour."""

    milligrams: tuple[Fraction, ...]
    per: Literal["unit", "millilitre", "hour"] = "unit"


@lru_cache(maxsize=4096)
def read_strength(text: str) -> Strength | None:
    """The strength in ``10 mg``, ``30/500 mg``, ``25 mcg/h``, ``10 mg/5 mL``, ``1,000 mg``; None of any other text.

    An amount without a unit takes that of the next one. ``1,000`` and ``1,500`` are thousands and ``0,5`` is a half;
    ``1,125`` and ``1.000`` could be either and are not read. Nor are zero, percentages and international units.
    """
    folded = " ".join(normalize("NFC", text).casefold().split())
    found = _STRENGTH.fullmatch(folded) if len(folded) <= LONGEST else None
    if found is None:
        return None
    pieces = _PIECE.findall(found["amounts"])
    numbers = [read_number(number) for number, _ in pieces]
    count = read_number(found["count"]) if found["count"] else Fraction(1)
    unit, milligrams = "", list[Fraction]()
    for (_, own), number in zip(reversed(pieces), reversed(numbers), strict=True):
        unit = own or unit
        if not unit or not number:
            return None
        milligrams.append(number * _MASS[unit])
    return _per(tuple(reversed(milligrams)), count, found["per"])


def _per(milligrams: tuple[Fraction, ...], count: Fraction | None, per: str | None) -> Strength | None:
    if per is None:
        return Strength(milligrams)
    if not count:
        return None
    if per in _MILLILITRES:
        return Strength(tuple(each / count for each in milligrams), "millilitre")
    return Strength(tuple(each / count for each in milligrams), "hour")


def read_number(text: str) -> Fraction | None:
    """The number in ``2.5``, ``1,000``, ``1,000.5`` or ``0,5``; None where its mark could be either of two."""
    for pattern, marks in _NUMBERS:
        if pattern.fullmatch(text):
            return Fraction(text.translate(marks))
    return None
