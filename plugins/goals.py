"""Goals and values: what matters to the person, in steps that can be done."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from importlib.resources import files
from typing import Any

from careplan.hookspecs import (
    DetailSpec,
    Goal,
    Modality,
    RulesetFolder,
    SectionSpec,
    Situation,
    TemplateFolder,
    hookimpl,
)

RULESETS = files("careplan.rulesets")

STEPS = "GOL-01"
SAFER_STEP = "GOL-04"
"""While this stands, no goal gets a first step before it has been talked about."""

DOSES = ("ACT-01", "ACT-03")
"""Recommendations that say how much of an activity is a first step; the first that stands counts."""

LEVELS = {
    2: "Much more than I hoped for",
    1: "More than I hoped for",
    0: "What I hope for",
    -1: "Less than I hoped for",
    -2: "Much less than I hoped for",
}
"""The levels of goal attainment scaling, the best first."""

SURE_ENOUGH = 7
"""How sure of a step a person should be, of 10 (GOL-03)."""


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="goals",
            title="Goals and values",
            purpose="What matters to the person, in steps that can be done.",
            order=90,
            action_order=60,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("goals", RULESETS / "goals", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="goals", heading="Your goals", template="goals/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("goals", files("careplan.templates") / "goals")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    return [
        DetailSpec("goals.steps", "goals/steps.html", steps, rule=STEPS, order=10),
        DetailSpec("goals.attainment", "goals/attainment.html", attainment, rule=STEPS, edition="patient", order=20),
        DetailSpec("goals.scaling", "goals/scaling.html", attainment, section="goals", edition="clinician"),
        DetailSpec("goals.find", "goals/find.html", find, rule="GOL-02"),
        DetailSpec("goals.smaller", "goals/smaller.html", smaller, rule="GOL-03"),
        DetailSpec("goals.safer", "goals/safer.html", safer, rule="GOL-04"),
        DetailSpec("goals.values", "goals/values.html", values, section="goals"),
    ]


def steps(situation: Situation) -> Mapping[str, Any] | None:
    """Each goal in the person's words with what is done now and what a first step is; None without a goal.

    The amount of a first step stands where the rule that sets it stands; without one it is for the person to fill in.
    """
    goals = situation.assessment.goals
    if not goals:
        return None
    waits = SAFER_STEP in situation.released
    return {
        "waits": waits,
        "begins_now": all(STEPS not in phase for phase in situation.phases[1:]),
        "goals": [_step(each, situation, waits=waits) for each in goals],
    }


def _step(goal: Goal, situation: Situation, *, waits: bool) -> dict[str, Any]:
    log = _log(goal, situation)
    now = goal.baseline_minutes
    return {
        "goal": goal.text,
        "helps": list(goal.helps),
        "activity": goal.activity,
        "now_minutes": now,
        "logged": _logged(log) if log else None,
        "amount": None if waits or goal.activity is None else _dose(situation),
        "because": [{"goal": goal.text, "minutes": now, "activity": goal.activity, "logged": log}],
    }


def _logged(log: list[float]) -> dict[str, Any]:
    mean = sum(map(_exact, log), Fraction()) / len(log)
    return {"days": len(log), "least": min(log), "most": max(log), "mean": float(round(mean, 1))}


def _exact(minutes: float) -> Fraction:
    return Fraction(str(minutes))


def _log(goal: Goal, situation: Situation) -> list[float]:
    """The minutes logged of the goal's activity."""
    if goal.activity is None:
        return []
    found = (each.minutes for each in situation.assessment.activities if _named(each.name) == _named(goal.activity))
    return list(next(found, ()))


def _named(activity: str) -> str:
    return " ".join(activity.casefold().split())


def _dose(situation: Situation) -> dict[str, Any] | None:
    """The recommendation that says how much a first step is; None where none may be shown."""
    titles = {each.rule: each.title for each in situation.recommendations if each.rule in situation.shown}
    return next(({"rule": each, "title": titles[each]} for each in DOSES if each in titles), None)


def attainment(situation: Situation) -> Mapping[str, Any] | None:
    """Every goal on the scale from much less to much more than hoped for; a level nobody has put in words is None."""
    goals = situation.assessment.goals
    if not goals or STEPS not in situation.released:
        return None
    t = situation.facts.get("gas.t")
    band = situation.instruments["gas"].band("t", t, situation.assessment.person.sex)
    return {
        "goals": [_scaled(each) for each in goals],
        "t": t,
        "band": band.label if band else None,
        "because": situation.because("gas.t"),
    }


def _scaled(goal: Goal) -> dict[str, Any]:
    scale: Mapping[str, Any] = goal.gas or {}
    texts, attained = scale.get("levels") or {}, scale.get("attained")
    importance, difficulty = scale.get("importance"), scale.get("difficulty")
    return {
        "goal": goal.text,
        "begun": bool(texts) or attained is not None,
        "importance": importance,
        "difficulty": difficulty,
        "weight": None if importance is None or difficulty is None else importance * difficulty,
        "levels": [
            {"level": level, "words": words, "text": texts.get(str(level)), "attained": level == attained}
            for level, words in LEVELS.items()
        ],
        "attained": attained,
        "attained_words": LEVELS[attained] if attained is not None else None,
        "because": [{"goal": goal.text, "gas": dict(scale)}],
    }


def find(situation: Situation) -> Mapping[str, Any]:
    """What the person has said matters, to look for a goal from."""
    return _mattering(situation)


def values(situation: Situation) -> Mapping[str, Any] | None:
    """What matters most and the person's values, beside each goal's own; None while neither was said."""
    found = _mattering(situation)
    return found if found["matters_most"] or found["values"] else None


def _mattering(situation: Situation) -> dict[str, Any]:
    assessment = situation.assessment
    return {
        "matters_most": assessment.matters_most,
        "values": list(assessment.values),
        "because": [each for each in ("matters_most", "values") if getattr(assessment, each)],
    }


def smaller(situation: Situation) -> Mapping[str, Any]:
    """How sure the person is of the plan on the way from 0 to 10, and how sure would be enough."""
    return {
        "sure": situation.facts["goals.confidence"],
        "enough": SURE_ENOUGH,
        "goals": list(_texts(situation)),
        "because": situation.because("goals.confidence"),
    }


def safer(situation: Situation) -> Mapping[str, Any] | None:
    """The goals to keep and to stage: which of them is meant, the person and the clinician say; None without one."""
    goals = list(_texts(situation))
    known = [each for each in ("finding.goal_unsafe", "finding.goal_training") if situation.facts.get(each) is True]
    return {"goals": goals, "because": situation.because(*known)} if goals else None


def _texts(situation: Situation) -> Iterator[str]:
    return (each.text for each in situation.assessment.goals or ())
