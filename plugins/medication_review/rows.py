"""One line of the medicine list → what it says and what it adds: amounts, loads, and the doses it is held against."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from careplan.facts.doses import why_unread
from careplan.facts.medicine_limits import ceiling
from careplan.facts.medicine_list import Line
from careplan.facts.medicines import Medicines
from careplan.hookspecs import Situation

LOADS = ("acb", "serotonergic", "cns_active", "qt")
"""What each medicine may add to."""
CHECK = "check"
"""What the formulary says where the kidneys matter and it has no figure."""


def written(line: Line) -> str:
    """How much and how often, as the intake says it."""
    entry = line.entry
    if entry.status == "stopped":
        return f"stopped {entry.stopped_on.isoformat()}" if entry.stopped_on else "day of the last dose not recorded"
    unit = f" {entry.unit}" if entry.unit else ""
    pieces = [
        entry.route if entry.route not in (None, "oral") else "",
        f"{entry.dose:g}{unit}" if entry.dose is not None else "",
        f"{entry.times_per_day:g} × a day" if entry.times_per_day is not None else "",
        f"every {entry.every_hours:g} h" if entry.every_hours is not None else "",
        "as needed" if entry.as_needed else "",
        f"at most {entry.max_per_day:g} a day" if entry.max_per_day is not None else "",
        f"takes {entry.taken_per_day:g} a day" if entry.taken_per_day is not None else "",
        f"{entry.days_per_week:g} days a week" if entry.days_per_week is not None else "",
        f"{entry.days_per_month:g} days a month" if entry.days_per_month is not None else "",
        f"for {entry.months:g} months" if entry.months is not None else "",
        f"since {entry.started_on.isoformat()}" if entry.started_on else "",
        f"changed {entry.changed_on.isoformat()}" if entry.changed_on else "",
    ]
    return ", ".join(each for each in pieces if each)


def row(line: Line, medicines: Medicines, situation: Situation) -> dict[str, Any]:
    """Everything about one line, in JSON values; what is not known is None, and a text says why."""
    entry, medicine = line.entry, line.medicine
    shown: dict[str, Any] = {
        "line": line.number,
        "name": entry.name,
        "strength": entry.strength,
        "written": written(line),
        "status": entry.status,
        "acts": None if entry.status != "stopped" else _acts(line, medicines),
        "medicine": None,
        "daily": [],
        "unread": None,
        "mme": None,
        "loads": None,
        "renal": None,
        "allergies": [each.substance for each in medicines.allergies_met(line)] if entry.status != "stopped" else [],
        "implausible": entry.status != "stopped" and medicines.implausible(line),
    }
    if medicine is None:
        return shown
    rxnorm = medicine.rxnorm
    load = medicines.formulary.load(medicine)
    shown["medicine"] = {
        "name": medicine.name,
        "classes": list(medicine.classes),
        "rxnorm": {"code": rxnorm.value, "source": rxnorm.source, "certainty": rxnorm.certainty} if rxnorm else None,
    }
    shown["loads"] = {
        "acb": sum(points for _, points in load.acb),
        "serotonergic": bool(load.serotonergic),
        "cns_active": bool(load.cns_active),
        "qt": medicine.qt.value,
        "unverified": [name for name in LOADS if getattr(medicine, name).certainty == "unverified"],
    }
    if entry.status != "stopped":
        shown["daily"] = _daily(line)
        shown["unread"] = why_unread(entry, medicine)
        shown["mme"] = _mme(line, medicines)
        shown["renal"] = _renal(line, situation)
    return shown


def _acts(line: Line, medicines: Medicines) -> dict[str, Any]:
    """Whether something stopped still counts: its washout, and None while the day or the name leaves that open."""
    days = line.medicine.washout_days if line.medicine else None
    return {"still": medicines.list.lingers(line), "washout_days": days}


def _daily(line: Line) -> list[dict[str, Any]]:
    """Milligrams a day of each ingredient, at the most and as taken."""
    if line.medicine is None or line.dose is None:
        return []
    taken = line.dose.taken or (None,) * len(line.dose.daily)
    return [
        {"ingredient": part, "mg": float(most), "taken_mg": None if said is None else float(said)}
        for part, most, said in zip(line.medicine.ingredients, line.dose.daily, taken, strict=True)
    ]


def _mme(line: Line, medicines: Medicines) -> dict[str, Any] | None:
    """Oral morphine equivalents of an opioid, or why there are none; a total is never made of what does not convert."""
    medicine = line.medicine
    if medicine is None or "opioid" not in medicine.classes:
        return None
    value = medicines.morphine(line)
    if value is not None:
        return {"value": float(value), "convertible": True, "why": None}
    if medicine.mme is not None and medicine.mme.factor is None and medicine.one_route:
        return {"value": None, "convertible": False, "why": medicine.mme.reason}
    if line.dose is None:
        return {"value": None, "convertible": None, "why": "its dose could not be read"}
    return {"value": None, "convertible": False, "why": "no factor by this route"}


def _renal(line: Line, situation: Situation) -> dict[str, Any] | None:
    """What the formulary says of the kidneys, beside the person's own value."""
    medicine = line.medicine
    if medicine is None or (medicine.renal is None and not medicine.dosing_needs_renal):
        return None
    text = medicine.renal.value if medicine.renal else CHECK
    return {
        "advice": None if text == CHECK else text,
        "source": medicine.renal.source if medicine.renal else None,
        "certainty": medicine.renal.certainty if medicine.renal else "unverified",
        "needed": medicine.dosing_needs_renal,
        "function": situation.facts.get("renal.function"),
        "provisional": situation.facts.get("renal.crcl") is None,
    }


def dose_checks(medicines: Medicines, situation: Situation) -> list[dict[str, Any]]:
    """The day's amount of each ingredient that has a labelled maximum, all current lines together, planned ones alone.

    ``verdict`` is ``above``, ``within`` or ``unread``; ``at_least`` says that a line could not be read or named, so
    that ``within`` holds of what is known only.
    """
    found: dict[str, list[Line]] = {}
    for line in medicines.list.current:
        for part in line.medicine.ingredients if line.medicine else ():
            found.setdefault(part, []).append(line)
    checks = [
        _dose_check(part, lines, medicines, situation, open_list=not medicines.list.none_else)
        for part, lines in found.items()
    ]
    checks += [
        _dose_check(part, [line], medicines, situation, open_list=False)
        for line in medicines.list.planned
        for part in (line.medicine.ingredients if line.medicine else ())
    ]
    return [each for each in checks if each is not None]


def _dose_check(
    part: str, lines: list[Line], medicines: Medicines, situation: Situation, *, open_list: bool
) -> dict[str, Any] | None:
    maximum = next((found for line in lines if (found := _maximum(part, line, medicines)) is not None), None)
    if maximum is None:
        return None
    amounts = [_amount(part, line) for line in lines]
    known = [each for each in amounts if each is not None]
    highest = ceiling(maximum, situation.facts, situation.vocabulary)
    total = float(sum(known)) if known else None
    above = total is not None and total > highest.mg
    return {
        "ingredient": part,
        "lines": [line.number for line in lines],
        "planned": lines[0].entry.status == "planned",
        "mg": total,
        "at_least": open_list or len(known) < len(amounts),
        "max_mg": highest.mg,
        "label_mg": maximum.value,
        "source": highest.source,
        "certainty": highest.certainty,
        "verdict": "unread" if total is None else "above" if above else "within",
        "because": situation.because(*highest.because),
        "provisional": "renal.crcl" in highest.because and situation.facts.get("renal.crcl") is None,
        "may_be_lower": [each.max_daily_mg for each in highest.open],
        "missing": situation.because(*highest.missing),
        "unprescribed_mg": highest.unprescribed,
    }


def _maximum(part: str, line: Line, medicines: Medicines) -> Any:
    if line.medicine is None:
        return None
    return medicines.formulary.load(line.medicine).maxima[line.medicine.ingredients.index(part)]


def _amount(part: str, line: Line) -> Fraction | None:
    if line.medicine is None or line.dose is None:
        return None
    return line.dose.daily[line.medicine.ingredients.index(part)]


def numbers(lines: Iterable[Line]) -> list[int]:
    """The places of lines on the list, in order."""
    return sorted({line.number for line in lines})
