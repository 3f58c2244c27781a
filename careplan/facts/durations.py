"""How long and how often one line of the medicine list has been taken; what it does not say is None."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from fractions import Fraction

from careplan.assessment import Medication
from careplan.facts.doses import exact

EVERY_DAY = 30
"""Days of use in a month of a medicine taken every day."""
REGULAR_A_WEEK, REGULAR_A_MONTH = 4, 17
"""Days of use from which a medicine taken as needed is regular."""
WEEKS_A_MONTH = Fraction("4.345")


def weeks_taken(line: Medication, on: date) -> Fraction | None:
    """Weeks until a day, by the months said or the day of the start, whichever is longer."""
    said = None if line.months is None else exact(line.months) * WEEKS_A_MONTH
    dated = None if line.started_on is None else Fraction((on - line.started_on).days, 7)
    return max((each for each in (said, dated) if each is not None), default=None)


def months_taken(line: Medication, on: date) -> Fraction | None:
    """Months until a day, as said or since the day of the start, whichever is longer."""
    said = None if line.months is None else exact(line.months)
    dated = None if line.started_on is None else months_between(line.started_on, on)
    return max((each for each in (said, dated) if each is not None), default=None)


def days_a_month(line: Medication) -> Fraction | None:
    """Days of use in a month; None for one as needed that does not say."""
    if line.days_per_month is not None:
        return exact(line.days_per_month)
    if line.days_per_week is not None:
        return exact(line.days_per_week) * EVERY_DAY / 7
    return None if line.as_needed else Fraction(EVERY_DAY)


def taken_regularly(line: Medication) -> bool | None:
    """Whether it is taken on most days; None for one as needed that does not say."""
    if not line.as_needed:
        return True
    weekly, monthly = line.days_per_week, line.days_per_month
    if weekly is None and monthly is None:
        return None
    return (weekly or 0) >= REGULAR_A_WEEK or (monthly or 0) >= REGULAR_A_MONTH


def months_between(start: date, end: date) -> Fraction:
    """Calendar months from one day to another; a begun month counts by its days."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if _plus(start, months) > end:
        months -= 1
    begun, full = _plus(start, months), _plus(start, months + 1)
    return months + Fraction((end - begun).days, (full - begun).days)


def _plus(day: date, months: int) -> date:
    """The same day of a later month, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    _, days = monthrange(first.year, first.month)
    return first.replace(day=min(day.day, days))
