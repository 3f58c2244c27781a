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
from careplan.plan.model import Failure, Plan, SignOff
from careplan.plan.resolve import resolve
from careplan.rules.decision import Decision


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
        name: _guarded(plugin.name, name, function, failures)
        for plugin in knowledge.registry.plugins
        for file in plugin.facts
        for name, function in file.functions.items()
    }
    facts = derive_facts(assessment, knowledge.vocabulary, knowledge.instruments, knowledge.formulary, functions)
    return FactCase(
        assessment.id, assessment.date, facts, assessment.goals or (), assessment.cleared, failures=tuple(failures)
    )


def _guarded(
    plugin: str, name: str, function: Callable[[Assessment], Any], failures: list[Failure]
) -> Callable[[Assessment], Any]:
    def guarded(assessment: Assessment) -> Any:
        with border(plugin, f"function {name}", failures):
            return function(assessment)
        return None

    return guarded


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
    about = Case(case.id, on, goals=case.goals, assumed_no=case.facts.assumed_no, signed_by=request.sign_off)
    setting = evolve(knowledge.setting, failures=(*knowledge.failures, *case.failures))
    return compose(about, decision, resolve(decision, case.cleared, kept), setting)


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
