"""An instrument as a person reads it, and as JSON values: what to ask, how it is scored, what the scores mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import asdict

from careplan.cli.output import table
from careplan.instruments import Band, Change, Instrument, Item, Score
from careplan.instruments import words as told
from careplan.instruments.missing import missing_rule
from careplan.instruments.model import Flag
from careplan.instruments.wording import Wording

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

Wordings = Sequence[Wording]


def listing(instruments: Iterable[tuple[Instrument, Wordings]]) -> Table:
    """The instruments, a row each: what they are called, their size and scores, and whose wording there is."""
    rows = [
        (
            each.id,
            each.title,
            str(len(each.items)),
            ", ".join(score.id for score in each.scores),
            "\n".join(_whose(each, wordings)),
        )
        for each, wordings in instruments
    ]
    return _table(("id", "title", "items", "scores", "wording"), rows)


def page(instrument: Instrument, wordings: Wordings) -> Iterator[RenderableType]:
    """An instrument whole: its items with their answers, its scoring, what its values mean, and who says so."""
    yield f"{instrument.id}: {instrument.title} ({instrument.version}), {instrument.recall_period}"
    yield from _lines("Wording", _whose(instrument, wordings))
    yield from _lines("Asked with", (f"{_called(each)}: {each.stem}" for each in wordings if each.stem))
    yield from _items(instrument, wordings)
    yield from _lines("Where no answer is due", _open(instrument))
    yield from _lines("Points", (f"{each.id}: {told.points(each)}" for each in instrument.items if each.points))
    yield from _lines("Answered by what was measured", _measured(instrument))
    if instrument.derived_from:
        yield from _lines("When not given itself", [f"taken from the answers to {instrument.derived_from.instrument}"])
    yield from _scores(instrument)
    for score in instrument.scores:
        yield from _lines(f"How {score.id} is made", [*told.weights(score), *told.tables(score), *score.algorithm])
    yield from _bands(instrument)
    yield from _lines("Change that matters", map(_change, instrument.change))
    yield from _lines("To notice", _flags(instrument))
    yield from _lines("LOINC", _loinc(instrument))
    yield from _lines("Sources", instrument.sources)
    yield from _lines("Notes", instrument.notes)


def account(instrument: Instrument, wordings: Wordings) -> dict[str, Any]:
    """The same as JSON values."""
    return {
        **summary(instrument, wordings),
        "recall_period": instrument.recall_period,
        "labels_certainty": instrument.labels_certainty,
        "items": [_item_account(instrument, place) for place in range(len(instrument.items))],
        "inputs": [{"id": each.id, "label": each.label, "from": each.source} for each in instrument.inputs],
        "measured": list(_measured(instrument)),
        "derived_from": instrument.derived_from and asdict(instrument.derived_from),
        "forms": instrument.forms and asdict(instrument.forms),
        "scores": [_score_account(instrument, each) for each in instrument.scores],
        "bands": [_band_account(each) for each in instrument.bands],
        "change": [asdict(each) for each in instrument.change],
        "flags": [_flag_account(each) for each in instrument.flags],
        "loinc": instrument.loinc and {"panel": instrument.loinc.panel, "total": instrument.loinc.total},
        "sources": list(instrument.sources),
        "notes": list(instrument.notes),
    }


def summary(instrument: Instrument, wordings: Wordings) -> dict[str, Any]:
    """What a list says of an instrument, as JSON values."""
    return {
        "id": instrument.id,
        "title": instrument.title,
        "version": instrument.version,
        "licence": asdict(instrument.licence),
        "wording": [asdict(each) for each in wordings],
        "items": [each.id for each in instrument.items],
        "scores": [each.id for each in instrument.scores],
    }


def _whose(instrument: Instrument, wordings: Wordings) -> Iterator[str]:
    """The licence of the wording, and where each wording that is here comes from."""
    free = instrument.licence.wording == "free"
    yield f"{'free' if free else 'not shipped'}: {instrument.licence.note}"
    for each in wordings:
        if each.origin is not None:
            yield f"yours ({each.language}), from {each.origin}: {each.licence}"


def _called(wording: Wording) -> str:
    return "wording" if wording.origin is None else f"yours ({wording.language})"


def _items(instrument: Instrument, wordings: Wordings) -> Iterator[RenderableType]:
    """The items with label, each wording and the answers; those that all items share stand once below."""
    label = "label" if instrument.labels_certainty == "sourced" else "label (unverified)"
    answers = [_answers(each, wordings) for each in instrument.items]
    shared = len(set(answers)) == 1
    rows = []
    for item, written in zip(instrument.items, answers, strict=True):
        cells = [item.id, item.label, *(each.items.get(item.id, "") for each in wordings)]
        rows.append(cells if shared else [*cells, written])
    yield _table(["item", label, *map(_called, wordings), *([] if shared else ["answers"])], rows)
    if shared:
        yield from _lines("Answers", answers[0].splitlines())


def _answers(item: Item, wordings: Wordings) -> str:
    """What may be answered, and what each answer means in each wording that says so."""
    meanings: list[Mapping[str, str]] = [told.answer_words(item)] if item.options else []
    meanings += [each.answers[item.id] for each in wordings if each.origin is not None and item.id in each.answers]
    return "\n".join([told.allowed(item), *map(told.meanings, meanings)])


def _open(instrument: Instrument) -> Iterator[str]:
    for each in instrument.items:
        if excuse := told.may_be_open(each):
            yield f"{each.id}: {excuse}"


def _measured(instrument: Instrument) -> Iterator[str]:
    sources = {each.id: each.source for each in instrument.inputs}
    for name, derive in instrument.derive.items():
        yield f"{told.measured(derive, name)}, from {sources[derive.input]}"


def _scores(instrument: Instrument) -> Iterator[RenderableType]:
    rows = [
        (
            f"{instrument.fact(each.id)}{_mark(each)}\n{each.title}",
            f"{told.how_scored(instrument, each)}\n{told.value(each)}",
            missing_rule(instrument, each),
        )
        for each in instrument.scores
    ]
    yield _table(("score", "how it is made and what it may be", "if answers are missing"), rows)


def _bands(instrument: Instrument) -> Iterator[RenderableType]:
    rows = []
    for scale, bands in instrument.scales.items():
        ranges = "\n".join(f"{told.within(each)}: {each.label}{_mark(each)}" for each in bands)
        sources = "\n".join(dict.fromkeys(each.source for each in bands))
        rows.append((f"{bands[0].score}: {scale.replace('_', ' ')}", ranges, sources))
    if rows:
        yield _table(("bands of", "from - to", "source"), rows)


def _change(change: Change) -> str:
    note = f" ({change.note})" if change.note else ""
    return f"{change.score}: {told.important(change)}{_mark(change)}{note}: {change.source}"


def _flags(instrument: Instrument) -> Iterator[str]:
    for each in instrument.flags:
        when = f" when {each.when}" if each.when else ""
        items = f" ({', '.join(each.items)})" if each.items else ""
        yield f"{each.id}{items}{when}: {'; '.join(filter(None, (each.action, each.note)))}"


def _loinc(instrument: Instrument) -> Iterator[str]:
    """The codes of the panel, the total and the items that have one."""
    if instrument.loinc is None:
        return
    panel = instrument.loinc.panel
    if isinstance(panel, str):
        yield f"panel {panel}"
    elif panel is not None:
        yield f"panel {', '.join(f'{code} ({form})' for form, code in panel.items())}"
    if instrument.loinc.total:
        yield f"total {instrument.loinc.total}"
    coded = [f"{item.id} {code}" for item, code in zip(instrument.items, instrument.loinc.items, strict=False) if code]
    if coded:
        yield f"items {', '.join(coded)}"


def _mark(sourced: Score | Band | Change) -> str:
    return " (unverified)" if sourced.certainty == "unverified" else ""


def _lines(heading: str, lines: Iterable[str]) -> Iterator[RenderableType]:
    """A heading with its lines; nothing where there are none."""
    from rich.padding import Padding
    from rich.text import Text

    found = list(lines)
    if found:
        yield Text(f"\n{heading}", style="bold")
        yield Padding(Text("\n".join(found)), (0, 0, 0, 2))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.text import Text

    found = table(*columns, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        found.add_row(*map(Text, row))
    return found


def _item_account(instrument: Instrument, place: int) -> dict[str, Any]:
    item = instrument.items[place]
    codes = instrument.loinc.items if instrument.loinc else ()
    return {
        "id": item.id,
        "type": item.type,
        "label": item.label,
        "text": item.text,
        "allowed": told.allowed(item),
        "min": item.min,
        "max": item.max,
        "whole": item.whole,
        "options": [{"value": each.value, "label": each.label} for each in item.options],
        "reversed": item.reversed,
        "points": {str(answer): counted for answer, counted in item.points.items()},
        "open": told.may_be_open(item),
        "counts": item.counts,
        "loinc": codes[place] if codes else None,
    }


def _score_account(instrument: Instrument, score: Score) -> dict[str, Any]:
    return {
        "id": score.id,
        "fact": instrument.fact(score.id),
        "title": score.title,
        "kind": score.kind,
        "type": score.type.name,
        "items": list(score.items),
        "how": told.how_scored(instrument, score),
        "weights": list(told.weights(score)),
        "algorithm": list(score.algorithm),
        "cql": score.cql and score.cql.text,
        "tables": score.tables,
        "min": score.min,
        "max": score.max,
        "values": list(score.options),
        "direction": score.direction,
        "decimals": score.decimals,
        "missing": {
            "rule": score.missing.rule,
            "words": missing_rule(instrument, score),
            "certainty": score.missing.certainty,
        },
        "safety": score.safety,
        "certainty": score.certainty,
    }


def _flag_account(flag: Flag) -> dict[str, Any]:
    return {
        "id": flag.id,
        "when": flag.when and flag.when.text,
        "action": flag.action,
        "items": list(flag.items),
        "note": flag.note,
    }


def _band_account(band: Band) -> dict[str, Any]:
    return {
        "scale": band.scale,
        "score": band.score,
        "id": band.id,
        "label": band.label,
        "from": band.low,
        "to": band.high,
        "sex": band.sex,
        "source": band.source,
        "certainty": band.certainty,
    }
