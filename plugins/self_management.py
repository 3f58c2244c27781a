"""Self-management: a plan for flare-ups, a diary, and confidence to go on alone."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from importlib.resources import files
from typing import Any

from careplan.hookspecs import DetailSpec, Modality, RulesetFolder, SectionSpec, Situation, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")

FLARE = "SMF-01"
STEPS, REST, CRISIS = 1, 2, 3
"""Parts of the flare-up plan, as its rule numbers them: step back up, rest instead, keep the crisis card."""

CALMING = "relax"
"""The tag of recommendations that say how to breathe or relax."""

SIGNS = {
    "finding.boom_bust": "On a good day I do much more than I planned.",
    "finding.rest_dominant": "I lie down more and more by day.",
    "finding.hyperarousal": "I feel on edge and cannot wind down.",
}
"""Findings that can come before a flare-up, as the person would say them."""
BAD_SLEEP = "I sleep worse than usual."
OWN_SIGNS = 2

LEAST_HALVED = 2
"""Minutes of an activity below which there is no half of it to name."""

DIARY = ("Pain", "Mood", "Sleep", "What I did", "Medicines", "One good thing")
DIARY_WEEKS = (2, 4)
LOG_HOURS = (24, 48, 72)
COACHING_WEEKS = 4
HELPING, PEOPLE = 3, 2
"""What the rules ask to write down, and for how long."""


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="self_management",
            title="Self-management",
            purpose="A plan for flare-ups, a diary, and confidence to go on alone.",
            order=100,
            action_order=70,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("self_management", RULESETS / "self_management", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [
        SectionSpec(
            id="self_management",
            heading="Flare-ups and looking after yourself",
            template="self_management/section.html",
        )
    ]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("self_management", files("careplan.templates") / "self_management")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    return [
        DetailSpec("self_management.flare", "self_management/flare.html", flare, rule=FLARE),
        DetailSpec("self_management.diary", "self_management/diary.html", diary, rule="DIA-01", edition="patient"),
        DetailSpec("self_management.effort", "self_management/effort.html", effort, rule="DIA-02", edition="patient"),
        DetailSpec("self_management.faces", "self_management/faces.html", faces, rule="DIA-03", edition="patient"),
        DetailSpec("self_management.week", "self_management/week.html", weekly, rule="DIA-04", edition="patient"),
        DetailSpec("self_management.calls", "self_management/calls.html", calls, rule="SMF-02", edition="patient"),
        DetailSpec("self_management.note", "self_management/note.html", note, rule="SMF-05", edition="patient"),
    ]


def flare(situation: Situation) -> Mapping[str, Any]:
    """The flare-up plan in three colours: usual days, a flare-up, and when to get help.

    With post-exertional malaise it is rest until the usual level, and no amount is named; nor is one while nobody can
    say whether effort makes the person worse.
    """
    parts = next(each.parts for each in situation.recommendations if each.rule == FLARE)
    texts = {each.number: each.text for each in parts}
    return {
        "signs": list(_signs(situation)),
        "own_signs": OWN_SIGNS,
        "rest": REST in texts,
        "halved": list(_halved(situation)) if STEPS in texts else [],
        "convention": True,
        "then": [text for number, text in texts.items() if number != CRISIS],
        "calming": _calming(situation),
        "crisis_card": texts.get(CRISIS),
        "team": _team(situation),
        "because": situation.because("pem.suspected"),
    }


def _signs(situation: Situation) -> Iterator[dict[str, Any]]:
    for fact, words in SIGNS.items():
        if situation.facts.get(fact) is True:
            yield {"words": words, "because": situation.because(fact)}
    if (situation.facts.get("sleep.insomnia") or 0) >= 1:
        yield {"words": BAD_SLEEP, "because": situation.because("sleep.insomnia")}


def _halved(situation: Situation) -> Iterator[dict[str, Any]]:
    """Half of the mean of every activity's log, in whole minutes rounded down, and never nothing."""
    for each in situation.assessment.activities:
        if each.minutes:
            usual = sum((Fraction(str(minutes)) for minutes in each.minutes), Fraction()) / len(each.minutes)
            if usual >= LEAST_HALVED:
                yield {
                    "activity": each.name,
                    "usual": float(round(usual, 1)),
                    "minutes": int(usual / 2),
                    "because": [{"activity": each.name, "minutes": list(each.minutes)}],
                }


def _calming(situation: Situation) -> dict[str, str] | None:
    """The recommendation on the person's own copy that says how to calm down."""
    known = (each for each in situation.recommendations if CALMING in each.tags and each.rule in situation.shown)
    return next(({"rule": each.rule, "title": each.title} for each in known), None)


def _team(situation: Situation) -> list[dict[str, str | None]]:
    """Those of the care team that can be called."""
    team = (each for each in situation.assessment.care_team if each.phone)
    return [{"role": each.role, "name": each.name, "phone": each.phone} for each in team]


def diary(situation: Situation) -> Mapping[str, Any]:
    """A week of the short diary to fill in."""
    return {"columns": list(DIARY), "weeks": list(DIARY_WEEKS), "because": _rule(situation, "DIA-01")}


def effort(situation: Situation) -> Mapping[str, Any]:
    """A log of what took effort and of the three days after it."""
    return {"hours": list(LOG_HOURS), "because": _rule(situation, "DIA-02")}


def faces(situation: Situation) -> Mapping[str, Any]:
    """A week of the diary in faces and colour dots."""
    return {"faces": ["very good", "good", "in between", "bad", "very bad"], "because": _rule(situation, "DIA-03")}


def weekly(situation: Situation) -> Mapping[str, Any]:
    """One rating a week, and no more."""
    return {"weeks": 8, "because": _rule(situation, "DIA-04")}


def calls(situation: Situation) -> Mapping[str, Any]:
    """The weekly coaching calls, with the small steps in between."""
    return {"weeks": COACHING_WEEKS, "because": _rule(situation, "SMF-02")}


def note(situation: Situation) -> Mapping[str, Any]:
    """What helps, whom to turn to, and how to reach a clinician."""
    return {
        "helping": HELPING,
        "people": PEOPLE,
        "reach": next(iter(_team(situation)), None),
        "because": _rule(situation, "SMF-05"),
    }


def _rule(situation: Situation, rule: str) -> list[dict[str, Any]]:
    """The recommendation a sheet to fill in belongs to, as its reason."""
    return [{"rule": each.rule, "title": each.title} for each in situation.recommendations if each.rule == rule]
