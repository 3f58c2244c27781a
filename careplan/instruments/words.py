"""An instrument in words: what may be answered, and how answers become scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from careplan.instruments.model import Band, Change, Derive, Instrument, Item, Score

ENDLESS = 1000
"""Where a score without ends is cut in a definition: nothing comes near it."""


def answers_to_choose(item: Item) -> tuple[str, ...]:
    """The answers that are chosen from, as an intake file writes them; none where any number or time may stand."""
    if item.type == "boolean":
        return ("true", "false")
    if item.type == "ordinal":
        return tuple(str(each) for each in range(item.min or 0, (item.max or 0) + 1))
    return tuple(str(each.value) for each in item.options)


def answer_words(item: Item) -> dict[str, str]:
    """What each answer means, by what an intake file writes for it; empty where the definition does not say."""
    return {str(each.value): each.label for each in item.options}


def meanings(words: Mapping[str, str]) -> str:
    """What answers mean, on one line: ``0 = Not at all; 1 = Several days``."""
    return "; ".join(f"{answer} = {meaning}" for answer, meaning in words.items())


def allowed(item: Item) -> str:
    """What may be written for an item: ``0 to 3``, ``true or false``, ``"HH:MM"``."""
    match item.type:
        case "boolean":
            return "true or false"
        case "time":
            return 'a time such as "23:00", in quotation marks'
        case "sites":
            return "a list of sites, [] for none"
        case "choice":
            return f"one of {', '.join(answers_to_choose(item))}"
    return f"{item.min} to {item.max}{'' if item.whole else ', decimals too'}"


def may_be_open(item: Item) -> str | None:
    """When an item may be left unanswered without loss, in words; None where it may not."""
    if item.unanswered is not None:
        when = f" when {item.unanswered.when}" if item.unanswered.when else ""
        return f"left open it counts as {item.unanswered.counts_as}{when}"
    return "may be left open" if item.optional else None


def how_scored(instrument: Instrument, score: Score) -> str:
    """How a score is made of the answers: ``the sum of 9 items``; the steps of an algorithm stand apart from it."""
    return ", ".join([_made(score), *_turned(instrument, score), *_rounded(score)])


def _made(score: Score) -> str:
    count = f"{len(score.items)} items" if len(score.items) > 1 else f"item {score.items[0]}"
    match score.kind:
        case "t_table":
            return f"from {score.of_score} by a table{f' for each {score.table_by}' if score.table_by else ''}"
        case "algorithm":
            return f"from {count} by an algorithm"
        case "mean":
            return f"the mean of {count}"
    of = ", ".join(score.of_scores) if score.of_scores else count
    if score.weights:
        return f"the weighted sum of {of}"
    times = f", times {score.factor}" if score.factor != 1 else ""
    return f"the sum of {of}{times}" if len(score.items) > 1 else f"the points of {of}{times}"


def _turned(instrument: Instrument, score: Score) -> Iterator[str]:
    """The items whose answers are not their points. A table and other scores take up what was turned already."""
    if score.of_score or score.of_scores or score.kind == "algorithm":
        return
    items = [instrument.item[name] for name in score.items]
    if turned := [each.id for each in items if each.reversed]:
        yield f"{', '.join(turned)} reversed"
    if pointed := [each.id for each in items if each.points]:
        yield f"{', '.join(pointed)} by points"


def _rounded(score: Score) -> Iterator[str]:
    if score.decimals is not None and score.kind != "t_table":
        yield f"rounded half up to {score.decimals} {'decimal' if score.decimals == 1 else 'decimals'}"


def weights(score: Score) -> Iterator[str]:
    """The weights of the items of a score, a line for each sex where they differ."""
    for sex, row in score.weights.items():
        listed = ", ".join(f"{name} {each}" for name, each in zip(score.items, row, strict=True))
        yield f"weights{f' ({sex})' if sex else ''}: {listed}"


def tables(score: Score) -> Iterator[str]:
    """The tables that turn another score into this one, a line a form."""
    for form, table in score.tables.items():
        listed = ", ".join(f"{raw} → {turned}" for raw, turned in table.items())
        yield f"table of {form}: {listed}" if form else f"table: {listed}"


def points(item: Item) -> str:
    """What each answer to an item counts: ``0 → 0, 1 → 1``."""
    return ", ".join(f"{answer} → {counted}" for answer, counted in item.points.items())


def value(score: Score) -> str:
    """What a score may be, and which way is better."""
    if score.value == "category":
        return ", ".join(score.options)
    if score.value == "boolean":
        return "true or false"
    spread = "a number" if score.min is None else f"from {score.min}" if score.max is None else _spread(score)
    return f"{spread}; {score.direction.replace('_', ' is ')}"


def _spread(score: Score) -> str:
    return f"{score.min} to {score.max}"


def within(band: Band) -> str:
    """The range of a band, with the sex it is for."""
    if band.low == band.high:
        found = f"{band.low}"
    elif abs(band.low) >= ENDLESS:
        found = f"up to {band.high}"
    else:
        found = f"from {band.low}" if abs(band.high) >= ENDLESS else f"{band.low} to {band.high}"
    return f"{found} ({band.sex.replace('_', ' ')})" if band.sex else found


def important(change: Change) -> str:
    """The smallest change that matters and its direction: ``5 points, lower is better``."""
    unit = "%" if change.kind == "percent" else " point" if change.mcid == 1 else " points"
    return f"{change.mcid}{unit}, {'lower' if change.improvement == 'decrease' else 'higher'} is better"


def measured(derive: Derive, name: str) -> str:
    """How a measured value answers an item: ``b: yes when bmi is over 35``."""
    words = {"gt": "is over", "ge": "is at least", "lt": "is under", "le": "is at most", "eq": "is"}[derive.op]
    limits = [f"{limit} ({sex})" for sex, limit in derive.by_sex.items()] or [_limit(derive)]
    return f"{name}: yes when {derive.input} {words} {', '.join(limits)}"


def _limit(derive: Derive) -> str:
    return "yes" if derive.op == "eq" and derive.value == 1 else str(derive.value)
