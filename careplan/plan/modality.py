"""What a modality and its sections are to a plan: where they stand and what they show."""

from __future__ import annotations

from attrs import frozen


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
