"""The ruleset files that are checked, and what was found in them as people and programs read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from careplan.errors import Location, Problem, RulesetError
from careplan.knowledge import TAGS, Knowledge
from careplan.rules.check import Finding, RulesetFile, ruleset_file, unreadable
from careplan.rules.read import read_tags
from careplan.rules.ruletests import SUFFIX


def installed_rulesets(knowledge: Knowledge) -> list[RulesetFile]:
    """Every version of every ruleset that is loaded, with its text."""
    found = []
    for folder in knowledge.registry.rulesets:
        for each in knowledge.versions[folder.id]:
            file = folder.folder / f"{each.version}.yaml"
            found.append(ruleset_file(file.read_bytes(), str(file), knowledge.vocabulary.types, knowledge.tags))
    return found


def rulesets_below(path: Path, knowledge: Knowledge) -> tuple[list[RulesetFile], list[Finding]]:
    """The rulesets in a file, or in the files below a folder, and what is wrong with those that cannot be read."""
    inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    files = [each for each in inside if not each.name.endswith(SUFFIX) and each.name != TAGS]
    if not files:
        raise RulesetError(Problem("there is no ruleset <version>.yaml here", Location(str(path))))
    found: list[RulesetFile] = []
    unread: list[Finding] = []
    for each in files:
        own = each.with_name(TAGS)
        try:
            tags = {**knowledge.tags, **(read_tags(own) if own.is_file() else {})}
            found.append(ruleset_file(each.read_bytes(), str(each), knowledge.vocabulary.types, tags))
        except RulesetError as error:
            unread += unreadable(error.problems, str(each))
    return found, unread


def finding_account(finding: Finding) -> dict[str, Any]:
    """A finding as JSON holds it; a line or column of 0 stands for the file as a whole."""
    place = finding.location
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
    }


def finding_count(findings: Sequence[Finding], rulesets: int) -> str:
    """``2 errors, 1 warning in 13 rulesets.``."""
    errors = sum(each.severity == "error" for each in findings)
    warnings = len(findings) - errors
    return f"{_many(errors, 'error')}, {_many(warnings, 'warning')} in {_many(rulesets, 'ruleset')}."


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
