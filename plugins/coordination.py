"""Coordination: the team, referrals, follow-up and what is measured then."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="coordination",
            title="Coordination",
            purpose="The team, referrals, follow-up and what is measured then.",
            order=110,
            action_order=120,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("coordination", RULESETS / "coordination", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="coordination", heading="Your team and follow-up", template="coordination/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("coordination", files("careplan.templates") / "coordination")]
