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
PATCHES = frozenset({"patch", "plaster"})
"""Units that are worn."""
ON_THE_SKIN = frozenset({"transdermal", "patch", "topical", "cutaneous"})
"""Words for the routes of what is worn."""
BY_THE_HOUR = frozenset({"transdermal", "patch", "subcutaneous", "intravenous", "epidural", "intrathecal"})
"""Words for the routes of what is released hour by hour."""


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
    strength = read_strength(line.strength) if line.strength else None
    if strength is None or not line.strength or _misfit(line, medicine, strength):
        return None
    dose = 1 if line.dose is None and strength.per != "millilitre" else line.dose
    if strength.per == "hour":
        return _released(line.strength, dose, line.taken_per_day)
    amounts = (dose, line.times_per_day, line.every_hours, line.max_per_day, line.taken_per_day)
    return _counted(line.strength, amounts, line.as_needed)


def why_unread(line: Medication, medicine: Medicine) -> str | None:
    """What keeps the day's dose of one line from being read; None where it is read."""
    if read_dose(line, medicine) is not None:
        return None
    if not line.strength:
        return "no strength is given"
    strength = read_strength(line.strength)
    if strength is None:
        return f"the strength {line.strength!r} is not understood"
    if misfit := _misfit(line, medicine, strength):
        return misfit
    if strength.per == "millilitre" and line.dose is None:
        return "how many mL make a dose is not given"
    return "the most for a day is not given" if line.as_needed else "how often it is taken is not clear"


def _misfit(line: Medication, medicine: Medicine, strength: Strength) -> str | None:
    """Why the strength cannot be that of this medicine, counted in the line's unit; None where it can."""
    written, parts = len(strength.milligrams), len(medicine.ingredients)
    if not medicine.one_route:
        return "its dose depends on the route, which is not given"
    if written != parts:
        return f"the strength has {written} {'amount' if written == 1 else 'amounts'}, the medicine {parts}"
    if medicine.mme is not None and medicine.mme.unit == "mcg/hour" and strength.per != "hour":
        return "a patch has a strength in mcg/h"
    return _miscounted(line, medicine, strength)


def _miscounted(line: Medication, medicine: Medicine, strength: Strength) -> str | None:
    """Why the line's unit does not count what the strength is of."""
    counted = fold(line.unit) if line.unit else ""
    ways = {fold(line.route)} if line.route else set(medicine.routes)
    if strength.per == "hour":
        worn = counted in PATCHES or (not counted and bool(ways & BY_THE_HOUR))
        return None if worn else "a strength by the hour needs the route transdermal, or the unit patch"
    if counted in PATCHES and not ways & ON_THE_SKIN:
        return "a patch needs the route transdermal or topical"
    if (counted in VOLUMES) is not (strength.per == "millilitre"):
        return "a strength per mL and a dose in mL go together"
    return f"a dose in {line.unit} does not count what the strength is of" if counted in NOT_COUNTED - VOLUMES else None


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
