"""Feared movements (ACT-05): the ladder of what the person rated, lowest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careplan.hookspecs import Situation

from .conditions import WARNING_SIGN, waits_for

RUNGS = 8
"""How many feared movements a ladder needs at least (ACT-05: eight to ten)."""
BEGIN = (30, 40)
"""The ratings a ladder begins at (ACT-05)."""
RIGHT_TO_AVOID = ("EXR-06", "EXR-07", "EXR-08", "EXR-09")
"""Rules that say which movements a person is right to avoid."""


def fear_ladder(situation: Situation) -> Mapping[str, Any] | None:
    """What the person rated, least feared first, with blanks up to what a ladder needs; where it begins is marked.

    Nothing while energy is limited or may be (ACT-07), or a warning sign is unchecked (SAF-29).
    """
    if situation.within_energy or waits_for(situation) == WARNING_SIGN:
        return None
    rated = [(each.fear, each.name) for each in situation.assessment.activities if each.fear is not None]
    rungs = [
        {
            "activity": name,
            "fear": fear,
            "halved": fear / 2,
            "begin": BEGIN[0] <= fear <= BEGIN[1],
            "because": [{"activity": name, "fear": fear}],
        }
        for fear, name in sorted(rated, key=lambda each: each[0])
    ]
    return {
        "rungs": rungs,
        "blanks": max(0, RUNGS - len(rungs)),
        "begin": list(BEGIN),
        "begins": any(each["begin"] for each in rungs),
        "right_to_avoid": [each for each in RIGHT_TO_AVOID if each in situation.released],
        "because": situation.known("fear.level", "tsk11.total", "tsk13.total", "tsk17.total", "fabq.physical_activity"),
    }
