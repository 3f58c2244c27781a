"""Stress and mood: calm the body, care for mood, and loosen thoughts that feed pain."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")


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
