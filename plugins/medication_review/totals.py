"""The loads and amounts of the whole list: each exact, or a lower bound with the reasons why it is one."""

from collections.abc import Mapping
from typing import Any

from careplan.facts.medicines import Medicines
from careplan.hookspecs import Situation

from .rows import numbers

LIMITS = {"triptan": 10, "ergot": 10, "opioid": 10, "combination": 10, "simple": 15, "multiple": 10}
"""Days a month from which an analgesic can keep headaches going, by kind (MED-18)."""
HEADACHE_DAYS, OVERUSE_MONTHS = 15, 3
"""Headache days a month from which, and months of use beyond which, overuse is looked for (MED-18)."""
RISKS = ("known", "conditional", "possible")
KINDS = {
    "triptan": "triptan",
    "ergot": "ergot",
    "opioid": "opioid",
    "combination": "combination analgesic",
    "simple": "simple analgesic",
    "multiple": "several classes, none over its own limit",
}


def totals(medicines: Medicines, situation: Situation) -> list[dict[str, Any]]:
    """The totals of current medicines, and of what is not yet washed out.

    ``exact`` is false for a lower bound; ``why`` then says what could make it more, and by which lines.
    """
    facts = situation.facts
    list_open = ("unconfirmed", "unnamed", "unread", "planned")
    found = [
        _morphine(medicines, facts),
        _total("acb", "Anticholinergic burden (ACB)", facts.get("medication.acb"), medicines.acb_at_least()),
        _total(
            "serotonergic",
            "Serotonergic ingredients",
            facts.get("medication.serotonergic"),
            medicines.serotonergic_at_least(),
        ),
        _total("cns", "CNS-active ingredients", facts.get("medication.cns_active"), medicines.cns_active_at_least()),
        *(
            _total(f"qt_{risk}", f"QT risk, {risk}", facts.get(f"medication.qt_{risk}"), medicines.qt_at_least(risk))
            for risk in RISKS
        ),
    ]
    why = _why_open(medicines)
    reasons = {
        "mme": ("unconverted", "unconfirmed", "unnamed", "unread_besides"),
        "serotonergic": (*list_open, "lingering"),
    }
    for each in found:
        wanted = () if each["exact"] else reasons.get(each["id"], list_open)
        each["why"] = [why[reason] for reason in wanted if reason in why]
    return found


def _total(name: str, title: str, exact: Any, at_least: Any) -> dict[str, Any]:
    known = exact is not None
    return {"id": name, "title": title, "value": exact if known else at_least, "exact": known}


def _morphine(medicines: Medicines, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Milligrams of oral morphine a day, and as taken where that differs; None where no opioid converts."""
    found = _total("mme", "Oral morphine equivalents, MME/day", facts.get("opioid.mme"), medicines.mme_at_least())
    taken = facts.get("opioid.taken_mme")
    return found | {"taken": taken if taken != found["value"] else None}


def _why_open(medicines: Medicines) -> dict[str, dict[str, Any]]:
    """What could make a total more, by kind."""
    found = medicines.list
    unconverted = [line for line in found.of_class("opioid") if medicines.morphine(line) is None]
    unread = [line for line in found.current if line.medicine and not line.recognised]
    reasons = {
        "unconverted": ("an opioid without a factor or a dose", unconverted),
        "unnamed": ("name not in the formulary, not assessed", [line for line in found.current if not line.medicine]),
        "unread": ("dose not read", unread),
        "unread_besides": ("dose not read", [line for line in unread if line not in unconverted]),
        "planned": ("planned and not recognised", [line for line in found.planned if not line.recognised]),
        "lingering": ("may still act", [line for line in found.stopped if found.lingers(line) is None]),
    }
    why = {kind: {"reason": text, "lines": numbers(lines)} for kind, (text, lines) in reasons.items() if lines}
    if not found.reviewed:
        why["unconfirmed"] = {"reason": "the list is not confirmed complete", "lines": []}
    return why


def overuse(medicines: Medicines, situation: Situation) -> dict[str, Any] | None:
    """Days of use a month of each kind of analgesic beside the limit of MED-18; None for somebody without headache.

    Days are those the intake gives for the kind, else the largest of its lines; a regular medicine counts 30.
    """
    facts = situation.facts
    headache = facts.get("headache.days_per_month")
    kinds = [_kind(kind, medicines, situation) for kind in LIMITS]
    used = [each for each in kinds if each["days"] or each["lines"]]
    if headache == 0 or not used:
        return None
    months = facts.get("headache.overuse_months")
    return {
        "headache_days": headache,
        "headache_days_limit": HEADACHE_DAYS,
        "months": months,
        "months_limit": OVERUSE_MONTHS,
        "kinds": used,
        "rule": "MED-18" if "MED-18" in situation.released else None,
    }


def _kind(kind: str, medicines: Medicines, situation: Situation) -> dict[str, Any]:
    fact = f"use_days.{kind}"
    days = situation.facts.get(fact)
    return {
        "kind": kind,
        "title": KINDS[kind],
        "days": days,
        "limit": LIMITS[kind],
        "over": None if days is None else days >= LIMITS[kind],
        "stated": situation.assessment.measures.get(fact) is not None,
        "lines": [] if kind == "multiple" else numbers(medicines.counted_by_days(kind)),
    }
