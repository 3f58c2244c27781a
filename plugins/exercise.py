"""Exercise: movement and strength that fit the person, begun low and built up slowly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from importlib.resources import files
from typing import Any

from careplan.hookspecs import (
    DetailSpec,
    Modality,
    RulesetFolder,
    SectionSpec,
    Situation,
    TemplateFolder,
    hookimpl,
)

RULESETS = files("careplan.rulesets")

START_MINUTES = (5, 10)
"""Minutes of the first session, at least and at most (EXR-01)."""
START_TIMES = 3
"""Sessions a week at first (EXR-01)."""
ADD_MINUTES = (1, 2)
"""Minutes added each session, at least and at most (EXR-01)."""
AIM_MINUTES = (20, 30)
"""Minutes of a session to work towards (EXR-01)."""
AIM_TIMES = (3, 5)
"""Sessions a week to work towards (EXR-01)."""
ENOUGH = 150
"""Minutes a week from which no more is asked (EXR-01, EXR-10)."""
PAIN_RISE = 2
"""A rise of pain up to this, of 10, is safe if it settles within SETTLE_HOURS (EXR-01)."""
SETTLE_HOURS = 24
WEEKS = 6
"""Weeks of sessions that are printed ahead: a convention of the table, not of the rule."""
STRENGTH = {"days": 2, "exercises": [5, 8], "sets": 1, "repeats": [10, 15], "easy_sessions": 2}
"""Strength training (EXR-02)."""
NOT_ON_THE_BACK = 20
"""Completed weeks of pregnancy after which nobody should lie on her back for long (EXR-09: about 20)."""
CAREFUL_MOVING = ("EXR-05", "EXR-07", "EXR-08", "EXR-09", "EXR-12")
"""Rules that change how a person moves, walks or swims."""
CAREFUL_LIFTING = ("EXR-07", "EXR-08", "EXR-09")
"""Rules that change how a person lifts."""
NO_STRAIN = ("dx.hypertension", "dx.glaucoma_narrow")
"""Diagnoses with which nobody should hold the breath while lifting (EXR-02)."""


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="exercise",
            title="Exercise",
            purpose="Movement and strength that fit the person, begun low and built up slowly.",
            order=30,
            action_order=30,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("exercise", RULESETS / "exercise", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="exercise", heading="Moving your body", template="exercise/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("exercise", files("careplan.templates") / "exercise")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    return [
        DetailSpec("exercise.week", "exercise/week.html", movement_week, rule="EXR-01"),
        DetailSpec("exercise.strength", "exercise/strength.html", strength_plan, rule="EXR-02"),
        DetailSpec("exercise.pregnancy", "exercise/pregnancy.html", pregnancy_weeks, rule="EXR-09"),
    ]


def movement_week(situation: Situation) -> Mapping[str, Any] | None:
    """How much the person moves now beside what the rule starts with and works towards, and the sessions between.

    Nothing where exercise must not be planned to rise: then the rule stands only because somebody overrode a block.
    """
    if not _may_rise(situation):
        return None
    minutes = situation.facts.get("pavs.minutes_per_week")
    first = [START_TIMES * each for each in START_MINUTES]
    lower = situation.known("fm2016.met", "activity.low")
    gentle = minutes is None or any(each["value"] for each in lower)
    return {
        "now": minutes,
        "category": situation.facts.get("ipaq.category") if minutes is None else None,
        "start": {"minutes": list(START_MINUTES), "times": START_TIMES, "week": first},
        "aim": {
            "minutes": list(AIM_MINUTES),
            "times": list(AIM_TIMES),
            "week": [minutes * times for minutes, times in zip(AIM_MINUTES, AIM_TIMES, strict=True)],
        },
        "enough": ENOUGH,
        "above_start": minutes is not None and minutes > first[1],
        "paths": [_path("gentle", 0)] if gentle else [_path("gentle", 0), _path("quicker", 1)],
        "pain_rise": PAIN_RISE,
        "settle_hours": SETTLE_HOURS,
        "careful": [each for each in CAREFUL_MOVING if each in situation.released],
        "also_timed": "ACT-03" in situation.released,
        "convention": True,
        "because": [*situation.known("pavs.minutes_per_week", "ipaq.category"), *lower],
    }


def _path(name: str, pace: int) -> dict[str, Any]:
    """Sessions week by week at the lower (0) or higher (1) start and step of the rule, up to the most it works to."""
    lengths = [
        min(START_MINUTES[pace] + ADD_MINUTES[pace] * session, AIM_MINUTES[1]) for session in range(WEEKS * START_TIMES)
    ]
    weeks = [lengths[first : first + START_TIMES] for first in range(0, len(lengths), START_TIMES)]
    return {"path": name, "start": START_MINUTES[pace], "add": ADD_MINUTES[pace], "weeks": weeks}


def strength_plan(situation: Situation) -> Mapping[str, Any] | None:
    """What strength training is made of, and what this person must mind while lifting."""
    if not _may_rise(situation):
        return None
    return {
        **STRENGTH,
        "careful": [each for each in CAREFUL_LIFTING if each in situation.released],
        "no_strain": any(situation.facts.get(each) is True for each in NO_STRAIN),
        "not_known": [each for each in NO_STRAIN if situation.facts.get(each) is None],
        "because": situation.known(*NO_STRAIN, "dx.osteoporosis"),
    }


def pregnancy_weeks(situation: Situation) -> Mapping[str, Any] | None:
    """In how many weeks the person should no longer lie on her back for long; None where the weeks are not known."""
    weeks = situation.facts.get("person.weeks_gestation")
    if weeks is None:
        return None
    until = max(0, NOT_ON_THE_BACK - weeks)
    return {
        "weeks": weeks,
        "after_weeks": NOT_ON_THE_BACK,
        "weeks_until": until,
        "already": situation.assessment.date + timedelta(weeks=until) <= situation.on,
        "because": situation.known("person.weeks_gestation"),
    }


def _may_rise(situation: Situation) -> bool:
    """Whether effort may be planned to rise: no post-exertional malaise shown or open, no warning sign, cleared."""
    return not situation.within_energy and not any(
        situation.facts.get(each) is True for each in ("safety.exercise_unsafe", "safety.exercise_needs_clearance")
    )
