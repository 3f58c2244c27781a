"""Medicine lists to read: lines with only what a test says of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from careplan.assessment import Allergy, Assessment, Medication, Person
from careplan.facts.medicines import Medicines
from careplan.vocabulary.formulary import builtin_formulary
from careplan.vocabulary.model import FactDefinition
from careplan.vocabulary.read import builtin_vocabulary

DAY = date(2026, 3, 2)
FACTS: tuple[FactDefinition, ...] = tuple(
    each for each in builtin_vocabulary() if each.compute and each.compute.startswith("medicines.")
)
"""Every fact that the medicine list gives."""


def read(
    lines: tuple[Medication, ...] | None, *, reviewed: bool = True, allergies: tuple[str, ...] | None = ()
) -> Medicines:
    """The medicines of a person with this list and these allergies; None where nobody asked."""
    assessment = Assessment(
        id="case-001",
        date=DAY,
        person=Person(date(1983, 5, 4)),
        medications=lines,
        medications_reviewed=reviewed,
        allergies=None if allergies is None else tuple(Allergy(each) for each in allergies),
    )
    return Medicines(assessment, builtin_formulary())


def of(*lines: Mapping[str, Any], reviewed: bool = True, allergies: tuple[str, ...] | None = ()) -> Medicines:
    """The medicines of a person with these lines."""
    return read(tuple(Medication(**line) for line in lines), reviewed=reviewed, allergies=allergies)


def values(medicines: Medicines) -> dict[str, Any]:
    """Every fact of a list, by id."""
    methods = {each.id: getattr(medicines, str(each.compute).removeprefix("medicines.")) for each in FACTS}
    return {each.id: methods[each.id](**each.arguments) for each in FACTS}


def line(name: str, strength: str | None = None, times: float | None = 1, **fields: Any) -> dict[str, Any]:
    return {"name": name, "strength": strength, "times_per_day": times, **fields}


def as_needed(name: str, strength: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "strength": strength, "as_needed": True, **fields}


def planned(of: Mapping[str, Any]) -> dict[str, Any]:
    return {**of, "status": "planned"}


OXYCODONE = line("oxycodone", "30 mg", 2)
SERTRALINE = line("sertraline", "50 mg")
PARACETAMOL = line("paracetamol", "500 mg", 4)
UNHEARD_OF = line("zorvamine", "5 mg")
