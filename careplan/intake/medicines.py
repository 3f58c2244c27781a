"""What the person takes, took or is to take, and what harmed them: written amounts are kept as they are written."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from careplan.assessment import Allergy, Medication
from careplan.errors import nearest
from careplan.fields import Fields
from careplan.intake.limits import refuse_more
from careplan.intake.typed import choice, decimal, line, number, one_line, past
from careplan.vocabulary.model import Vocabulary

MOST_MEDICINES = 100
STATUSES = ("current", "planned", "stopped")
ROUTES = (
    "oral", "by mouth", "po", "sublingual", "buccal", "transmucosal", "nasal", "intranasal", "inhaled", "transdermal",
    "patch", "topical", "cutaneous", "eye", "ophthalmic", "ear", "otic", "rectal", "vaginal", "subcutaneous",
    "intramuscular", "intravenous", "injection", "epidural", "intrathecal",
)  # fmt: skip
UNITS = (
    "tablet", "capsule", "lozenge", "film", "sachet", "mL", "drop", "spray", "puff", "patch", "plaster", "application",
    "suppository", "enema", "ampoule", "vial", "pen", "injection", "unit",
)  # fmt: skip
"""What a dose counts; how much each holds is its strength."""
AMOUNTS = ("mg", "mcg", "g", "microgram", "micrograms", "milligram", "milligrams", "gram", "grams")
NUMBERS = {
    "dose": number(0.01, 1000),
    "times_per_day": number(0.01, 48),
    "every_hours": number(0.5, 8760, "hours"),
    "max_per_day": number(0.01, 1000),
    "taken_per_day": number(0, 1000),
    "days_per_week": number(0, 7),
    "days_per_month": number(0, 31),
    "months": number(0, 1200),
}


def read_medications(top: Fields, today: date | None) -> tuple[Medication, ...] | None:
    """The medicine list in its order; None when there is none, which is not an empty one."""
    if top.get("medications") is None:
        return None
    refuse_more(top, "medications", MOST_MEDICINES)
    return tuple(_medication(each, today) for each in top.mappings("medications", "a medicine"))


def _medication(fields: Fields, today: date | None) -> Medication:
    status: Any = choice(fields, "status", STATUSES) if fields.get("status") else "current"
    begun_by = None if status == "planned" else today
    amounts: dict[str, Any] = {key: decimal(fields, key, allowed) for key, allowed in NUMBERS.items()}
    medication = Medication(
        name=line(fields, "name", required=True) or "",
        strength=line(fields, "strength"),
        unit=_unit(fields),
        route=choice(fields, "route", ROUTES),
        as_needed=fields.truth("as_needed"),
        started_on=past(fields, "started_on", begun_by),
        changed_on=past(fields, "changed_on", begun_by),
        stopped_on=past(fields, "stopped_on", today),
        status=status or "stopped",  # an unreadable status, already noted, contradicts no date
        **amounts,
    )
    fields.close()
    _refuse_contradictions(fields, medication)
    return medication


def _unit(fields: Fields) -> str | None:
    """What the dose counts; an amount in its place would be multiplied by the strength."""
    node = fields.get("unit")
    if node is not None and node.value in AMOUNTS:
        message = f"'unit' is what the dose counts, such as tablet; write the {node.value} each one holds as 'strength'"
        fields.report(message, node.location, "unknown_word")
        return None
    found: str | None = choice(fields, "unit", UNITS)
    return found


def _refuse_contradictions(fields: Fields, medication: Medication) -> None:
    """Note what cannot be true together: to choose one of the two would be a guess."""
    if medication.stopped_on is not None and medication.status != "stopped":
        message = f"'stopped_on' is given and the status is {medication.status}; write status: stopped"
        fields.report(message, fields.place("stopped_on"), "contradiction")
    if medication.started_on and medication.stopped_on and medication.stopped_on < medication.started_on:
        message = f"'stopped_on' is {medication.stopped_on}, before 'started_on'"
        fields.report(message, fields.place("stopped_on"), "contradiction")
    times, hours = medication.times_per_day, medication.every_hours
    if times is not None and hours is not None and not math.isclose(times * hours, 24):
        message = f"every {hours:g} hours is not {times:g} times a day; give one of the two"
        fields.report(message, fields.place("every_hours"), "contradiction")


def read_classes(top: Fields, key: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The classes of medicine in a list such as ``medications_denied``, of those that the vocabulary reads."""
    known = tuple(path.removeprefix(f"{key}.") for path in vocabulary.measures if path.startswith(f"{key}."))
    found: dict[str, None] = {}
    for item in top.items(key):
        name = one_line(top, key, item)
        if name is not None and name not in known:
            hint = nearest(name, known) or f"; it may hold {', '.join(known)}"
            top.report(f"{key} has no {name!r}{hint}", item.location, "unknown_id")
        elif name in found:
            top.report(f"{name!r} stands twice in {key!r}", item.location, "duplicate")
        elif name is not None:
            found[name] = None
    return tuple(found)


def read_allergies(top: Fields) -> tuple[Allergy, ...] | None:
    """The allergies; None when nobody asked, and an empty tuple when none is known."""
    if top.get("allergies") is None:
        return None
    allergies = []
    for fields in top.mappings("allergies", "an allergy"):
        allergies.append(Allergy(line(fields, "substance", required=True) or "", line(fields, "reaction")))
        fields.close()
    return tuple(allergies)
