"""What activity waits for before a plan lets it rise."""

from __future__ import annotations

from careplan.hookspecs import Situation

WARNING_SIGN = "warning_sign"
CLEARANCE = "clearance"
WAITS = {"safety.exercise_unsafe": WARNING_SIGN, "safety.exercise_needs_clearance": CLEARANCE}
"""Facts that hold activity where it is, and what it waits for."""


def waits_for(situation: Situation) -> str | None:
    """What must come before activity rises: a warning sign to check, or a clearance to get; else None."""
    return next((wait for fact, wait in WAITS.items() if situation.facts.get(fact) is True), None)
