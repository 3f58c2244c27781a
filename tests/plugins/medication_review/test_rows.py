"""The medicines table names every line, exact or as a lower bound, never a guess."""

from __future__ import annotations

from typing import Any

import pytest

from tests.facts.medicine_lists import as_needed, line
from tests.plugins.medication_review.lists import (
    TRAMADOL,
    UNHEARD_OF,
    row,
    table,
    totals,
)


def test_a_line_says_what_is_written_what_it_is_and_what_it_adds() -> None:
    assert row(TRAMADOL) == {
        "line": 1,
        "name": "tramadol",
        "strength": "100 mg",
        "written": "1 capsule, 4 × a day",
        "status": "current",
        "acts": None,
        "medicine": {
            "name": "tramadol",
            "classes": ["opioid"],
            "rxnorm": {"code": "10689", "source": "CDC MME FHIR code system", "certainty": "as_cited"},
        },
        "daily": [{"ingredient": "tramadol", "mg": 400.0, "taken_mg": None}],
        "unread": None,
        "mme": {"value": 80.0, "convertible": True, "why": None},
        "loads": {
            "acb": 0,
            "serotonergic": True,
            "cns_active": True,
            "qt": "possible",
            "unverified": ["cns_active", "qt"],
        },
        "renal": {
            "advice": "below 30: every 12 h, max 200, no extended release",
            "source": "FDA labels",
            "certainty": "as_cited",
            "needed": True,
            "function": None,
            "provisional": True,
        },
        "allergies": [],
        "implausible": False,
        "discuss": ["SAF-17", "MED-06", "GAP-05", "MED-07"],
    }


def test_an_unknown_name_is_not_assessed_whatever_it_adds() -> None:
    unknown = row(UNHEARD_OF)
    assert (unknown["medicine"], unknown["loads"], unknown["daily"], unknown["mme"]) == (None, None, [], None)
    assert unknown["discuss"] == ["GAP-10"]


def test_buprenorphine_is_not_convertible_and_not_nought() -> None:
    patch = line("Butrans", "10 mcg/h", None, route="transdermal", every_hours=168)
    assert row(patch)["mme"] == {
        "value": None,
        "convertible": False,
        "why": "excluded by CDC 2022 (partial agonist)",
    }
    assert totals(patch)["mme"] == {
        "id": "mme",
        "title": "Oral morphine equivalents, MME/day",
        "value": None,
        "exact": False,
        "taken": None,
        "why": [{"reason": "an opioid without a factor or a dose", "lines": [1]}],
    }


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (line("morphine", "strong"), "its dose could not be read"),
        (line("morphine", "10 mg", route="intravenous"), "no factor by this route"),
        (line("fentanyl", "25 mcg/h", None), "its dose could not be read"),
    ],
)
def test_an_opioid_without_equivalents_says_why(entry: dict[str, Any], why: str) -> None:
    found = row(entry)["mme"]
    assert (found["value"], found["why"]) == (None, why)


def test_an_opioid_as_needed_counts_at_its_maximum_with_what_is_taken_beside_it() -> None:
    found = table(as_needed("oxycodone", "5 mg", max_per_day=4, taken_per_day=2))
    assert found["rows"][0]["daily"] == [{"ingredient": "oxycodone", "mg": 20.0, "taken_mg": 10.0}]
    assert (found["totals"][0]["value"], found["totals"][0]["taken"]) == (30.0, 15.0)


def test_something_stopped_says_whether_it_still_acts() -> None:
    def acts(**stopped: Any) -> Any:
        return row({"name": "phenelzine", "status": "stopped", **stopped})["acts"]

    assert acts(stopped_on="2026-02-20") == {"still": True, "washout_days": 14}
    assert acts(stopped_on="2025-02-20") == {"still": False, "washout_days": 14}
    assert acts() == {"still": None, "washout_days": 14}
