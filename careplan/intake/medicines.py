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
from careplan.vocabulary.strength import read_strength

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
WORN = ("transdermal", "patch", "topical", "cutaneous")
NOT_SWALLOWED = (
    *WORN, "eye", "ophthalmic", "ear", "otic", "subcutaneous", "intramuscular", "intravenous", "injection", "epidural",
    "intrathecal",
)  # fmt: skip
ROUTES_OF = {
    **{unit: tuple(each for each in ROUTES if each not in NOT_SWALLOWED) for unit in ("tablet", "capsule", "lozenge")},
    "patch": WORN,
    "plaster": WORN,
    "suppository": ("rectal", "vaginal"),
    "enema": ("rectal",),
}
"""The routes that what a dose counts goes by, where it does not go by any."""
PIECES = ("tablet", "capsule", "lozenge", "film", "drop", "spray", "puff", "patch", "plaster")
"""Units that are small, so that none can hold as much as ``MOST_IN_A_PIECE``."""
MOST_IN_A_PIECE, MOST_IN_A_ML = 10_000, 3_000
"""Milligrams; the largest tablets weigh 2 g, and no liquid medicine as much as 3 g a mL."""
MOST_IN_A_DAY = 1_000_000
"""Milligrams of one medicine that nobody takes in a day: a kilogram."""
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
    _refuse_misfits(fields, medication)
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


def _refuse_misfits(fields: Fields, medication: Medication) -> None:
    """Note a unit that the route is not for, and an amount that no such piece, mL or day can hold."""
    unit, route = medication.unit, medication.route
    if unit in ROUTES_OF and route is not None and route not in ROUTES_OF[unit]:
        fields.report(f"a {unit} does not go with the route {route}; correct one", fields.place("unit"), "unit")
    strength = read_strength(medication.strength) if medication.strength else None
    if strength is None:
        return
    amount, place = max(strength.milligrams), fields.place("strength")
    if unit in PIECES and strength.per == "unit" and amount > MOST_IN_A_PIECE:
        fields.report(f"no {unit} holds {medication.strength}; check the unit of the strength", place, "unit")
    elif strength.per == "millilitre" and amount > MOST_IN_A_ML:
        fields.report(f"no mL holds {float(amount) / 1000:g} g; check the strength", place, "unit")
    elif float(amount) * _a_day(medication, hourly=strength.per == "hour") > MOST_IN_A_DAY:
        message = f"{medication.strength}, as often as it says here, is more than a kilogram a day; correct it"
        fields.report(message, place, "dose")


def _a_day(medication: Medication, *, hourly: bool) -> float:
    """How many of its strength a line can come to in a day, at the most; of a strength by the hour, how many hours."""
    times = medication.times_per_day or 1
    if medication.every_hours:
        times = max(times, 24 / medication.every_hours)
    hours = 24 if hourly else 1
    scheduled = (medication.dose or 1) * (hours if hourly else times)
    return max(scheduled, *(hours * (each or 0) for each in (medication.max_per_day, medication.taken_per_day)))


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
