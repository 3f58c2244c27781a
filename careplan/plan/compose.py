"""A resolved decision → the plan: recommendations with their texts and reasons, in phases and sections."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from attrs import define, evolve, field, frozen

from careplan.assessment import Assessment, Goal, Override
from careplan.instruments import Instrument, Scored
from careplan.plan.details import Compute, Details, asked
from careplan.plan.editions import shown_to_patient
from careplan.plan.modality import DetailSpec, Modality, SectionSpec, Situation
from careplan.plan.model import (
    AskFirst,
    Blocked,
    Earlier,
    Failure,
    MissingAnswer,
    Overridden,
    PartText,
    Plan,
    Recommendation,
    RulesetUse,
    Section,
    SignOff,
    StandingContradiction,
    Status,
    Undecided,
)
from careplan.plan.overrides import own_rule
from careplan.plan.phases import is_new_action, phases
from careplan.plan.resolve import Held, Judged, Removed, Resolution, Standing, evaluation_order
from careplan.plan.texts import filled
from careplan.rules.base import RuleBase, part_name
from careplan.rules.decision import Decision
from careplan.rules.reasons import Behind, Derivations, answers_behind
from careplan.rules.ruleset import Rule
from careplan.vocabulary.formulary import Formulary
from careplan.vocabulary.model import Vocabulary
from careplan.vocabulary.override_reasons import override_reasons

DEFAULT_TEMPLATE = "base/section.html"
"""Shows recommendations that no section of their modality asks for, so that none is dropped."""


@frozen
class Setting:
    """What a plan is composed with: vocabulary, modalities, sections, details, who contributed.

    ``sections`` pairs each section with the modality it belongs to; ``derivations`` say how derived facts follow.
    ``compute`` asks a detail for its values; ``failures`` are read last: a detail that fails adds to them.
    """

    vocabulary: Vocabulary
    derivations: Derivations
    modalities: Mapping[str, Modality]
    sections: Sequence[tuple[str, SectionSpec]]
    details: Sequence[DetailSpec]
    formulary: Formulary
    instruments: Mapping[str, Instrument]
    plugins: Mapping[str, str]
    engine: Mapping[str, str]
    failures: Sequence[Failure] = ()
    compute: Compute = asked


@frozen
class Case:
    """What a plan says of the case itself; ``earlier`` are actions of the ``previous`` plan, which are not new.

    Without an ``assessment``, of a case given as facts alone, there is nothing to compute details from.
    """

    id: str
    on: date
    goals: tuple[Goal, ...] = ()
    earlier: Collection[str] = ()
    previous: Earlier | None = None
    assumed_no: tuple[str, ...] = ()
    signed_by: SignOff | None = None
    assessment: Assessment | None = None
    scored: Mapping[str, Scored] = field(factory=dict)


def compose(case: Case, decision: Decision, resolution: Resolution, setting: Setting) -> Plan:
    """The plan of one case. Every fired rule stands in it once: released, held, taken out or declined."""
    return _Composer(case, decision, resolution, setting).plan()


@define(slots=False)
class _Composer:
    case: Case
    decision: Decision
    resolution: Resolution
    setting: Setting

    @property
    def base(self) -> RuleBase:
        return self.decision.base

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.decision.facts

    @cached_property
    def phases(self) -> tuple[tuple[str, ...], ...]:
        actions = [each.rule for each in self.resolution.standing if is_new_action(each.rule, self.case.earlier)]
        goals = {need for goal in self.case.goals for need in goal.helps}
        order = {rule.id: self.modality(rule).action_order for rule in actions}
        return phases(actions, goals, order)

    @cached_property
    def situation(self) -> Situation | None:
        if self.case.assessment is None:
            return None
        return Situation(
            on=self.case.on,
            assessment=self.case.assessment,
            scored=self.case.scored,
            instruments=self.setting.instruments,
            vocabulary=self.setting.vocabulary,
            formulary=self.setting.formulary,
            facts=self.facts,
            recommendations=self.released,
            shown=frozenset(self.shown()),
            phases=self.phases,
            confidential=self.confidential(),
        )

    @cached_property
    def released(self) -> tuple[Recommendation, ...]:
        """What stands, without details, which are computed from it."""
        return tuple(self.standing(each) for each in self.resolution.standing)

    def shown(self) -> Iterator[str]:
        """The rules that the patient's copy shows."""
        waiting = () if self.case.signed_by else self.resolution.review_modalities
        open_rules = {each.id for each in self.base.rules.values() if each.audience == "both"}
        for each in self.released:
            if shown_to_patient(each, waiting=waiting, open_rules=open_rules):
                yield each.rule

    def confidential(self) -> frozenset[str]:
        """The facts that confidential rules read, the answers behind them, and what follows from any of them."""
        read = self.base.confidential
        found = {*read, *answers_behind(tuple(sorted(read)), self.setting.derivations)}
        grown = 0
        while len(found) > grown:
            grown = len(found)
            found |= {name for name, each in self.setting.derivations.items() if each.reads & found}
        return frozenset(found)

    @cached_property
    def details(self) -> Details:
        return Details(self.setting.details, self.setting.compute, self.situation)

    def detailed(self, released: Recommendation) -> Recommendation:
        details = self.details.beside(released)
        return evolve(released, details=details) if details else released

    @cached_property
    def behind(self) -> Behind:
        return Behind(self.facts, self.setting.derivations)

    def modality(self, rule: Rule) -> Modality:
        return self.setting.modalities[self.modality_of(rule.id)]

    def modality_of(self, rule: str) -> str:
        """The modality of a loaded rule, or the one a clinician chose for words of their own."""
        return self.own[rule] if rule in self.own else self.base.ruleset_of[rule].id

    @cached_property
    def own(self) -> Mapping[str, str]:
        """The modalities of the recommendations in a clinician's own words, by id."""
        given = (each.override for each in self.resolution.overrides)
        return {each.rule: each.modality for each in given if each.modality is not None}

    def plan(self) -> Plan:
        standing = [self.detailed(each) for each in self.released]
        held = tuple(self.held(each) for each in self.resolution.held)
        undecided = tuple(self.undecided())
        sections = tuple(self.sections(standing))
        return Plan(
            case=self.case.id,
            on=self.case.on,
            status=self.status(),
            minimal=self.resolution.minimal,
            emergency=tuple(each for each in standing if each.priority == "emergency"),
            safety=tuple(each for each in standing if each.priority == "safety"),
            recommendations=tuple(each for each in standing if each.priority in ("core", "adjunct")),
            ask_first=held,
            blocked=tuple(self.removed(each) for each in self.resolution.removed),
            undecided=undecided,
            missing_answers=self.missing_answers(undecided, held),
            contradictions=tuple(self.contradictions()),
            cautions=self.resolution.cautions,
            review_modalities=self.resolution.review_modalities,
            phases=self.phases,
            assumed_no=self.case.assumed_no,
            facts=dict(sorted(self.facts.items())),
            sections=sections,
            rulesets=tuple(
                RulesetUse(each.id, each.version, each.digest, each.effective, each.title)
                for each in self.base.rulesets
            ),
            plugins=self.setting.plugins,
            engine=self.setting.engine,
            failures=tuple(self.setting.failures),
            signed_by=self.case.signed_by if self.resolution.status != "withheld" else None,
            not_fired=tuple(rule for rule in self.base.rules if self.decision.outcomes[rule] is False),
            overrides=tuple(self.overridden(each, standing) for each in self.resolution.overrides),
            previous=self.case.previous,
        )

    def status(self) -> Status:
        """The status of resolution; a gap and an override that comes back ask for review, and a signature ends every
        state but withheld."""
        status: Status = self.resolution.status
        if status == "withheld":
            return status
        if self.case.signed_by is not None:
            return "signed"
        returning = any(each.outcome == "returns" for each in self.resolution.overrides)
        return "review_first" if self.setting.failures or returning else status

    def recommendation(self, rule: Rule, **beside: Any) -> Recommendation:
        fired = self.decision.outcomes.get(rule.id) is True
        return Recommendation(
            rule=rule.id,
            ruleset=None if rule.id in self.own else self.base.ruleset_of[rule.id].name,
            modality=self.modality_of(rule.id),
            title=rule.title,
            priority=rule.priority,
            kind=rule.kind,
            audience=rule.audience,
            patient=filled(rule.patient, self.facts),
            clinician=filled(rule.clinician, self.facts),
            because=rule.because,
            evidence=rule.evidence,
            certainty=rule.certainty,
            uncertain=rule.uncertain,
            tags=rule.tags,
            helps=rule.helps,
            condition="" if rule.id in self.own else " ".join(rule.when.text.split()),
            triggered_by=self.behind.why(rule.when) if fired else {},
            **beside,
        )

    def standing(self, standing: Standing) -> Recommendation:
        rule = standing.rule
        stood = self.stood(standing, self.phase_of.get(rule.id))
        return stood if standing.override is None else self.revised(stood, standing.override, standing.against)

    @cached_property
    def phase_of(self) -> Mapping[str, int]:
        """The phase of every new action, by rule."""
        return {rule: number for number, row in enumerate(self.phases, 1) for rule in row}

    def stood(self, standing: Standing, phase: int | None = None) -> Recommendation:
        """A recommendation with what its rule prints beside it."""
        rule = standing.rule
        return self.recommendation(
            rule,
            phase=phase,
            adapted_by=standing.adapted_by,
            parts=tuple(
                PartText(number, filled(part.text, self.facts) or "", part.edition) for number, part in standing.parts
            ),
            parts_left_out=tuple(
                evolve(each, missing=self.part_missing(rule, each.number)) if each.reason == "unknown" else each
                for each in standing.left_out
            ),
            cleared=standing.cleared,
        )

    def revised(self, stood: Recommendation, override: Override, against: tuple[str, ...]) -> Recommendation:
        """The recommendation in the words of a clinician who changed or added it: they are printed as written."""
        texts = {key: text for key in ("title", "patient", "clinician") if (text := getattr(override, key)) is not None}
        own = override.modality is not None
        applied = evolve(
            self.judged(Judged(override, "applied")),
            against=against,
            checked=bool(stood.tags) or not own,
            original=None if own or not texts else stood,
        )
        return evolve(stood, override=applied, **texts)

    def overridden(self, judged: Judged, standing: Sequence[Recommendation]) -> Overridden:
        """One override and what became of it, with the recommendation that it declined or changed."""
        for each in standing:
            if each.override is not None and each.override.override is judged.override:
                return each.override
        found = self.judged(judged)
        declined = (each for each in self.resolution.declined if each.override is judged.override)
        return next((evolve(found, original=self.stood(each)) for each in declined), found)

    def judged(self, judged: Judged) -> Overridden:
        override = judged.override
        rule = self.base.rules[override.rule] if override.modality is None else own_rule(override)
        return Overridden(
            override=override,
            meaning=override_reasons()[override.code].meaning,
            outcome=judged.outcome,
            title=rule.title,
            modality=self.modality_of(rule.id),
            audience=rule.audience,
            why=judged.why,
        )

    def part_missing(self, rule: Rule, number: int) -> tuple[str, ...]:
        return self.behind.missing(self.base.conditions[part_name(rule, number)])

    def held(self, held: Held) -> AskFirst:
        questions: dict[str, None] = {}
        for fact in held.missing:
            derivation = self.setting.derivations.get(fact)
            if derivation is not None:
                questions |= dict.fromkeys(self.behind.missing(derivation))
            elif self.facts.get(fact) is None:
                questions[fact] = None
        return AskFirst(self.recommendation(held.rule), held.missing, tuple(questions))

    def removed(self, removed: Removed) -> Blocked:
        titles = "; ".join(f"{self.base.rules[by].title} ({by})" for by in removed.by)
        if removed.tags:
            meanings = ", ".join(self.base.tags[tag].meaning.lower() for tag in removed.tags)
            reason = f"{titles}: no {meanings}"
        else:
            reason = f"{titles}: a small plan is enough"
        return Blocked(self.recommendation(removed.rule), removed.by, reason, removed.tags)

    def undecided(self) -> list[Undecided]:
        unknown = [rule for rule in self.base.rules.values() if self.decision.outcomes[rule.id] is None]
        return [
            Undecided(
                rule.id,
                rule.title,
                self.base.ruleset_of[rule.id].id,
                rule.priority,
                rule.audience,
                self.behind.missing(rule.when),
            )
            for rule in evaluation_order(unknown, self.base)
        ]

    def missing_answers(self, undecided: Sequence[Undecided], held: Sequence[AskFirst]) -> tuple[MissingAnswer, ...]:
        """Unanswered questions by how much hangs on them: safety rules first, then the number of rules."""
        waiting: dict[str, list[tuple[bool, str]]] = {}
        for each in undecided:
            for fact in each.missing:
                waiting.setdefault(fact, []).append((each.priority in ("emergency", "safety"), each.rule))
        for ask in held:
            for fact in ask.questions:
                waiting.setdefault(fact, []).append((False, ask.recommendation.rule))

        def weight(item: tuple[str, list[tuple[bool, str]]]) -> tuple[int, int, str]:
            fact, rules = item
            return -sum(safety for safety, _ in rules), -len(rules), fact

        return tuple(
            MissingAnswer(fact, self.setting.vocabulary[fact].meaning, tuple(dict.fromkeys(rule for _, rule in rules)))
            for fact, rules in sorted(waiting.items(), key=weight)
        )

    def contradictions(self) -> list[StandingContradiction]:
        return [
            StandingContradiction(each, self.behind.why(each.when))
            for each in self.base.contradictions.values()
            if self.decision.outcomes[each.id] is True
        ]

    def sections(self, standing: Sequence[Recommendation]) -> list[Section]:
        """The sections that have something to show; what no section of a modality shows stands in one of its own."""
        printed = [each for each in standing if each.priority != "emergency"]
        found = []
        for modality, spec in self.setting.sections:
            shown = [
                each
                for each in printed
                if each.modality == modality and (spec.rules is None or each.rule in spec.rules)
            ]
            found.append(self.section(spec, modality, shown))
        covered = {each.rule for section in found for each in section.recommendations}
        for modality in dict.fromkeys(each.modality for each in printed):
            left = [each for each in printed if each.modality == modality and each.rule not in covered]
            spec = SectionSpec(f"{modality}.more", self.setting.modalities[modality].title, DEFAULT_TEMPLATE)
            found.append(self.section(spec, modality, left))
        return [section for section in found if section.recommendations or section.details]

    def section(self, spec: SectionSpec, modality: str, shown: Sequence[Recommendation]) -> Section:
        waits = modality in self.resolution.review_modalities and self.case.signed_by is None
        details = self.details.within(spec.id)
        return Section(spec.id, modality, spec.heading, spec.template, tuple(shown), waits, details)
