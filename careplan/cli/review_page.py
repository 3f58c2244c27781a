"""A review as a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from careplan.cli.output import table
from careplan.followup import Comparison, Followed, GoalReview, Point, Review, Trend
from careplan.knowledge import Knowledge
from careplan.plan.texts import shown

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH = 120
"""Columns of a review that is written to a file."""
COLOURS = {"improved": "green", "worse": "red"}
HEADINGS = {"gone": "No longer in the plan", "kept": "Kept", "new": "New"}


def show(review: Review, knowledge: Knowledge, console: Console) -> None:
    """Print a review part by part; what has nothing to say is left out."""
    days = ", ".join(str(each.assessment.date) for each in review.visits)
    console.print(f"Review of {review.plan.case}: {days} ({shown(review.weeks, decimals=1)} weeks)", style="bold")
    for line in _short(review):
        console.print(Text(line), soft_wrap=True)
    if review.goals:
        _part(console, "Goals", (_goal(each) for each in review.goals))
    _scores(review, console)
    for fate, heading in HEADINGS.items():
        rows = [each for each in review.recommendations if each.fate == fate]
        if rows:
            console.print(Text(f"\n{heading}", style="bold"))
            console.print(_kept(rows, knowledge) if fate == "kept" else _followed(rows, knowledge))
    if review.doubts:
        _part(console, "Unverified", (f"{each.id}: {each.uncertain}" for each in review.doubts))
    if review.overrides:
        _part(console, "Decided otherwise before", _overrides(review))


def _part(console: Console, heading: str, lines: Iterable[str]) -> None:
    console.print(Text(f"\n{heading}", style="bold"))
    for line in lines:
        console.print(Text(f"  {line}"), soft_wrap=True)


def _short(review: Review) -> Iterator[str]:
    none = "no score by more than matters"
    worse = (each.title + _mark(each.certain("worse")) for each in review.worse)
    improved = (each.title + _mark(each.certain("improved")) for each in review.improved)
    yield f"  worse:    {'; '.join(worse) or none}"
    yield f"  improved: {'; '.join(improved) or none}"
    for rule in review.rules:
        yield f"  {rule.rule} {rule.title}: {rule.clinician or rule.patient}{_mark(rule.certainty)}"
    for note in review.notes:
        yield f"  check: {note}"
    for visit in review.unplanned:
        day = visit.assessment.date
        yield f"  no rules were in effect on {day}: no plan was made of it, and everything after it counts as new"


def _mark(certainty: str) -> str:
    return " (unverified)" if certainty == "unverified" else ""


def _goal(goal: GoalReview) -> str:
    if goal.standing in ("no_longer_stated", "not_asked"):
        return f"{goal.text}: {'no longer stated' if goal.standing == 'no_longer_stated' else 'not asked this time'}"
    said = "not rated" if goal.reached is None else "reached" if goal.reached else "not reached yet"
    if goal.attained is not None:
        before = f"; {_level(goal.attained_before)} before" if goal.attained_before is not None else ""
        level = f": {goal.level}" if goal.level else ""
        said += f" (level {_level(goal.attained)}{level}{before})"
    if goal.standing == "new":
        said += ", new"
    if goal.minutes:
        said += f"; {shown(goal.minutes.then)} minutes then, {shown(goal.minutes.now)} now"
    return f"{goal.text}: {said}"


def _level(attained: int) -> str:
    return f"{attained:+d}" if attained else "0"


def _scores(review: Review, console: Console) -> None:
    judged = [each for each in review.trends if each.important and not each.taken_from]
    others = [each for each in review.trends if not each.important and not each.taken_from]
    taken = [each for each in review.trends if each.taken_from]
    if judged:
        console.print(Text("\nScores", style="bold"))
        console.print(_table(judged, review))
    if others:
        _part(console, "Scores without a known difference that matters", map(_series, others))
    if taken:
        _part(console, "Taken from longer forms", map(_series, taken))


def _table(trends: Sequence[Trend], review: Review) -> Table:
    days = [str(each.assessment.date) for each in review.visits]
    between = days[1:-1]  # without a visit between, the first is the last before
    found = table("score", *days, *(["since the last"] if between else []), "since the first", "what matters")
    for trend in trends:
        cells = [Text(trend.title + _mark(trend.certainty)), *(Text(_point(each)) for each in trend.points)]
        if between:
            cells.append(_comparison(trend.since_last))
        found.add_row(*cells, _comparison(trend.since_first), Text(_important(trend)))
    return found


def _series(trend: Trend) -> str:
    values = " → ".join(_point(each) for each in trend.points)
    reason = trend.since_first.reason
    return f"{trend.title}: {values}{f' ({reason})' if reason and trend.since_first.change else ''}"


def _point(point: Point) -> str:
    if point.value is None:
        return f"– ({point.answered} of {point.of})" if point.answered is not None else "–"
    band = f" {point.band}" if point.band else ""
    return f"{shown(point.value)}{band}{' (prorated)' if point.prorated else ''}"


def _comparison(comparison: Comparison) -> Text:
    parts = []
    if comparison.change:
        percent = f" ({comparison.percent:+.0f} %)" if comparison.percent is not None else ""
        parts.append(f"{'+' if comparison.change > 0 else ''}{shown(comparison.change)}{percent}")
    parts.append(comparison.said + _mark(comparison.certainty))
    if comparison.reason:
        parts.append(comparison.reason)
    return Text("\n".join(parts), style=COLOURS.get(comparison.verdict, ""))


def _important(trend: Trend) -> str:
    return " or ".join(
        f"{shown(each.mcid)}{' %' if each.kind == 'percent' else ''} "
        f"{'lower' if each.improvement == 'decrease' else 'higher'}{_mark(each.certainty)}"
        for each in trend.important
    )


def _followed(rows: Iterable[Followed], knowledge: Knowledge) -> Table:
    found = table("rule", "what to do", "what changed", "goes by")
    for each in rows:
        mark = "\nconfidential" if each.recommendation.audience == "confidential" else ""
        found.add_row(
            Text(f"{each.rule}{mark}"),
            Text.assemble((f"{each.do.capitalize()}: {each.recommendation.title}\n", "bold"), each.text),
            Text("\n".join(_reasons(each, knowledge))),
            Text("\n".join(_goes_by(each))),
        )
    return found


def _kept(rows: Sequence[Followed], knowledge: Knowledge) -> Table:
    """One row for all that are to be treated alike."""
    found = table("what to do", "recommendations")
    for step in sorted({each.step.id for each in rows if each.step}):
        alike = [each for each in rows if each.step and each.step.id == step]
        first = alike[0]
        advice = Text.assemble((f"{first.do.capitalize()}. ", "bold"), first.text)
        advice.append(f"\n{_source(first)}")
        found.add_row(advice, Text("\n".join(_line(each, knowledge) for each in alike)))
    return found


def _line(each: Followed, knowledge: Knowledge) -> str:
    marks = [f"{score.fact} {score.said}" for score in each.measured]
    marks += ["confidential"] if each.recommendation.audience == "confidential" else []
    changes = "".join(f"; {change}" for change in _changes(each, knowledge))
    said = f" ({', '.join(marks)})" if marks else ""
    return f"{each.rule} {each.recommendation.title}{said}{changes}"


def _reasons(each: Followed, knowledge: Knowledge) -> Iterator[str]:
    if each.stands:
        by = f" ({', '.join(each.place.by)})" if each.place.by else ""
        missing = ": " + "; ".join(_meaning(fact, knowledge) for fact in each.place.missing)
        yield f"{each.stands}{by}{missing if each.place.missing else ''}"
    yield from _changes(each, knowledge)


def _changes(each: Followed, knowledge: Knowledge) -> Iterator[str]:
    for change in each.changed:
        yield f"{_meaning(change.fact, knowledge)}: {shown(change.old)} → {shown(change.new)}"


def _meaning(fact: str, knowledge: Knowledge) -> str:
    return knowledge.vocabulary[fact].label if fact in knowledge.vocabulary else fact


def _goes_by(each: Followed) -> Iterator[str]:
    for score in each.measured:
        yield f"{score.fact} {score.said}"
    if each.step:
        yield _source(each)


def _source(each: Followed) -> str:
    step = each.step
    if step is None:
        return ""
    source = f": {step.rests_on}, {step.cite} ({step.grade})" if step.rests_on else ""
    return f"{step.id}{source}{_mark(step.certainty)}"


def _overrides(review: Review) -> Iterator[str]:
    for each in review.overrides:
        override = each.overridden.override
        again = f"decided again on {each.again.on}" if each.again else "decide now"
        yield (
            f"{override.rule} {each.overridden.title}: {each.did} by {override.by}, {override.role}, on "
            f"{override.on}, until {override.until} ({each.overridden.meaning}): {override.reason} – {again}"
        )
