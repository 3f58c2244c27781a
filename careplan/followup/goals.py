"""What has become of the person's goals: attained as rated, and more or less minutes as logged; nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from attrs import frozen

from careplan.assessment import Assessment, Goal

REACHED = 0
"""The level of goal attainment that is what was hoped for."""

Progress = Literal["more", "less", "the_same"]
Standing = Literal["kept", "new", "no_longer_stated", "not_asked"]


@frozen
class Minutes:
    """Minutes an activity takes, then and now: the mean of its log (``entries`` counts them), or the goal's own."""

    then: float
    now: float
    entries_then: int | None
    entries_now: int | None

    @property
    def progress(self) -> Progress:
        """Whether there are more minutes now; whether that is enough, only the person can say."""
        return "the_same" if self.now == self.then else "more" if self.now > self.then else "less"


@frozen
class GoalReview:
    """A goal then and now. ``reached`` is None while nobody has rated it; ``level`` is the rated level in words."""

    text: str
    standing: Standing
    attained: int | None = None
    attained_before: int | None = None
    level: str | None = None
    minutes: Minutes | None = None

    @property
    def reached(self) -> bool | None:
        """Whether what was hoped for is attained, as rated."""
        return None if self.attained is None else self.attained >= REACHED


def review_goals(assessments: Sequence[Assessment]) -> tuple[GoalReview, ...]:
    """Every goal of the last assessment and of the one before, the last one's order first.

    Two goals are the same where their words are, or where each is the only one of its activity. Minutes are compared
    with those of the first assessment that states the goal.
    """
    last, before = assessments[-1], assessments[-2]
    pairs = [(goal, _same(goal, before, last)) for goal in last.goals or ()]
    found = [_review(goal, earlier, assessments) for goal, earlier in pairs]
    for goal in before.goals or ():
        if all(goal is not earlier for _, earlier in pairs):
            standing: Standing = "not_asked" if last.goals is None else "no_longer_stated"
            found.append(GoalReview(goal.text, standing, attained_before=_level(goal)))
    return tuple(found)


def _review(goal: Goal, earlier: Goal | None, assessments: Sequence[Assessment]) -> GoalReview:
    attained = _level(goal)
    levels = (goal.gas or {}).get("levels") or {}
    return GoalReview(
        text=goal.text,
        standing="kept" if earlier else "new",
        attained=attained,
        attained_before=_level(earlier) if earlier else None,
        level=levels.get(str(attained)),
        minutes=_minutes(goal, assessments) if earlier else None,
    )


def _level(goal: Goal) -> int | None:
    attained: int | None = (goal.gas or {}).get("attained")
    return attained


def _same(goal: Goal, there: Assessment, here: Assessment) -> Goal | None:
    """The goal of another assessment that is this one."""
    others = there.goals or ()
    by_words = [each for each in others if _words(each.text) == _words(goal.text)]
    if by_words:
        return by_words[0]
    if goal.activity is None:
        return None
    twins = [each for each in here.goals or () if each.activity and _words(each.activity) == _words(goal.activity)]
    by_activity = [each for each in others if each.activity and _words(each.activity) == _words(goal.activity)]
    taken = {_words(each.text) for each in here.goals or ()}
    return by_activity[0] if len(by_activity) == len(twins) == 1 and _words(by_activity[0].text) not in taken else None


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _minutes(goal: Goal, assessments: Sequence[Assessment]) -> Minutes | None:
    """The minutes of a goal's activity at the first assessment that states it and now, of like kind where both are."""
    last = assessments[-1]
    for each in assessments[:-1]:
        first = _same(goal, each, last)
        if first is not None:
            logs = _log(first, each), _log(goal, last)
            own = first.baseline_minutes, goal.baseline_minutes
            if logs[0] and logs[1]:
                return Minutes(_mean(logs[0]), _mean(logs[1]), len(logs[0]), len(logs[1]))
            if own[0] is not None and own[1] is not None:
                return Minutes(own[0], own[1], None, None)
            if own[0] is not None and logs[1]:
                return Minutes(own[0], _mean(logs[1]), None, len(logs[1]))
            return None
    return None


def _log(goal: Goal, assessment: Assessment) -> tuple[float, ...]:
    """The minutes logged of the goal's activity."""
    if goal.activity is None:
        return ()
    name = _words(goal.activity)
    return next((each.minutes for each in assessment.activities if _words(each.name) == name), ())


def _mean(minutes: Sequence[float]) -> float:
    return round(sum(minutes) / len(minutes), 1)
