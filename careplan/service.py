"""What every front end calls: the decision over one assessment, and the plan that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from attrs import evolve, field, frozen

from careplan.assessment import Assessment, Clearance, Goal
from careplan.border import border
from careplan.errors import IntakeError, PluginError, Problem, nearest
from careplan.facts import Facts, derive_facts
from careplan.knowledge import Knowledge
from careplan.plan.compose import Case, compose
from careplan.plan.editions import Edition
from careplan.plan.model import Failure, Plan, SignOff
from careplan.plan.resolve import resolve
from careplan.render.document import Document, document
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


def make_plan(assessment: Assessment, knowledge: Knowledge, request: Request = Request()) -> tuple[Plan, Facts]:
    """The plan of an assessment and the facts it rests on.

    Raises PluginError while a plugin is missing and gaps are not allowed, EngineDisagreement if the engines differ,
    and IntakeError for a clearance that clears nothing.
    """
    case = fact_case(assessment, knowledge)
    return plan_of_facts(case, knowledge, request), case.facts


def fact_case(assessment: Assessment, knowledge: Knowledge) -> FactCase:
    """The assessment as facts; a plugin's function that fails on it is named and its fact is unknown."""
    failures: list[Failure] = []
    functions = {
        name: _guarded(plugin.name, f"function {name}", function, failures)
        for plugin in knowledge.registry.plugins
        for file in plugin.facts
        for name, function in file.functions.items()
    }
    facts = derive_facts(assessment, knowledge.vocabulary, knowledge.instruments, knowledge.formulary, functions)
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


def make_document(plan: Plan, assessment: Assessment, facts: Facts, knowledge: Knowledge, edition: Edition) -> Document:
    """The document of one edition of a plan, ready for a renderer."""
    return document(
        plan,
        assessment,
        facts.scored,
        edition=edition,
        instruments=knowledge.instruments,
        vocabulary=knowledge.vocabulary,
        contacts=contacts_for(assessment.person.country),
    )


def decide(case: FactCase, knowledge: Knowledge, request: Request = Request()) -> Decision:
    """The decision over a case; raises PluginError for gaps that are not allowed."""
    _refuse_gaps((*knowledge.failures, *case.failures), request)
    return knowledge.engine(request.on or case.date, request.pinned).decide(case.facts.values)


def plan_of_facts(case: FactCase, knowledge: Knowledge, request: Request = Request()) -> Plan:
    """The plan that follows from facts alone."""
    on = request.on or case.date
    decision = decide(case, knowledge, request)
    _refuse_idle_clearances(case.cleared, decision, on)
    kept = (each.id for each in knowledge.registry.modalities.values() if each.stays_in_small_plans)
    about = Case(
        case.id,
        on,
        goals=case.goals,
        assumed_no=case.facts.assumed_no,
        signed_by=request.sign_off,
        assessment=case.assessment,
        scored=case.facts.scored,
    )
    failures = [*knowledge.failures, *case.failures]
    details = [
        evolve(each, compute=_guarded(plugin, f"detail {each.id}", each.compute, failures))
        for plugin, each in knowledge.registry.details
    ]
    setting = evolve(knowledge.setting, details=details, failures=failures)
    plan = compose(about, decision, resolve(decision, case.cleared, kept), setting)
    _refuse_gaps(plan.failures, request)
    return plan


def _refuse_gaps(failures: Iterable[Failure], request: Request) -> None:
    """Raise PluginError naming every plugin that failed, unless gaps are allowed."""
    problems = [Problem(f"plugin {each.plugin} failed ({each.stage}): {each.message}") for each in failures]
    if problems and not request.allow_incomplete:
        remedy = "The plan would be incomplete; mend or remove the plugin, or allow the gap with --allow-incomplete."
        raise PluginError([*problems, Problem(remedy)])


def _refuse_idle_clearances(cleared: Iterable[Clearance], decision: Decision, on: date) -> None:
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
