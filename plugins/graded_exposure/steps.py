"""Steady steps (ACT-03, ACT-04, ACT-06): where each task starts, and how it rises week by week."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from careplan.hookspecs import Situation

from .amounts import DAY, STEP, amount, climb, minutes_in, timed
from .conditions import CLEARANCE, WAITS, WARNING_SIGN, waits_for
from .ladder import BEGIN

MEASURED = 3
"""How often a task is measured before it is planned (ACT-03)."""
TASKS = 3
"""How many tasks are built up at once (ACT-03: two or three)."""
START = Fraction(4, 5)
"""The part of the measured mean to start at (ACT-03: four fifths, a convention)."""
WEEKS = {None: 12, CLEARANCE: 1, WARNING_SIGN: 0}
"""Weeks that are printed ahead, by what rising waits for: a convention of the table, not of the rule."""
BREAK_MINUTES = (2, 5)
"""Minutes on one's feet in each waking hour, at first and at most (ACT-06)."""
BREAK_DAYS = 3
"""Days after which a minute is added to each break (ACT-06)."""


@frozen
class Task:
    """An activity to do by time: its log in minutes, how much it is feared, and the goal that names it."""

    activity: str
    logged: tuple[float, ...] = ()
    fear: float | None = None
    goal: str | None = None
    goal_minutes: float | None = None

    @property
    def mean(self) -> Fraction | None:
        """The exact mean of all that was logged, in minutes; days of nothing count. None for a log too short."""
        if len(self.logged) < MEASURED:
            return None
        return sum((Fraction(str(each)) for each in self.logged), Fraction()) / len(self.logged)

    @property
    def top(self) -> int:
        """Seconds above which it never rises: the goal's, else those of a day."""
        return DAY if self.goal_minutes is None else int(self.goal_minutes * 60)

    @property
    def start(self) -> int | None:
        """Seconds to start at; None before it has been measured often enough, or when too short to time."""
        first = None if self.mean is None else timed(self.mean * 60 * START)
        return None if first is None else min(first, self.top)

    @property
    def because(self) -> list[dict[str, Any]]:
        """The answers all this comes from."""
        goal = [] if self.goal is None else [{"goal": self.goal}]
        return [{"activity": self.activity, "minutes": list(self.logged)}, *goal]


def tasks(situation: Situation) -> list[Task]:
    """What can be done by time: first what a goal names, then what was measured, then what is still to measure.

    An activity that was only rated for fear belongs on the ladder instead.
    """
    goals = _goals(situation)
    found = [
        evolve(goals.get(_same(each.name), Task(each.name)), activity=each.name, logged=each.minutes, fear=each.fear)
        for each in situation.assessment.activities
        if each.minutes or each.fear is None or _same(each.name) in goals
    ]
    listed = {_same(each.activity) for each in found}
    found += [each for name, each in goals.items() if name not in listed]
    return sorted(found, key=lambda each: (each.goal is None, not each.logged))


def _goals(situation: Situation) -> dict[str, Task]:
    """The activities that goals name; where several name one, the goal with the fewest minutes counts."""
    found: dict[str, Task] = {}
    for goal in situation.assessment.goals or ():
        if goal.activity is not None:
            task = Task(goal.activity, goal=goal.text, goal_minutes=minutes_in(goal.text))
            before = found.setdefault(_same(goal.activity), task)
            if (task.goal_minutes is None, task.top) < (before.goal_minutes is None, before.top):
                found[_same(goal.activity)] = task
    return found


def _same(activity: str) -> str:
    """A name as names are compared: without regard to capitals and spaces."""
    return " ".join(activity.casefold().split())


def _too_feared(task: Task, situation: Situation) -> bool:
    """Whether a task is met on the ladder and not by the clock: movement is feared, and this one enough to begin at."""
    return (situation.facts.get("fear.level") or 0) >= 1 and task.fear is not None and task.fear >= BEGIN[0]


def weekly_steps(situation: Situation) -> Mapping[str, Any] | None:
    """The start of each task and its amounts week by week; nothing where energy is limited or may be (ACT-01)."""
    if situation.within_energy:
        return None
    waiting = waits_for(situation)
    weeks = WEEKS[waiting]
    every = tasks(situation)
    possible = [each for each in every if not _too_feared(each, situation)]
    chosen = possible[:TASKS]
    climbs = {each: climb(each.start, each.top, weeks) for each in chosen if weeks and each.start is not None}
    return {
        "convention": True,
        "start_percent": int(START * 100),
        "step_percent": int(STEP * 100),
        "waits_for": waiting,
        "not_known": [each for each in WAITS if situation.facts.get(each) is None],
        "tasks": [_shown(each, rising=waiting is None) for each in chosen],
        "columns": [each.activity for each in climbs],
        "weeks": [
            {"week": week + 1, "amounts": [amount(each[min(week, len(each) - 1)]) for each in climbs.values()]}
            for week in range(max(map(len, climbs.values()), default=0))
        ],
        "later": [each.activity for each in possible[TASKS:]],
        "feared": [{"activity": each.activity, "fear": each.fear} for each in every if each not in possible],
        "on_ladder": "ACT-05" in situation.released,
    }


def _shown(task: Task, *, rising: bool) -> dict[str, Any]:
    to_goal = rising and task.start is not None and task.goal_minutes is not None
    return {
        "activity": task.activity,
        "goal": task.goal,
        "goal_minutes": task.goal_minutes,
        "measure_more": max(0, MEASURED - len(task.logged)),
        "mean": None if task.mean is None else float(task.mean),
        "start": amount(task.start),
        "goal_week": len(climb(task.start, task.top, DAY)) if to_goal and task.start is not None else None,
        "because": task.because,
    }


def time_limits(situation: Situation) -> Mapping[str, Any] | None:
    """How uneven the days are, and the steady amount to stop at: where ACT-03 starts, or a blank without it."""
    uneven = [each for each in tasks(situation) if len(set(each.logged)) > 1]
    if not uneven or situation.within_energy:
        return None
    steps = weekly_steps(situation) if "ACT-03" in situation.released else None
    starts = {each["activity"]: each["start"] for each in steps["tasks"]} if steps and steps["weeks"] else {}
    return {
        "tasks": [
            {
                "activity": each.activity,
                "least": min(each.logged),
                "most": max(each.logged),
                "limit": starts.get(each.activity),
                "because": each.because,
            }
            for each in uneven
        ]
    }


def activity_log(situation: Situation) -> Mapping[str, Any] | None:
    """The week of a log to fill in; none where effort makes worse or may, or a warning sign is unchecked."""
    if situation.within_energy or waits_for(situation) == WARNING_SIGN:
        return None
    return {"because": situation.known("pain.duration_months", "activity.low", "pain.impact")}


def pacing_log(situation: Situation) -> Mapping[str, Any] | None:
    """The same log where the days are only to become steady: one is enough."""
    log = activity_log(situation)
    return None if log is None or "ACT-03" in situation.released else {"because": situation.known("finding.boom_bust")}


def rest_breaks(situation: Situation) -> Mapping[str, Any] | None:
    """Minutes on one's feet in each waking hour, by days, until the most that the rule names."""
    if situation.within_energy or waits_for(situation) == WARNING_SIGN:
        return None
    first, most = BREAK_MINUTES
    return {
        "steps": [
            {
                "from_day": 1 + BREAK_DAYS * step,
                "to_day": None if minutes == most else BREAK_DAYS * (step + 1),
                "minutes": minutes,
            }
            for step, minutes in enumerate(range(first, most + 1))
        ],
        "because": situation.known("finding.rest_dominant"),
    }
