"""Graded exposure and pacing: do more, step by step, without boom and bust; face feared movements in small steps."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="graded_exposure",
            title="Graded exposure and pacing",
            purpose="Do more, step by step, without boom and bust; face feared movements in small steps.",
            order=20,
            action_order=20,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("graded_exposure", RULESETS / "graded_exposure", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="graded_exposure", heading="Doing more, step by step", template="graded_exposure/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("graded_exposure", files("careplan.templates") / "graded_exposure")]
