"""Social support: people, money, work at home and what else around the person weighs on pain; who helps with what."""

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

CONTACT_WEEKS = 4
"""Weeks on the sheet for one small goal a week (SOC-01)."""
STAGES = 3
"""Lines for the stages of a return to work (SOC-02)."""
RESPONSES = 3
"""Responses that help, to agree on with the partner (SOC-05)."""
TASKS = 2
"""Lines for tasks to hand over (SOC-04)."""

AREAS = {
    "finding.financial_strain": "money",
    "finding.housing_insecure": "housing",
    "finding.food_insecure": "food",
    "finding.transport_barrier": "getting about",
}
"""What makes daily life hard (SOC-03)."""
LINK_WORKER = ("link worker", "social prescrib")
SOCIAL_WORKER = ("social work",)
WORK_PEOPLE = ("vocational", "occupational health", "case manager", "job coach", "employer")
INTERPRETER = ("interpreter",)
"""Words of a role on the care team that say who helps with what."""
WANTED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "SOC-01": ("social prescribing or a link worker", LINK_WORKER),
    "SOC-02": ("a vocational case manager", WORK_PEOPLE),
    "SOC-03": ("a social worker", SOCIAL_WORKER),
    "SOC-04": ("a carer assessment", ()),
    "SOC-05": ("one joint session with the partner", ()),
    "SOC-06": ("a professional interpreter", INTERPRETER),
}
"""Whom or what each rule wants arranged, and the words of a role that would do it."""
REASONS = {
    "SOC-01": ("ucla3.total", "finding.lives_alone_isolated"),
    "SOC-02": ("social.work",),
    "SOC-03": tuple(AREAS),
    "SOC-04": ("finding.carer_role",),
    "SOC-05": ("finding.partner_willing",),
    "SOC-06": ("finding.language_need", "finding.cultural_need"),
}
"""The answers behind each rule."""


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="social_support",
            title="Social support",
            purpose="People, money, work at home and everything around the person that weighs on pain.",
            order=80,
            action_order=80,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("social_support", RULESETS / "social_support", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="social_support", heading="The people around you", template="social_support/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("social_support", files("careplan.templates") / "social_support")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    return [
        DetailSpec("social.contact", "social_support/contact.html", contact, rule="SOC-01", edition="patient"),
        DetailSpec("social.work", "social_support/work.html", work, rule="SOC-02", edition="patient"),
        DetailSpec("social.practical", "social_support/practical.html", practical, rule="SOC-03", edition="patient"),
        DetailSpec("social.caring", "social_support/caring.html", caring, rule="SOC-04", edition="patient"),
        DetailSpec("social.responses", "social_support/responses.html", responses, rule="SOC-05", edition="patient"),
        DetailSpec("social.language", "social_support/language.html", language, rule="SOC-06", edition="patient"),
        DetailSpec(
            "social.people", "social_support/people.html", people, section="social_support", edition="clinician"
        ),
    ]


def contact(situation: Situation) -> Mapping[str, Any] | None:
    """The sheet for one small goal a week, with the person's own goals that are about people."""
    waits = "GOL-04" in situation.released or situation.facts.get("finding.goal_unsafe") is True
    goals = () if waits else situation.assessment.goals or ()
    return {"weeks": CONTACT_WEEKS, "own_goals": [each.text for each in goals if "social" in each.helps]}


def work(situation: Situation) -> Mapping[str, Any] | None:
    """The sheet for the first contact with work and the stages of a return; no stages where energy sets the hours."""
    energy = situation.within_energy
    return {
        "form": "energy" if energy else "stages",
        "stages": 0 if energy else STAGES,
        "people": team(situation, WORK_PEOPLE),
    }


def practical(situation: Situation) -> Mapping[str, Any] | None:
    """What the person said makes daily life hard, and who on the care team helps with it."""
    areas = [words for fact, words in AREAS.items() if situation.facts.get(fact) is True]
    return {"areas": areas, "people": team(situation, SOCIAL_WORKER + LINK_WORKER)}


def caring(_: Situation) -> Mapping[str, Any] | None:
    """Lines for tasks that somebody else could take over."""
    return {"lines": TASKS}


def responses(_: Situation) -> Mapping[str, Any] | None:
    """Lines for the responses that help."""
    return {"lines": RESPONSES}


def language(situation: Situation) -> Mapping[str, Any] | None:
    """Lines for the language the person likes best and for how they see their pain, where each was asked for."""
    facts = situation.facts
    return {
        "language": facts.get("finding.language_need") is not False,
        "culture": facts.get("finding.cultural_need") is not False,
    }


def people(situation: Situation) -> Mapping[str, Any] | None:
    """Whom each recommendation wants involved, whether they are on the care team, and the answers behind it."""
    rows = []
    for rule, facts in REASONS.items():
        if rule in situation.released:
            wanted, words = WANTED[rule]
            helpers = team(situation, words) if words else None
            rows.append({"rule": rule, "wanted": wanted, "team": helpers, "because": situation.reasons(*facts)})
    if not rows:
        return None
    return {
        "rows": rows,
        "language": situation.assessment.person.language if "SOC-06" in situation.released else None,
        "no_fixed_ramp": "SOC-02" in situation.released and situation.within_energy,
    }


def team(situation: Situation, words: tuple[str, ...]) -> list[dict[str, str | None]]:
    """The people on the care team whose role holds one of the words."""
    return [
        {"role": each.role, "name": each.name, "phone": each.phone}
        for each in situation.assessment.care_team
        if any(word in each.role.casefold() for word in words)
    ]
