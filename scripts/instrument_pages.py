"""Writes docs/questionnaires.md, and the table in docs/instruments.md, from the built-in instruments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from careplan.instruments import Instrument, builtin_instruments
from careplan.instruments.missing import missing_rule
from careplan.instruments.model import Band, Item, Score

DOCS = Path(__file__).parent.parent / "docs"
QUESTIONNAIRES = DOCS / "questionnaires.md"
INSTRUMENTS = DOCS / "instruments.md"
TABLE = re.compile(r"(?<=<!-- the table that make docs writes -->\n).*?(?=<!-- end of the table -->)", re.DOTALL)
OPEN = 1000
"""Where a score without ends is cut in a definition: nothing comes near it."""
WORDING = {"free": "free", "scoring_only": "not shipped"}
BEGINNING = """\
# Questionnaires

Every item and score of the built-in instruments: what an intake file writes under `answers`, and what comes out. A list
is in the order of the items here; a map names them. The labels are short names of our own; the wording of an instrument
is with its publisher, or in its definition where it is free. † marks what was not checked against its source.

What an instrument definition is, and how to add one: [instruments.md](instruments.md).

This page is written by `make docs` from `careplan/instruments/definitions`.
"""


def questionnaires() -> str:
    """The text of docs/questionnaires.md."""
    return "\n".join([BEGINNING, *("\n".join(_questionnaire(each)) for each in builtin_instruments().values())])


def instruments(page: str) -> str:
    """The page docs/instruments.md with its table as it should be."""
    return TABLE.sub(lambda _: "\n".join(_table()) + "\n\n", page)


def _table() -> Iterator[str]:
    yield from ("", "| id | instrument | items | wording | scores |", "|---|---|---|---|---|")
    for each in builtin_instruments().values():
        scores = ", ".join(f"`{score.id}`" for score in each.scores)
        wording = f"{WORDING[each.licence.wording]}: {_cell(each.licence.note)}"
        title = f"[{_cell(each.title)}](questionnaires.md#{each.id})"
        yield f"| `{each.id}` | {title} | {len(each.items)} | {wording} | {scores} |"


def _questionnaire(instrument: Instrument) -> Iterator[str]:
    unverified = " †" if instrument.labels_certainty == "unverified" else ""
    yield from (f"## {instrument.id}", "", f"{instrument.title}, {instrument.version}: {instrument.recall_period}.", "")
    yield from (f"| item | answer | label{unverified} |", "|---|---|---|")
    for item in instrument.items:
        yield f"| `{item.id}` | {_answer(item)} | {_cell(item.label)} |"
    yield from ("", "| score | may be | bands | if answers are missing |", "|---|---|---|---|")
    for score in instrument.scores:
        bands = "; ".join(_scale(found) for scale in instrument.scales.values() if (found := _of(scale, score)))
        cells = (f"`{instrument.fact(score.id)}`{_mark(score)}", _value(score), bands, missing_rule(instrument, score))
        yield f"| {' | '.join(map(_cell, cells))} |"
    if instrument.inputs:
        sources = ", ".join(f"`{each.id}` from `{each.source}`" for each in instrument.inputs)
        yield from ("", f"Measured values answer what is left open: {sources}.")
    if instrument.derived_from:
        yield from ("", f"When it is not given it is taken from the answers to `{instrument.derived_from.instrument}`.")
    yield from ("", f"Sources: {'; '.join(instrument.sources)}.", "")


def _answer(item: Item) -> str:
    if item.type in ("choice", "sites"):
        words = ", ".join(f"`{each.value}`" for each in item.options)
        return f"a list of {words}" if item.type == "sites" else words
    if item.type == "boolean":
        return "true or false"
    if item.type == "time":
        return '"HH:MM"'
    return f"{item.min} to {item.max}{'' if item.whole else ', also decimals'}"


def _value(score: Score) -> str:
    if score.value == "category":
        return ", ".join(score.options)
    if score.value == "boolean":
        return "true or false"
    return "a number" if score.min is None else f"{score.min} to {score.max}"


def _of(scale: tuple[Band, ...], score: Score) -> tuple[Band, ...]:
    return tuple(each for each in scale if each.score == score.id)


def _scale(bands: tuple[Band, ...]) -> str:
    return ", ".join(
        f"{each.label}{f' ({each.sex})'.replace('_', ' ') if each.sex else ''} {_range(each)}{_mark(each)}"
        for each in bands
    )


def _range(band: Band) -> str:
    if band.low == band.high:
        return str(band.low)
    if abs(band.low) >= OPEN:
        return f"up to {band.high}"
    return f"from {band.low}" if abs(band.high) >= OPEN else f"{band.low} to {band.high}"


def _mark(found: Score | Band) -> str:
    return " †" if found.certainty == "unverified" else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    QUESTIONNAIRES.write_text(questionnaires(), encoding="utf-8")
    INSTRUMENTS.write_text(instruments(INSTRUMENTS.read_text(encoding="utf-8")), encoding="utf-8")
    for each in (QUESTIONNAIRES, INSTRUMENTS):
        print(each.relative_to(Path.cwd()) if each.is_relative_to(Path.cwd()) else each)
