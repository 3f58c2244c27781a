"""Stress and mood: calm the body, care for mood, and loosen thoughts that feed pain; with sheets to practise on."""

from collections.abc import Iterator, Mapping
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

BREATHING_MINUTES, TIMES_A_DAY = 5, [2, 3]
BREATHE_IN, BREATHE_OUT = 4, 6
"""Counts of slow breathing (STR-01)."""
RELAXATION_MINUTES = [10, 15]
"""How long muscles or mind are relaxed at a time (STR-02)."""
MINDFULNESS = ((1, 2, 5, 10), (3, 4, 10, 15), (5, 6, 15, 20), (7, 8, 20, 30))
"""First and last week, fewest and most minutes a day: from the first to the last dose of STR-03 over eight weeks."""
MINDFULNESS_CONVENTION = "Even steps from 5 to 10 up to 20 to 30 minutes over the eight weeks are a convention."
SEE, HEAR = 5, 4
"""Things to name in grounding (STR-05)."""
ACTIVITIES, PLANNED = 10, 3
"""Activities to list, and to plan for a week (STR-06)."""
THOUGHTS = 3
"""Thoughts to write down in a week (STR-08)."""
BEFORE = 2
"""How many of the person's hardest activities slow breathing is tied to."""

ACTIVE = {"activity", "social", "mood"}
"""What a goal helps with when it is something to do."""
MOOD_SCORES = {
    "mood.depression": ("phq9.total", "hads.depression", "dass21.depression", "promis29.depression_t"),
    "mood.anxiety": ("gad7.total", "hads.anxiety", "dass21.anxiety", "promis29.anxiety_t"),
    "mood.stress": ("pss10.total", "dass21.stress"),
}
"""The scores behind each level of mood."""
THINKING = ("pcs.total", "pcs.rumination", "pcs.magnification", "pcs.helplessness")
REASONS = {
    "STR-01": ("mood.stress", "mood.anxiety", "finding.hyperarousal"),
    "STR-02": ("mood.anxiety", "mood.stress"),
    "STR-03": ("pcs.total", "mood.anxiety", "mood.depression"),
    "STR-04": ("mood.depression", "mood.anxiety", "pcs.total", "pseq.total"),
    "STR-05": ("mood.ptsd", "finding.relaxation_distress"),
    "STR-06": ("mood.depression",),
    "STR-08": ("pcs.total", "mood.anxiety"),
}
"""The answers that choose each technique, by the rule that brings it."""


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="stress",
            title="Stress and mood",
            purpose="Calm the body, care for mood, and loosen thoughts that feed pain.",
            order=50,
            action_order=50,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("stress", RULESETS / "stress", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="stress", heading="Calming body and mind", template="stress/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("stress", files("careplan.templates") / "stress")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    return [
        DetailSpec("stress.techniques", "stress/techniques.html", techniques, section="stress", edition="clinician"),
        DetailSpec("stress.breathing", "stress/breathing.html", breathing, rule="STR-01", edition="patient"),
        DetailSpec("stress.relaxation", "stress/relaxation.html", relaxation, rule="STR-02", edition="patient"),
        DetailSpec("stress.mindfulness", "stress/mindfulness.html", mindfulness, rule="STR-03", edition="patient"),
        DetailSpec("stress.grounding", "stress/grounding.html", grounding, rule="STR-05", edition="patient"),
        DetailSpec("stress.activities", "stress/activities.html", activities, rule="STR-06", edition="patient"),
        DetailSpec("stress.thoughts", "stress/thoughts.html", thoughts, rule="STR-08", edition="patient"),
        DetailSpec("stress.rhythm", "stress/rhythm.html", rhythm, rule="STR-09", edition="patient"),
    ]


def breathing(situation: Situation) -> Mapping[str, Any] | None:
    """The card for slow breathing: its dose, or its form after trauma or with a lung disease, and when to use it."""
    form = breathing_form(situation)
    found: dict[str, Any] = {"form": form, "before": hardest(situation)}
    if form != "grounding":
        found |= {"minutes": BREATHING_MINUTES, "times_a_day": TIMES_A_DAY}
    if form == "counted":
        found |= {"breathe_in": BREATHE_IN, "breathe_out": BREATHE_OUT}
    return found


def relaxation(situation: Situation) -> Mapping[str, Any] | None:
    """The card for relaxation: gently or passively, or its form after trauma."""
    form = relaxation_form(situation)
    return {"form": form} if form == "grounding" else {"form": form, "minutes": RELAXATION_MINUTES}


def mindfulness(situation: Situation) -> Mapping[str, Any] | None:
    """The weeks of mindfulness with their minutes; none in the short form after trauma."""
    if grounded(situation):
        return {"form": "grounding"}
    weeks = [{"first": first, "last": last, "minutes": [low, high]} for first, last, low, high in MINDFULNESS]
    return {"form": "growing", "weeks": weeks, "convention": MINDFULNESS_CONVENTION}


def grounding(_: Situation) -> Mapping[str, Any] | None:
    """The card for grounding."""
    return {"see": SEE, "hear": HEAR}


def activities(situation: Situation) -> Mapping[str, Any] | None:
    """The sheet for things that matter: the person's own ones, easiest first, and lines for the week."""
    own, _ = own_activities(situation)
    energy = situation.within_energy
    return {
        "form": "energy" if energy else "planned",
        "matters": list(situation.assessment.values),
        "own": own,
        "list": None if energy else ACTIVITIES,
        "planned": 1 if energy else PLANNED,
        "exercise_waits": exercise_waits(situation),
    }


def thoughts(_: Situation) -> Mapping[str, Any] | None:
    """The sheet for balanced thoughts."""
    return {"lines": THOUGHTS}


def rhythm(situation: Situation) -> Mapping[str, Any] | None:
    """The times of a steady day: when the person gets up now, the others to fill in."""
    shifts = situation.facts.get("finding.shift_work") is True
    return {"get_up": None if shifts else situation.facts.get("sleep.rise_time")}


def techniques(situation: Situation) -> Mapping[str, Any] | None:
    """Which techniques stand, in which form and dose, and the answers that chose them."""
    rows = [row for row in _rows(situation) if row["rule"] in situation.released]
    if not rows:
        return None
    facts = situation.facts
    return {
        "techniques": [row | {"because": situation.reasons(*REASONS[row["rule"]])} for row in rows],
        "levels": {
            level: {"level": facts[level], "scores": situation.reasons(*scores)}
            for level, scores in MOOD_SCORES.items()
            if facts.get(level) is not None
        },
        "thinking": situation.reasons(*THINKING),
        "left_out": own_activities(situation)[1] if "STR-06" in situation.released else [],
    }


def _rows(situation: Situation) -> Iterator[dict[str, Any]]:
    """Every technique with the form and dose that fit the person."""
    outward = "grounding: eyes open, outward attention, short, no lying in the dark"
    breath = {
        "counted": f"in {BREATHE_IN}, out {BREATHE_OUT}",
        "natural": "at the natural rate, without counting (COPD)",
        "grounding": outward,
    }[breathing_form(situation)]
    dose = "" if grounded(situation) else f"{BREATHING_MINUTES} min, {TIMES_A_DAY[0]} to {TIMES_A_DAY[1]} times a day"
    yield {"rule": "STR-01", "technique": "Slow breathing", "form": breath, "dose": dose}
    relax = {
        "chosen": "muscle relaxation or guided imagery",
        "passive": "a passive form, no tensing (CRPS)",
        "grounding": outward,
    }[relaxation_form(situation)]
    dose = "" if grounded(situation) else f"{RELAXATION_MINUTES[0]} to {RELAXATION_MINUTES[1]} min"
    yield {"rule": "STR-02", "technique": "Relaxation", "form": relax, "dose": dose}
    short = "short, eyes open, outward attention, no body scan"
    yield {
        "rule": "STR-03",
        "technique": "Mindfulness",
        "form": short if grounded(situation) else "daily practice or a group",
        "dose": "" if grounded(situation) else "5 to 10 min a day, to 20 or 30 over 8 weeks",
    }
    yield {"rule": "STR-04", "technique": "CBT or ACT", "form": "in person or digital", "dose": "8 to 12 sessions"}
    yield {"rule": "STR-05", "technique": "Grounding", "form": f"{SEE} things seen, {HEAR} heard", "dose": "short"}
    energy = situation.within_energy
    yield {
        "rule": "STR-06",
        "technique": "Behavioural activation",
        "form": "inside the energy window, quality not number" if energy else f"a list of {ACTIVITIES} activities",
        "dose": "" if energy else f"{PLANNED} planned a week",
    }
    yield {
        "rule": "STR-08",
        "technique": "Thought records",
        "form": "thought, for, against, balanced",
        "dose": f"{THOUGHTS} times a week",
    }


def grounded(situation: Situation) -> bool:
    """Whether relaxation takes its form after trauma: also where a clinician declined to print grounding itself."""
    facts = situation.facts
    told = facts.get("mood.ptsd") is True or facts.get("finding.relaxation_distress") is True
    return told or "STR-05" in situation.released


def exercise_waits(situation: Situation) -> bool:
    """Whether exercise waits for a check of a warning sign."""
    unsafe = situation.facts.get("safety.exercise_unsafe") is True
    return unsafe or not situation.released.isdisjoint({"SAF-09", "SAF-11", "SAF-29"})


def breathing_form(situation: Situation) -> str:
    """``grounding`` after trauma, ``natural`` with COPD, else ``counted``."""
    if grounded(situation):
        return "grounding"
    return "natural" if situation.facts.get("dx.copd") is True else "counted"


def relaxation_form(situation: Situation) -> str:
    """``grounding`` after trauma, ``passive`` with CRPS, else as ``chosen``."""
    if grounded(situation):
        return "grounding"
    return "passive" if situation.facts.get("dx.crps") is True else "chosen"


def hardest(situation: Situation) -> list[str]:
    """The person's activities that are hardest, the hardest first; those rated for fear belong to the fear ladder."""
    rated = [each for each in situation.assessment.activities if each.difficulty and each.fear is None]
    return [each.name for each in sorted(rated, key=lambda each: -(each.difficulty or 0))][:BEFORE]


def own_activities(situation: Situation) -> tuple[list[str], list[dict[str, str]]]:
    """The person's own activities and goals to begin with, the easiest first, and those left out with the reason."""
    assessment = situation.assessment
    feared = {each.name.casefold() for each in assessment.activities if each.fear is not None}
    left_out = [
        {"what": each.name, "why": "rated for fear: it belongs to the fear ladder"}
        for each in assessment.activities
        if each.fear is not None
    ]
    found: dict[str, tuple[str, float | None]] = {}
    for each in assessment.activities:
        if each.fear is None:
            found.setdefault(each.name.casefold(), (each.name, each.difficulty))
    unsafe = "GOL-04" in situation.released or situation.facts.get("finding.goal_unsafe") is True
    for goal in assessment.goals or ():
        name = goal.activity or goal.text
        if name.casefold() in found or name.casefold() in feared:
            continue
        if unsafe:
            left_out.append({"what": name, "why": "a goal waits for a safer first step (GOL-04)"})
        elif goal.activity is None and ACTIVE.isdisjoint(goal.helps):
            left_out.append({"what": name, "why": "a goal that names nothing to do"})
        else:
            found[name.casefold()] = (name, None)
    ordered = sorted(found.values(), key=lambda each: (each[1] is None, each[1] or 0))
    left_out += [{"what": name, "why": f"beyond {ACTIVITIES}"} for name, _ in ordered[ACTIVITIES:]]
    return [name for name, _ in ordered[:ACTIVITIES]], left_out
