"""What every front end calls: the decision over one assessment, and the plan that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve, field, frozen

from careplan.assessment import Assessment, Clearance, Goal
from careplan.border import border
from careplan.errors import IntakeError, PluginError, Problem, RulesetError, nearest
from careplan.facts import Facts, derive_facts
from careplan.followup import Review, Visit, review
from careplan.knowledge import Knowledge
from careplan.plan.compose import Case, compose
from careplan.plan.editions import Edition
from careplan.plan.modality import DetailSpec, Situation
from careplan.plan.model import Earlier, Failure, Plan, SignOff
from careplan.plan.overrides import Circumstances, resolve_overridden
from careplan.render.document import Document, document
from careplan.render.look import USUAL, Look
from careplan.rules.decision import Decision
from careplan.vocabulary.contacts import contacts_for


@frozen
class Request:
    """How a plan is asked for: the day (the assessment's own when None), pinned versions, signature, tolerance."""

    on: date | None = None
    pinned: Mapping[str, str] = field(factory=dict)
    sign_off: SignOff | None = None
    allow_incomplete: bool = False


@frozen
class FactCase:
    """A case given as facts: its name, the day of the assessment, its goals and the findings cleared."""

    id: str
    date: date
    facts: Facts
    goals: tuple[Goal, ...] = ()
    cleared: tuple[Clearance, ...] = ()
    failures: tuple[Failure, ...] = ()
    assessment: Assessment | None = None
    earlier: Visit | None = None

    @property
    def previous(self) -> Earlier | None:
        """The earlier assessment this one follows, whether it was read or only named."""
        if self.earlier is not None:
            return self.earlier.link
        named = self.assessment.previous if self.assessment else None
        return Earlier(named) if named is not None else None


def make_plan(
    assessment: Assessment, knowledge: Knowledge, request: Request = Request(), earlier: Visit | None = None
) -> tuple[Plan, Facts]:
    """The plan of an assessment and the facts it rests on; ``earlier`` is the visit it follows, where there was one.

    Raises PluginError while a plugin is missing and gaps are not allowed, EngineDisagreement if the engines differ,
    and IntakeError for a clearance of what is no emergency, or dated after the plan, and an override that cannot be.
    """
    case = _following(assessment, knowledge, earlier)
    return plan_of_facts(case, knowledge, request), case.facts


def make_visits(
    assessments: Sequence[Assessment], knowledge: Knowledge, request: Request = Request()
) -> tuple[Visit, ...]:
    """The visits of one person from assessments in the order of time; the request is for the plan of the last."""
    earlier = earlier_visits(assessments[:-1], knowledge, request)
    plan, facts = make_plan(assessments[-1], knowledge, request, earlier[-1] if earlier else None)
    return (*earlier, Visit(assessments[-1], facts, plan))


def earlier_visits(
    assessments: Iterable[Assessment], knowledge: Knowledge, request: Request = Request()
) -> tuple[Visit, ...]:
    """Visits whose plans are past, in the order of time, each planned with the one before in view.

    Of the ``request`` for a plan of today only the pinned versions count, and whether gaps are allowed: an earlier plan
    is made as on its own day, or on the day of its last clearance, and counts as signed by whoever overrode it. Where
    no rules were in effect on that day, the visit has no plan.
    """
    visits: list[Visit] = []
    for assessment in assessments:
        case = _following(assessment, knowledge, visits[-1] if visits else None)
        visits.append(Visit(assessment, case.facts, _earlier_plan(case, knowledge, request)))
    return tuple(visits)


def _following(assessment: Assessment, knowledge: Knowledge, earlier: Visit | None) -> FactCase:
    """The assessment as facts, with the visit it follows."""
    return evolve(fact_case(assessment, knowledge, earlier.assessment if earlier else None), earlier=earlier)


def _earlier_plan(case: FactCase, knowledge: Knowledge, request: Request) -> Plan | None:
    assert case.assessment is not None
    signer = max(case.assessment.overrides, key=lambda each: each.on, default=None)
    asked = evolve(
        request,
        on=max([case.date, *(each.on for each in case.cleared), *(each.on for each in case.assessment.overrides)]),
        sign_off=SignOff(signer.by, signer.role) if signer else None,
    )
    try:
        return plan_of_facts(case, knowledge, asked)
    except RulesetError as error:
        if any(each.code != "not_in_effect" for each in error.problems):
            raise
        return None


def make_review(visits: Sequence[Visit], knowledge: Knowledge) -> Review:
    """The review of two visits or more."""
    return review(visits, knowledge.instruments)


def fact_case(assessment: Assessment, knowledge: Knowledge, earlier: Assessment | None = None) -> FactCase:
    """The assessment as facts, what changed since the ``earlier`` one among them.

    A plugin's function that fails on it is named, and its fact is unknown.
    """
    failures: list[Failure] = []
    functions = {
        name: _guarded(plugin.name, f"function {name}", function, failures)
        for plugin in knowledge.registry.plugins
        for file in plugin.facts
        for name, function in file.functions.items()
    }
    facts = derive_facts(
        assessment,
        knowledge.vocabulary,
        knowledge.instruments,
        knowledge.formulary,
        functions,
        earlier=earlier,
    )
    return FactCase(
        assessment.id,
        assessment.date,
        facts,
        assessment.goals or (),
        assessment.cleared,
        failures=tuple(failures),
        assessment=assessment,
    )


def _guarded(plugin: str, stage: str, function: Callable[..., Any], failures: list[Failure]) -> Callable[..., Any]:
    """The function of a plugin; what it raises is added to ``failures``, and its answer is then None."""

    def guarded(*given: Any, **arguments: Any) -> Any:
        with border(plugin, stage, failures):
            return function(*given, **arguments)
        return None

    return guarded


def make_document(  # noqa: PLR0913, PLR0917 - what a document is made of
    plan: Plan,
    assessment: Assessment,
    facts: Facts,
    knowledge: Knowledge,
    edition: Edition,
    earlier: Sequence[Visit] = (),
    look: Look = USUAL,
) -> Document:
    """The document of one edition of a plan, ready for a renderer; ``earlier`` are the visits before it."""
    visits = (*earlier, Visit(assessment, facts, plan))
    return document(
        plan,
        assessment,
        facts.scored,
        edition=edition,
        instruments=knowledge.instruments,
        vocabulary=knowledge.vocabulary,
        contacts=contacts_for(assessment.person.country),
        followup=make_review(visits, knowledge) if earlier else None,
        look=look,
    )


def decide(case: FactCase, knowledge: Knowledge, request: Request = Request()) -> Decision:
    """The decision over a case; raises PluginError for gaps that are not allowed."""
    _refuse_gaps((*knowledge.failures, *case.failures), request)
    return knowledge.engine(request.on or case.date, request.pinned).decide(case.facts.values)


def plan_of_facts(case: FactCase, knowledge: Knowledge, request: Request = Request()) -> Plan:
    """The plan that follows from facts alone."""
    on = request.on or case.date
    decision = decide(case, knowledge, request)
    _refuse_false_clearances(case.cleared, decision, on)
    kept = (each.id for each in knowledge.registry.modalities.values() if each.stays_in_small_plans)
    about = Case(
        case.id,
        on,
        goals=case.goals,
        earlier=case.earlier.given if case.earlier else (),
        previous=case.previous,
        assumed_no=case.facts.assumed_no,
        signed_by=request.sign_off,
        assessment=case.assessment,
        scored=case.facts.scored,
    )
    failures = [*knowledge.failures, *case.failures]

    def compute(spec: DetailSpec, situation: Situation) -> Mapping[str, Any] | None:
        with border(knowledge.detail_owners[spec.id], f"detail {spec.id}", failures):
            return spec.compute(situation)
        return None

    setting = evolve(knowledge.setting, compute=compute, failures=failures)
    overrides = case.assessment.overrides if case.assessment else ()
    circumstances = Circumstances(on, case.date, request.sign_off is not None, tuple(knowledge.registry.modalities))
    resolution = resolve_overridden(decision, case.cleared, kept, overrides, circumstances)
    plan = compose(about, decision, resolution, setting)
    _refuse_gaps(plan.failures, request)
    return plan


def _refuse_gaps(failures: Iterable[Failure], request: Request) -> None:
    """Raise PluginError naming every plugin that failed, unless gaps are allowed."""
    problems = [Problem(f"plugin {each.plugin} failed ({each.stage}): {each.message}") for each in failures]
    if problems and not request.allow_incomplete:
        remedy = "The plan would be incomplete; mend or remove the plugin, or allow the gap with --allow-incomplete."
        raise PluginError([*problems, Problem(remedy)])


def _refuse_false_clearances(cleared: Iterable[Clearance], decision: Decision, on: date) -> None:
    """Raise IntakeError for clearances of what is no emergency rule, and for those dated after the plan."""
    emergencies = [rule.id for rule in decision.base.rules.values() if rule.priority == "emergency"]
    problems = []
    for each in cleared:
        if each.rule not in emergencies:
            message = f"cleared: {each.rule!r} is no emergency rule{nearest(each.rule, emergencies)}"
            problems.append(Problem(message, code="clearance"))
        if each.on > on:
            message = f"cleared: {each.rule} is cleared on {each.on}, after the day of the plan ({on})"
            problems.append(Problem(message, code="clearance"))
    if problems:
        raise IntakeError(problems)
