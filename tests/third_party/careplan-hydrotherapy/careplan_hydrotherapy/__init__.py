"""Hydrotherapy: moving and resting in warm water."""

from importlib.resources import files

from careplan.hookspecs import Modality, RulesetFolder, SectionSpec, TemplateFolder, VocabularyFile, hookimpl

HERE = files(__name__)


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="hydrotherapy",
            title="Hydrotherapy",
            purpose="Use warm water to make movement easier.",
            order=25,
            answers_for_it="The pool at Sample Street",
        )
    ]


@hookimpl
def careplan_facts() -> list[VocabularyFile]:
    return [VocabularyFile(HERE / "facts.yaml")]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("hydrotherapy", HERE / "rules", lock=HERE / "rules" / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="hydrotherapy", heading="In warm water", template="hydrotherapy/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("hydrotherapy", HERE / "templates")]
