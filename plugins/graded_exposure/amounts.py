"""Amounts of time: how a part of some minutes is told, and how it rises week by week."""

from __future__ import annotations

import re
from fractions import Fraction

STEP = Fraction(1, 10)
"""What is added each week (ACT-03: a tenth, a convention)."""
DAY = 24 * 60 * 60
"""Seconds above which no amount rises."""
GRAINS = ((1200, 60), (300, 30), (150, 15), (50, 5))
"""From how many seconds on an amount is told to how many: never more than a tenth of it, so that no step is more."""
DURATION = re.compile(
    r"(?P<range>[\d.,]+\s*(?:-|\u2013|to|or)\s*)?(?<![\d.,])(?P<number>\d+(?:\.\d+)?)[\s-]*"
    r"(?P<unit>min(?:ute)?s?|h(?:ou)?rs?|h)\b",
    re.IGNORECASE,
)


def timed(seconds: Fraction | int) -> int | None:
    """Seconds rounded down to what a kitchen timer can be set to; None for what is too short to time."""
    return next((int(seconds // grain * grain) for least, grain in GRAINS if seconds >= least), None)


def amount(seconds: int | None) -> dict[str, int] | None:
    """An amount of time in minutes and seconds."""
    return None if seconds is None else {"minutes": seconds // 60, "seconds": seconds % 60}


def climb(start: int, top: int, weeks: int) -> list[int]:
    """Seconds week by week: never more than a tenth on top of the week before, and never above ``top``.

    ``start`` is an amount that can be timed; the list ends early at the top.
    """
    found = [min(start, top)]
    while len(found) < weeks and found[-1] < top:
        found.append(min(timed(found[-1] * (1 + STEP)) or top, top))
    return found


def minutes_in(text: str) -> float | None:
    """The minutes a text names; None unless it names exactly one length of time, and that is no range."""
    found = list(DURATION.finditer(text))
    if len(found) != 1 or found[0]["range"]:
        return None
    minutes = float(found[0]["number"]) * (60 if found[0]["unit"].lower().startswith("h") else 1)
    return minutes if 0 < minutes * 60 <= DAY else None
