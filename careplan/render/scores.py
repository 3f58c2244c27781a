"""Scores → the rows of the clinician's table and the pictures of the patient's copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import field, frozen

from careplan.errors import Problem, RenderError
from careplan.fields import Fields
from careplan.instruments import Band, Change, Instrument, Scored
from careplan.located import read

MOST_POINTS = 100
"""The highest total of points a questionnaire has; what goes beyond is a measure with a unit of its own."""


@frozen
class ScoreLine:
    """One score as the clinician's table shows it.

    ``answered`` is None for a score that was given and not scored here; ``important`` are the smallest changes that
    matter; ``out_of`` is the highest value where saying so helps.
    """

    fact: str
    instrument: str
    title: str
    value: Any
    band: Band | None
    certainty: str
    important: tuple[Change, ...]
    low: float | None
    high: float | None
    made_of_points: bool = True
    answered: int | None = None
    of: int | None = None
    prorated: bool = False

    @property
    def out_of(self) -> float | None:
        """The highest value a score can have, for a score made of points: no T score, no minutes a week."""
        points = self.value is not None and not isinstance(self.value, bool | str)
        return self.high if points and self.made_of_points else None


@frozen
class InstrumentLine:
    """The scores of one instrument: a row of the clinician's table; ``alone`` says that it has no other score."""

    title: str
    scores: tuple[ScoreLine, ...]
    alone: bool

    @property
    def answered(self) -> tuple[int, int] | None:
        """How many of how many questions were answered; None where the scores were given and not scored here."""
        return next(((each.answered, each.of) for each in self.scores if each.answered is not None and each.of), None)


@frozen
class Stretch:
    """One band of a picture: from where to where, in percent of the whole, its word, and how dark it is (0-1)."""

    start: float
    end: float
    word: str
    shade: float


@frozen
class Picture:
    """One score in plain words: what was asked, the value, its word, and where it stands from 0 to 100 percent."""

    fact: str
    question: str
    value: Any
    low: float
    high: float
    at: float
    word: str | None
    lower_is_better: bool
    stretches: tuple[Stretch, ...]
    counts: str | None = None
    prorated: bool = False


@frozen
class Question:
    """How the patient's copy shows a score: ``words`` by band id, or ``counts`` what the score counts."""

    score: str
    question: str
    words: Mapping[str, str] = field(factory=dict)
    counts: str | None = None


def read_questions(file: Traversable | Path) -> tuple[Question, ...]:
    """The questions in a file; raises RenderError with every problem in it."""
    root = read(file.read_bytes(), str(file), RenderError)
    problems: list[Problem] = []
    found = []
    top = Fields(root, problems, "the questions file")
    for fields in top.mappings("questions", "a question", required=True):
        words = fields.mapping("words", "words")
        found.append(
            Question(
                fields.text("score", required=True) or "",
                fields.text("question", required=True) or "",
                {band: words.text(band) or "" for band in words.node.value},
                fields.text("counts"),
            )
        )
        fields.close()
    top.close()
    if problems:
        raise RenderError(problems)
    return tuple(found)


@cache
def builtin_questions() -> tuple[Question, ...]:
    """The questions that ship with careplan."""
    return read_questions(files("careplan.templates") / "base" / "questions.yaml")


def score_lines(
    instruments: Mapping[str, Instrument], scored: Mapping[str, Scored], given: Mapping[str, Any], sex: str | None
) -> tuple[ScoreLine, ...]:
    """Every known score, in the order of the instruments; those of an instrument that was begun also when unknown.

    ``given`` are scores that came as such, by fact id.
    """
    return tuple(_lines(instruments, scored, given, sex))


def _lines(
    instruments: Mapping[str, Instrument], scored: Mapping[str, Scored], given: Mapping[str, Any], sex: str | None
) -> Iterator[ScoreLine]:
    for instrument in instruments.values():
        result = scored.get(instrument.id)
        for score in instrument.scores:
            fact = instrument.fact(score.id)
            here = result.scores.get(score.id) if result else None
            value = here if here is not None else given.get(fact)
            if value is None and result is None:
                continue
            counted = result is not None and (here is not None or value is None)
            band = instrument.band(score.id, value, sex)
            yield ScoreLine(
                fact=fact,
                instrument=instrument.id,
                title=score.title,
                value=value,
                band=band,
                certainty="unverified" if "unverified" in (score.certainty, band and band.certainty) else "sourced",
                important=tuple(each for each in instrument.change if each.score == score.id),
                low=score.min,
                high=score.max,
                made_of_points=score.kind != "t_table" and (score.max or 0) <= MOST_POINTS,
                answered=result.answered if result and counted else None,
                of=result.of if result and counted else None,
                prorated=bool(result and counted and result.prorated.get(score.id)),
            )


def by_instrument(lines: Iterable[ScoreLine], instruments: Mapping[str, Instrument]) -> dict[str, InstrumentLine]:
    """The lines under their instruments' ids, in the order they come."""
    found: dict[str, list[ScoreLine]] = {}
    for each in lines:
        found.setdefault(each.instrument, []).append(each)
    return {
        name: InstrumentLine(instruments[name].title, tuple(each), len(instruments[name].scores) == 1)
        for name, each in found.items()
    }


def pictures(
    lines: Iterable[ScoreLine],
    instruments: Mapping[str, Instrument],
    sex: str | None,
    questions: Iterable[Question] | None = None,
) -> tuple[Picture, ...]:
    """The pictures of the known scores that the patient's copy shows."""
    known = {each.fact: each for each in lines if each.value is not None}
    asked = builtin_questions() if questions is None else questions
    return tuple(_picture(each, known[each.score], instruments, sex) for each in asked if each.score in known)


def _picture(question: Question, line: ScoreLine, instruments: Mapping[str, Instrument], sex: str | None) -> Picture:
    instrument = instruments[line.instrument]
    score = instrument.score[line.fact.removeprefix(f"{instrument.id}.")]
    assert line.low is not None
    assert line.high is not None
    lower_is_better = score.direction == "higher_worse"
    bands = sorted(instrument.bands_of(score.id, sex), key=lambda each: each.low)
    return Picture(
        fact=line.fact,
        question=question.question,
        value=line.value,
        low=line.low,
        high=line.high,
        at=100 * (line.value - line.low) / (line.high - line.low),
        word=question.words[line.band.id] if line.band else None,
        lower_is_better=lower_is_better,
        stretches=tuple(_stretches(question, bands, line.low, line.high, darker_upwards=lower_is_better)),
        counts=question.counts,
        prorated=line.prorated,
    )


def _stretches(
    question: Question, bands: Sequence[Band], low: float, high: float, *, darker_upwards: bool
) -> Iterator[Stretch]:
    """The bands side by side; the border of two lies between the highest value of one and the lowest of the next."""
    if not bands:
        return
    edges = [low, *((one.high + two.low) / 2 for one, two in pairwise(bands)), high]
    for number, (band, (start, end)) in enumerate(zip(bands, pairwise(edges), strict=True), 1):
        rank = number if darker_upwards else len(bands) + 1 - number
        yield Stretch(
            start=100 * (start - low) / (high - low),
            end=100 * (end - low) / (high - low),
            word=question.words[band.id],
            shade=rank / len(bands),
        )
