"""What a modality contributes to a plan beyond its rules: sections, and details computed from answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Literal

from attrs import define, frozen

from careplan.assessment import Assessment
from careplan.instruments import Instrument, Scored
from careplan.plan.model import Recommendation
from careplan.vocabulary.formulary import Formulary
from careplan.vocabulary.model import Vocabulary

PACING = "energy_pacing"
"""The tag of recommendations that keep effort inside an energy window."""


@frozen
class Modality:
    """One way of helping: its id, what it is for, where it stands, and who answers for its content.

    ``order`` places its sections in the document; ``action_order`` places its actions when phases are filled.
    ``stays_in_small_plans`` says that a plan cut to a few recommendations keeps this modality's.
    """

    id: str
    title: str
    purpose: str
    order: int
    answers_for_it: str
    action_order: int = 1000
    stays_in_small_plans: bool = False


@frozen
class SectionSpec:
    """A section of the document: ``template`` is ``<modality>/<name>``; ``rules`` limits it to some rule ids."""

    id: str
    heading: str
    template: str
    order: int = 100
    rules: tuple[str, ...] | None = None


@define(frozen=True, slots=False)
class Situation:
    """What a detail is computed from: the person as assessed, and what of the plan stands.

    ``facts`` holds what is known. ``recommendations`` are those that stand, in the order of their rulesets and without
    their details; ``released`` are their rules, ``phases`` the order of the actions. ``shown`` are the rules that the
    patient's copy shows: what it prints may rest on no other. ``confidential`` are the facts that confidential rules
    read: nothing of them may stand in what is shown or shared.
    """

    on: date
    assessment: Assessment
    scored: Mapping[str, Scored]
    instruments: Mapping[str, Instrument]
    vocabulary: Vocabulary
    formulary: Formulary
    facts: Mapping[str, Any]
    recommendations: tuple[Recommendation, ...]
    shown: frozenset[str]
    phases: tuple[tuple[str, ...], ...]
    confidential: frozenset[str]

    @cached_property
    def released(self) -> frozenset[str]:
        """The rules whose recommendations stand."""
        return frozenset(each.rule for each in self.recommendations)

    @property
    def within_energy(self) -> bool:
        """Whether effort stays inside an energy window.

        It does while post-exertional malaise is shown or not ruled out, and where a clinician has added pacing.
        """
        paced = any(PACING in each.tags for each in self.recommendations)
        return paced or self.facts.get("pem.suspected") is not False

    def because(self, *facts: str) -> list[dict[str, Any]]:
        """Facts as reasons, in JSON values: id, label as ``meaning``, and value, None while unknown."""
        return [{"fact": each, "meaning": self.vocabulary[each].label, "value": self.facts.get(each)} for each in facts]

    def known(self, *facts: str) -> list[dict[str, Any]]:
        """Those of the facts that are known, as reasons."""
        return self.because(*(each for each in facts if self.facts.get(each) is not None))

    def reasons(self, *facts: str) -> list[dict[str, Any]]:
        """Those of the facts that are known and not a no, as reasons."""
        return [each for each in self.known(*facts) if each["value"] is not False]


@frozen
class DetailSpec:
    """Something computed from the person's own answers that stands in the plan: a table, a ladder, a window.

    It stands beside the recommendation of ``rule`` while that is released, or at the end of ``section``. ``compute``
    gives JSON values, or None when there is nothing to show; ``template`` shows them, as ``detail.values``. A value
    ``review`` is a day (``2026-03-30``) on which the plan is looked at again; the first page prints the earliest one.
    One of a section that is ``apart``, such as a letter, has a page of its own behind all sections.
    """

    id: str
    template: str
    compute: Callable[[Situation], Mapping[str, Any] | None]
    rule: str | None = None
    section: str | None = None
    edition: Literal["both", "patient", "clinician"] = "both"
    order: int = 100
    apart: bool = False
