"""What a person reads of their own medicines asks nothing of what they no longer take."""

from __future__ import annotations

from typing import Any

from tests.plugins.people import shown_to_patient


def notes(*medications: dict[str, Any]) -> list[str | None]:
    """The note beside each medicine of the person's own list."""
    shown = shown_to_patient(medications=list(medications))["medication_review.mine"]
    return [each["note"] for each in shown["lines"]]


def test_a_name_that_is_not_known_is_asked_for_while_the_medicine_is_taken_or_planned() -> None:
    unheard_of = {"name": "zorvamine", "strength": "5 mg", "times_per_day": 1}
    assert notes(
        unheard_of, {**unheard_of, "status": "planned"}, {**unheard_of, "status": "stopped", "stopped_on": "2025-02-20"}
    ) == ["name", "name", None]
