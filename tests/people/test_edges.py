"""What is computed for people on the edge of a limit: on the very birthday, or no longer taking what is listed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.people import details_for, shown_to_patient


def notes(*medications: dict[str, Any]) -> list[str | None]:
    """The note beside each medicine of the person's own list."""
    shown = shown_to_patient(medications=list(medications))["medication_review.mine"]
    return [each["note"] for each in shown["lines"]]


def test_a_name_that_is_not_known_is_asked_for_while_the_medicine_is_taken_or_planned() -> None:
    unheard_of = {"name": "zorvamine", "strength": "5 mg", "times_per_day": 1}
    assert notes(
        unheard_of, {**unheard_of, "status": "planned"}, {**unheard_of, "status": "stopped", "stopped_on": "2025-02-20"}
    ) == ["name", "name", None]


@pytest.mark.parametrize(
    ("birth_date", "why"), [("2001-03-03", "an antidepressant under 25"), ("2001-03-02", "an antidepressant")]
)
def test_from_the_25th_birthday_an_antidepressant_is_looked_at_as_in_any_adult(birth_date: str, why: str) -> None:
    sertraline = {"name": "sertraline", "strength": "50 mg", "times_per_day": 1, "started_on": "2026-02-27"}
    nobody_thinks_of_suicide = [False, False, None, None, None, False, None]
    found = details_for(
        person={"birth_date": birth_date}, medications=[sertraline], answers={"cssrs": nobody_thinks_of_suicide}
    )
    (call,) = next(each["calls"] for each in found.values() if "calls" in each)
    assert call["look"]["why"] == why
