"""What becomes of a score when answers are missing, in words: shown beside every score, since systems differ here."""

from __future__ import annotations

from collections.abc import Iterator

from careplan.instruments.model import Instrument, Score


def missing_rule(instrument: Instrument, score: Score) -> str:
    """The missing-answer rule of a score, as a clinician would say it."""
    unverified = " (by convention, unverified)" if score.missing.certainty == "unverified" else ""
    return "; ".join([_rule(score) + unverified, *_excused(instrument, score)])


def _rule(score: Score) -> str:
    missing, items = score.missing, len(score.items)
    forms = ", ".join(f"{count} for {form}" for form, count in missing.min_answered.items())
    stand_for_all = f"the answered ones stand for all, rounded {missing.rounding.replace('_', ' ')}"
    needed = f"needs all {items} answers" if items > 1 else "needs its answer"
    return {
        "all_required": f"follows from {score.of_score}" if score.of_score else needed,
        "prorate": f"up to {missing.n} of {items} may be missing: {stand_for_all}",
        "prorate_by_form": f"needs {forms}: {stand_for_all}",
        "min_answered": f"the mean of the answered ones, if {missing.n} or more of {items} are",
        "of_scores": f"needs {', '.join(score.of_scores)}",
        "bounds": "known when no missing answer could change it",
        "goals_set": "needs a rating of every goal that is set",
    }[missing.rule]


def _excused(instrument: Instrument, score: Score) -> Iterator[str]:
    """What open answers count as, and the answer that settles the score without the others."""
    alike: dict[tuple[str, int], list[str]] = {}
    for name in () if score.of_scores else score.items:
        excuse = instrument.item[name].unanswered
        if excuse is not None:
            when = f" when {excuse.when}" if excuse.when else ""
            alike.setdefault((when, excuse.counts_as), []).append(name)
    for (when, counts_as), names in alike.items():
        yield f"a missing {' or '.join(names)} counts as {counts_as}{when}"
    if score.gate is not None:
        yield f"{score.gate.score} when {score.gate.item} = {score.gate.equals}"
