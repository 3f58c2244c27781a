"""Energy limits instead of steps (ACT-01, ACT-02): what to stay under, and a log of crashes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from careplan.hookspecs import Situation

from .amounts import amount, timed
from .steps import MEASURED, Task, tasks

START = Fraction(2, 3)
"""The part of a good day to start at (ACT-01: about a third less, a convention)."""
LOG_DAYS = 5
"""Days of the crash log (ACT-02)."""


def energy_plan(situation: Situation) -> Mapping[str, Any]:
    """The amount of each activity to stay under; it never rises by plan. A blank where the log is too short."""
    return {
        "convention": True,
        "activities": [_inside(each) for each in tasks(situation)],
        "because": situation.known("dsqpem.step1", "dx.mecfs"),
    }


def _inside(task: Task) -> dict[str, Any]:
    # The log does not say what followed a long day: a day in the middle stands for a good one, never the longest.
    enough = len(task.logged) >= MEASURED
    good = sorted(task.logged)[(len(task.logged) - 1) // 2] if enough else None
    return {
        "activity": task.activity,
        "good_day": good,
        "longest": max(task.logged, default=None),
        "start": None if good is None else amount(timed(Fraction(str(good)) * 60 * START)),
        "because": task.because,
    }


def crash_log(situation: Situation) -> Mapping[str, Any]:
    """The days of a log to fill in."""
    return {"days": LOG_DAYS, "because": situation.known("dsqpem.step1", "dsqpem.step2")}
