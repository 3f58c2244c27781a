"""One line of the medicine list → what it comes to in a day, exactly; a dose that cannot be read is None."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from attrs import frozen

from careplan.assessment import Medication
from careplan.vocabulary.medicine import Medicine, fold
from careplan.vocabulary.strength import Strength, read_strength

VOLUMES = frozenset({"ml", "millilitre", "millilitres"})
"""Units that a strength per mL is multiplied by."""
NOT_COUNTED = VOLUMES | {"drop", "drops", "mg", "mcg", "g"}
"""Units of a dose that do not count pieces of the written strength."""


@frozen
class Dose:
    """Milligrams a day of each ingredient: ``daily`` at the most, ``taken`` as reported (None where it is not)."""

    daily: tuple[Fraction, ...]
    taken: tuple[Fraction, ...] | None = None


def read_dose(line: Medication, medicine: Medicine) -> Dose | None:
    """The day's dose of one line.

    A regular medicine counts as often as it is to be taken, one as needed at its allowed maximum, and either at what
    is taken where that is more.
    """
    if not medicine.one_route or not line.strength:
        return None
    strength = read_strength(line.strength)
    if strength is None or not _fits(strength, line.unit, medicine):
        return None
    dose = 1 if line.dose is None and strength.per != "millilitre" else line.dose
    if strength.per == "hour":
        return _released(line.strength, dose, line.taken_per_day)
    amounts = (dose, line.times_per_day, line.every_hours, line.max_per_day, line.taken_per_day)
    return _counted(line.strength, amounts, line.as_needed)


def _fits(strength: Strength, unit: str | None, medicine: Medicine) -> bool:
    """Whether the strength can be that of this medicine, counted in the line's unit."""
    counted = fold(unit) if unit else ""
    hourly = medicine.mme is not None and medicine.mme.unit == "mcg/hour"
    return (
        len(strength.milligrams) == len(medicine.ingredients)
        and not (hourly and strength.per != "hour")
        and (counted in VOLUMES if strength.per == "millilitre" else counted not in NOT_COUNTED)
    )


@lru_cache(maxsize=4096)
def _released(strength: str, *worn: float | None) -> Dose | None:
    """What as many patches release in a day as are worn at a time."""
    return _of(strength, 24 * max(exact(each) for each in worn if each is not None), None)


@lru_cache(maxsize=4096)
def _counted(strength: str, amounts: tuple[float | None, ...], as_needed: bool) -> Dose | None:
    """What the units of a day hold. Cached: the same few doses are written again and again."""
    dose, times, hours, most, taken = (None if each is None else exact(each) for each in amounts)
    if hours:
        if times not in (None, 24 / hours):
            return None
        times = 24 / hours
    scheduled = None if dose is None or times is None else dose * times
    if as_needed and most is not None:
        scheduled = None
    units = max((each for each in (scheduled, most, taken) if each is not None), default=None)
    return None if units is None else _of(strength, units, taken)


def _of(strength: str, units: Fraction, taken: Fraction | None) -> Dose | None:
    found = read_strength(strength)
    if found is None:
        return None
    return Dose(
        tuple(each * units for each in found.milligrams),
        None if taken is None else tuple(each * taken for each in found.milligrams),
    )


@lru_cache(maxsize=1024)
def exact(number: float) -> Fraction:
    """A number as it was written, without the error of binary fractions."""
    return Fraction(str(number))
