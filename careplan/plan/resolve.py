"""A decision → which recommendations stand, wait, or are taken out, and why (the five steps of resolution)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from attrs import define, evolve, frozen

from careplan.assessment import Clearance, Override
from careplan.plan.model import Adaptation, Caution, OverrideOutcome, PartLeftOut
from careplan.rules.base import RuleBase, part_name
from careplan.rules.decision import Decision
from careplan.rules.ruleset import Part, Rule

DATA_GAP = "data_gap"
"""The tag of a rule that reports a gap in the data; a small plan never takes it out."""


@frozen
class Held:
    """A fired rule that waits for an answer: the unknown facts it must know, or contradictions that hold it."""

    rule: Rule
    missing: tuple[str, ...]


@frozen
class Removed:
    """A fired rule that others take out; ``tags`` are the blocked tags, empty when a small plan leaves it out."""

    rule: Rule
    by: tuple[str, ...]
    tags: tuple[str, ...] = ()


@frozen
class Standing:
    """A rule that is released, with what stands beside it.

    ``override`` is the clinician's decision that touches it. One that was added stands ``against`` the fired rules that
    block it, and the facts and contradictions that would hold it.
    """

    rule: Rule
    parts: tuple[tuple[int, Part], ...] = ()
    left_out: tuple[PartLeftOut, ...] = ()
    adapted_by: tuple[Adaptation, ...] = ()
    cleared: Clearance | None = None
    override: Override | None = None
    against: tuple[str, ...] = ()


@frozen
class Judged:
    """What becomes of one override, and why where it is not applied."""

    override: Override
    outcome: OverrideOutcome
    why: str = ""


@frozen
class Resolution:
    """Every fired rule in exactly one place, in evaluation order, with what follows for the plan.

    Without ``overrides`` the places are three; with them, ``declined`` is a fourth, and rules stand that did not fire.
    """

    status: Literal["withheld", "review_first", "ready_for_sign_off"]
    minimal: bool
    standing: tuple[Standing, ...]
    held: tuple[Held, ...]
    removed: tuple[Removed, ...]
    review_modalities: tuple[str, ...]
    cautions: tuple[Caution, ...]
    declined: tuple[Standing, ...] = ()
    overrides: tuple[Judged, ...] = ()


def resolve(
    decision: Decision,
    cleared: Iterable[Clearance] = (),
    always_kept: Iterable[str] = (),
    added: Iterable[Rule] = (),
) -> Resolution:
    """The resolution of a decision.

    ``cleared`` are emergency findings dealt with; ``always_kept`` are the rulesets a small plan never cuts. ``added``
    are rules that a clinician adds: they count as fired with all their effects, and stand whatever takes them out.
    """
    clearances = {each.rule: each for each in cleared}
    return _Resolver(decision, clearances, frozenset(always_kept), {each.id: each for each in added}).resolution()


def evaluation_order(rules: Iterable[Rule], base: RuleBase) -> list[Rule]:
    """The rulesets that know emergencies first, then data gaps, then all others; else as they come."""

    def group(rule: Rule) -> int:
        ruleset = base.ruleset_of.get(rule.id)
        if ruleset is not None and ruleset.id in base.emergency_rulesets:
            return 0
        return 1 if DATA_GAP in rule.tags else 2

    return sorted(rules, key=group)


@define(slots=False)
class _Resolver:
    decision: Decision
    cleared: Mapping[str, Clearance]
    always_kept: frozenset[str]
    added: Mapping[str, Rule]

    @cached_property
    def fired(self) -> Sequence[Rule]:
        outcomes = self.decision.outcomes
        base = self.decision.base
        rules = {**base.rules, **self.added}
        fired = (rule for rule in rules.values() if rule.id in self.added or outcomes[rule.id] is True)
        return evaluation_order(fired, base)

    @cached_property
    def blockers(self) -> dict[str, list[str]]:
        """The fired rules that block each tag."""
        found: dict[str, list[str]] = {}
        for rule in self.fired:
            for tag in rule.effects.blocks:
                found.setdefault(tag, []).append(rule.id)
        return found

    @cached_property
    def holders(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """The contradictions that hold each tag, and each rule, as facts."""
        tags: dict[str, list[str]] = {}
        rules: dict[str, list[str]] = {}
        for found in self.decision.base.contradictions.values():
            if self.decision.outcomes[found.id] is True:
                for tag in found.holds_tags:
                    tags.setdefault(tag, []).append(found.fact)
                for rule in found.holds_rules:
                    rules.setdefault(rule, []).append(found.fact)
        return tags, rules

    def blocked_by(self, rule: Rule, tags: Iterable[str]) -> tuple[str, ...]:
        """The other fired rules that block any of the tags, in evaluation order."""
        found = {each for tag in tags for each in self.blockers.get(tag, ())} - {rule.id}
        return tuple(each.id for each in self.fired if each.id in found) if found else ()

    def held_by(self, rule: Rule, tags: Iterable[str]) -> tuple[str, ...]:
        by_tag, by_rule = self.holders
        found = [each for tag in tags for each in by_tag.get(tag, ())] + by_rule.get(rule.id, [])
        return tuple(dict.fromkeys(found))

    def missing(self, rule: Rule) -> tuple[str, ...]:
        """The unknown facts that the rule must know, and the contradictions that hold it."""
        unknown = tuple(fact for fact in rule.requires_known if self.decision.facts.get(fact) is None)
        return unknown + self.held_by(rule, rule.tags)

    def resolution(self) -> Resolution:
        held: list[Held] = []
        removed: list[Removed] = []
        standing: list[Standing] = []
        for rule in self.fired:
            if rule.priority == "emergency":
                standing.append(self.stand(rule))
                continue
            by = self.blocked_by(rule, rule.tags)
            if rule.id in self.added:
                standing.append(evolve(self.stand(rule), against=by + self.missing(rule)))
                continue
            if by:
                tags = tuple(tag for tag in rule.tags if set(self.blockers.get(tag, ())) - {rule.id})
                removed.append(Removed(rule, by, tags))
                continue
            if missing := self.missing(rule):
                held.append(Held(rule, missing))
            else:
                standing.append(self.stand(rule))
        keepers = [each.rule for each in standing if each.rule.effects.keeps]
        cut = {rule.id: by for rule in self.fired if (by := self.cut_by(rule, keepers))}
        released_or_held: list[Standing | Held] = [*standing, *held]
        removed += [Removed(each.rule, cut[each.rule.id]) for each in released_or_held if each.rule.id in cut]
        order = {rule.id: number for number, rule in enumerate(self.fired)}
        return Resolution(
            status=self.status(),
            minimal=bool(keepers),
            standing=tuple(each for each in standing if each.rule.id not in cut),
            held=tuple(each for each in held if each.rule.id not in cut),
            removed=tuple(sorted(removed, key=lambda each: order[each.rule.id])),
            review_modalities=self.review_modalities(),
            cautions=tuple(self.cautions()),
        )

    def cut_by(self, rule: Rule, keepers: Iterable[Rule]) -> tuple[str, ...]:
        """The released rules with ``keeps`` that leave ``rule`` out of a small plan."""
        if rule.id in self.added or rule.priority not in ("core", "adjunct") or DATA_GAP in rule.tags:
            return ()
        if self.decision.base.ruleset_of[rule.id].id in self.always_kept:
            return ()
        return tuple(each.id for each in keepers if each.id != rule.id and rule.id not in each.effects.keeps)

    def stand(self, rule: Rule) -> Standing:
        verdicts = [(number, part, self.left_out(rule, number, part)) for number, part in enumerate(rule.parts)]
        return Standing(
            rule,
            parts=tuple((number, part) for number, part, left_out in verdicts if left_out is None),
            left_out=tuple(left_out for _, _, left_out in verdicts if left_out is not None),
            adapted_by=self.adaptations(rule),
            cleared=self.clearance(rule),
        )

    def left_out(self, rule: Rule, number: int, part: Part) -> PartLeftOut | None:
        if by := self.blocked_by(rule, part.tags):
            return PartLeftOut(number, part.text, f"blocked by {', '.join(by)}")
        by_tag, _ = self.holders
        if held := [each for tag in part.tags for each in by_tag.get(tag, ())]:
            return PartLeftOut(number, part.text, f"held by {', '.join(dict.fromkeys(held))}")
        outcome = self.decision.outcomes[part_name(rule, number)] if part.when is not None else True
        if outcome is True:
            return None
        return PartLeftOut(number, part.text, "unknown" if outcome is None else "not true")

    def adaptations(self, rule: Rule) -> tuple[Adaptation, ...]:
        return tuple(each for each in self.adapting if each.tag in rule.tags and each.rule != rule.id)

    @cached_property
    def adapting(self) -> tuple[Adaptation, ...]:
        """What fired rules print beside the recommendations that carry a tag."""
        return tuple(Adaptation(each.id, tag, text) for each in self.fired for tag, text in each.effects.adapts.items())

    def clearance(self, rule: Rule) -> Clearance | None:
        return self.cleared.get(rule.id) if rule.priority == "emergency" else None

    def status(self) -> Literal["withheld", "review_first", "ready_for_sign_off"]:
        emergencies = [rule for rule in self.fired if rule.priority == "emergency"]
        withholding = [rule for rule in self.fired if rule.effects.withhold]
        open_ones = [rule for rule in (*emergencies, *withholding) if self.clearance(rule) is None]
        if withholding and open_ones:
            return "withheld"
        if any(rule.effects.review == "plan" for rule in self.fired) or any(
            self.clearance(each) for each in emergencies
        ):
            return "review_first"
        return "ready_for_sign_off"

    def review_modalities(self) -> tuple[str, ...]:
        named = [each for rule in self.fired if isinstance(rule.effects.review, tuple) for each in rule.effects.review]
        return tuple(dict.fromkeys(named))

    def cautions(self) -> Iterable[Caution]:
        tags: Mapping[str, Any] = self.decision.base.tags
        for tag, by in self.blockers.items():
            if tag in tags and tags[tag].caution_only:
                yield Caution(tag, tags[tag].clinician_caution or tags[tag].meaning, tuple(by))
