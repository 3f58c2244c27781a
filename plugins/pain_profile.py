"""Pain profile: what kind of pain this is and how much of life it takes."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="pain_profile",
            title="Pain profile",
            purpose="What kind of pain this is, and how much of life it takes.",
            order=5,
            action_order=110,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("pain_profile", RULESETS / "pain_profile", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="pain_profile", heading="Your pain", template="pain_profile/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("pain_profile", files("careplan.templates") / "pain_profile")]
