"""Answers → scores and bands: the one engine for every instrument, driven by its definition."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from math import lcm
from types import MappingProxyType
from typing import Any

from attrs import define

from careplan.cql import Type, compile_all
from careplan.errors import AnswerError, Problem
from careplan.instruments.answers import WHOLE, Stored, exact, read_answers, stored_answers
from careplan.instruments.bounds import bounds_of
from careplan.instruments.expressions import ANSWERED, OPEN, compiled, written_out
from careplan.instruments.methods import METHODS
from careplan.instruments.model import Band, Derive, Instrument, Item, Number, Score, Scored
from careplan.instruments.rounding import half_up, quotient, whole_number

SEX = "sex"
"""The one thing about a person that weights and bands may depend on, where an instrument measures nothing."""

NOTHING: Mapping[str, Any] = MappingProxyType({})

Value = Number | bool | str | None


def score(
    instrument: Instrument, answers: Sequence[Any] | Mapping[str, Any], context: Mapping[str, Any] = NOTHING
) -> Scored:
    """The scores and bands of one questionnaire.

    ``answers`` are a list in item order (None = not answered) or a mapping by item id. ``context`` may give ``sex``
    (``female``, ``male`` or ``other``) and the instrument's inputs by id; what it does not need is ignored. Raises
    AnswerError with every problem: ``wrong_count``, ``out_of_range``, ``not_integer``, ``unknown_item``.
    """
    return _scorer(instrument)(stored_answers(instrument, answers), context)


def answer_problems(instrument: Instrument, answers: Sequence[Any] | Mapping[str, Any]) -> dict[str, Problem]:
    """What is wrong with the answers, by item id, or under ``""`` for them all together; empty when they score."""
    problems: dict[str, Problem] = {}
    stored = read_answers(instrument, answers, problems)
    if not problems:
        try:
            _scorer(instrument)(stored, NOTHING)
        except AnswerError as error:
            problems[WHOLE] = error.problems[0]
    return problems


@define
class _Sheet:
    """One filled-in questionnaire. ``values`` is what expressions read: points of items, then scores, exact."""

    values: dict[str, Any]
    prorated: dict[str, bool]
    sex: str
    form: str | None


Compute = Callable[[_Sheet], tuple[Value, bool]]
"""What gives a score, and whether it was prorated."""


@lru_cache(maxsize=1024)
def _scorer(instrument: Instrument) -> _Scorer:
    return _Scorer(instrument)


class _Scorer:
    """The definition of one instrument, made ready to score."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.counted = tuple(item for item in instrument.items if item.counts)
        self.optional = any(item.optional for item in self.counted)
        self.open = tuple(next(iter(item.facts)) for item in self.counted)
        self.points = tuple((item, _points(item)) for item in instrument.items)
        self.excused = tuple(
            (item.id, each.counts_as, compiled(each.when) if each.when else None)
            for item in instrument.items
            if (each := item.unanswered)
        )
        self.computes = tuple((each, _compute(instrument, each)) for each in instrument.scores)
        watched = {each.id: written_out(each.when, instrument.terms) for each in instrument.flags if each.when}
        self.flags = compile_all(watched, exactly=True) if watched else None

    def __call__(self, stored: dict[str, Stored | None], context: Mapping[str, Any]) -> Scored:
        """The result for stored answers."""
        instrument = self.instrument
        given = stored.get(SEX) or context.get(SEX)
        sex = given if isinstance(given, str) else ""
        for name, derive in instrument.derive.items():
            if stored[name] is None:
                stored[name] = _measured(instrument, derive, stored, context, sex)
        sheet = _Sheet({}, {}, sex, self.form(stored))
        answered, of = self.count(stored, sheet.form)
        self.fill(sheet, stored, answered)
        results: dict[str, int | float | bool | str | None] = {}
        for each, compute in self.computes:
            value, sheet.prorated[each.id] = compute(sheet)
            sheet.values[each.id] = value = _rounded(each, value)
            if each.kind == "algorithm":
                _refuse_beyond(instrument, each, value)
            results[each.id] = _reported(each, value)
        bands = {scale: _band(bands, results[bands[0].score], sex) for scale, bands in instrument.scales.items()}
        raised = self.flags(sheet.values) if self.flags else {}
        flags = tuple(name for name, holds in raised.items() if holds)
        return Scored(instrument.id, results, bands, answered, of, sheet.prorated, flags)

    def form(self, stored: Mapping[str, Stored | None]) -> str | None:
        """The form that was used, where an instrument has several."""
        forms = self.instrument.forms
        chosen = stored[forms.item] if forms else None
        return None if chosen is None else str(chosen)

    def count(self, stored: Mapping[str, Stored | None], form: str | None) -> tuple[int, int]:
        """How many items are answered, of how many that had to be."""
        counted = self.counted
        if self.instrument.forms and form:
            counted = counted[: self.instrument.forms.sizes[form]]
        answered = sum([stored[item.id] is not None for item in counted])
        if not self.optional:
            return answered, len(counted)
        weighed = {item.weighs for item in self.instrument.items if item.weighs and stored[item.id] is not None}
        return answered, sum(not item.optional or stored[item.id] is not None or item.id in weighed for item in counted)

    def fill(self, sheet: _Sheet, stored: Mapping[str, Stored | None], answered: int) -> None:
        """Put what expressions read on the sheet."""
        values = sheet.values
        for item, points in self.points:
            answer = stored[item.id]
            if points is None:
                values[item.id] = answer
            elif answer is not None or item.type == "sites":
                values |= points(answer)
            else:
                values[item.id] = None
        for name, counts_as, when in self.excused:
            if values[name] is None and (when is None or when(values) is True):
                values[name] = counts_as
        values[ANSWERED] = answered
        values[OPEN] = sum([values[name] is None for name in self.open])


def _points(item: Item) -> Callable[[Any], dict[str, Any]] | None:
    """What an answer gives expressions and scores to read, or None when it is read as it is stored."""
    if item.type == "sites":
        region = {str(site.value): site.region for site in item.options if site.counts_for_region}
        count, regions = item.facts

        def sites(answer: tuple[str, ...] | None) -> dict[str, Any]:
            if answer is None:
                return {count: None, regions: None}
            return {count: len(answer), regions: len({region[site] for site in answer if site in region})}

        return sites
    if item.points:
        return lambda answer: {item.id: item.points[answer]}
    if item.reversed:
        assert item.min is not None
        assert item.max is not None
        ends = item.min + item.max
        return lambda answer: {item.id: ends - answer}
    return None


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
}


def _measured(
    instrument: Instrument,
    derive: Derive,
    stored: Mapping[str, Stored | None],
    context: Mapping[str, Any],
    sex: str,
) -> int | None:
    """0 or 1 as the measured value says, None when it does not say; unknown sex decides where both sexes agree."""
    value = stored.get(derive.input)
    if value is None:
        value = context.get(derive.input)
    if isinstance(value, float):
        value = exact(value)
    measured = next(each for each in instrument.inputs if each.id == derive.input)
    if value is None or (measured.type == "choice" and value not in [each.value for each in measured.options]):
        return None
    holds = _OPERATORS[derive.op]
    if not derive.by_sex:
        return int(holds(value, derive.value))
    limits = [derive.by_sex[sex]] if sex in derive.by_sex else derive.by_sex.values()
    found = {int(holds(value, limit)) for limit in limits}
    return found.pop() if len(found) == 1 else None


def _rounded(each: Score, value: Value) -> Value:
    if value is None or isinstance(value, bool | str):
        return value
    if each.decimals is not None:
        return half_up(value, each.decimals)
    return int(value) if each.type == Type.INTEGER else value


def _refuse_beyond(instrument: Instrument, each: Score, value: Value) -> None:
    """Refuse answers that fit one by one and together make a score that cannot be: eight hours slept in one."""
    if value is None or isinstance(value, bool | str):
        return
    if (each.min is not None and value < each.min) or (each.max is not None and value > each.max):
        message = (
            f"{instrument.id} {each.id} ({each.title}): the answers to {', '.join(each.items)} make {float(value):g}, "
            f"and it goes from {each.min} to {each.max}; check them"
        )
        raise AnswerError(Problem(message, code="out_of_range"))


def _reported(each: Score, value: Value) -> int | float | bool | str | None:
    """The value as it leaves: a Decimal as a float, whether it is whole or not."""
    if isinstance(value, Fraction) or (each.type == Type.DECIMAL and isinstance(value, int)):
        return float(value)
    return value


def _band(bands: Sequence[Band], value: Any, sex: str) -> str | None:
    """The band a value falls in; unknown sex is neither male nor female."""
    if value is None:
        return None
    sexes = {"male": ("male", "not_female"), "female": ("female", "not_male")}.get(
        sex or "", ("not_male", "not_female")
    )
    for band in bands:
        if band.low <= value <= band.high and (band.sex is None or band.sex in sexes):
            return band.id
    return None


def _compute(instrument: Instrument, each: Score) -> Compute:
    if each.kind == "t_table":
        compute = _table(each)
    elif each.kind == "algorithm":
        compute = _algorithm(instrument, each)
    elif each.of_scores:
        compute = _sum_of_scores(each)
    elif each.kind == "mean":
        compute = _mean(each)
    elif each.weights:
        compute = _weighted(each)
    else:
        compute = _sum(instrument, each)
    return _gated(each, compute) if each.gate else compute


def _gated(each: Score, compute: Compute) -> Compute:
    gate = each.gate
    assert gate is not None

    def gated(sheet: _Sheet) -> tuple[Value, bool]:
        answer = sheet.values[gate.item]
        if answer is None:
            return None, False
        return (gate.score, False) if answer == gate.equals else compute(sheet)

    return gated


def _sum(instrument: Instrument, each: Score) -> Compute:
    names, missing, forms = each.items, each.missing, instrument.forms

    def add(sheet: _Sheet) -> tuple[Value, bool]:
        asked = names
        least = len(names) - missing.n if missing.rule == "prorate" else len(names)
        if missing.rule == "prorate_by_form":
            if forms is None or sheet.form is None:
                return None, False
            asked, least = names[: forms.sizes[sheet.form]], missing.min_answered[sheet.form]
        values = sheet.values
        known = [points for name in asked if (points := values[name]) is not None]
        if len(known) < least or not known:
            return None, False
        total, short = sum(known), len(known) < len(asked)
        if short:
            total = whole_number(quotient(total * len(asked), len(known)), missing.rounding)
        return total * each.factor if each.factor != 1 else total, short

    return add


def _mean(each: Score) -> Compute:
    names = each.items
    least = each.missing.n if each.missing.rule == "min_answered" else len(names)

    def mean(sheet: _Sheet) -> tuple[Value, bool]:
        known = [points for name in names if (points := sheet.values[name]) is not None]
        if len(known) < least:
            return None, False
        return quotient(sum(known), len(known)), len(known) < len(names)

    return mean


def _weighted(each: Score) -> Compute:
    """By the weights of the sex; of unknown sex, the total on which all weights agree."""
    scale = lcm(*(weight.denominator for weights in each.weights.values() for weight in weights))
    by_sex = {sex: tuple(int(weight * scale) for weight in weights) for sex, weights in each.weights.items()}

    def weigh(sheet: _Sheet) -> tuple[Value, bool]:
        known = [points for name in each.items if (points := sheet.values[name]) is not None]
        if len(known) < len(each.items):
            return None, False
        used = [by_sex[sheet.sex]] if sheet.sex in by_sex else by_sex.values()
        totals = {sum(map(operator.mul, weights, known)) for weights in used}
        return (quotient(totals.pop(), scale) if len(totals) == 1 else None), False

    return weigh


def _sum_of_scores(each: Score) -> Compute:
    def add(sheet: _Sheet) -> tuple[Value, bool]:
        parts = [sheet.values[name] for name in each.of_scores]
        if any(part is None for part in parts):
            return None, False
        return sum(parts), any(sheet.prorated[name] for name in each.of_scores)

    return add


def _table(each: Score) -> Compute:
    assert each.of_score is not None
    raw = each.of_score
    tables = {form: {key: exact(value) for key, value in table.items()} for form, table in each.tables.items()}

    def look_up(sheet: _Sheet) -> tuple[Value, bool]:
        table = tables.get((sheet.form or "") if each.table_by else "")
        points = sheet.values[raw]
        return (None, False) if points is None or table is None else (table[points], sheet.prorated[raw])

    return look_up


def _algorithm(instrument: Instrument, each: Score) -> Compute:
    reads = tuple(name for name in (score.id for score in instrument.scores) if each.cql and name in each.cql.reads)
    value: Callable[[dict[str, Any]], Any]
    if each.method:
        value = partial(METHODS[each.method], instrument)
    elif each.missing.rule == "bounds":
        value = bounds_of(instrument, each).value
    else:
        assert each.cql is not None
        value = compiled(written_out(each.cql, instrument.terms))
    names = tuple(name for item in each.items for name in instrument.item[item].facts)
    required = names if each.missing.rule == "all_required" else ()

    def run(sheet: _Sheet) -> tuple[Value, bool]:
        if any(sheet.values[name] is None for name in required):
            return None, False
        return value(sheet.values), any(sheet.prorated[name] for name in reads)

    return run
