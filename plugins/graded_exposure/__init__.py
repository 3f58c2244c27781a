"""Graded exposure and pacing: do more, step by step, without boom and bust; face feared movements in small steps."""

from importlib.resources import files

from careplan.hookspecs import DetailSpec, Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

from .energy import crash_log, energy_plan
from .imagery import imagery_stages, stages_without_mirror
from .ladder import fear_ladder
from .steps import activity_log, pacing_log, rest_breaks, time_limits, weekly_steps

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
    return [
        SectionSpec(id="graded_exposure", heading="Doing more, step by step", template="graded_exposure/section.html")
    ]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("graded_exposure", files("careplan.templates") / "graded_exposure")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    return [
        DetailSpec("graded_exposure.energy", "graded_exposure/energy.html", energy_plan, rule="ACT-01"),
        DetailSpec("graded_exposure.crash_log", "graded_exposure/crash_log.html", crash_log, rule="ACT-02"),
        DetailSpec("graded_exposure.steps", "graded_exposure/steps.html", weekly_steps, rule="ACT-03"),
        DetailSpec(
            "graded_exposure.week_log",
            "graded_exposure/activity_log.html",
            activity_log,
            rule="ACT-03",
            edition="patient",
        ),
        DetailSpec("graded_exposure.limits", "graded_exposure/limits.html", time_limits, rule="ACT-04"),
        DetailSpec(
            "graded_exposure.week_log_of_pacing",
            "graded_exposure/activity_log.html",
            pacing_log,
            rule="ACT-04",
            edition="patient",
        ),
        DetailSpec("graded_exposure.ladder", "graded_exposure/ladder.html", fear_ladder, rule="ACT-05"),
        DetailSpec("graded_exposure.breaks", "graded_exposure/breaks.html", rest_breaks, rule="ACT-06"),
        DetailSpec("graded_exposure.imagery", "graded_exposure/imagery.html", imagery_stages, rule="GMI-01"),
        DetailSpec("graded_exposure.no_mirror", "graded_exposure/imagery.html", stages_without_mirror, rule="GMI-04"),
    ]
