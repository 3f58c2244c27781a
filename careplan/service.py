"""What every front end calls: the knowledge that answers, and the plan of one assessment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from attrs import define, field, frozen

from careplan.assessment import Assessment, Clearance, Goal
from careplan.cql import Expression
from careplan.errors import IntakeError, PluginError, Problem, nearest
from careplan.facts import Facts, derive_facts
from careplan.instruments import Instrument
from careplan.plan.compose import Case, Setting, compose
from careplan.plan.modality import Modality, SectionSpec
from careplan.plan.model import Failure, Plan, SignOff
from careplan.plan.resolve import resolve
from careplan.rules.base import RuleBase
from careplan.rules.decision import Decision, VerifiedEngine
from careplan.rules.durable import VERSION
from careplan.rules.reference import Reference
from careplan.rules.ruleset import Ruleset, Tag
from careplan.rules.versions import choose
from careplan.vocabulary.formulary import Formulary
from careplan.vocabulary.model import Vocabulary


@define(slots=False)
class Knowledge:
    """Everything that answers for a plan but the case: loaded once, the same for every case.

    ``versions`` are all versions of every ruleset by id; ``sections`` pairs each section with its modality;
    ``plugins`` are names with versions; ``failures`` name the plugins that could not be loaded.
    """

    vocabulary: Vocabulary
    instruments: Mapping[str, Instrument]
    formulary: Formulary
    functions: Mapping[str, Callable[[Assessment], Any]]
    tags: Mapping[str, Tag]
    modalities: Mapping[str, Modality]
    versions: Mapping[str, Sequence[Ruleset]]
    sections: Sequence[tuple[str, SectionSpec]]
    plugins: Mapping[str, str]
    failures: tuple[Failure, ...] = ()
    _engines: dict[tuple[str, ...], VerifiedEngine] = field(factory=dict, init=False, repr=False)

    @cached_property
    def derivations(self) -> dict[str, Expression]:
        """How derived facts follow from others, by fact id."""
        return {each.id: each.derive for each in self.vocabulary if each.derive is not None}

    @cached_property
    def setting(self) -> Setting:
        """What every plan is composed with."""
        return Setting(
            vocabulary=self.vocabulary,
            derivations=self.derivations,
            modalities=self.modalities,
            sections=self.sections,
            plugins=self.plugins,
            engine={"live": VERSION, "verified_by": Reference.name},
            failures=self.failures,
        )

    def engine(self, on: date, pinned: Mapping[str, str]) -> VerifiedEngine:
        """Both engines over the ruleset versions of the day; compiled once for each choice of versions."""
        order = {name: (each.order, name) for name, each in self.modalities.items()}
        chosen = sorted(choose(self.versions, on, pinned), key=lambda each: order[each.id])
        names = tuple(each.name for each in chosen)
        if names not in self._engines:
            self._engines[names] = VerifiedEngine(RuleBase(tuple(chosen), self.tags, self.vocabulary.types))
        return self._engines[names]


@frozen
class Request:
    """How a plan is asked for: the day (the assessment's own when None), pinned versions, signature, tolerance."""

    on: date | None = None
    pinned: Mapping[str, str] = field(factory=dict)
    sign_off: SignOff | None = None
    allow_incomplete: bool = False


def make_plan(assessment: Assessment, knowledge: Knowledge, request: Request = Request()) -> tuple[Plan, Facts]:
    """The plan of an assessment and the facts it rests on.

    Raises PluginError while a plugin is missing and gaps are not allowed, EngineDisagreement if the engines differ,
    and IntakeError for a clearance that clears nothing.
    """
    facts = derive_facts(
        assessment, knowledge.vocabulary, knowledge.instruments, knowledge.formulary, knowledge.functions
    )
    plan = plan_of_facts(
        assessment.id,
        assessment.date,
        facts,
        knowledge,
        request,
        goals=assessment.goals or (),
        cleared=assessment.cleared,
    )
    return plan, facts


def plan_of_facts(  # noqa: PLR0913 - the case, whole: what a fact file holds
    case: str,
    assessed: date,
    facts: Facts,
    knowledge: Knowledge,
    request: Request = Request(),
    *,
    goals: Iterable[Goal] = (),
    cleared: Iterable[Clearance] = (),
) -> Plan:
    """The plan that follows from facts alone."""
    refuse_gaps(knowledge, request)
    on = request.on or assessed
    decision = knowledge.engine(on, request.pinned).decide(facts.values)
    clearances = tuple(cleared)
    _refuse_idle_clearances(clearances, decision)
    kept = (each.id for each in knowledge.modalities.values() if each.stays_in_small_plans)
    about = Case(case, on, goals=tuple(goals), assumed_no=facts.assumed_no, signed_by=request.sign_off)
    return compose(about, decision, resolve(decision, clearances, kept), knowledge.setting)


def refuse_gaps(knowledge: Knowledge, request: Request) -> None:
    """Raise PluginError naming every plugin that failed, unless gaps are allowed."""
    if knowledge.failures and not request.allow_incomplete:
        problems = [
            Problem(f"plugin {each.plugin} failed ({each.stage}): {each.message}") for each in knowledge.failures
        ]
        remedy = "The plan would be incomplete; mend or remove the plugin, or allow the gap with --allow-incomplete."
        raise PluginError([*problems, Problem(remedy)])


def _refuse_idle_clearances(cleared: Iterable[Clearance], decision: Decision) -> None:
    rules = decision.base.rules
    emergencies = [rule.id for rule in rules.values() if rule.priority == "emergency"]
    problems = [
        Problem(f"cleared: {each.rule!r} is no emergency rule{nearest(each.rule, emergencies)}", code="clearance")
        for each in cleared
        if each.rule not in emergencies
    ]
    if problems:
        raise IntakeError(problems)
