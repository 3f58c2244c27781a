"""What must be true before a plan lets activity rise, and the facts behind it."""

from __future__ import annotations

from typing import Any

from careplan.hookspecs import Situation

WARNING_SIGN = "warning_sign"
CLEARANCE = "clearance"
WAITS = {"safety.exercise_unsafe": WARNING_SIGN, "safety.exercise_needs_clearance": CLEARANCE}
"""Facts that hold activity where it is, and what it waits for."""


def may_rise(situation: Situation) -> bool:
    """Whether anything may be planned to rise: only where post-exertional malaise is neither shown nor open."""
    return situation.facts.get("pem.suspected") is False


def waits_for(situation: Situation) -> str | None:
    """What must come before activity rises: a warning sign to check, or a clearance to get; else None."""
    return next((wait for fact, wait in WAITS.items() if situation.facts.get(fact) is True), None)


def known(situation: Situation, *names: str) -> list[dict[str, Any]]:
    """The facts of those names that are known, as reasons."""
    return [{"fact": each, "value": situation.facts[each]} for each in names if situation.facts.get(each) is not None]
