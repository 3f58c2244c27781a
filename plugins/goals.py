"""Goals and values: what matters to the person, in steps that can be done."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="goals",
            title="Goals and values",
            purpose="What matters to the person, in steps that can be done.",
            order=90,
            action_order=60,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("goals", RULESETS / "goals", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="goals", heading="Your goals", template="goals/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("goals", files("careplan.templates") / "goals")]
