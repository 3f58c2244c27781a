"""People whose course goes on: a clinician decides otherwise than the rules, or they come back and are reviewed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from attrs import field, frozen

from careplan.assessment import Assessment
from careplan.followup import Followed, GoalReview, Review, Visit
from careplan.followup.overrides import Reopened
from careplan.knowledge import Knowledge
from careplan.plan.model import Overridden, Plan, SignOff
from careplan.service import Request, make_review, make_visits
from tests.people.people import assessment
from tests.test_whole_people import in_the_same_words

FOLDER = Path(__file__).parent


@frozen(eq=False)
class Course:
    """Somebody invented, as in the folder above, with the intake of the last visit.

    ``then`` is what was otherwise at earlier visits, the earliest first: the same intake with these parts in it (None:
    without them). ``signed`` is who signs the plan, ``unsigned`` why it is refused without, ``refused`` why it is
    refused whoever signs. ``expected`` is the plan of the last visit, or what the review says.
    """

    id: str
    title: str
    why: str
    intake: Mapping[str, Any]
    expected: Mapping[str, Any] = field(factory=dict)
    because: Mapping[str, str] = field(factory=dict)
    then: Sequence[Mapping[str, Any]] = ()
    signed: str | None = None
    unsigned: Sequence[str] = ()
    refused: Sequence[str] = ()

    @property
    def assessments(self) -> list[Assessment]:
        """The visits in the order of time."""
        return [assessment(each) for each in (*(_changed(self.intake, then) for then in self.then), self.intake)]

    def visits(self, knowledge: Knowledge, *, signed: bool = True) -> tuple[Visit, ...]:
        """The visits with their plans; the last one signed by whoever signs it."""
        name, _, role = (self.signed or "").partition(", ")
        signer = SignOff(name, role) if signed and self.signed else None
        return make_visits(self.assessments, knowledge, Request(sign_off=signer))

    def plan(self, knowledge: Knowledge, *, signed: bool = True) -> Plan:
        """The plan of the last visit."""
        plan = self.visits(knowledge, signed=signed)[-1].plan
        assert plan is not None
        return plan

    def review(self, knowledge: Knowledge) -> Review:
        """What has become of somebody from the first visit to the last."""
        return make_review(self.visits(knowledge), knowledge)


@cache
def courses(folder: str) -> tuple[Course, ...]:
    """Everybody of a folder, by name."""
    files = sorted((FOLDER / folder).glob("*.yaml"))
    return tuple(Course(id=file.stem, **yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)


def _changed(intake: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """An intake with parts of it as they were; parts of a part one by one."""
    found = dict(intake)
    for key, value in then.items():
        both = isinstance(value, Mapping) and isinstance(intake.get(key), Mapping)
        found[key] = _changed(intake[key], value) if both else value
    return {key: value for key, value in found.items() if key not in then or value is not None}


def plan_in_words(plan: Plan) -> dict[str, Any]:
    """A plan in the words of the expected results, but for the number of unknown rules."""
    words = in_the_same_words(plan)
    del words["unknown_count"]
    return words | {"released": sorted(words["released"]), "overrides": [_became(each) for each in plan.overrides]}


def _became(each: Overridden) -> str:
    said = [each.outcome, each.why, f"against {', '.join(each.against)}" if each.against else ""]
    said += [] if each.checked else ["unchecked"]
    return f"{each.override.rule} {each.override.do}: {', '.join(filter(None, said))}"


def review_in_words(review: Review) -> dict[str, Any]:
    """A review in the words of the expected results: kept and gone by the step that was taken."""
    fates = {fate: [each for each in review.recommendations if each.fate == fate] for fate in ("new", "kept", "gone")}
    return {
        "status": review.plan.status,
        "phases": [list(phase) for phase in review.plan.phases],
        "worse": [each.fact for each in review.worse],
        "improved": [each.fact for each in review.improved],
        "goals": [_goal(each) for each in review.goals],
        "new": {each.rule: each.place.how for each in fates["new"]},
        "kept": _by_step(fates["kept"]),
        "gone": _by_step(fates["gone"]),
        "overrides": [_reopened(each) for each in review.overrides],
    }


def _by_step(followed: Iterable[Followed]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in followed:
        assert each.step is not None
        said = (each.step.id, each.advice, *([each.place.how] if each.place.how else []))
        found.setdefault(" ".join(said), []).append(each.rule)
    return {step: sorted(rules) for step, rules in found.items()}


def _goal(goal: GoalReview) -> str:
    reached = {True: "reached", False: "not reached", None: "not rated"}[goal.reached]
    minutes = f", {goal.minutes.progress} minutes" if goal.minutes else ""
    return f"{goal.text}: {goal.standing}, {reached}{minutes}"


def _reopened(each: Reopened) -> str:
    decided = f"decided again on {each.again.on}" if each.again else "decide now"
    return f"{each.overridden.override.rule} {each.overridden.override.do}: {decided}"
