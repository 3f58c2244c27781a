"""Known facts → all that follow from them by CQL; what was given and does not fit is a problem."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from careplan.errors import IntakeError, Problem, nearest
from careplan.facts.certain import certainly
from careplan.facts.model import Facts
from careplan.vocabulary.model import FactDefinition, Value, Vocabulary

TOLERANCE = 1e-8
"""How far apart two decimals may be and still agree."""


def complete_facts(values: Mapping[str, Any], vocabulary: Vocabulary) -> Facts:
    """The facts given, checked, and those that follow from them; a fact given as None is unknown, nothing is assumed.

    Raises IntakeError with every fact that does not exist, has a value it cannot have, or contradicts the others.
    """
    problems: list[Problem] = []
    known: dict[str, Value] = {}
    for name, value in values.items():
        if name not in vocabulary:
            message = f"there is no fact {name!r}{nearest(name, vocabulary.facts)}"
            problems.append(Problem(message, code="unknown_fact"))
        elif value is not None:
            put(known, vocabulary[name], value, problems)
    complete(known, vocabulary, problems)
    if problems:
        raise IntakeError(problems)
    return Facts(in_order(known, vocabulary))


def put(known: dict[str, Value], fact: FactDefinition, value: Any, problems: list[Problem]) -> None:
    """Note the value of a fact, or the problem of one it cannot have."""
    try:
        known[fact.id] = fact.checked(value)
    except ValueError:
        problems.append(Problem(f"{fact.id} should be {fact.allowed}, not {shown(value)}", code=_code(fact, value)))


def agree(known: dict[str, Value], fact: FactDefinition, given: Any, problems: list[Problem]) -> None:
    """Note a value given for a fact: it stands where the fact is not known otherwise, and else has to agree."""
    found = known.get(fact.id)
    if found is None:
        put(known, fact, given, problems)
    elif not same(found, given):
        message = f"{fact.id} is given as {shown(given)}, and what else is known makes it {shown(found)}; correct one"
        problems.append(Problem(message, code="disagree"))


def complete(known: dict[str, Value], vocabulary: Vocabulary, problems: list[Problem]) -> None:
    """Add to the known facts all that follow by CQL.

    A derived fact that is known already stands while its inputs are unknown, and is refused where they contradict it
    whatever is still missing. A fact with a fallback keeps what the intake said.
    """
    for layer in vocabulary.strata:
        for name, value in layer(known).items():
            fact = vocabulary[name]
            if name in known:
                _compare(known, fact, problems)
            elif value is not None:
                _follow(known, fact, value, problems)


def _compare(known: dict[str, Value], fact: FactDefinition, problems: list[Problem]) -> None:
    value = certainly(fact.derive)(known) if fact.derive else None
    if fact.derive and value is not None and not same(known[fact.id], value):
        given, reads = shown(known[fact.id]), ", ".join(each for each in sorted(fact.derive.reads) if each in known)
        message = f"{fact.id} is given as {given}, and by {reads} it is {shown(value)}; correct one"
        problems.append(Problem(message, code="disagree"))


def _follow(known: dict[str, Value], fact: FactDefinition, value: Any, problems: list[Problem]) -> None:
    try:
        known[fact.id] = fact.checked(value)
    except ValueError:
        rule = fact.derive or fact.otherwise
        reads = ", ".join(each for each in sorted(rule.reads if rule else ()) if each in known)
        message = f"{fact.id} comes to {shown(value)}, and it should be {fact.allowed}; check {reads}"
        problems.append(Problem(message, code="out_of_range"))


def same(one: Any, other: Any) -> bool:
    """Whether two values of a fact agree; decimals within 1e-8."""
    if isinstance(one, float | int) and isinstance(other, float | int) and not isinstance(one, bool):
        return not isinstance(other, bool) and abs(one - other) <= TOLERANCE
    return type(one) is type(other) and bool(one == other)


def shown(value: Any) -> str:
    """A value as it is written in a file of facts, to twelve digits."""
    value = float(f"{value:.12g}") if isinstance(value, float) else value
    return json.dumps(value, ensure_ascii=False, default=str)


def in_order(known: Mapping[str, Value], vocabulary: Vocabulary) -> dict[str, Value]:
    """The known facts in the order of the vocabulary, whatever order they came in."""
    return {name: known[name] for name in vocabulary.facts if name in known}


def _code(fact: FactDefinition, value: Any) -> str:
    """``out_of_range`` for a number where a number is due, else ``type``."""
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return "out_of_range" if numeric and fact.type.numeric else "type"
