"""When we meet again, and what is measured then: weeks and months of the rules → days counted from the plan's."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

from attrs import frozen

from careplan.hookspecs import Medication, Situation


@frozen
class Window:
    """From when to when after a day; without an end it is the one day, from 0 it is any day until the last."""

    first: int
    last: int | None = None
    months: bool = False

    def days(self, start: date | None) -> dict[str, str | None]:
        """The window as days ``from`` and ``to``; None for an open end, and for both while the start is not known."""
        add = _months if self.months else _weeks
        return {
            "from": add(start, self.first).isoformat() if start and self.first else None,
            "to": add(start, self.last).isoformat() if start and self.last else None,
        }


VISITS: Mapping[str, tuple[Window, ...]] = {
    "FUP-05": (Window(0, 1),),
    "FUP-01": (Window(4), Window(12)),
    "FUP-07": (Window(4, 6),),
    "FUP-04": (Window(6, 12, months=True),),
    "FUP-08": (Window(3, 6, months=True),),
}
"""When the rules ask to see the person again, counted from the day of the plan, the soonest first."""

UNTIMED = ("FUP-02", "FUP-09")
"""Rules that ask for an early look and set no time."""
OPTIONAL = "FUP-08"
BY_PHONE = "FUP-07"
ROUND = "FUP-01"
"""Optional visits; visits kept short and by phone; the visits at which measures are repeated."""

NEW_MEDICINE = "FUP-06"
NEW_DAYS, NEW_MONTHS = 28, 1
"""How long a medicine is new once it is started or changed, as the fact ``medication.new`` has it."""
A_CALL = Window(1, 2)
OPIOID, ANTIDEPRESSANT = Window(1, 4), Window(2)
SOONER, UNDER = Window(1), 25
"""When a new medicine is looked at (FUP-06): the call, an opioid, an antidepressant, and the age that asks for more."""
ANTIDEPRESSANTS = {"ssri", "snri", "tca", "maoi", "antidepressant_other"}

REPEATED = {"peg": "mean"}
REPEATED_IF_RAISED = {"phq9": "total", "gad7": "total", "isi": "total"}
TRACKED = {"SMF-02": {"pseq": "total"}}
"""What is measured again, by instrument: always, if raised, and while a rule asks to track it."""


def visits(situation: Situation) -> Mapping[str, Any] | None:
    """The visits and calls that the person's own copy speaks of; None for none. ``review`` is the first visit."""
    rows = [each for each in _visits(situation) if each["rule"] in situation.shown]
    calls = list(_calls(situation)) if NEW_MEDICINE in situation.shown else []
    if not rows and not calls:
        return None
    return {"visits": rows, "calls": calls, "by_phone": BY_PHONE in situation.shown, "review": _review(rows)}


def follow_up(situation: Situation) -> Mapping[str, Any] | None:
    """Every visit, call and look that the rules ask for, and what is measured; None for nothing."""
    rows, calls = list(_visits(situation)), list(_calls(situation))
    measures = list(_measures(situation))
    if not rows and not calls and not measures:
        return None
    return {"visits": rows, "calls": calls, "measures": measures, "review": _review(rows)}


def review_day(situation: Situation) -> str | None:
    """The day of the first visit that the rules ask for."""
    return _review(list(_visits(situation)))


def _review(rows: list[dict[str, Any]]) -> str | None:
    """The day of the first visit that is more than an offer."""
    days = (each["from"] or each["to"] for each in rows if not each["optional"])
    return min((each for each in days if each), default=None)


def _visits(situation: Situation) -> Iterator[dict[str, Any]]:
    """A visit inside the window of another one is the same visit."""
    released = {each.rule: each for each in situation.recommendations}
    for rule in (*UNTIMED, *VISITS):
        if rule not in released or (rule == BY_PHONE and ROUND in released):
            continue
        days = [each.days(situation.on) for each in VISITS.get(rule, ())] or [A_CALL.days(None)]
        for number, each in enumerate(days, 1):
            yield {
                "rule": rule,
                "number": number if len(days) > 1 else None,
                "title": released[rule].title,
                **each,
                "optional": rule == OPTIONAL,
                "by_phone": BY_PHONE in released,
                "because": situation.because(*released[rule].triggered_by),
            }


def _calls(situation: Situation) -> Iterator[dict[str, Any]]:
    """For every new, changed or planned medicine, when to hear how the person gets on with it."""
    if NEW_MEDICINE not in situation.released:
        return
    for line in situation.assessment.medications or ():
        new, start = _newness(line, situation.assessment.date)
        if new:
            window, why = _looked_at(line, situation)
            call = A_CALL.days(start)
            yield {
                "medicine": line.name,
                "planned": line.status == "planned",
                "start": start.isoformat() if start else None,
                "weeks": [A_CALL.first, A_CALL.last],
                **call,
                "overdue": call["to"] is not None and call["to"] < situation.on.isoformat(),
                "look": {"weeks": [window.first, window.last], **window.days(start), "why": why},
                "because": [{"medicine": line.name, "status": line.status, "months": line.months}],
            }


def _newness(line: Medication, on: date) -> tuple[bool, date | None]:
    """Whether a medicine is new, and the day it was started or changed, where that is known."""
    if line.status == "planned":
        return True, line.started_on
    known = [each for each in (line.started_on, line.changed_on) if each is not None]
    start = max(known, default=None)
    fresh = start is not None and (on - start).days <= NEW_DAYS
    new = line.status == "current" and (fresh or (line.months is not None and line.months < NEW_MONTHS))
    return new, start if fresh else None


def _looked_at(line: Medication, situation: Situation) -> tuple[Window, str]:
    """The window of FUP-06 for a medicine, with the reason for it."""
    found = situation.formulary.find(line.name, line.route)
    if found is None:
        return A_CALL, "not recognised: the first call is the review"
    if "opioid" in found.classes:
        return OPIOID, "an opioid"
    if ANTIDEPRESSANTS.isdisjoint(found.classes):
        return A_CALL, "a new or changed medicine"
    if situation.facts["person.age"] < UNDER:
        return SOONER, f"an antidepressant under {UNDER}"
    risk = situation.facts.get("safety.suicide_risk")
    if risk is False:
        return ANTIDEPRESSANT, "an antidepressant"
    return SOONER, "an antidepressant, suicide risk " + ("present" if risk else "not known")


def _measures(situation: Situation) -> Iterator[dict[str, Any]]:
    """What is measured again: the score now, what change matters, and the score that would show it."""
    released = {each.rule for each in situation.recommendations}
    asked: dict[str, tuple[str, str, bool]] = {}
    if ROUND in released:
        asked |= {name: (score, ROUND, False) for name, score in REPEATED.items()}
        asked |= {name: (score, ROUND, True) for name, score in REPEATED_IF_RAISED.items()}
    for rule, tracked in TRACKED.items():
        if rule in released:
            asked |= {name: (score, rule, False) for name, score in tracked.items()}
    for name, (score, rule, if_raised) in asked.items():
        instrument = situation.instruments[name]
        value = situation.facts.get(instrument.fact(score))
        sex = situation.assessment.person.sex
        band = instrument.band(score, value, sex)
        if if_raised and band is not None and band == min(instrument.bands_of(score, sex), key=lambda each: each.low):
            continue
        yield {
            "instrument": name,
            "title": instrument.title,
            "score": instrument.fact(score),
            "rule": rule,
            "now": value,
            "band": band.label if band else None,
            "changes": [
                {
                    "by": each.mcid,
                    "percent": each.kind == "percent",
                    "improvement": each.improvement,
                    "certainty": each.certainty,
                    "reached_at": _reached_at(value, each.mcid, each.kind, each.improvement),
                }
                for each in instrument.change
                if each.score == score
            ],
            "because": situation.because(instrument.fact(score)),
        }


def _reached_at(value: Any, by: float, kind: str, improvement: str) -> float | None:
    """The score from which the change matters, never short of it: whole for a whole score, else to one decimal.

    None while nothing is known.
    """
    if value is None:
        return None
    now, change = Fraction(str(value)), Fraction(str(by))
    moved = abs(now) * change / 100 if kind == "percent" else change
    grain = 1 if isinstance(value, int) else 10
    return floor((now - moved) * grain) / grain if improvement == "decrease" else ceil((now + moved) * grain) / grain


def _weeks(day: date, count: int) -> date:
    return day + timedelta(weeks=count)


def _months(day: date, count: int) -> date:
    """The same day some months later; the last of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
