"""The medicine list with each entry recognised: what is on it, and how far it can say what is not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from attrs import frozen

from careplan.assessment import Assessment, Medication
from careplan.facts.doses import Dose, read_dose
from careplan.vocabulary.formulary import Formulary
from careplan.vocabulary.medicine import Medicine, fold
from careplan.vocabulary.strength import read_strength

LINGERS = frozenset({"class:maoi", "drug:fluoxetine"})
"""What a stopped medicine still counts as until its washout is over."""
BY_MOUTH = "oral"
"""The route of a medicine that names none, and has no other of its own."""


@frozen
class Line:
    """An entry of the list with its place on it, the medicine that it is, if one of the formulary, and its dose, if
    that can be read."""

    number: int
    entry: Medication
    medicine: Medicine | None
    dose: Dose | None

    @property
    def recognised(self) -> bool:
        """Whether the medicine is known, and its dose too where something is computed from it."""
        return self.medicine is not None and (self.dose is not None or not self.medicine.needs_dose)


class MedicineList:
    """The list of one assessment, read once; ``reviewed`` when somebody confirmed that it is complete."""

    def __init__(self, assessment: Assessment, formulary: Formulary) -> None:
        self.on = assessment.date
        self.formulary = formulary
        self.reviewed = assessment.medications_reviewed
        self.lines = tuple(self._line(*each) for each in enumerate(assessment.medications or (), 1))
        self.current = tuple(line for line in self.lines if line.entry.status == "current")
        self.planned = tuple(line for line in self.lines if line.entry.status == "planned")
        self.stopped = tuple(line for line in self.lines if line.entry.status == "stopped")

    def _line(self, number: int, entry: Medication) -> Line:
        medicine = self.formulary.find(entry.name, entry.route)
        return Line(number, entry, medicine, read_dose(entry, medicine) if medicine else None)

    def of_class(self, *names: str) -> list[Line]:
        """The current lines of some classes of medicine."""
        return [line for name in names for line in self._by_class.get(name, ())]

    @cached_property
    def unrecognised(self) -> int:
        """How many entries, current or planned, are not in the formulary or need a dose that cannot be read."""
        return sum(not line.recognised for line in (*self.current, *self.planned))

    @cached_property
    def complete(self) -> bool:
        """Whether the list is confirmed and nothing on it is unrecognised: what is not found is then not there."""
        return self.reviewed and self.unrecognised == 0

    @cached_property
    def none_else(self) -> bool:
        """Whether the list is confirmed and every current medicine is known by name: there are no others."""
        return self.reviewed and named(self.current)

    @cached_property
    def taken(self) -> frozenset[str]:
        """The selectors that what is taken, or not washed out, answers to."""
        return _selectors(self.current) | (_selectors(self.lingering) & LINGERS)

    @cached_property
    def to_be_taken(self) -> frozenset[str]:
        """The selectors that what is planned answers to."""
        return _selectors(self.planned)

    @cached_property
    def lingering(self) -> tuple[Line, ...]:
        """What was stopped and is not washed out."""
        return tuple(line for line in self.stopped if self.lingers(line))

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """The selectors of what may linger, because the day or the name of something stopped is not known."""
        found: frozenset[str] = frozenset()
        for line in self.stopped:
            if self.lingers(line) is None:
                found |= LINGERS & line.medicine.selectors if line.medicine else LINGERS
        return found

    def lingers(self, line: Line) -> bool | None:
        """Whether the washout of a stopped medicine is not over; None while its day or its name leaves that open."""
        washout = line.medicine.washout_days if line.medicine else self.formulary.longest_washout
        if washout is None:
            return False
        if line.entry.stopped_on is None:
            return None
        within = (self.on - line.entry.stopped_on).days <= washout
        return None if within and line.medicine is None else within

    @cached_property
    def repeated(self) -> tuple[tuple[Line, ...], ...]:
        """Current lines that name the same medicine in the same strength by the same route."""
        found: dict[tuple[Any, ...], list[Line]] = {}
        for line in self.current:
            found.setdefault(self._what(line), []).append(line)
        return tuple(tuple(lines) for lines in found.values() if len(lines) > 1)

    def _what(self, line: Line) -> tuple[Any, ...]:
        """What a line names: written as "Tylenol, 0.5 g" or as "paracetamol, 500 mg, oral" it is the same."""
        medicine, entry = line.medicine, line.entry
        strength = read_strength(entry.strength) if entry.strength else None
        known = medicine.routes[0] if medicine and medicine.routes else BY_MOUTH
        return (
            medicine.name if medicine else fold(entry.name),
            strength or fold(entry.strength or ""),
            self.formulary.route(entry.route) if entry.route else known,
        )

    @cached_property
    def _by_class(self) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self.current:
            for name in line.medicine.classes if line.medicine else ():
                found.setdefault(name, []).append(line)
        return found


def named(lines: Iterable[Line]) -> bool:
    """Whether the medicine of every line is known."""
    return all(line.medicine is not None for line in lines)


def _selectors(lines: Iterable[Line]) -> frozenset[str]:
    return frozenset[str]().union(*(line.medicine.selectors for line in lines if line.medicine))
