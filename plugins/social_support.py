"""Social support: people, money, work at home and everything around the person that weighs on pain."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")


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
