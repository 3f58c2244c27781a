"""Sleep: insomnia, sleep apnoea and restless legs."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="sleep",
            title="Sleep",
            purpose="Treat what keeps a person with pain from sleeping.",
            order=40,
            action_order=40,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("sleep", RULESETS / "sleep", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="sleep", heading="Sleeping better", template="sleep/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("sleep", files("careplan.templates") / "sleep")]
