"""Ruleset files → rulesets: every error of a file at once, with its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal, get_args

from careplan.cql import Expression, Type, expression
from careplan.errors import Location, Problem, RulesetError, nearest
from careplan.fields import Fields
from careplan.located import Node, read
from careplan.rules.ruleset import (
    Audience,
    Certainty,
    Citation,
    Contradiction,
    Effects,
    Kind,
    Part,
    Priority,
    Rule,
    Ruleset,
    Tag,
)
from careplan.vocabulary.needs import NEEDS


@cache
def _never() -> Expression:
    """Stands in for a condition that could not be read, until its problems are raised."""
    return expression("false", {})


def read_ruleset(file: Traversable | Path, types: Mapping[str, Type], tags: Iterable[str]) -> Ruleset:
    """The ruleset in a file; raises RulesetError with every problem in it.

    ``types`` are those of the vocabulary, ``tags`` the known tags.
    """
    return ruleset_from_text(file.read_bytes(), str(file), types, tags)


def ruleset_from_text(content: str | bytes, name: str, types: Mapping[str, Type], tags: Iterable[str]) -> Ruleset:
    """The ruleset in a text that stands in the file ``name``; raises RulesetError with every problem in it.

    The same text, read against the same facts and tags, is read once in a process.
    """
    return _once(content, name, frozenset(types.items()), frozenset(tags))


@lru_cache(maxsize=256)
def _once(content: str | bytes, name: str, types: frozenset[tuple[str, Type]], tags: frozenset[str]) -> Ruleset:
    return ruleset_from(read(content, name, RulesetError), dict(types), tags)


def ruleset_from(root: Node, types: Mapping[str, Type], tags: Iterable[str]) -> Ruleset:
    """The ruleset in a document; raises RulesetError with every problem in it."""
    if not isinstance(root.value, dict):
        raise RulesetError("a ruleset is a mapping with id, version, effective, title and rules", root.location)
    return _Reader(Fields(root, [], "a ruleset"), types, frozenset(tags), root.location.file).ruleset()


def read_tags(file: Traversable | Path) -> dict[str, Tag]:
    """The tags in a file, by id; raises RulesetError with every problem in it."""
    root = read(file.read_bytes(), str(file), RulesetError)
    problems: list[Problem] = []
    tags: dict[str, Tag] = {}
    for fields in Fields(root, problems, "the tags file").mappings("tags", "a tag", required=True):
        name = fields.text("id", required=True) or ""
        tag = Tag(
            name,
            fields.text("meaning", required=True) or "",
            caution_only=fields.truth("caution_only"),
            clinician_caution=fields.text("clinician_caution"),
            location=fields.node.location,
        )
        if name in tags:
            fields.report(f"the tag {name!r} stands twice", code="duplicate")
        fields.close()
        tags[name] = tag
    if problems:
        raise RulesetError(problems)
    return tags


def digest(node: Node) -> str:
    """``sha256:…`` over the parsed content of a ruleset: a new layout does not change it, any new content does."""
    canonical = json.dumps(node.plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


class _Reader:
    def __init__(self, fields: Fields, types: Mapping[str, Type], tags: frozenset[str], file: str) -> None:
        self.fields, self.types, self.tags, self.file = fields, types, tags, file

    def ruleset(self) -> Ruleset:
        fields = self.fields
        contradictions = tuple(
            self.contradiction(each) for each in fields.mappings("contradictions", "a contradiction")
        )
        ruleset = Ruleset(
            id=fields.text("id", required=True) or "",
            version=fields.text("version", required=True) or "",
            effective=fields.day("effective") or date.min,
            title=fields.text("title", required=True) or "",
            rules=tuple(self.rule(each) for each in fields.mappings("rules", "a rule", required=True)),
            contradictions=contradictions,
            digest=digest(fields.node),
            source=self.file,
        )
        fields.close()
        self.unique([rule.id for rule in ruleset.rules] + [found.id for found in contradictions])
        self.followers(ruleset)
        if fields.problems:
            raise RulesetError(sorted(fields.problems, key=lambda each: each.location or Location("")))
        return ruleset

    def unique(self, ids: list[str]) -> None:
        for name in dict.fromkeys(ids):
            if name and ids.count(name) > 1:
                self.fields.report(f"the id {name} stands {ids.count(name)} times", code="duplicate")

    def followers(self, ruleset: Ruleset) -> None:
        """Refuse rules that wait for each other through ``after``."""
        after = {rule.id: set(rule.after) for rule in ruleset.rules}
        for rule in ruleset.rules:
            reached, pending = set[str](), list(rule.after)
            while pending:
                name = pending.pop()
                if name not in reached:
                    reached.add(name)
                    pending.extend(after.get(name, ()))
            if rule.id in reached:
                self.fields.report(f"{rule.id} comes after itself through 'after'", rule.location, "cycle")

    def rule(self, fields: Fields) -> Rule:
        rule = Rule(
            id=self.id(fields),
            title=fields.text("title", required=True) or "",
            when=self.condition(fields),
            priority=fields.choice("priority", get_args(Priority)),
            kind=fields.choice("kind", get_args(Kind)),
            because=fields.text("because", required=True) or "",
            evidence=tuple(self.citation(each) for each in fields.mappings("evidence", "a citation", required=True)),
            audience=fields.choice("audience", get_args(Audience), "both"),
            patient=fields.text("patient"),
            clinician=fields.text("clinician"),
            parts=tuple(self.part(each) for each in fields.mappings("parts", "a part")),
            tags=self.known_tags(fields, "tags"),
            requires_known=self.facts(fields, "requires_known"),
            effects=self.effects(fields.mapping("effects", "effects")),
            helps=self.needs(fields),
            asks=self.facts(fields, "asks"),
            after=fields.words("after"),
            certainty=fields.choice("certainty", get_args(Certainty), "as_cited"),
            uncertain=fields.text("uncertain"),
            notes=fields.text("notes"),
            derive=self.derived(fields),
            location=fields.node.location,
        )
        if rule.audience == "both" and not rule.patient:
            fields.report(f"{rule.id} is for both editions and has no patient text", code="missing")
        if not rule.evidence and fields.get("evidence"):
            fields.report(f"{rule.id} names no source in 'evidence'", fields.place("evidence"), "missing")
        if rule.audience != "both" and rule.patient:
            fields.report(f"{rule.id} has a patient text that its audience never prints", fields.place("patient"))
        fields.close()
        return rule

    def id(self, fields: Fields) -> str:
        found = fields.text("id", required=True) or ""
        if not all(character.isalnum() or character in "-_" for character in found):
            fields.report(f"{found!r} is not an id such as SLP-03", fields.place("id"))
        return found

    def derived(self, fields: Fields) -> str | None:
        found = fields.text("derive")
        if found is not None and self.types.get(found) != Type.BOOLEAN:
            fields.report(f"'derive' needs a Boolean fact of the vocabulary, not {found!r}", fields.place("derive"))
        return found

    def citation(self, fields: Fields) -> Citation:
        citation = Citation(*(fields.text(key, required=True) or "" for key in ("id", "cite", "grade")))
        fields.close()
        return citation

    def part(self, fields: Fields) -> Part:
        part = Part(
            text=fields.text("text", required=True) or "",
            edition=fields.choice("edition", ("both", "patient", "clinician"), "both"),
            tags=self.known_tags(fields, "tags"),
            when=self.condition(fields) if fields.get("when") else None,
        )
        fields.close()
        return part

    def effects(self, fields: Fields) -> Effects:
        adapts = fields.mapping("adapts", "adapts")
        texts = {tag: adapts.text(tag) or "" for tag in adapts.node.value}
        self.check_tags(adapts, texts, "adapts")
        effects = Effects(
            withhold=fields.truth("withhold"),
            review=self.review(fields),
            blocks=self.known_tags(fields, "blocks"),
            adapts=texts,
            keeps=fields.words("keeps"),
        )
        fields.close()
        return effects

    def review(self, fields: Fields) -> Literal["plan"] | tuple[str, ...] | None:
        found = fields.get("review")
        if found is None:
            return None
        if isinstance(found.value, tuple):
            return fields.words("review")
        if found.value != "plan":
            fields.report("'review' should be plan, or a list of modalities", found.location)
        return "plan"

    def contradiction(self, fields: Fields) -> Contradiction:
        holds = fields.mapping("holds", "holds")
        found = Contradiction(
            id=self.id(fields),
            title=fields.text("title", required=True) or "",
            when=self.condition(fields),
            safe_reading=fields.text("safe_reading", required=True) or "",
            resolution=fields.text("resolution", required=True) or "",
            affects=fields.words("affects"),
            holds_tags=self.known_tags(holds, "tags"),
            holds_rules=holds.words("rules"),
            location=fields.node.location,
        )
        holds.close()
        fields.close()
        return found

    def condition(self, fields: Fields) -> Expression:
        return fields.condition("when", self.types, Type.BOOLEAN, required=True) or _never()

    def facts(self, fields: Fields, key: str) -> tuple[str, ...]:
        names = fields.words(key)
        for name in names:
            if name not in self.types:
                fields.report(f"there is no fact {name!r}{nearest(name, self.types)}", fields.place(key), "fact")
        return names

    def needs(self, fields: Fields) -> tuple[str, ...]:
        names = fields.words("helps")
        for name in names:
            if name not in NEEDS:
                message = f"there is no need {name!r}{nearest(name, NEEDS)}; there are {', '.join(NEEDS)}"
                fields.report(message, fields.place("helps"), "need")
        return names

    def known_tags(self, fields: Fields, key: str) -> tuple[str, ...]:
        names = fields.words(key)
        self.check_tags(fields, names, key)
        return names

    def check_tags(self, fields: Fields, names: Iterable[str], key: str) -> None:
        for name in names:
            if name not in self.tags:
                fields.report(f"there is no tag {name!r}{nearest(name, self.tags)}", fields.place(key), "tag")
