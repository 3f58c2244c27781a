"""Self-management: a plan for flare-ups, a diary, and confidence to go on alone."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")


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
    return [SectionSpec(id="self_management", heading="Flare-ups and looking after yourself", template="self_management/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("self_management", files("careplan.templates") / "self_management")]
