"""Coordination: who joins the team, when we meet again and what is measured then, and a letter to the GP."""

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any, Literal

from attrs import evolve

from careplan.hookspecs import DetailSpec, Modality, RulesetFolder, SectionSpec, Situation, TemplateFolder, hookimpl

from .follow_up import follow_up, visits
from .letter import letter
from .referrals import appointments, referrals

RULESETS = files("careplan.rulesets")


@hookimpl
def careplan_modality() -> list[Modality]:
    return [
        Modality(
            id="coordination",
            title="Coordination",
            purpose="The team, referrals, follow-up and what is measured then.",
            order=110,
            action_order=120,
            answers_for_it="The careplan project",
        )
    ]


@hookimpl
def careplan_rulesets() -> list[RulesetFolder]:
    return [RulesetFolder("coordination", RULESETS / "coordination", lock=RULESETS / "rulesets.lock")]


@hookimpl
def careplan_sections() -> list[SectionSpec]:
    return [SectionSpec(id="coordination", heading="Your team and follow-up", template="coordination/section.html")]


@hookimpl
def careplan_templates() -> list[TemplateFolder]:
    return [TemplateFolder("coordination", files("careplan.templates") / "coordination")]


@hookimpl
def careplan_details() -> list[DetailSpec]:
    return [
        _page("appointments", appointments, "patient", 10),
        _page("visits", visits, "patient", 20),
        _page("referrals", referrals, "clinician", 30),
        _page("follow_up", follow_up, "clinician", 40),
        evolve(_page("letter", letter, "clinician", 50), apart=True),
    ]


def _page(
    name: str,
    compute: Callable[[Situation], Mapping[str, Any] | None],
    edition: Literal["patient", "clinician"],
    order: int,
) -> DetailSpec:
    """A detail of the section, shown by the template of its name."""
    return DetailSpec(
        f"coordination.{name}",
        f"coordination/{name}.html",
        compute,
        section="coordination",
        edition=edition,
        order=order,
    )
