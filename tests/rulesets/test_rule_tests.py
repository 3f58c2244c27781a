"""No slip of the pen in a condition that we release escapes the tests beside it, which pytest runs one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import pytest

from careplan.cql import Expression, Type, compile_all, expression
from careplan.errors import ConditionError
from tests.rulesets.source import base, released, results, vocabulary

CONDITIONS = [
    pytest.param(modality, version, name, id=f"{modality}@{version} {name}")
    for modality, version in released()
    for name in base(modality, version).conditions
]
NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
SLIPS = {
    " >= ": " > ", " <= ": " < ", " > ": " >= ", " < ": " <= ", " = ": " != ", " and ": " or ", " or ": " and ",
    " is not true": "", " is null": " is not null", " is not null": " is null",
}  # fmt: skip
"""Slips of the pen that change what a condition means."""
MEAN_THE_SAME = {
    # A kidney function just below 30 or 15 falls in the next band, whose doses are lower: it fires there anyway.
    ("MED-32", "renal.function >= 30 and renal.function < 60", "renal.function >= 29 and renal.function < 60"),
    ("MED-32", "renal.function >= 15 and renal.function < 30", "renal.function >= 14 and renal.function < 30"),
}
"""Slips that change no outcome: the rule, what it says, and what says the same."""


def slipped(text: str) -> Iterator[str]:
    """The condition with one number moved by one, or one operator changed, in every way there is."""
    for found in NUMBER.finditer(text):
        for moved in (int(found[0]) - 1, int(found[0]) + 1):
            if moved >= 0:
                yield f"{text[: found.start()]}{moved}{text[found.end() :]}"
    for written, instead in SLIPS.items():
        for found in re.finditer(re.escape(written), text):
            yield f"{text[: found.start()]}{instead}{text[found.end() :]}"


def readable(texts: Iterator[str]) -> dict[str, Expression]:
    found = {}
    read = partial(expression, types=vocabulary().types, expected=Type.BOOLEAN)
    for text in texts:
        try:
            found[text] = read(text)
        except ConditionError:
            continue  # the slip leaves no condition, so the reader refuses it
    return found


@pytest.mark.parametrize(("modality", "version", "name"), CONDITIONS)
def test_no_threshold_or_operator_can_slip_unnoticed(modality: str, version: str, name: str) -> None:
    text = base(modality, version).conditions[name].text
    same = {text.replace(said, instead) for rule, said, instead in MEAN_THE_SAME if rule == name}
    changed = readable(each for each in slipped(text) if each not in same)
    decide = compile_all(changed)
    unnoticed = set(changed)
    for each in results(modality, version):
        if each.test.rule == name:
            outcomes = decide(each.decision.facts)
            unnoticed = {text for text in unnoticed if outcomes[text] is each.outcome}
    assert unnoticed == set()
