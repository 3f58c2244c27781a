"""What must happen to somebody, and what has happened: every rule, hold, block, part, contradiction and road of data.

Each event is a sentence, so that what is missing can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from careplan.plan.model import PartLeftOut
from careplan.plan.resolve import Held, Resolution
from careplan.rules.base import RuleBase, part_name
from careplan.rules.decision import Decision
from careplan.rules.ruleset import Rule
from tests.people.people import Outcome, WholePerson

ROADS = (
    "an emergency is cleared", "all of two emergencies are cleared and the plan is reviewed first",
    "one of two emergencies is cleared and the plan stays withheld", "a contradiction holds a rule by its tag",
    "a contradiction holds a rule by its name alone", "a contradiction holds a part by its tag",
    "a small plan keeps a data gap", "a small plan keeps the medicines", "a small plan cuts what asks first",
    "a rule that is cut still blocks", "a review of modalities leaves the status", "an earlier assessment is read",
    "a planned medicine is listed", "a medicine as needed is listed", "a stopped medicine is inside its washout",
    "an allergy is recorded", "an allergy conflicts", "a medicine is not recognised",
    "a confidential rule is all that blocks",
)  # fmt: skip


def possible(base: RuleBase) -> Iterator[str]:
    """Everything that ought to happen to somebody under a rule base."""
    yield from ROADS
    carried = {tag for rule in base.rules.values() for tag in rule.tags}
    by_parts = {tag for rule in base.rules.values() for part in rule.parts for tag in part.tags}
    for rule in base.rules.values():
        yield f"{rule.id} fires"
        yield from (f"{rule.id} asks first about {fact}" for fact in rule.requires_known)
        yield from (f"{rule.id} adapts {tag}" for tag in rule.effects.adapts)
        if rule.effects.keeps:
            yield f"{rule.id} makes a small plan"
        if any(not base.tags[tag].caution_only for tag in rule.effects.blocks):
            yield f"{rule.id} takes something out"
        for tag in rule.effects.blocks:
            yield from [f"{tag} is a caution"] if base.tags[tag].caution_only else []
            yield from [f"{tag} takes a rule out"] if tag in carried else []
            yield from [f"{tag} takes a part out"] if tag in by_parts else []
        for number, part in enumerate(rule.parts):
            if part.when is not None:
                name = part_name(rule, number)
                yield from (f"{name} is {state}" for state in ("printed", "not true", "unknown"))
    for found in base.contradictions.values():
        yield f"{found.id} stands"
        yield f"{found.id} holds something"


def events(person: WholePerson, outcome: Outcome) -> Iterator[str]:
    """Everything that happens to somebody."""
    decision, resolution = outcome.decision, outcome.resolution
    yield from (f"{rule} fires" for rule in decision.base.rules if decision.outcomes[rule] is True)
    yield from (f"{each} stands" for each in outcome.found["contradictions"])
    yield from _resolved(decision, resolution)
    yield from _roads(person, outcome)


def _resolved(decision: Decision, resolution: Resolution) -> Iterator[str]:
    for held in resolution.held:
        yield from _held(held, decision.base)
    for removed in resolution.removed:
        for by in removed.by:
            blocks = set(decision.base.rules[by].effects.blocks) & set(removed.tags)
            yield from (f"{tag} takes a rule out" for tag in blocks)
            yield f"{by} takes something out" if blocks else f"{by} makes a small plan"
    for standing in resolution.standing:
        yield from (f"{each.rule} adapts {each.tag}" for each in standing.adapted_by)
        yield from (f"{part_name(standing.rule, number)} is printed" for number, _ in standing.parts)
        for left in standing.left_out:
            yield from _left_out(standing.rule, left, decision.base)
    yield from (f"{each.tag} is a caution" for each in resolution.cautions)
    if resolution.minimal:
        yield from _small(decision, resolution)


def _held(held: Held, base: RuleBase) -> Iterator[str]:
    yield from (f"{held.rule.id} asks first about {fact}" for fact in held.missing)
    for found in base.contradictions.values():
        if found.fact in held.missing:
            by_tag = set(held.rule.tags) & set(found.holds_tags)
            yield f"{found.id} holds something"
            yield f"a contradiction holds a rule by its {'tag' if by_tag else 'name alone'}"


def _left_out(rule: Rule, left: PartLeftOut, base: RuleBase) -> Iterator[str]:
    how, _, names = left.reason.partition(" by ")
    if not names:
        yield f"{part_name(rule, left.number)} is {left.reason}"
    elif how == "held":
        yield "a contradiction holds a part by its tag"
        yield from (
            f"{found.id} holds something" for found in base.contradictions.values() if found.fact in names.split(", ")
        )
    else:
        for name in names.split(", "):
            blocks = set(base.rules[name].effects.blocks) & set(rule.parts[left.number].tags)
            yield f"{name} takes something out"
            yield from (f"{tag} takes a part out" for tag in blocks)


def _small(decision: Decision, resolution: Resolution) -> Iterator[str]:
    kept = {decision.base.ruleset_of[each.rule.id].id for each in resolution.standing}
    if any("data_gap" in each.rule.tags for each in resolution.standing):
        yield "a small plan keeps a data gap"
    if "medication_review" in kept:
        yield "a small plan keeps the medicines"
    cut = [each.rule for each in resolution.removed if not each.tags]
    if any(fact not in decision.facts for rule in cut for fact in rule.requires_known):
        yield "a small plan cuts what asks first"
    if {rule.id for rule in cut} & {by for each in resolution.removed if each.tags for by in each.by}:
        yield "a rule that is cut still blocks"


def _roads(person: WholePerson, outcome: Outcome) -> Iterator[str]:
    found, facts = outcome.found, outcome.facts.values
    emergencies, cleared = len(found["emergency"]), len(found["cleared"])
    if cleared:
        yield "an emergency is cleared"
    if emergencies > 1 == cleared and found["status"] == "withheld":
        yield "one of two emergencies is cleared and the plan stays withheld"
    if emergencies == cleared > 1 and found["status"] == "review_first":
        yield "all of two emergencies are cleared and the plan is reviewed first"
    if found["review_modalities"] and found["status"] == "ready_for_sign_off":
        yield "a review of modalities leaves the status"
    if person.earlier and "followup.peg_change" in facts:
        yield "an earlier assessment is read"
    yield from _medicines(person, outcome)
    rules = outcome.decision.base.rules
    if any({rules[each].audience for each in by} == {"confidential"} for by in found["blocked"].values()):
        yield "a confidential rule is all that blocks"


def _medicines(person: WholePerson, outcome: Outcome) -> Iterator[str]:
    facts, listed = outcome.facts.values, person.intake.get("medications") or ()
    statuses = {each.get("status", "current") for each in listed}
    if "planned" in statuses:
        yield "a planned medicine is listed"
    if any(each.get("as_needed") for each in listed):
        yield "a medicine as needed is listed"
    if "stopped" in statuses and facts.get("med.maoi"):
        yield "a stopped medicine is inside its washout"
    if person.intake.get("allergies"):
        yield "an allergy is recorded"
    if facts.get("allergy.conflict"):
        yield "an allergy conflicts"
    if facts.get("medication.unrecognised"):
        yield "a medicine is not recognised"


def all_events(outcomes: Iterable[tuple[WholePerson, Outcome]]) -> set[str]:
    """Everything that happens to anybody."""
    return {event for person, outcome in outcomes for event in events(person, outcome)}
