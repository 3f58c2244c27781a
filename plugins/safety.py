"""Safety: emergencies, red flags, contraindications and answers that contradict each other."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

RULESETS = files("careplan.rulesets")


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="safety",
            title="Safety",
            purpose="Find what must be looked at before anything else, and keep every other recommendation safe.",
            order=0,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("safety", RULESETS / "safety", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="safety", heading="Keeping safe", template="safety/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("safety", files("careplan.templates") / "safety")]
