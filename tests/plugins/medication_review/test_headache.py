"""Days with headache medicine are counted by kind, and what is not said stays open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from careplan.testing import knowledge
from tests.facts.medicine_lists import as_needed
from tests.plugins.medication_review.lists import (
    SERTRALINE,
    TRAMADOL,
    table,
)


def headache(*lines: Mapping[str, Any], **measures: Any) -> Any:
    return table(*lines, measures={"duration_months": 24, "fatigue": 4, **measures})["overuse"]


def test_days_of_headache_medicine_stand_beside_the_limits_of_med_18() -> None:
    lines = (
        as_needed("sumatriptan", "50 mg", max_per_day=2, days_per_month=10),
        as_needed("aspirin", "300 mg", max_per_day=4, days_per_month=14),
        as_needed("ibuprofen", "400 mg", max_per_day=3),
    )
    found = headache(*lines, headache_days=15)
    assert (found["headache_days"], found["rule"]) == (15, "MED-18")
    assert [(each["kind"], each["days"], each["limit"], each["over"], each["lines"]) for each in found["kinds"]] == [
        ("triptan", 10.0, 10, True, [1]),
        ("simple", 14.0, 15, False, [2, 3]),
    ]


def test_days_that_are_not_recorded_are_no_zero_and_stated_days_count() -> None:
    silent = as_needed("ibuprofen", "400 mg", max_per_day=3)
    (simple,) = headache(silent, headache_days=20)["kinds"]
    assert (simple["days"], simple["over"], simple["stated"]) == (None, None, False)
    (simple,) = headache(silent, headache_days=20, use_days={"simple": 16})["kinds"]
    assert (simple["days"], simple["over"], simple["stated"]) == (16.0, True, True)


def test_without_headache_or_analgesics_there_is_nothing_to_count() -> None:
    assert headache(TRAMADOL, headache_days=0) is None
    assert headache(SERTRALINE, headache_days=20) is None


def test_the_limits_are_those_of_the_condition_of_med_18() -> None:
    (rule,) = (each for each in knowledge().versions["medication_review"][-1].rules if each.id == "MED-18")
    limits = {name: int(days) for name, days in re.findall(r"use_days\.(\w+) >= (\d+)", rule.when.text)}
    found = headache(SERTRALINE, headache_days=20, use_days=dict.fromkeys(limits, 1))
    assert {each["kind"]: each["limit"] for each in found["kinds"]} == limits
    assert f"headache.days_per_month >= {found['headache_days_limit']} " in rule.when.text
    assert f"headache.overuse_months > {found['months_limit']}," in rule.when.text
