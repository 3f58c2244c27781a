"""The scores of one person over time, each change judged against the smallest that matters to people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import frozen

from careplan.followup.visit import Visit
from careplan.followup.words import VERDICTS
from careplan.instruments import Instrument, Scored
from careplan.instruments.model import Certainty, Change, Direction, Score

Verdict = Literal["improved", "worse", "no_clear_change", "cannot_tell"]
Value = int | float | bool | str


@frozen
class Point:
    """A score on one day; ``value`` is None where it could not be had.

    ``answered`` is None for a score that was given and not scored here, and where nothing was asked. ``band`` is what
    the value is called.
    """

    on: date
    value: Value | None = None
    band: str | None = None
    answered: int | None = None
    of: int | None = None
    prorated: bool = False


@frozen
class Judged:
    """A change held against one important difference. ``gain`` is positive for the better, in its points or percent,
    None where it cannot be computed; ``verdict`` is what this difference alone would say."""

    important: Change
    gain: float | None
    verdict: Verdict


@frozen
class Comparison:
    """One score on two days: ``change`` is new minus old, ``percent`` of the old; None where there is no number.

    ``verdict`` rests on the important differences of sure source, and on unverified ones where there is no other:
    then ``certainty`` says so. ``reason`` says why nothing can be told.
    """

    old: Point
    new: Point
    verdict: Verdict
    change: float | None = None
    percent: float | None = None
    judged: tuple[Judged, ...] = ()
    certainty: Certainty = "sourced"
    reason: str | None = None

    @property
    def said(self) -> str:
        """The verdict in words."""
        return VERDICTS[self.verdict]

    @property
    def prorated(self) -> bool:
        """Whether one of the two values was made up from fewer answers than were asked."""
        return self.old.prorated or self.new.prorated


@frozen
class Trend:
    """One score at every visit, in the order of time: what a chart of it needs.

    ``important`` are the smallest changes that matter, ``direction`` says which way is worse, ``certainty`` is that of
    the scoring. ``taken_from`` names the longer instrument whose answers it was always taken from.
    """

    fact: str
    instrument: str
    title: str
    points: tuple[Point, ...]
    direction: Direction
    important: tuple[Change, ...] = ()
    low: float | None = None
    high: float | None = None
    certainty: Certainty = "sourced"
    taken_from: str | None = None

    def since(self, visit: int) -> Comparison:
        """The last value compared with that of a visit, counted from 0."""
        return compare(self.points[visit], self.points[-1], self.important, self.direction)

    @property
    def since_last(self) -> Comparison:
        """The last value compared with that of the visit before."""
        return self.since(-2)

    @property
    def since_first(self) -> Comparison:
        """The last value compared with the first there is."""
        known = [number for number, each in enumerate(self.points[:-1]) if each.value is not None]
        return self.since(known[0] if known else 0)

    @property
    def worse(self) -> bool:
        """Whether it got worse by more than matters, since the last visit or over all."""
        return "worse" in (self.since_last.verdict, self.since_first.verdict)

    def certain(self, verdict: Verdict) -> Certainty:
        """Whether a difference of sure source stands behind a verdict, since the last visit or over all."""
        found = {each.certainty for each in (self.since_last, self.since_first) if each.verdict == verdict}
        return "sourced" if "sourced" in found else "unverified"


def trends(visits: Sequence[Visit], instruments: Mapping[str, Instrument]) -> tuple[Trend, ...]:
    """The trend of every score that is known at one visit or more, in the order of the instruments."""
    return tuple(_trends(visits, instruments))


def _trends(visits: Sequence[Visit], instruments: Mapping[str, Instrument]) -> Iterator[Trend]:
    for instrument in instruments.values():
        for score in instrument.scores:
            points = tuple(_point(visit, instrument, score) for visit in visits)
            if all(each.value is None and each.answered is None for each in points):
                continue
            yield Trend(
                fact=instrument.fact(score.id),
                instrument=instrument.id,
                title=_title(instrument, score),
                points=points,
                direction=score.direction,
                important=tuple(each for each in instrument.change if each.score == score.id),
                low=score.min,
                high=score.max,
                certainty=score.certainty,
                taken_from=_longer(visits, instrument),
            )


def _title(instrument: Instrument, score: Score) -> str:
    """The title of a score, after that of its instrument unless it names that itself (PHQ-9 total)."""
    first = "".join(character for character in score.title.split()[0].lower() if character.isalnum())
    return score.title if instrument.id in first else f"{instrument.title}: {score.title}"


def _point(visit: Visit, instrument: Instrument, score: Score) -> Point:
    day = visit.assessment.date
    scored: Scored | None = visit.facts.scored.get(instrument.id)
    value = scored.scores.get(score.id) if scored else None
    given = visit.assessment.scores.get(instrument.fact(score.id))
    if scored is None or (value is None and given is not None):
        return Point(day, given)
    return Point(
        day,
        value,
        _band(instrument, score, scored),
        scored.answered,
        scored.of,
        scored.prorated.get(score.id, False),
    )


def _band(instrument: Instrument, score: Score, scored: Scored) -> str | None:
    scales = {each.scale for each in instrument.bands if each.score == score.id}
    ids = {scored.bands.get(scale) for scale in scales}
    return next((each.label for each in instrument.bands if each.score == score.id and each.id in ids), None)


def _longer(visits: Iterable[Visit], instrument: Instrument) -> str | None:
    """The longer instrument that gave every result of this one."""
    source = instrument.derived_from
    scored = [each.assessment for each in visits if instrument.id in each.facts.scored]
    if source is None or not scored:
        return None
    taken = (instrument.id not in each.answers and source.instrument in each.answers for each in scored)
    return source.instrument if all(taken) else None


def compare(old: Point, new: Point, important: Sequence[Change], direction: Direction) -> Comparison:
    """Two values of one score, compared and judged."""
    for each in (old, new):
        if each.value is None:
            return Comparison(old, new, "cannot_tell", reason=_unknown(each))
    if old.value == new.value:
        verdict: Verdict = "no_clear_change"
        numbers = not isinstance(old.value, bool | str)
        return Comparison(old, new, verdict, 0.0 if numbers else None, 0.0 if numbers and old.value else None)
    if isinstance(old.value, bool | str) or isinstance(new.value, bool | str):
        return Comparison(old, new, "cannot_tell", reason="a result in words: no difference of it is measured")
    return _judged(old, new, important, direction)


def _unknown(point: Point) -> str:
    if point.answered is None or point.of is None:
        return f"not asked on {point.on}"
    return f"not known on {point.on}: {point.answered} of {point.of} answered"


def _judged(old: Point, new: Point, important: Sequence[Change], direction: Direction) -> Comparison:
    before, change = _exact(old.value), _exact(new.value) - _exact(old.value)
    percent = 100 * change / abs(before) if before else None
    judged = tuple(_judge(each, change, percent) for each in important)
    certainty: Certainty = "sourced"
    verdict: Verdict = "cannot_tell"
    reason = None
    sure = [each for each in judged if each.important.certainty == "sourced" and each.gain is not None]
    deciding = sure or [each for each in judged if each.gain is not None]
    if deciding:
        verdict = together(each.verdict for each in deciding)
        certainty = "sourced" if sure else "unverified"
    elif judged:
        reason = "the earlier value is 0, and the difference that matters is a part of it"
    else:
        better = (change > 0) == (direction == "higher_better")
        reason = f"{'better' if better else 'worse'} by number; how much of it matters is not known"
    return Comparison(
        old, new, verdict, float(change), None if percent is None else float(percent), judged, certainty, reason
    )


def _judge(important: Change, change: Fraction, percent: Fraction | None) -> Judged:
    moved = change if important.kind == "absolute" else percent
    if moved is None:
        return Judged(important, None, "cannot_tell")
    gain = moved if important.improvement == "increase" else -moved
    matters = _exact(important.mcid)
    verdict: Verdict = "improved" if gain >= matters else "worse" if gain <= -matters else "no_clear_change"
    return Judged(important, float(gain), verdict)


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict for several: worse before improved, both before no clear change; unknown counts for nothing."""
    found = set(verdicts)
    order: tuple[Verdict, ...] = ("worse", "improved", "no_clear_change")
    return next((each for each in order if each in found), "cannot_tell")


def _exact(value: Value | None) -> Fraction:
    """A number as it is written: 0.1 is a tenth."""
    return Fraction(str(value))
