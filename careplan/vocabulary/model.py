"""The vocabulary: every fact that rules may read, with its type, its range and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal

from attrs import define, field, frozen

from careplan.cql import Expression, Type
from careplan.errors import Location
from careplan.errors import nearest as nearest

Value = bool | int | float | str
"""The value of a fact that is known; an unknown fact has none."""


@frozen
class FactDefinition:
    """One fact: what it means, what values it may take, and how it comes to be known.

    Exactly one of the four roads leads to a value: ``intake`` (a path such as ``measures.fatigue``),
    ``listed`` (an id in ``diagnoses``, ``red_flags`` or ``findings``), ``score`` (a score of an instrument),
    ``derive`` (CQL over other facts) or ``compute`` (a named pure function of the assessment).
    """

    id: str
    type: Type
    meaning: str
    group: str
    unit: str | None = None
    range: tuple[float, float] | None = None
    values: tuple[str, ...] | None = None
    not_recorded: Literal["unknown", "assumed_no"] = "unknown"
    intake: str | None = None
    listed: Literal["diagnoses", "red_flags", "findings"] | None = None
    score: str | None = None
    derive: Expression | None = None
    compute: str | None = None
    arguments: Mapping[str, str] = field(factory=dict)
    certainty: Literal["as_cited", "unverified"] = "as_cited"
    note: str | None = None
    location: Location | None = None

    @property
    def derived(self) -> bool:
        """Whether the value follows from other facts by CQL."""
        return self.derive is not None


@define(frozen=True, slots=False)
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
