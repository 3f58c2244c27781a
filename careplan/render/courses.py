"""A score over several visits → the course to draw: where its points lie, and which values are no clear change."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from attrs import frozen

from careplan.followup.trends import Trend

FEWEST = 2
"""Values that make a course."""


@frozen
class Spot:
    """One visit: ``along`` and ``up`` are in percent of the picture; ``up`` is None where there is no value."""

    on: date
    value: float | None
    along: float
    up: float | None


@frozen
class Course:
    """One score over time. ``unclear`` is the stretch around the first value that is no clear change, in percent.

    ``matters`` is how many points from the first value are a clear change; both are None where nobody knows.
    """

    title: str
    spots: tuple[Spot, ...]
    low: float
    high: float
    first: Spot
    last: Spot
    lower_is_better: bool
    matters: float | None = None
    unclear: tuple[float, float] | None = None
    unverified: bool = False


def course(trend: Trend) -> Course | None:
    """The course of a score; None where fewer than two visits have a number."""
    values = [_number(each.value) for each in trend.points]
    known = [each for each in values if each is not None]
    if len(known) < FEWEST:
        return None
    matters, unverified = _matters(trend, known[0])
    low = min(*known, known[0] - (matters or 0)) if trend.low is None else trend.low
    high = max(*known, known[0] + (matters or 0)) if trend.high is None else trend.high
    if high <= low:
        high = low + 1
    days = [each.on.toordinal() for each in trend.points]
    span = max(days[-1] - days[0], 1)

    def up(value: float) -> float:
        return 100 * min(max((value - low) / (high - low), 0), 1)

    spots = tuple(
        Spot(each.on, value, 100 * (day - days[0]) / span, None if value is None else up(value))
        for each, value, day in zip(trend.points, values, days, strict=True)
    )
    drawn = [each for each in spots if each.value is not None]
    return Course(
        title=trend.title,
        spots=spots,
        low=low,
        high=high,
        first=drawn[0],
        last=drawn[-1],
        lower_is_better=trend.direction == "higher_worse",
        matters=matters,
        unclear=None if matters is None else (up(known[0] - matters), up(known[0] + matters)),
        unverified=unverified,
    )


def _number(value: float | bool | str | None) -> float | None:
    return None if value is None or isinstance(value, bool | str) else float(value)


def _matters(trend: Trend, first: float) -> tuple[float | None, bool]:
    """The smallest change in points that decides, as in ``trends.compare``, and whether its source is not sure."""
    found: dict[str, list[Fraction]] = {"sourced": [], "unverified": []}
    for each in trend.important:
        size = Fraction(str(each.mcid))
        points = size if each.kind == "absolute" else size * abs(Fraction(str(first))) / 100
        if points:
            found[each.certainty].append(points)
    deciding = found["sourced"] or found["unverified"]
    return (float(min(deciding)), not found["sourced"]) if deciding else (None, False)
