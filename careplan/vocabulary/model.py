"""The vocabulary: every fact that rules may read, with its type, its range and where it comes from."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any, Literal
from unicodedata import normalize

from attrs import define, field, frozen

from careplan.cql import Expression, Type, compile_all
from careplan.errors import Location, Problem, VocabularyError

Value = bool | int | float | str
"""The value of a fact that is known; an unknown fact has none."""

Listed = Literal["diagnoses", "red_flags", "findings"]
"""The lists of yes/no questions that an intake goes through."""

NotRecorded = Literal["unknown", "assumed_no"]
"""What a fact is while nobody asked."""

PREFIXES: Mapping[Listed, str] = {"diagnoses": "dx.", "red_flags": "red_flag.", "findings": "finding."}
"""What stands before a list's own words in the ids of its facts: ``finding.panic`` is ``panic`` in ``findings``."""

MEASURES: Mapping[str, str] = {
    "%": "%",
    "MME/day": "MME a day",
    "cm": "cm",
    "days/month": "days a month",
    "hours": "hours",
    "kg": "kg",
    "kg/m2": "kg/m²",
    "mL/min": "ml/min",
    "mL/min/1.73m2": "ml/min/1.73 m²",
    "mcg/hour": "mcg an hour",
    "mg/day": "mg a day",
    "minutes": "minutes",
    "minutes/week": "minutes a week",
    "months": "months",
    "umol/L": "µmol/l",
    "weeks": "weeks",
    "years": "years",
}
"""Units of measure, as a document says them."""


@frozen
class FactDefinition:
    """One fact: what it means, what values it may take, and how it comes to be known.

    Exactly one road leads to a value: ``intake`` (paths such as ``measures.fatigue`` or ``answers.peg.i1``, the first
    that is answered counts), ``listed`` (a word of ``diagnoses``, ``red_flags`` or ``findings``), ``score`` (a score
    of an instrument), ``derive`` (CQL over other facts), ``compute`` (a named pure function of the assessment, with
    ``arguments``) or ``decided_by`` (rules write it). ``otherwise`` is CQL for when the intake does not say; unlike
    ``derive`` it never contradicts what the intake says. ``how`` tells in words what a named function computes.
    """

    id: str
    type: Type
    meaning: str
    group: str
    unit: str | None = None
    range: tuple[float, float] | None = None
    values: tuple[str, ...] | None = None
    pattern: str | None = None
    not_recorded: NotRecorded = "unknown"
    intake: tuple[str, ...] = ()
    otherwise: Expression | None = None
    listed: Listed | None = None
    score: str | None = None
    derive: Expression | None = None
    compute: str | None = None
    arguments: Mapping[str, str | tuple[str, ...]] = field(factory=dict)
    decided_by: Literal["rules"] | None = None
    how: str | None = None
    certainty: Literal["as_cited", "unverified"] = "as_cited"
    note: str | None = None
    location: Location | None = None

    @property
    def derived(self) -> bool:
        """Whether the value follows from other facts by CQL."""
        return self.derive is not None

    @property
    def label(self) -> str:
        """What a document calls the fact: its meaning up to a semicolon, after which stands how it comes about."""
        return self.meaning.partition(";")[0]

    @property
    def measure(self) -> str:
        """The unit to say behind a value; empty for what is counted in points or things, or where the label says it."""
        said = MEASURES.get(self.unit or "", "")
        return "" if said.partition(" ")[0] in self.label.casefold().split() else said

    @property
    def word(self) -> str:
        """The fact's word in its list: ``panic`` for ``finding.panic``; the whole id of a fact named otherwise."""
        prefix = PREFIXES[self.listed] if self.listed else ""
        return self.id.removeprefix(prefix)

    def checked(self, value: Any) -> Value:
        """The value as this fact holds it: an Integer as int, a Decimal as float, a String in NFC.

        Raises ValueError saying what the value should be when it has another type or lies out of range.
        """
        kind, given = self.type.name, type(value)
        if kind == "Boolean":
            if given is bool:
                return bool(value)
        elif kind == "String":
            if given is str and self._holds(text := normalize("NFC", value)):
                return text
        elif given is int or (given is float and kind == "Decimal"):
            low, high = self.range or (-(2**53), 2**53)
            if low <= value <= high:
                return int(value) if kind == "Integer" else float(value)
        raise ValueError(self.allowed)

    def _holds(self, text: str) -> bool:
        if self.values is not None and text not in self.values:
            return False
        return self.pattern is None or re.fullmatch(self.pattern, text) is not None

    @property
    def allowed(self) -> str:
        """What a value should be, in words: ``a whole number from 0 to 27``."""
        if self.type == Type.BOOLEAN:
            return "true or false"
        unit = f" ({self.unit})" if self.unit else ""
        if self.type == Type.STRING:
            return f"one of {', '.join(self.values)}" if self.values else f"text{unit}"
        kind = "a whole number" if self.type == Type.INTEGER else "a number"
        return f"{kind} from {_plain(self.range[0])} to {_plain(self.range[1])}{unit}" if self.range else kind + unit


def _plain(number: float) -> str:
    return str(int(number)) if math.isfinite(number) and number == int(number) else str(number)


@define(frozen=True, slots=False, eq=False)
class Vocabulary:
    """All facts by id, in the order of their files."""

    facts: Mapping[str, FactDefinition]

    def __getitem__(self, fact: str) -> FactDefinition:
        return self.facts[fact]

    def __contains__(self, fact: object) -> bool:
        return fact in self.facts

    def __iter__(self) -> Iterator[FactDefinition]:
        return iter(self.facts.values())

    def __len__(self) -> int:
        return len(self.facts)

    @cached_property
    def types(self) -> dict[str, Type]:
        """The type of every fact, by id."""
        return {definition.id: definition.type for definition in self}

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The groups of facts, sorted."""
        return tuple(sorted({each.group for each in self}))

    @cached_property
    def lists(self) -> dict[Listed, dict[str, FactDefinition]]:
        """The facts of each list of yes/no questions, by their word in it."""
        return {name: {each.word: each for each in self if each.listed == name} for name in PREFIXES}

    @cached_property
    def measures(self) -> dict[str, FactDefinition]:
        """The facts that are read from a path of the intake, by that path."""
        return {path: each for each in self for path in each.intake}

    @cached_property
    def strata(self) -> tuple[Callable[[Mapping[str, Any]], dict[str, Any]], ...]:
        """Functions that give the facts which follow by CQL, each from known facts and what earlier ones gave.

        Raises VocabularyError naming facts that follow from each other.
        """
        rules = {each.id: rule for each in self if (rule := each.derive or each.otherwise)}
        sorter = TopologicalSorter({name: rule.reads & rules.keys() for name, rule in rules.items()})
        try:
            sorter.prepare()
        except CycleError as error:
            ring = error.args[1]
            message = f"facts that follow from each other: {' → '.join(reversed(ring))}"
            raise VocabularyError(Problem(message, self[ring[0]].location, "cycle")) from None
        layers = []
        while sorter.is_active():
            ready = set(sorter.get_ready())
            sorter.done(*ready)
            layers.append(compile_all({name: rule for name, rule in rules.items() if name in ready}))
        return tuple(layers)
