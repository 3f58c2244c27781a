"""What the person wants, and what they do now: goals and activities."""

from __future__ import annotations

from typing import Any

from careplan.assessment import Activity, Goal
from careplan.errors import nearest
from careplan.fields import Fields
from careplan.intake.limits import refuse_more
from careplan.intake.typed import checked, decimal, line, lines, number, prose, value
from careplan.vocabulary.needs import NEEDS

MOST_GOALS = 50
MINUTES = number(0, 1440, "minutes a day")
RATING = number(0, 10)
FEAR = number(0, 100)
WEIGHT = number(0, 3, whole=True)
LEVEL = number(-2, 2, whole=True)
LEVELS = ("-2", "-1", "0", "1", "2")
"""The steps of goal attainment, from much less than hoped for to much more."""


def read_goals(top: Fields) -> tuple[Goal, ...] | None:
    """The goals in the person's order; None when nobody asked."""
    if top.get("goals") is None:
        return None
    refuse_more(top, "goals", MOST_GOALS)
    return tuple(_goal(each) for each in top.mappings("goals", "a goal"))


def _goal(fields: Fields) -> Goal:
    goal = Goal(
        text=prose(fields, "text", required=True) or "",
        activity=line(fields, "activity"),
        baseline_minutes=decimal(fields, "baseline_minutes", MINUTES),
        helps=read_helps(fields),
        gas=_attainment(fields.mapping("gas", "gas")) if fields.get("gas") is not None else None,
    )
    fields.close()
    return goal


def read_helps(fields: Fields) -> tuple[str, ...]:
    """What a goal needs help with, or what a recommendation helps with."""
    found = lines(fields, "helps")
    for name in found:
        if name not in NEEDS:
            message = f"'helps' lists {', '.join(NEEDS)}, not {name!r}{nearest(name, NEEDS)}"
            fields.report(message, fields.place("helps"), "unknown_word")
    return found


def _attainment(fields: Fields) -> dict[str, Any]:
    """Goal attainment scaling: importance and difficulty, what each level means, and the level attained."""
    found = {
        "importance": value(fields, "importance", WEIGHT),
        "difficulty": value(fields, "difficulty", WEIGHT),
        "levels": _levels(fields),
        "attained": value(fields, "attained", LEVEL),
    }
    fields.close()
    return {key: each for key, each in found.items() if each is not None}


def _levels(fields: Fields) -> dict[str, str] | None:
    if fields.get("levels") is None:
        return None
    levels = fields.mapping("levels", "the levels of a goal")
    texts = {key: text for key in LEVELS if (text := prose(levels, key)) is not None}
    levels.close()
    return texts


def read_activities(top: Fields) -> tuple[Activity, ...]:
    """The activities with their logs, in their order."""
    activities = []
    for fields in top.mappings("activities", "an activity"):
        activities.append(
            Activity(
                name=line(fields, "name", required=True) or "",
                minutes=_log(fields),
                difficulty=decimal(fields, "difficulty", RATING),
                fear=decimal(fields, "fear", FEAR),
            )
        )
        fields.close()
    return tuple(activities)


def _log(fields: Fields) -> tuple[float, ...]:
    found = (checked(fields, "minutes", item, MINUTES) for item in fields.items("minutes"))
    return tuple(float(each) for each in found if each is not None)
