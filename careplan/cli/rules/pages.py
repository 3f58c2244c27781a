"""A rule, a contradiction detector or a ruleset as a person reads it, and as JSON values."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import asdict

from careplan.cli.rules.told import (
    About,
    Condition,
    Lines,
    Names,
    Parts,
    Section,
    Tests,
    Text,
    part_said,
    status,
    told,
    unverified,
)
from careplan.rules.base import SAID
from careplan.rules.ruleset import Contradiction, Rule, Ruleset
from careplan.rules.ruletests import RuleTest
from careplan.rules.words import Outline

WIDTH = 100


def rule_page(found: Rule | Contradiction, about: About) -> Iterator[str]:
    """A rule or contradiction detector whole."""
    yield f"{found.id} {found.title} ({about.ruleset.name})"
    yield status(found)
    if doubt := unverified(found):
        yield f"unverified: {doubt}"
    for each in told(found, about):
        yield from ("", *_section(each))


def _section(section: Section) -> Iterator[str]:
    """A heading with what stands below it."""
    match section:
        case Condition(condition, outline):
            yield from ("When", *_indented(condition.text, "  "), "", "In words")
            for depth, line in outline.lines():
                yield from _indented(line, indent="  " * (depth + 1))
        case Text(heading, text):
            yield from (heading, *_indented(text, "  "))
        case Names(heading, names):
            yield from (heading, *_indented(", ".join(names), "  "))
        case Lines(heading, lines):
            yield from (heading, *(each for line in lines for each in _indented(line)))
        case Parts(parts):
            said = (part_said(part, part.when.text if part.when else None) for part in parts)
            yield from ("Parts", *(each for line in said for each in _indented(line)))
        case Tests(tests):
            said = (f"{each.rule} {each.name}: {SAID[each.expect]}" for each in tests)
            yield from ("Tests", *(each for line in said for each in _indented(line)))


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
        "in_words": _outline(about.outline(rule.when)),
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
        "history": list(about.history(rule.id)),
    }


def contradiction_account(found: Contradiction, about: About) -> dict[str, Any]:
    """A contradiction detector whole, as JSON values."""
    return {
        "contradiction": found.id,
        "title": found.title,
        "ruleset": about.ruleset.name,
        "when": " ".join(found.when.text.split()),
        "in_words": _outline(about.outline(found.when)),
        "affects": list(found.affects),
        "holds": {"tags": list(found.holds_tags), "rules": list(found.holds_rules)},
        "safe_reading": found.safe_reading,
        "resolution": found.resolution,
        "tests": _test_accounts(about.tests_of(found.id)),
        "history": list(about.history(found.id)),
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


def _outline(outline: Outline) -> list[str]:
    """A condition in words, each line as deep as it stands."""
    return ["  " * depth + line for depth, line in outline.lines()]


def _test_accounts(tests: Sequence[RuleTest]) -> list[dict[str, Any]]:
    return [{"rule": each.rule, "name": each.name, "facts": dict(each.given), "expect": each.expect} for each in tests]
