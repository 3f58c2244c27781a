"""Rulesets as people write them, for the tests of what is found in them."""

from __future__ import annotations

from collections.abc import Iterable

from careplan.rules.checks.finding import Finding, RulesetCheck, RulesetFile, RuleTestFile, ruleset_file
from careplan.rules.checks.together import Surroundings, together
from careplan.vocabulary.read import builtin_vocabulary

TAGS = ("exercise", "heat")


def rule(name: str = "WLK-01", **fields: str) -> str:
    """A rule for clinicians; each field is YAML."""
    given = {
        "id": name,
        "title": "Walk",
        "when": "isi.total >= 15",
        "priority": "core",
        "kind": "action",
        "audience": "clinician",
        "clinician": "Offer walks.",
        "because": "It helps.",
        "evidence": "[{id: x, cite: X, grade: low}]",
        **fields,
    }
    return "  - " + "\n    ".join(f"{key}: {value}" for key, value in given.items()) + "\n"


def ruleset(*rules: str, name: str = "walk", version: str = "2026.1", effective: str = "2026-01-01") -> str:
    """A ruleset of rules; its first rule begins on line 6, and the condition of that on line 8."""
    return f'id: {name}\nversion: "{version}"\neffective: {effective}\ntitle: Walk\nrules:\n{"".join(rules)}'


def file(text: str, tests: str | None = None, name: str = "walk.yaml") -> RulesetFile:
    """The ruleset in a text, with its tests."""
    beside = None if tests is None else RuleTestFile(f"{name[:-5]}.test.yaml", tests.encode())
    return ruleset_file(text.encode(), name, builtin_vocabulary(), TAGS, beside)


def found(check: RulesetCheck, *rules: str) -> list[tuple[str, str, str]]:
    """What a check finds in a ruleset: line and column, code and message."""
    findings = check(file(ruleset(*rules)))
    return [(f"{each.location.line}:{each.location.column}", each.code, each.message) for each in findings]


def found_together(*files: RulesetFile, others: Iterable[RulesetFile] = ()) -> list[Finding]:
    """What is amiss among rulesets."""
    around = Surroundings(tuple(each.ruleset for each in others), (), builtin_vocabulary())
    return list(together(files, around))
