"""Exercise: movement and strength that fit the person, begun low and built up slowly."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="exercise",
            title="Exercise",
            purpose="Movement and strength that fit the person, begun low and built up slowly.",
            order=30,
            action_order=30,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("exercise", RULESETS / "exercise", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="exercise", heading="Moving your body", template="exercise/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("exercise", files("careplan.templates") / "exercise")]
