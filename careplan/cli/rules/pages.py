"""A rule, a contradiction detector or a ruleset as a person reads it, and as JSON values."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import asdict, frozen

from careplan.cql import Expression
from careplan.rules.compare.history import history
from careplan.rules.ruleset import Contradiction, Effects, Part, Rule, Ruleset
from careplan.rules.ruletests import RuleTest
from careplan.rules.words import in_words
from careplan.vocabulary.model import Vocabulary

WIDTH = 100
EXPECTED = {True: "true", False: "false", None: "unknown"}
AUDIENCES = {
    "both": "in both editions",
    "clinician": "for the clinician only",
    "confidential": "confidential: in the clinician's own edition only",
}


@frozen
class About:
    """What is told beside a rule: the version it is shown from, all versions, its tests, and what facts mean."""

    ruleset: Ruleset
    versions: Sequence[Ruleset]
    tests: Sequence[RuleTest]
    vocabulary: Vocabulary

    def tests_of(self, name: str) -> list[RuleTest]:
        """The tests of a rule and its parts, or of a detector."""
        return [each for each in self.tests if each.rule.partition("#")[0] == name]

    def history(self, name: str) -> list[str]:
        """What became of it, a line a version."""
        steps = history(name, self.versions)
        return [
            f"{each.ruleset.name}, from {each.ruleset.effective}: {', '.join(each.changed) or 'new'}" for each in steps
        ]


def rule_page(rule: Rule, about: About) -> Iterator[str]:
    """A rule whole: its condition, texts, sources, effects, tests and history."""
    yield f"{rule.id} {rule.title} ({about.ruleset.name})"
    yield f"{rule.priority} {rule.kind}, {AUDIENCES[rule.audience]}"
    if rule.certainty == "unverified":
        yield f"unverified: {rule.uncertain or 'not checked against its source'}"
    yield from _paragraph("When", rule.when.text)
    yield from _in_words(rule.when, about)
    yield from _listed("Must be known", rule.requires_known)
    yield from _listed("Waits for", rule.after)
    yield from _listed("Asks for", rule.asks)
    yield from _listed("Tags", rule.tags)
    yield from _listed("Helps with", rule.helps)
    yield from _section("Effects", effect_lines(rule.effects))
    yield from _paragraph("For the patient", rule.patient)
    yield from _paragraph("For the clinician", rule.clinician)
    yield from _section("Parts", map(_part_line, rule.parts))
    yield from _paragraph("Because", rule.because)
    yield from _section("Evidence", (f"{each.cite} ({each.grade})" for each in rule.evidence))
    yield from _paragraph("Notes", rule.notes)
    yield from _tested(about.tests_of(rule.id))
    yield from _section("History", about.history(rule.id))


def contradiction_page(found: Contradiction, about: About) -> Iterator[str]:
    """A contradiction detector whole."""
    yield f"{found.id} {found.title} ({about.ruleset.name})"
    yield from _paragraph("When", found.when.text)
    yield from _in_words(found.when, about)
    yield from _listed("Holds recommendations with the tags", found.holds_tags)
    yield from _listed("Holds the rules", found.holds_rules)
    yield from _listed("Affects", found.affects)
    yield from _paragraph("Until it is resolved", f"{found.safe_reading} ({found.resolution})")
    yield from _tested(about.tests_of(found.id))
    yield from _section("History", about.history(found.id))


def ruleset_page(ruleset: Ruleset) -> Iterator[str]:
    """A version of a ruleset: what it is, and its rules with their conditions."""
    yield f"{ruleset.name} {ruleset.title}, in effect from {ruleset.effective}"
    yield ruleset.digest
    for each in ruleset.rules:
        mark = ", unverified" if each.certainty == "unverified" else ""
        yield from ("", f"{each.id} {each.title} ({each.priority} {each.kind}{mark})")
        yield from _indented(each.when.text)
    for found in ruleset.contradictions:
        yield from ("", f"{found.id} {found.title} (contradiction)")
        yield from _indented(found.when.text)


def effect_lines(effects: Effects) -> Iterator[str]:
    """What a rule does to the plan and to other recommendations, a line each."""
    if effects.withhold:
        yield "withholds the plan"
    if effects.review == "plan":
        yield "the plan waits for a clinician's review"
    elif effects.review:
        yield f"these modalities wait for a clinician's review: {', '.join(effects.review)}"
    if effects.blocks:
        yield f"blocks {', '.join(effects.blocks)}"
    for tag, text in effects.adapts.items():
        yield f"adapts {tag}: {text}"
    if effects.keeps:
        yield f"keeps only {', '.join(effects.keeps)}"


def _part_line(part: Part) -> str:
    limits = [f"when {part.when.text}"] if part.when else []
    limits += [f"tags {', '.join(part.tags)}"] if part.tags else []
    limits += [f"{part.edition} edition"] if part.edition != "both" else []
    return f"{part.text} [{'; '.join(limits)}]" if limits else part.text


def _in_words(condition: Expression, about: About) -> Iterator[str]:
    """A condition in words, under a heading of its own."""
    yield from ("", "In words")
    for depth, line in in_words(condition.tree, about.vocabulary).lines():
        yield from _indented(line, indent="  " * (depth + 1))


def _tested(tests: Sequence[RuleTest]) -> Iterator[str]:
    return _section("Tests", (f"{each.rule} {each.name}: {EXPECTED[each.expect]}" for each in tests))


def _listed(heading: str, names: Sequence[str]) -> Iterator[str]:
    return _paragraph(heading, ", ".join(names))


def _paragraph(heading: str, text: str | None) -> Iterator[str]:
    if text:
        yield from ("", heading, *_indented(text, "  "))


def _section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """A heading with the lines below it; nothing where there are none."""
    shown = [each for line in lines for each in _indented(line)]
    if shown:
        yield from ("", heading, *shown)


def _indented(text: str, following: str = "    ", indent: str = "  ") -> list[str]:
    one, below = " ".join(text.split()), indent[2:] + following
    return textwrap.wrap(one, WIDTH, initial_indent=indent, subsequent_indent=below, break_long_words=False)


def rule_account(rule: Rule, about: About) -> dict[str, Any]:
    """A rule whole, as JSON values."""
    return {
        "rule": rule.id,
        "title": rule.title,
        "ruleset": about.ruleset.name,
        "when": " ".join(rule.when.text.split()),
        "in_words": _outline(rule.when, about),
        "requires_known": list(rule.requires_known),
        "priority": rule.priority,
        "kind": rule.kind,
        "audience": rule.audience,
        "tags": list(rule.tags),
        "effects": asdict(rule.effects),
        "helps": list(rule.helps),
        "asks": list(rule.asks),
        "after": list(rule.after),
        "derive": rule.derive,
        "patient": rule.patient,
        "clinician": rule.clinician,
        "parts": [
            {
                "text": each.text,
                "edition": each.edition,
                "tags": list(each.tags),
                "when": each.when.text if each.when else None,
            }
            for each in rule.parts
        ],
        "because": rule.because,
        "evidence": [asdict(each) for each in rule.evidence],
        "certainty": rule.certainty,
        "uncertain": rule.uncertain,
        "notes": rule.notes,
        "tests": _test_accounts(about.tests_of(rule.id)),
        "history": about.history(rule.id),
    }


def contradiction_account(found: Contradiction, about: About) -> dict[str, Any]:
    """A contradiction detector whole, as JSON values."""
    return {
        "contradiction": found.id,
        "title": found.title,
        "ruleset": about.ruleset.name,
        "when": " ".join(found.when.text.split()),
        "in_words": _outline(found.when, about),
        "affects": list(found.affects),
        "holds": {"tags": list(found.holds_tags), "rules": list(found.holds_rules)},
        "safe_reading": found.safe_reading,
        "resolution": found.resolution,
        "tests": _test_accounts(about.tests_of(found.id)),
        "history": about.history(found.id),
    }


def ruleset_account(ruleset: Ruleset) -> dict[str, Any]:
    """A version of a ruleset as JSON values."""
    return {
        "id": ruleset.id,
        "version": ruleset.version,
        "effective": ruleset.effective.isoformat(),
        "digest": ruleset.digest,
        "title": ruleset.title,
        "rules": [each.id for each in ruleset.rules],
        "contradictions": [each.id for each in ruleset.contradictions],
    }


def _outline(condition: Expression, about: About) -> list[str]:
    """A condition in words, each line as deep as it stands."""
    return ["  " * depth + line for depth, line in in_words(condition.tree, about.vocabulary).lines()]


def _test_accounts(tests: Sequence[RuleTest]) -> list[dict[str, Any]]:
    return [{"rule": each.rule, "name": each.name, "facts": dict(each.given), "expect": each.expect} for each in tests]
