"""A plan → what one edition of it may show: the patient's copy holds nothing that only a clinician may read."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Literal

from attrs import evolve

from careplan.plan.model import AskFirst, Blocked, Detail, Plan, Recommendation, Section

Edition = Literal["patient", "clinician"]


def for_edition(plan: Plan, edition: Edition) -> Plan:
    """The plan as an edition shows it.

    The clinician's is the plan itself. The patient's may be read by a household: it has no clinician-only or
    confidential recommendation and no trace of one (blocks, adaptations, questions, phases), no clinician's text,
    no answer and no reason read from answers, no section that still waits for review, and nothing of an override but
    what it makes of the recommendations.
    """
    return plan if edition == "clinician" else _Redaction(plan).plan()


def needs_signature(plan: Plan) -> bool:
    """Whether a clinician must review and sign the plan before a patient edition exists."""
    return plan.status == "review_first"


def shown_to_patient(recommendation: Recommendation, *, waiting: Container[str], open_rules: Container[str]) -> bool:
    """Whether the patient's copy shows a recommendation that stands; ``waiting`` are modalities that wait for review.

    What a rule adapts that is not among the ``open_rules`` is left out, never shown unadapted.
    """
    if recommendation.audience != "both":
        return False
    if recommendation.priority == "emergency":
        return True
    if recommendation.modality in waiting:
        return False
    return all(each.rule in open_rules for each in recommendation.adapted_by)


class _Redaction:
    def __init__(self, plan: Plan) -> None:
        self.whole = plan
        self.waiting = frozenset(() if plan.signed_by else plan.review_modalities)
        self.titles = {each.rule: each.title for each in self.known() if each.audience == "both"}

    def known(self) -> Iterator[Recommendation]:
        """Every recommendation the plan names, wherever it stands."""
        yield from (*self.whole.emergency, *self.whole.safety, *self.whole.recommendations)
        yield from (each.recommendation for each in self.whole.ask_first)
        yield from (each.recommendation for each in self.whole.blocked)
        yield from (each.original for each in self.whole.overrides if each.original and each.override.do == "decline")

    def plan(self) -> Plan:
        whole = self.whole
        released = {each.rule: each for each in self.known() if self.released(each)}
        phases = tuple(tuple(rule for rule in phase if rule in released) for phase in whole.phases)
        phases = tuple(phase for phase in phases if phase)
        numbers = {rule: number for number, phase in enumerate(phases, 1) for rule in phase}
        shown = {rule: self.shown(each, numbers.get(rule)) for rule, each in released.items()}

        def kept(recommendations: tuple[Recommendation, ...]) -> tuple[Recommendation, ...]:
            return tuple(shown[each.rule] for each in recommendations if each.rule in shown)

        sections = (
            evolve(each, recommendations=kept(each.recommendations), details=self.details(each.details))
            for each in whole.sections
        )
        return evolve(
            whole,
            emergency=kept(whole.emergency),
            safety=kept(whole.safety),
            recommendations=kept(whole.recommendations),
            ask_first=tuple(self.held()),
            blocked=tuple(self.blocked()),
            undecided=(),
            missing_answers=(),
            contradictions=(),
            cautions=(),
            review_modalities=(),
            phases=phases,
            assumed_no=(),
            facts={},
            sections=tuple(each for each in sections if self.printed(each)),
            failures=tuple(evolve(each, message="") for each in whole.failures),
            not_fired=(),
            overrides=(),
        )

    @staticmethod
    def details(details: tuple[Detail, ...]) -> tuple[Detail, ...]:
        """What is computed for the patient too, without the facts it was computed from (``because``)."""
        return tuple(
            evolve(each, values={key: value for key, value in each.values.items() if key != "because"})
            for each in details
            if each.edition != "clinician"
        )

    def printed(self, section: Section) -> bool:
        return bool(section.recommendations or section.details) and section.modality not in self.waiting

    def released(self, recommendation: Recommendation) -> bool:
        return shown_to_patient(recommendation, waiting=self.waiting, open_rules=self.titles)

    def shown(self, recommendation: Recommendation, phase: int | None = None) -> Recommendation:
        cleared = recommendation.cleared
        return evolve(
            recommendation,
            phase=phase,
            clinician=None,
            uncertain=None,
            condition="",
            triggered_by={},
            adapted_by=tuple(each for each in recommendation.adapted_by if each.rule in self.titles),
            parts=tuple(each for each in recommendation.parts if each.edition != "clinician"),
            parts_left_out=(),
            details=self.details(recommendation.details),
            cleared=evolve(cleared, reason="") if cleared else None,
            override=None,
        )

    def named(self, recommendation: Recommendation) -> Recommendation:
        """Only what it is called: a recommendation that is not released gives no advice."""
        return evolve(self.shown(recommendation), patient=None, because="", parts=(), details=(), adapted_by=())

    def held(self) -> Iterator[AskFirst]:
        """What waits for an answer, without the question: a question may be one that a hidden rule needs."""
        hidden = self.hidden_questions()
        for each in self.whole.ask_first:
            if self.released(each.recommendation) and not hidden & {*each.missing, *each.questions}:
                yield AskFirst(self.named(each.recommendation), (), ())

    def hidden_questions(self) -> frozenset[str]:
        return frozenset(fact for each in self.whole.undecided if each.audience != "both" for fact in each.missing)

    def blocked(self) -> Iterator[Blocked]:
        for each in self.whole.blocked:
            by = tuple(rule for rule in each.by if rule in self.titles)
            if by and self.released(each.recommendation):
                reason = "; ".join(f"{self.titles[rule]} ({rule})" for rule in by)
                yield Blocked(self.named(each.recommendation), by, reason)
