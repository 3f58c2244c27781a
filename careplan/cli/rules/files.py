"""The ruleset files that are checked, and what was found in them as people and programs read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from attrs import frozen

from careplan.errors import Location, Problem, RulesetError
from careplan.knowledge import TAGS, Knowledge
from careplan.rules.checks.finding import Finding, RulesetFile, RuleTestFile, ruleset_file, unreadable
from careplan.rules.checks.together import Surroundings
from careplan.rules.read import read_tags
from careplan.rules.ruleset import Ruleset, Tag
from careplan.rules.ruletests import SUFFIX
from careplan.rules.versions import check_lock

LOCK = "rulesets.lock"
WAIVERS = "waivers.yaml"


@frozen
class RulesetFiles:
    """Rulesets that are checked, what is wrong with those that could not be read, and all that is around them."""

    read: tuple[RulesetFile, ...]
    findings: tuple[Finding, ...]
    around: Surroundings


def installed_rulesets(knowledge: Knowledge) -> RulesetFiles:
    """Every version of every ruleset that is loaded, with its text, and those that were edited after their release."""
    found: list[RulesetFile] = []
    findings: list[Finding] = []
    for folder in knowledge.registry.rulesets:
        for each in knowledge.versions[folder.id]:
            file = folder.folder / f"{each.version}.yaml"
            found.append(_file(file, folder.folder / f"{each.version}{SUFFIX}", knowledge, knowledge.tags))
        if folder.lock is not None:
            findings += _edited(folder.lock, knowledge.versions[folder.id])
    return RulesetFiles(tuple(found), tuple(findings), _around(knowledge, knowledge.tags))


def rulesets_below(path: Path, knowledge: Knowledge) -> RulesetFiles:
    """The rulesets in a file, or in the files below a folder, and what is wrong with them.

    A file ``rulesets.lock`` beside a ruleset, or in the folder above, says how it was released.
    """
    inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    files = [each for each in inside if not each.name.endswith(SUFFIX) and each.name not in (TAGS, WAIVERS)]
    if not files:
        raise RulesetError(Problem("there is no ruleset <version>.yaml here", Location(str(path))))
    found: list[RulesetFile] = []
    findings: list[Finding] = []
    tags = dict(knowledge.tags)
    for each in files:
        own = each.with_name(TAGS)
        try:
            tags |= read_tags(own) if own.is_file() else {}
            found.append(_file(each, each.with_name(f"{each.stem}{SUFFIX}"), knowledge, tags))
        except RulesetError as error:
            findings += unreadable(error.problems, str(each))
    for lock in sorted({lock for each in files if (lock := _lock(each.resolve()))}):
        findings += _edited(lock, [each.ruleset for each in found])
    return RulesetFiles(tuple(found), tuple(findings), _around(knowledge, tags))


def _file(file: Traversable, beside: Traversable, knowledge: Knowledge, tags: Mapping[str, Tag]) -> RulesetFile:
    """A ruleset with the tests beside it, if there are any."""
    tests = RuleTestFile(str(beside), beside.read_bytes()) if beside.is_file() else None
    return ruleset_file(file.read_bytes(), str(file), knowledge.vocabulary, tags, tests)


def _around(knowledge: Knowledge, tags: Mapping[str, Tag]) -> Surroundings:
    others = tuple(each for versions in knowledge.versions.values() for each in versions)
    return Surroundings(others, tuple(tags.values()), knowledge.vocabulary)


def _lock(file: Path) -> Path | None:
    """The lock file that stands beside a ruleset, or in the folder above."""
    return next((found for each in list(file.parents)[:2] if (found := each / LOCK).is_file()), None)


def _edited(lock: Traversable, rulesets: Sequence[Ruleset]) -> Iterator[Finding]:
    """Versions that were edited after their release; one that is not released yet is as it should be."""
    try:
        check_lock(lock.read_text(encoding="utf-8") if lock.is_file() else "", rulesets, str(lock))
    except RulesetError as error:
        yield from unreadable((each for each in error.problems if each.code != "unlocked"), str(lock))


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
