"""Medication review: medicines that help more than they harm, and none changed abruptly."""

from importlib.resources import files

from careplan.hookspecs import DetailSpec, Modality, RulesetFolder, SectionSpec, TemplateFolder, hookimpl

from .mine import my_medicines
from .review import medicines_table

RULESETS = files("careplan.rulesets")


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="medication_review",
            title="Medication review",
            purpose="Medicines that help more than they harm, and none changed abruptly.",
            order=60,
            action_order=90,
            answers_for_it="The careplan project",
            stays_in_small_plans=True,
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("medication_review", RULESETS / "medication_review", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="medication_review", heading="Your medicines", template="medication_review/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("medication_review", files("careplan.templates") / "medication_review")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    section = "medication_review"
    table, mine = "medication_review/table.html", "medication_review/mine.html"
    return [
        DetailSpec("medication_review.table", table, medicines_table, section=section, edition="clinician"),
        DetailSpec("medication_review.mine", mine, my_medicines, section=section, edition="patient"),
    ]
