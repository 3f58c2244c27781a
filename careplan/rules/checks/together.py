"""What is amiss among rulesets together: ids twice, conditions that wait for each other, tags and facts for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from careplan.errors import Location, RulesetError
from careplan.rules.base import RuleBase
from careplan.rules.checks.finding import Finding, RulesetFile, unreadable
from careplan.rules.ruleset import Rule, Ruleset, Tag
from careplan.rules.versions import latest
from careplan.vocabulary.model import Vocabulary
from careplan.vocabulary.read import builtin_vocabulary


@frozen
class Surroundings:
    """What the rulesets under a check stand beside: other versions and rulesets, every tag, every fact."""

    others: tuple[Ruleset, ...]
    tags: tuple[Tag, ...]
    vocabulary: Vocabulary


def together(files: Sequence[RulesetFile], around: Surroundings) -> Iterator[Finding]:
    """What is amiss among the rulesets of the files, with those around them."""
    mine = [each.ruleset for each in files]
    sources = {each.source for each in mine}
    everything = [*mine, *(each for each in around.others if each.source not in sources)]
    yield from _duplicates(mine, everything)
    yield from _renumbered(mine, everything)
    yield from _cycles(mine, everything, around.vocabulary)
    yield from _tags(mine, everything, around.tags)
    yield from _derived(mine, everything, around.vocabulary)


def _place(ruleset: Ruleset, location: Location | None) -> Location:
    return location or Location(ruleset.source)


def _duplicates(mine: Iterable[Ruleset], everything: Iterable[Ruleset]) -> Iterator[Finding]:
    """Ids of rules that two rulesets claim."""
    owners: dict[str, Ruleset] = {}
    for ruleset in everything:
        for rule in ruleset.rules:
            owner = owners.setdefault(rule.id, ruleset)
            if owner.id != ruleset.id:
                at = rule if ruleset in mine else next(each for each in owner.rules if each.id == rule.id)
                here, there = (ruleset, owner) if ruleset in mine else (owner, ruleset)
                message = f"{rule.id} is a rule of {there.name} too; an id is given once"
                yield Finding(message, _place(here, at.location), "duplicate")


def _renumbered(mine: Iterable[Ruleset], everything: Sequence[Ruleset]) -> Iterator[Finding]:
    """Rules that had another id in the version before."""
    for ruleset in mine:
        before = [each for each in everything if each.id == ruleset.id and each.effective < ruleset.effective]
        if not before:
            continue
        earlier = max(before, key=lambda each: each.effective)
        ids = {each.id for each in ruleset.rules}
        gone = {_said(each): each.id for each in earlier.rules if each.id not in ids}
        for rule in ruleset.rules:
            if old := gone.get(_said(rule)):
                message = f"{rule.id} says what {old} said in {earlier.name}; an id is for ever, so keep {old}"
                yield Finding(message, _place(ruleset, rule.location), "renumbered")


def _said(rule: Rule) -> tuple[str, str | None, str | None]:
    """What makes a rule the same under another id."""
    return " ".join(rule.when.text.split()), rule.patient, rule.clinician


def _cycles(mine: Iterable[Ruleset], everything: Iterable[Ruleset], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Conditions that wait for each other, over the newest version of each ruleset and over each of those checked."""
    newest = latest(everything)
    choices = {}
    for each in mine:
        chosen = {**newest, each.id: each}
        choices[frozenset(one.name for one in chosen.values())] = chosen
    found = set()
    for chosen in choices.values():
        try:
            _ = RuleBase(tuple(chosen.values()), {}, vocabulary.types).strata
        except RulesetError as error:
            found |= {each for each in unreadable(error.problems, "rulesets") if each.code == "cycle"}
    yield from sorted(found, key=lambda each: each.location)


def _tags(mine: Sequence[Ruleset], everything: Iterable[Ruleset], tags: Iterable[Tag]) -> Iterator[Finding]:
    """Tags that are defined for nothing, and blocks of a tag that no recommendation carries."""
    carried: set[str] = set()
    named: set[str] = set()
    for ruleset in everything:
        for rule in ruleset.rules:
            carried |= {*rule.tags, *(tag for part in rule.parts for tag in part.tags)}
            named |= {*rule.effects.blocks, *rule.effects.adapts}
        named |= {tag for each in ruleset.contradictions for tag in each.holds_tags}
    known = {each.id: each for each in tags}
    files = {each.source for each in mine}
    folders = {each.rpartition("/")[0] for each in files}
    for tag in known.values():
        at = tag.location
        if at and tag.id not in carried | named and at.file.rpartition("/")[0] in folders:
            yield Finding(f"no rule carries, blocks or adapts the tag {tag.id!r}", at, "unused_tag", "warning")
    for ruleset in mine:
        for rule in ruleset.rules:
            for name in (*rule.effects.blocks, *rule.effects.adapts):
                if name not in carried and not known[name].caution_only:
                    message = f"{rule.id} blocks or adapts {name!r}, which no recommendation carries"
                    yield Finding(message, _place(ruleset, rule.location), "blocks_nothing", "warning")


def _derived(mine: Iterable[Ruleset], everything: Sequence[Ruleset], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Facts that a rule writes or a plugin defines, and nothing reads; careplan's own are there for every plugin."""
    read = {fact for each in vocabulary for rule in (each.derive, each.otherwise) if rule for fact in rule.reads}
    for ruleset in everything:
        for rule in ruleset.rules:
            read |= rule.when.reads | set(rule.requires_known) | set(rule.asks)
            read |= {fact for part in rule.parts if part.when for fact in part.when.reads}
        read |= {fact for each in ruleset.contradictions for fact in each.when.reads}
    for ruleset in mine:
        for rule in ruleset.rules:
            if rule.derive and rule.derive not in read:
                message = f"{rule.id} derives {rule.derive}, which nothing reads"
                yield Finding(message, _place(ruleset, rule.location), "unused_fact", "warning")
    for fact in vocabulary:
        if fact.id not in read | builtin_vocabulary().facts.keys() and not fact.score and fact.location:
            yield Finding(f"nothing reads the fact {fact.id}", fact.location, "unused_fact", "warning")
