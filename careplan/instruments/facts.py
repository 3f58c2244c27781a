"""Scores → facts: what rules may read of every instrument."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from careplan.cql import Type
from careplan.instruments.model import Instrument, Score
from careplan.vocabulary.model import FactDefinition


def score_facts(instruments: Iterable[Instrument]) -> tuple[FactDefinition, ...]:
    """A fact for every score of the instruments, in their order: ``phq9.total`` with its type and range."""
    return tuple(_facts(instruments))


def _facts(instruments: Iterable[Instrument]) -> Iterator[FactDefinition]:
    for instrument in instruments:
        for score in instrument.scores:
            yield FactDefinition(
                id=instrument.fact(score.id),
                type=score.type,
                meaning=f"{instrument.title}: {score.title}",
                group="scores",
                range=_range(score),
                values=score.options or None,
                score=instrument.fact(score.id),
                certainty="unverified" if score.certainty == "unverified" else "as_cited",
                location=score.location,
            )


def _range(score: Score) -> tuple[float, float] | None:
    if score.type in (Type.BOOLEAN, Type.STRING) or score.min is None or score.max is None:
        return None
    return (score.min, score.max)
