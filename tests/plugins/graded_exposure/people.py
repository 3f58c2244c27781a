"""People whose days are made small by pain, and what is computed for their steps, ladders and stages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from careplan.plan.editions import Edition
from careplan.testing import document_for, plan_for
from tests.plugins.people import SIGNED, WORSE_AFTER_EFFORT, details_of, walker

RULES = Path(__file__).parents[3] / "rulesets" / "graded_exposure" / "2026.1.yaml"
WHO = {"sex": "male", "name": "Alex Sample"}
CRASHES = {**WORSE_AFTER_EFFORT, "q7": True, "q8": True, "q9": 6}
FEARFUL = [3, 3, 3, 2, 3, 3, 3, 3, 2, 3, 2]
WALKING = {"name": "walking", "minutes": [10, 4, 12, 25, 5]}
EVERYTHING: dict[str, Any] = {
    "activities": [WALKING, {"name": "cooking", "minutes": [20]}, {"name": "stairs", "fear": 35}],
    "findings": ["boom_bust", "rest_dominant"],
}
LOGS = st.lists(st.integers(0, 2880).map(lambda each: each / 2), min_size=3, max_size=8)


def intake(person: Mapping[str, Any] | None = None, **changed: Any) -> str:
    """A person whose days are made small by pain, with everything asked; ``findings`` and the like replace lists."""
    return walker(person={**WHO, **(person or {})}, **changed)


def computed(**changed: Any) -> dict[str, Any]:
    return details_of("graded_exposure", plan_for(intake(**changed)))


def page(text: str, edition: Edition = "patient") -> str:
    return document_for(text, edition, sign_off=SIGNED)


def minutes(amounts: list[dict[str, int]]) -> list[float]:
    return [each["minutes"] + each["seconds"] / 60 for each in amounts]


def column(steps: dict[str, Any], number: int = 0) -> list[float]:
    return minutes([row["amounts"][number] for row in steps["weeks"]])
