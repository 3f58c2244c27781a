"""Education: understanding why pain lasts and what changes it; what to talk about, and how deep."""

from collections.abc import Mapping
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

SESSIONS, MORE_SESSIONS = [1, 2], [2, 4]
"""Fewest and most sessions about pain (PNE-01), and about the person's own worries (PNE-02)."""
MINUTES = [20, 45]
"""How long a session is (PNE-01)."""
SENSES = 2
"""Things to pick that lower the load on the senses (PNE-03)."""

TOPICS = {
    "PNE-01": ("Why pain does not equal damage", "What turns the alarm up and down", "Why change is possible"),
    "PNE-02": ("The movements and thoughts that worry me most",),
    "PNE-03": ("How light, sound, smells, tiredness and fog can be part of this",),
    "PNE-04": ("What scans show, and what they do not",),
    "PNE-05": ("How threat, body memories and pain are linked",),
}
"""What is talked about, by the rule that brings it, in the order of the rules."""
REASONS = {
    "PNE-01": ("pain.duration_months",),
    "PNE-02": ("pcs.total", "fear.level", "tsk11.total", "tsk13.total", "tsk17.total", "fabq.physical_activity"),
    "PNE-03": ("csi.total", "csi9.total"),
    "PNE-04": ("finding.believes_damage", "finding.repeat_imaging_request"),
    "PNE-05": ("mood.ptsd",),
}
"""The answers behind each topic."""
NEEDS = ("finding.literacy_low", "finding.language_need", "finding.cognitive_impairment")
"""What the depth and form of the sessions follow (CLS-08)."""
COUPLED = {"ACT-05": "graded exposure", "STR-08": "balanced thoughts"}
"""What the sessions about the person's own worries go together with (PNE-02)."""


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="education",
            title="Education",
            purpose="Explain why pain lasts and what can change it.",
            order=10,
            action_order=10,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("education", RULESETS / "education", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="education", heading="Understanding pain", template="education/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("education", files("careplan.templates") / "education")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    return [
        DetailSpec("education.sessions", "education/sessions.html", sessions, rule="PNE-01", edition="patient"),
        DetailSpec("education.worries", "education/worries.html", worries, rule="PNE-02", edition="patient"),
        DetailSpec("education.senses", "education/senses.html", senses, rule="PNE-03", edition="patient"),
        DetailSpec("education.depth", "education/depth.html", depth, section="education", edition="clinician"),
    ]


def sessions(situation: Situation) -> Mapping[str, Any] | None:
    """What the sessions are about, as far as the person's copy shows it; short where that is needed."""
    return {
        "sessions": SESSIONS,
        "minutes": MINUTES,
        "form": form(situation),
        "topics": [
            {"topic": topic, "later": later(situation, rule)}
            for rule, topics in TOPICS.items()
            if rule in situation.shown
            for topic in topics
        ],
    }


def worries(situation: Situation) -> Mapping[str, Any] | None:
    """The person's own feared activities to choose from, the most feared first."""
    return {"sessions": MORE_SESSIONS, "feared": [each["name"] for each in feared(situation)]}


def senses(_: Situation) -> Mapping[str, Any] | None:
    """Lines for what the person tries against the load on the senses."""
    return {"lines": SENSES}


def depth(situation: Situation) -> Mapping[str, Any] | None:
    """How many sessions, in which form and on which topics, and the answers behind each."""
    topics = [
        {"rule": rule, "topics": list(topics), "because": situation.reasons(*REASONS[rule])}
        for rule, topics in TOPICS.items()
        if rule in situation.released
    ]
    if not topics:
        return None
    parts = [SESSIONS if "PNE-01" in situation.released else [0, 0]]
    parts += [MORE_SESSIONS] if "PNE-02" in situation.released else []
    return {
        "sessions": [sum(each[0] for each in parts), sum(each[1] for each in parts)],
        "minutes": MINUTES,
        "form": form(situation),
        "needs": situation.reasons(*NEEDS),
        "topics": topics,
        "feared": feared(situation) if "PNE-02" in situation.released else [],
        "coupled": [
            {"rule": rule, "what": what, "stands": rule in situation.released}
            for rule, what in COUPLED.items()
            if "PNE-02" in situation.released
        ],
    }


def form(situation: Situation) -> str:
    """``short`` where reading or thinking is hard, as recorded and never guessed; else ``full``."""
    needs = ("finding.literacy_low", "finding.cognitive_impairment")
    return "short" if any(situation.facts.get(each) is True for each in needs) else "full"


def feared(situation: Situation) -> list[dict[str, Any]]:
    """The activities that the person rated for fear, the most feared first."""
    rated = [each for each in situation.assessment.activities if each.fear]
    return [{"name": each.name, "fear": each.fear} for each in sorted(rated, key=lambda each: -(each.fear or 0))]


def later(situation: Situation, rule: str) -> bool:
    """Whether a rule's actions begin in a later phase than the first sessions."""
    place = {each: number for number, phase in enumerate(situation.phases) for each in phase}
    return place.get(rule, 0) > place.get("PNE-01", 0)
