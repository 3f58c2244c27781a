"""What a modality contributes to a plan beyond its rules: sections, and details computed from answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from attrs import frozen

from careplan.assessment import Assessment
from careplan.instruments import Scored
from careplan.vocabulary.formulary import Formulary


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


@frozen
class Situation:
    """What a detail is computed from: the person as assessed, and what of the plan stands.

    ``facts`` holds what is known; ``released`` are the rules whose recommendations stand, ``phases`` their order.
    """

    on: date
    assessment: Assessment
    scored: Mapping[str, Scored]
    formulary: Formulary
    facts: Mapping[str, Any]
    released: frozenset[str]
    phases: tuple[tuple[str, ...], ...]


@frozen
class DetailSpec:
    """Something computed from the person's own answers that stands in the plan: a table, a ladder, a window.

    It stands beside the recommendation of ``rule`` while that is released, or at the end of ``section``. ``compute``
    gives JSON values, or None when there is nothing to show; ``template`` shows them, as ``detail.values``.
    """

    id: str
    template: str
    compute: Callable[[Situation], Mapping[str, Any] | None]
    rule: str | None = None
    section: str | None = None
    edition: Literal["both", "patient", "clinician"] = "both"
    order: int = 100
