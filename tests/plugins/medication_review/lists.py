"""Medicine lists of made-up people, and what the medication review computes for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

from tests.facts.medicine_lists import line
from tests.plugins.people import details_for, shown_to_patient

CASES = json.loads((Path(__file__).parents[2] / "data" / "cases.json").read_text(encoding="utf-8"))
TOTALS = {
    "mme": ("opioid.mme", "opioid.mme_at_least"),
    "acb": ("medication.acb", "medication.acb_at_least"),
    "serotonergic": ("medication.serotonergic", "medication.serotonergic_at_least"),
    "cns": ("medication.cns_active", "medication.cns_active_at_least"),
    "qt_known": ("medication.qt_known", "medication.qt_known_at_least"),
    "qt_conditional": ("medication.qt_conditional", None),
    "qt_possible": ("medication.qt_possible", None),
}
"""The facts of each total: as it is, and its lower bound where that is a fact."""
LISTS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TRAMADOL = line("tramadol", "100 mg", 4, dose=1, unit="capsule")
SERTRALINE = line("sertraline", "100 mg")
UNHEARD_OF = line("zorvamine", "5 mg")
OLDER = {"birth_date": "1949-05-04", "weight_kg": 60, "height_cm": 160}
KIDNEYS = {"duration_months": 24, "fatigue": 4, "crcl": 36.4}


def listed(*lines: Mapping[str, Any], **answers: Any) -> dict[str, Any]:
    """Somebody with these medicines."""
    medications = [{key: value for key, value in each.items() if value is not None} for each in lines]
    return {"medications": medications, **answers}


def table(*lines: Mapping[str, Any], **answers: Any) -> Mapping[str, Any]:
    return details_for(**listed(*lines, **answers))["medication_review.table"]


def row(*lines: Mapping[str, Any], **answers: Any) -> dict[str, Any]:
    """The first line of the table."""
    first: dict[str, Any] = table(*lines, **answers)["rows"][0]
    return first


def totals(*lines: Mapping[str, Any], **answers: Any) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in table(*lines, **answers)["totals"]}


def doses(*lines: Mapping[str, Any], **answers: Any) -> dict[tuple[str, bool], dict[str, Any]]:
    return {(each["ingredient"], each["planned"]): each for each in table(*lines, **answers)["doses"]}


def behind(*lines: Mapping[str, Any], **answers: Any) -> dict[str, list[int]]:
    return {each["rule"]: each["lines"] for each in table(*lines, **answers)["findings"]}


def mine(*lines: Mapping[str, Any], **answers: Any) -> Mapping[str, Any]:
    return shown_to_patient(**listed(*lines, **answers))["medication_review.mine"]


def asked(*lines: Mapping[str, Any], **answers: Any) -> list[tuple[list[int], str]]:
    return [(each["lines"], each["finding"]) for each in table(*lines, **answers)["questions"]]
