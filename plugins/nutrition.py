"""Nutrition: eating and drinking that support the body, without harm."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="nutrition",
            title="Nutrition",
            purpose="Eating and drinking that support the body, without harm.",
            order=70,
            action_order=100,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("nutrition", RULESETS / "nutrition", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="nutrition", heading="Eating and drinking", template="nutrition/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("nutrition", files("careplan.templates") / "nutrition")]
