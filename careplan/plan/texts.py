"""Rule texts filled in with the person's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careplan.rules.ruleset import PLACEHOLDER


def filled(text: str | None, facts: Mapping[str, Any]) -> str | None:
    """The text with every placeholder replaced by its fact's value; an unknown one reads "not recorded"."""
    if text is None:
        return None
    return PLACEHOLDER.sub(lambda match: shown(facts.get(match[1]), decimals=1), text).strip()


def shown(value: Any, decimals: int = 2) -> str:
    """A fact's value as people read it: yes or no, whole numbers without a point, others to a few decimals."""
    if value is None:
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return str(value)
