"""Answers as given → the stored value of every item, exact; what does not fit is refused with its item and a code."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from careplan.cql.exact import number
from careplan.errors import AnswerError, Problem, nearest
from careplan.instruments.model import Instrument, Item, Number

WHOLE = ""
"""Stands for the answers as a whole where problems are given by item."""

Stored = Number | str | tuple[str, ...]

HOURS_OF_A_DAY = 24

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


class Refused(Exception):
    """An answer does not fit its item: the code, and what is wrong."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def stored_answers(instrument: Instrument, answers: Sequence[Any] | Mapping[str, Any]) -> dict[str, Stored | None]:
    """The stored value of every item, None where it is open, and of every input that was given.

    Raises AnswerError with every problem; each names the instrument and the item.
    """
    problems: dict[str, Problem] = {}
    stored = read_answers(instrument, answers, problems)
    if problems:
        raise AnswerError(problems.values())
    return stored


def check_context(instrument: Instrument, context: Mapping[str, Any]) -> None:
    """Refuse measured values that cannot be: raises AnswerError."""
    problems: dict[str, Problem] = {}
    for item in instrument.inputs:
        if item.type != "choice" and context.get(item.id) is not None:
            _store(instrument, item, context[item.id], {}, problems)
    if problems:
        raise AnswerError(problems.values())


def read_answers(
    instrument: Instrument, answers: Sequence[Any] | Mapping[str, Any], problems: dict[str, Problem]
) -> dict[str, Stored | None]:
    """The stored values as far as they can be had; what is wrong is noted by item id, or under ``""`` for the whole."""
    stored: dict[str, Stored | None] = {}
    if isinstance(answers, Mapping):
        _read_mapping(instrument, answers, stored, problems)
    elif not isinstance(answers, Sequence) or isinstance(answers, str | bytes):
        message = f"the answers to {instrument.id} should be a list, or a mapping from items to answers"
        problems[WHOLE] = Problem(message, code="not_answers")
    elif len(answers) != len(instrument.items):
        message = f"{instrument.id} has {_count(len(instrument.items), 'item')}; {_count(len(answers), 'answer')} came"
        problems[WHOLE] = Problem(message, code="wrong_count")
    else:
        for item, answer in zip(instrument.items, answers, strict=True):
            _store(instrument, item, answer, stored, problems)
    if instrument.forms is not None:
        _beyond_the_form(instrument, stored, problems)
    return stored


def _read_mapping(
    instrument: Instrument,
    answers: Mapping[str, Any],
    stored: dict[str, Stored | None],
    problems: dict[str, Problem],
) -> None:
    known = {item.id: item for item in instrument.answerable()}
    for name in answers:
        if name not in known:
            message = f"{instrument.id} has no item {name!r}{nearest(str(name), known)}"
            problems[str(name)] = Problem(message, code="unknown_item")
    for item in instrument.items:
        _store(instrument, item, answers.get(item.id), stored, problems)
    for item in instrument.inputs:
        if item.id in answers:
            _store(instrument, item, answers[item.id], stored, problems)


def _store(
    instrument: Instrument,
    item: Item,
    answer: Any,
    stored: dict[str, Stored | None],
    problems: dict[str, Problem],
) -> None:
    if answer is None:
        stored[item.id] = None
        return
    try:
        stored[item.id] = _READERS[item.type](item, answer)
    except Refused as refused:
        message = f"{instrument.id} {item.id} ({item.label}): {refused.message}"
        problems[item.id] = Problem(message, code=refused.code)


def _beyond_the_form(instrument: Instrument, stored: Mapping[str, Stored | None], problems: dict[str, Problem]) -> None:
    assert instrument.forms is not None
    form = stored.get(instrument.forms.item)
    if form is None:
        return
    asked = [item.id for item in instrument.items if item.counts]
    size = instrument.forms.sizes[str(form)]
    for item in asked[size:]:
        if stored.get(item) is not None:
            message = f"{instrument.id} {item}: form {form} has {_count(size, 'item')} and ends before this one"
            problems.setdefault(item, Problem(message, code="wrong_count"))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def exact(value: float | Fraction) -> Number:
    """A number as a person wrote it: 0.1 is a tenth, 10.0 is ten."""
    return value if isinstance(value, int | Fraction) else number(value)


def _number(item: Item, answer: Any) -> Number:
    """A number that is in range, whole where whole numbers are due."""
    if type(answer) is int and item.min is not None and item.max is not None and item.min <= answer <= item.max:
        return answer
    if isinstance(answer, bool) or not isinstance(answer, int | float | Fraction):
        due = "a whole number" if item.whole else "a number"
        shown = repr(answer) if isinstance(answer, str) else str(answer).lower()
        raise Refused("not_integer", f"{shown} is not {due}")
    if not isinstance(answer, int):
        if not math.isfinite(answer):
            raise Refused("out_of_range", f"{answer} is not a number that can be used")
        if item.whole and answer != int(answer):
            raise Refused("not_integer", f"{answer} is not a whole number")
    if item.min is not None and answer < item.min:
        raise Refused("out_of_range", f"{answer} is below {item.min}, the lowest answer")
    if item.max is not None and answer > item.max:
        raise Refused("out_of_range", f"{answer} is above {item.max}, the highest answer")
    return exact(answer)


def _boolean(item: Item, answer: Any) -> Number:
    """0 or 1; true and false are taken too."""
    return int(answer) if isinstance(answer, bool) else _number(item, answer)


def _choice(item: Item, answer: Any) -> Stored:
    values = [option.value for option in item.options]
    chosen: Stored = answer if isinstance(values[0], str) and isinstance(answer, str) else _number(item, answer)
    if chosen not in values:
        known = ", ".join(str(value) for value in values)
        raise Refused("out_of_range", f"{answer!r} is not one of {known}")
    return chosen


def _sites(item: Item, answer: Any) -> Stored:
    """The distinct sites, in the order of the options."""
    if not isinstance(answer, list | tuple):
        raise Refused("out_of_range", f"{answer!r} should be a list of sites; an empty list is none")
    known = [str(option.value) for option in item.options]
    for site in answer:
        if site not in known:
            raise Refused("out_of_range", f"there is no site {site!r}{nearest(str(site), known)}")
    return tuple(site for site in known if site in answer)


def _time(item: Item, answer: Any) -> Stored:
    """Hours since midnight, from HH:MM or from hours and their fraction."""
    if not isinstance(answer, str):
        hours = _number(item, answer)
        if not 0 <= hours < HOURS_OF_A_DAY:
            raise Refused("out_of_range", f"{answer} is not a time of day")
        return hours
    found = _TIME.fullmatch(answer)
    if not found:
        raise Refused("out_of_range", f"{answer!r} is not a time such as 23:00")
    return Fraction(int(found[1]) * 60 + int(found[2]), 60)


_READERS = {
    "ordinal": _number,
    "numeric": _number,
    "boolean": _boolean,
    "choice": _choice,
    "sites": _sites,
    "time": _time,
}
