"""What is wrong with an instrument as a whole, beyond the shape of its file: ids, ranges, bands, what scores read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from careplan.cql import Type
from careplan.errors import Location, Problem, nearest
from careplan.instruments.answers import exact
from careplan.instruments.bounds import Boundless, bounds_of
from careplan.instruments.model import Band, Derive, Input, Instrument, Item, Number, Score

SOURCE = re.compile(r"person\.(age|bmi|sex)|measures\.[a-z0-9_.]+|dx\.[a-z0-9_]+")
"""Where an assessment holds a measured value."""
RULES = {
    "sum": {"all_required", "prorate", "prorate_by_form", "of_scores"},
    "weighted": {"all_required", "prorate"},
    "mean": {"all_required", "min_answered"},
    "t_table": {"all_required"},
    "algorithm": {"all_required", "bounds", "goals_set"},
}
"""What may become of missing answers, by the kind of score."""


def check(instrument: Instrument, places: Mapping[str, Location], problems: list[Problem]) -> None:
    """Note every contradiction in the definition, at its place."""
    for what, message in list(_names(instrument)) or _problems(instrument):
        problems.append(Problem(message, places.get(what, instrument.location)))


def _problems(instrument: Instrument) -> Iterator[tuple[str, str]]:
    for item in instrument.answerable():
        yield from ((f"item {item.id}", message) for message in _item(instrument, item))
    for name, derive in instrument.derive.items():
        yield from ((f"derive {name}", message) for message in _derive(instrument, name, derive))
    earlier: dict[str, Score] = {}
    for score in instrument.scores:
        found = list(_score(instrument, score, earlier)) or list(_range(instrument, score))
        yield from ((f"score {score.id}", message) for message in found)
        earlier[score.id] = score
    for scale, bands in instrument.scales.items():
        yield from ((f"scale {scale}", message) for message in _bands(instrument, bands))
    for name in (each.score for each in instrument.change):
        if name not in instrument.score:
            yield f"change {name}", f"there is no score {name!r}{nearest(name, instrument.score)}"
    if instrument.loinc and instrument.loinc.items and len(instrument.loinc.items) != len(instrument.items):
        yield "loinc", f"{len(instrument.loinc.items)} LOINC codes for {len(instrument.items)} items"


def _derive(instrument: Instrument, name: str, derive: Derive) -> Iterator[str]:
    if name not in instrument.item or instrument.item[name].type != "boolean":
        yield f"{name!r} should be a yes/no item for {derive.input} to answer"
    if derive.input not in [each.id for each in instrument.inputs]:
        yield f"there is no input {derive.input!r}"
    if bool(derive.by_sex) == (derive.value is not None):
        yield "give either 'value' or 'by_sex'"


def _names(instrument: Instrument) -> Iterator[tuple[str, str]]:
    kinds = {
        "item": [each.id for each in instrument.answerable()],
        "term": list(instrument.terms),
        "score": [each.id for each in instrument.scores],
    }
    count = Counter(name for names in kinds.values() for name in names)
    for kind, names in kinds.items():
        yield from (
            (f"{kind} {name}", f"the id {name} stands {count[name]} times") for name in names if count[name] > 1
        )


def _item(instrument: Instrument, item: Item) -> Iterator[str]:
    if item.text and instrument.licence.wording != "free":
        yield f"the wording of {instrument.id} is not free: {item.id} may have a label, and no text"
    if item.type in ("choice", "sites") and not item.options:
        yield f"a {item.type} item needs 'options'"
    if item.min is not None and item.max is not None and item.min > item.max:
        yield f"the lowest answer {item.min} is above the highest, {item.max}"
    stored = _stored(item)
    if item.type == "ordinal" and item.options and {each.value for each in item.options} != stored:
        yield f"the options of {item.id} should be its answers, {min(stored)} to {max(stored)}"
    if item.points and set(item.points) != stored:
        yield f"'points' should name every answer of {item.id}: {', '.join(map(str, sorted(stored)))}"
    if item.reversed and (item.points or item.type not in ("ordinal", "boolean")):
        yield f"{item.id} cannot be reversed"
    if isinstance(item, Input) and not SOURCE.fullmatch(item.source or ""):
        yield f"'from' is one of person.age, person.bmi, person.sex, measures.…, dx.…, not {item.source!r}"
    if item.weighs and item.weighs not in instrument.item:
        yield f"there is no item {item.weighs!r} for {item.id} to weigh"


def _stored(item: Item) -> set[int]:
    if item.type == "choice":
        return {each.value for each in item.options if isinstance(each.value, int)}
    return set() if item.min is None or item.max is None else set(range(item.min, item.max + 1))


def _score(instrument: Instrument, score: Score, earlier: Mapping[str, Score]) -> Iterator[str]:
    if not score.items:
        yield f"{score.id} has no items"
    for name in (*score.of_scores, *([score.of_score] if score.of_score else [])):
        if name not in earlier:
            yield f"{score.id} needs the score {name!r}, which does not stand above it{nearest(name, earlier)}"
    yield from _missing(instrument, score)
    yield from _belongs(score)
    if score.kind == "t_table":
        yield from _tables(instrument, score, earlier)
    if score.cql is not None and score.missing.rule == "bounds":
        try:
            bounds_of(instrument, score)
        except Boundless as found:
            yield f"missing: bounds cannot be had here: {found}"


def _missing(instrument: Instrument, score: Score) -> Iterator[str]:
    rule, most = score.missing.rule, len(score.items)
    if rule not in RULES[score.kind]:
        yield f"a score of kind {score.kind} cannot have missing answers by {rule}"
    if rule in ("prorate", "min_answered") and not 0 < score.missing.n < most:
        yield f"'n' of {rule} should be at least 1, and less than the {most} items"
    if rule == "prorate_by_form" and (
        instrument.forms is None or score.missing.min_answered.keys() != instrument.forms.sizes.keys()
    ):
        yield "'min_answered' should say for every form how many items must be answered"
    if (rule == "of_scores") != bool(score.of_scores):
        yield "'of_scores' and the missing rule of_scores go together"


def _belongs(score: Score) -> Iterator[str]:
    """What only one kind of score has, and must have."""
    kind = score.kind
    if (kind == "t_table") != bool(score.tables and score.of_score):
        yield "a t_table has a table and 'of_score', and no other kind has"
    if (kind == "weighted") != (bool(score.weights) or score.factor != 1):
        yield "a weighted score has 'weights' or a 'factor', and no other kind has"
    if score.weights:
        each_item = {len(weights) for weights in score.weights.values()} == {len(score.items)}
        if score.missing.rule != "all_required" or not each_item:
            yield f"'weights' should give one weight for each of the {len(score.items)} items, all of them required"
    if (kind == "algorithm") != ((score.cql is None) != (score.method is None)):
        yield "an algorithm has either 'cql' or a 'method', and no other kind has"
    if (score.value == "category") != bool(score.options):
        yield "'options' belong to a score with value: category, which needs them"


def _tables(instrument: Instrument, score: Score, earlier: Mapping[str, Score]) -> Iterator[str]:
    raw = earlier.get(score.of_score or "")
    if raw is None:
        return
    if bool(score.table_by) != ("" not in score.tables):
        yield "'tables' need 'table_by'; a single 'table' does not"
    for form, table in score.tables.items():
        names = raw.items
        if form:
            if instrument.forms is None or form not in instrument.forms.sizes:
                yield f"there is no form {form!r}"
                continue
            names = names[: instrument.forms.sizes[form]]
        low, high = _ends(instrument, names)
        missing = [str(points) for points in range(int(low), int(high) + 1) if points not in table]
        if missing:
            yield f"the table{f' of {form}' if form else ''} lacks {', '.join(missing)}"


def _points(item: Item) -> tuple[Number, Number]:
    if item.type == "sites":
        return 0, len(item.options)
    if item.whole:
        return item.possible[0], item.possible[-1]
    return (0, 24) if item.min is None or item.max is None else (item.min, item.max)


def _ends(instrument: Instrument, names: Iterable[str]) -> tuple[Number, Number]:
    """The lowest and the highest sum of items."""
    ends = [_points(instrument.item[name]) for name in names]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


def _range(instrument: Instrument, score: Score) -> Iterator[str]:
    """The range of a score follows from its items."""
    if score.kind == "algorithm" or score.missing.rule == "prorate_by_form":
        return
    low, high = _ends(instrument, score.items)
    if score.kind == "mean":
        low, high = Fraction(low, len(score.items)), Fraction(high, len(score.items))
    elif score.of_scores:
        parts = [instrument.score[name] for name in score.of_scores]
        low, high = sum(exact(part.min or 0) for part in parts), sum(exact(part.max or 0) for part in parts)
    elif score.weights:
        weighted = [_weighted(instrument, score, weights) for weights in score.weights.values()]
        low, high = min(least for least, _ in weighted), max(most for _, most in weighted)
    elif score.kind == "t_table":
        values = [exact(value) for table in score.tables.values() for value in table.values()]
        low, high = min(values), max(values)
    else:
        low, high = low * score.factor, high * score.factor
    if score.min is None or score.max is None or (exact(score.min), exact(score.max)) != (low, high):
        yield f"{score.id} can be {float(low):g} to {float(high):g}, and 'min' and 'max' say otherwise"


def _weighted(instrument: Instrument, score: Score, weights: Iterable[Fraction]) -> tuple[Number, Number]:
    ends = [_points(instrument.item[name]) for name in score.items]
    pairs = [(weight * low, weight * high) for weight, (low, high) in zip(weights, ends, strict=True)]
    return sum(min(pair) for pair in pairs), sum(max(pair) for pair in pairs)


def _bands(instrument: Instrument, bands: tuple[Band, ...]) -> Iterator[str]:
    """The bands of one scale: of one score, in a row without gaps, for each sex."""
    score = instrument.score.get(bands[0].score)
    if score is None:
        yield f"there is no score {bands[0].score!r}{nearest(bands[0].score, instrument.score)}"
        return
    if score.type in (Type.BOOLEAN, Type.STRING):
        yield f"{score.id} is no number, and has no bands"
        return
    decimals = score.decimals if score.decimals is not None else int(score.type == Type.DECIMAL)
    step = Fraction(1, 10**decimals)
    for sexes in (("male", "not_female"), ("female", "not_male"), ("not_male", "not_female")):
        row = sorted((each for each in bands if each.sex is None or each.sex in sexes), key=lambda each: each.low)
        edges = [(exact(each.low), exact(each.high)) for each in row]
        for (low, high), (after, _), each in zip(edges, edges[1:], row, strict=False):
            if low > high or after != high + step:
                yield f"{each.id} is {each.low} to {each.high}: the next band should begin at {float(high + step):g}"
        if (
            score.min is not None
            and score.max is not None
            and (edges[0][0], edges[-1][1])
            != (
                exact(score.min),
                exact(score.max),
            )
        ):
            yield f"the bands should go from {score.min} to {score.max}"
