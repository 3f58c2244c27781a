"""One version of a ruleset → a library of CQL 1.5 that means the same to any system that reads CQL.

A fact is a parameter, or a definition where it follows from others.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal as OneOf

from attrs import frozen

from careplan.cql.write import literal
from careplan.rules.base import ANY_CONTRADICTION, part_name
from careplan.rules.export.condition import condition_cql, quoted
from careplan.rules.ruleset import Contradiction, Rule, Ruleset
from careplan.vocabulary.model import FactDefinition

WIDTH = 116

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset(
    re.findall(
        r"\w+",
        "after aggregate all and any as asc ascending before begins between by called case cast code codes "
        "codesystem codesystems collapse concept contains context convert convertible date day days default "
        "define desc descending difference display distinct div duration during else end ends except exists "
        "expand false flatten fluent from function hour hours if implies in include included includes including "
        "intersect interval is let library list maximum meets millisecond milliseconds minimum minute minutes mod "
        "month months not null occurs of on or overlaps parameter per point predecessor private properly public "
        "return same second seconds singleton sort start starts successor such that then timezone timezoneoffset "
        "to true tuple union using valueset version week weeks when where width with within without xor year "
        "years",
    )
)
"""The words of CQL that name nothing unless they are quoted."""


@frozen
class Definition:
    """A name of a library with what stands behind it: a parameter of a fact, or CQL.

    ``of`` says what it defines: a parameter, a fact, a rule, a part of one, a contradiction, or what a rule must know.
    """

    name: str
    of: OneOf["parameter", "fact", "rule", "part", "contradiction", "must know"]
    text: str
    """The type of a parameter, or the CQL of anything else."""
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        about = "".join(f"{line}\n" for each in self.remarks for line in _comment(each))
        if self.of == "parameter":
            return f"{about}parameter {quoted(self.name)} {self.text} default null\n"
        return f"{about}define {quoted(self.name)}:\n{textwrap.indent(self.text, '  ')}\n"


@frozen
class Library:
    """A ruleset as a library of CQL: its definitions, each below those it reads."""

    ruleset: Ruleset
    definitions: tuple[Definition, ...]

    def __str__(self) -> str:
        ruleset = self.ruleset
        heading = [f"{ruleset.name}: {ruleset.title}", f"In effect from {ruleset.effective}. {ruleset.digest}"]
        lines = "".join(f"{line}\n" for each in heading for line in _comment(each))
        library = f"library {_identifier(ruleset.id)} version {literal(ruleset.version)}\n"
        return "\n".join([lines + library, *map(str, self.definitions)])


def cql_library(ruleset: Ruleset, others: Iterable[Ruleset], facts: Mapping[str, FactDefinition]) -> Library:
    """The library of a ruleset; ``others`` answer beside it in any version, and a fact that they decide is a parameter.

    Raises RulesetError for a number that CQL cannot hold.
    """
    return Library(ruleset, tuple(_Writer(ruleset, [each for each in others if each.id != ruleset.id], facts).all()))


def must_know(rule: Rule) -> str | None:
    """The name of the definition that says whether a rule knows what it must; None where it waits for nothing."""
    return f"{rule.id} must know" if rule.requires_known and rule.priority != "emergency" else None


def _identifier(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name.lower() not in _RESERVED else quoted(name)


def _comment(text: str) -> list[str]:
    """A text as comments to the end of the line, which no character of it can end early."""
    return textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent="// ", subsequent_indent="//   ")


class _Writer:
    def __init__(self, ruleset: Ruleset, others: list[Ruleset], facts: Mapping[str, FactDefinition]) -> None:
        self.ruleset, self.facts = ruleset, facts
        self.places = {name: number for number, name in enumerate(facts)}
        self.elsewhere = {fact: name for each in others for name, fact in _written(each, f" of {each.id}")}
        self.writers: dict[str, list[str]] = {}
        for name, fact in _written(ruleset):
            self.writers.setdefault(fact, []).append(name)
        self.conditions: dict[str, Rule | Contradiction] = {each.id: each for each in ruleset.contradictions}
        self.conditions |= {each.id: each for each in ruleset.rules}
        self.parameters: dict[str, Definition] = {}
        self.definitions: dict[str, Definition] = {}

    def all(self) -> Iterator[Definition]:
        """The parameters in the order of the vocabulary, then the definitions, each below those it reads."""
        for name in self.first():
            self.fact(name)
        for name in self.conditions:
            self.decided(name)
        yield from sorted(self.parameters.values(), key=lambda each: self.places[each.name.partition(" ")[0]])
        yield from self.definitions.values()

    def first(self) -> list[str]:
        """The facts that the conditions rest on and no condition of the ruleset decides, in the vocabulary's order."""
        seen: set[str] = set()
        pending = [fact for each in self.conditions.values() for fact in _reads(each)]
        while pending:
            name = pending.pop()
            if name not in seen:
                seen.add(name)
                pending += self.reads(name)
        return self.in_order(name for name in seen if not self.rests_on_rules(name))

    def reads(self, name: str) -> list[str]:
        rule = self.facts[name].derive or self.facts[name].otherwise
        return self.in_order(rule.reads) if rule else []

    def in_order(self, names: Iterable[str]) -> list[str]:
        """The facts in the order of the vocabulary, so that the same ruleset gives the same text."""
        return sorted(names, key=self.places.__getitem__)

    def rests_on_rules(self, name: str) -> bool:
        return name in self.writers or name == ANY_CONTRADICTION or any(map(self.rests_on_rules, self.reads(name)))

    def fact(self, name: str) -> None:
        """Define a fact and what it rests on, once."""
        if name in self.definitions or name in self.parameters:
            return
        fact = self.facts[name]
        if name == ANY_CONTRADICTION and self.ruleset.contradictions:
            self.any_contradiction(fact)
            return
        rule = fact.derive or fact.otherwise
        writers = self.writers.get(name, [])
        if not rule and not writers:
            self.parameter(fact, name, *self.decided_elsewhere(name))
            return
        for each in self.reads(name):
            self.fact(each)
        for each in writers:
            self.decided(each)
        sources = [condition_cql(rule)] if rule else []
        sources += map(quoted, reversed(writers))
        if not fact.derive and not fact.decided_by:
            given = f"{name} given"
            self.parameter(
                fact,
                given,
                "As answered or measured; where it is unknown, the definition of the fact says what follows.",
            )
            sources.insert(0, quoted(given))
        text = sources[0] if len(sources) == 1 else f"Coalesce({', '.join(sources)})"
        self.definitions[name] = Definition(name, "fact", text, (_about(fact),))

    def parameter(self, fact: FactDefinition, name: str, *remarks: str) -> None:
        self.parameters[name] = Definition(name, "parameter", str(fact.type), (_about(fact), *remarks))

    def decided_elsewhere(self, name: str) -> Iterator[str]:
        if name in self.elsewhere:
            yield f"Decided by {self.elsewhere[name]}: give what comes out there."
        elif name == ANY_CONTRADICTION:
            yield "Give true where a contradiction of any ruleset is true, else false."

    def any_contradiction(self, fact: FactDefinition) -> None:
        """Define whether any contradiction stands: those of this ruleset, and what others say."""
        own = [each.id for each in self.ruleset.contradictions]
        for each in own:
            self.decided(each)
        tests = [f"{quoted(each)} is true" for each in own]
        others = sorted({each for fact, each in self.elsewhere.items() if fact.startswith("contradiction.")})
        if others:
            name = f"{fact.id} elsewhere"
            self.parameter(fact, name, f"Give true where one of these is: {', '.join(others)}.")
            tests.append(f"{quoted(name)} is true")
        self.definitions[fact.id] = Definition(fact.id, "fact", "\nor ".join(tests), (_about(fact),))

    def decided(self, name: str) -> None:
        """Define a condition and what it rests on, once."""
        if name in self.definitions:
            return
        found = self.conditions[name]
        for each in self.in_order(_reads(found)):
            self.fact(each)
        text = condition_cql(found.when)
        if isinstance(found, Contradiction):
            about = f"{found.id} {found.title} (contradiction): {found.safe_reading}"
            self.definitions[name] = Definition(name, "contradiction", text, (about,))
            return
        self.definitions[name] = Definition(name, "rule", text, tuple(_remarks(found)))
        for number, part in enumerate(found.parts):
            if part.when is not None:
                self.definitions[part_name(found, number)] = Definition(
                    part_name(found, number), "part", condition_cql(part.when), (part.text,)
                )
        if waits := must_know(found):
            known = " and ".join(f"{quoted(each)} is not null" for each in found.requires_known)
            remark = f"{found.id} is not released while this is false: the clinician is asked first. Its effects stand."
            self.definitions[waits] = Definition(waits, "must know", known, (remark,))


def _written(ruleset: Ruleset, behind: str = "") -> Iterator[tuple[str, str]]:
    """Each condition that writes a fact, with ``behind`` behind its name, and the fact."""
    yield from ((f"{each.id}{behind}", each.fact) for each in ruleset.contradictions)
    yield from ((f"{each.id}{behind}", each.derive) for each in ruleset.rules if each.derive)


def _reads(found: Rule | Contradiction) -> set[str]:
    """The facts that a rule or detector reads, with those of its parts and those it must know."""
    reads = set(found.when.reads)
    if isinstance(found, Rule):
        reads.update(found.requires_known, *(part.when.reads for part in found.parts if part.when))
    return reads


def _about(fact: FactDefinition) -> str:
    mark = "; not checked against a source" if fact.certainty == "unverified" else ""
    return f"{fact.meaning}: {fact.allowed}{mark}"


def _remarks(rule: Rule) -> Iterator[str]:
    audience = "" if rule.audience == "both" else f", {rule.audience}"
    yield f"{rule.id} {rule.title} ({rule.priority} {rule.kind}{audience})"
    if rule.certainty == "unverified":
        yield f"Unverified: {rule.uncertain or 'not checked against its source'}"
    yield f"Evidence: {'; '.join(f'{each.cite} ({each.grade})' for each in rule.evidence)}"
