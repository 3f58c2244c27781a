"""What was asked and what was answered: the intake of one person, without any logic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from attrs import field, frozen

from careplan.errors import Location

Answers = tuple[Any, ...] | Mapping[str, Any]
"""Answers to one instrument: in item order (``None`` = not answered), or by item id."""


@frozen
class Person:
    """The person; heights in cm, weights in kg, gestation in completed weeks."""

    birth_date: date
    name: str | None = None
    sex: Literal["female", "male", "other"] | None = None
    pregnant: bool | None = None
    weeks_gestation: int | None = None
    breastfeeding: bool | None = None
    height_cm: float | None = None
    weight_kg: float | None = None
    country: str | None = None
    language: str | None = None
    identifiers: Mapping[str, str] = field(factory=dict)

    def age(self, on: date) -> int:
        """Completed years on a day; negative before birth. Somebody born on 29 February has birthdays on 1 March."""
        born = self.birth_date
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@frozen
class Checklist:
    """A list gone through with the person: ids present, ids denied, and how much of it was asked.

    ``reviewed`` is true when the whole list was asked, or names the vocabulary groups that were.
    """

    present: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    reviewed: bool | tuple[str, ...] = False
    other_text: str | None = None


@frozen
class Medication:
    """One line of the medicine list, as written; amounts are read by the formulary, not here."""

    name: str
    strength: str | None = None
    dose: float | None = None
    unit: str | None = None
    times_per_day: float | None = None
    every_hours: float | None = None
    route: str | None = None
    as_needed: bool = False
    max_per_day: float | None = None
    taken_per_day: float | None = None
    days_per_week: float | None = None
    days_per_month: float | None = None
    months: float | None = None
    started_on: date | None = None
    changed_on: date | None = None
    stopped_on: date | None = None
    status: Literal["current", "planned", "stopped"] = "current"


@frozen
class Allergy:
    """A substance and what it did."""

    substance: str
    reaction: str | None = None


@frozen
class Goal:
    """Something the person wants, in the person's words."""

    text: str
    activity: str | None = None
    baseline_minutes: float | None = None
    helps: tuple[str, ...] = ()
    gas: Mapping[str, Any] | None = None


@frozen
class Activity:
    """An activity with its log in minutes, its difficulty (0-10) or the fear it causes (0-100)."""

    name: str
    minutes: tuple[float, ...] = ()
    difficulty: float | None = None
    fear: float | None = None


@frozen
class CareTeamMember:
    """Somebody who cares for the person."""

    role: str
    name: str | None = None
    phone: str | None = None


@frozen
class Clearance:
    """An emergency finding dealt with by a named clinician on a date, with the reason."""

    rule: str
    by: str
    role: str
    on: date
    reason: str


Doing = Literal["decline", "change", "add"]


@frozen
class Override:
    """A clinician's decision about one recommendation: who made it, when, why, and the last day it holds.

    ``decline`` takes the rule's recommendation out, ``change`` puts other texts in its place, and ``add`` releases one
    that would not stand. An ``add`` with a ``modality`` is a recommendation in the clinician's own words: its ``rule``
    is an id of its own, ``kind`` says what it is, ``helps`` what it is good for, ``tags`` what safety rules know it by.
    ``code`` is a coded reason and ``reason`` the same in words, never for the patient.
    """

    rule: str
    do: Doing
    by: str
    role: str
    on: date
    until: date
    code: str
    reason: str
    title: str | None = None
    patient: str | None = None
    clinician: str | None = None
    modality: str | None = None
    kind: Literal["action", "information", "caution", "referral"] = "action"
    tags: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    location: Location | None = field(default=None, eq=False, repr=False)


@frozen
class Assessment:
    """One intake: what was asked of one person on one day.

    ``None`` for ``medications``, ``allergies`` or ``goals`` means that nobody asked; an empty tuple means none.
    ``measures`` is flat, by dotted path (``sleep_diary.slept_hours``); ``scores`` by fact id (``pcs.total``).
    """

    id: str
    date: date
    person: Person
    answers: Mapping[str, Answers] = field(factory=dict)
    scores: Mapping[str, Any] = field(factory=dict)
    measures: Mapping[str, Any] = field(factory=dict)
    diagnoses: Checklist = Checklist()
    red_flags: Checklist = Checklist()
    findings: Checklist = Checklist()
    medications_reviewed: bool = False
    medications: tuple[Medication, ...] | None = None
    medications_denied: tuple[str, ...] = ()
    medications_claimed: tuple[str, ...] = ()
    allergies: tuple[Allergy, ...] | None = None
    nociplastic: Literal["none", "possible", "probable", "suspected"] | None = None
    goals: tuple[Goal, ...] | None = None
    matters_most: str | None = None
    values: tuple[str, ...] = ()
    activities: tuple[Activity, ...] = ()
    work: str | None = None
    care_team: tuple[CareTeamMember, ...] = ()
    cleared: tuple[Clearance, ...] = ()
    overrides: tuple[Override, ...] = ()
    previous: str | None = None
