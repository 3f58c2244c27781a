"""The ruleset files that are checked, and what was found in them as people and programs read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from careplan.errors import Location, Problem, RulesetError, nearest
from careplan.knowledge import TAGS, Knowledge
from careplan.rules.checks.finding import Finding, RulesetFile, RuleTestFile, ruleset_file, unreadable
from careplan.rules.checks.together import Surroundings
from careplan.rules.read import read_tags
from careplan.rules.ruleset import Ruleset, Tag
from careplan.rules.ruletests import SUFFIX
from careplan.rules.versions import check_lock, latest

LOCK = "rulesets.lock"
WAIVERS = "waivers.yaml"


@frozen
class RulesetFiles:
    """Rulesets, why others could not be read, those that were edited after their release, and all that is around."""

    read: tuple[RulesetFile, ...]
    unread: tuple[Finding, ...]
    edited: tuple[Finding, ...]
    around: Surroundings

    @property
    def rulesets(self) -> tuple[Ruleset, ...]:
        """The rulesets without their text."""
        return tuple(each.ruleset for each in self.read)

    @property
    def latest(self) -> list[RulesetFile]:
        """The latest version of each."""
        newest = latest(self.rulesets)
        return [each for each in self.read if newest[each.ruleset.id] is each.ruleset]

    @property
    def tags(self) -> dict[str, Tag]:
        """The tags they were read with, by id."""
        return {each.id: each for each in self.around.tags}


def installed_rulesets(knowledge: Knowledge) -> RulesetFiles:
    """Every version of every ruleset that is loaded, with its text."""
    found: list[RulesetFile] = []
    edited: list[Finding] = []
    for folder in knowledge.registry.rulesets:
        for each in knowledge.versions[folder.id]:
            file = folder.folder / f"{each.version}.yaml"
            found.append(_file(file, folder.folder / f"{each.version}{SUFFIX}", knowledge, knowledge.tags))
        if folder.lock is not None:
            edited += _edited(folder.lock, knowledge.versions[folder.id])
    return RulesetFiles(tuple(found), (), tuple(edited), _around(knowledge, knowledge.tags))


def rulesets_below(path: Path, knowledge: Knowledge) -> RulesetFiles:
    """The rulesets in a file, or in the files below a folder, read with the tags that stand beside them.

    A file ``rulesets.lock`` beside a ruleset, or in the folder above, says how it was released.
    """
    inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    files = [each for each in inside if not each.name.endswith(SUFFIX) and each.name not in (TAGS, WAIVERS)]
    if not files:
        raise RulesetError(Problem("there is no ruleset <version>.yaml here", Location(str(path))))
    found: list[RulesetFile] = []
    unread: list[Finding] = []
    tags = dict(knowledge.tags)
    for own in dict.fromkeys(each.with_name(TAGS) for each in files):
        try:
            tags |= read_tags(own) if own.is_file() else {}
        except RulesetError as error:
            unread += unreadable(error.problems, str(own))
    for each in files:
        try:
            found.append(_file(each, each.with_name(f"{each.stem}{SUFFIX}"), knowledge, tags))
        except RulesetError as error:
            unread += unreadable(error.problems, str(each))
    locks = sorted({lock for each in files if (lock := _lock(each.resolve()))})
    edited = [finding for lock in locks for finding in _edited(lock, [each.ruleset for each in found])]
    return RulesetFiles(tuple(found), tuple(unread), tuple(edited), _around(knowledge, tags))


def rulesets_named(name: str, knowledge: Knowledge) -> RulesetFiles:
    """The rulesets that a file or a folder holds, or the installed version ``ID@VERSION``.

    Raises RulesetError if there is none, or one cannot be read.
    """
    if Path(name).exists():
        return whole(rulesets_below(Path(name), knowledge))
    installed = installed_rulesets(knowledge)
    known = {each.ruleset.name: each for each in installed.read}
    if name not in known:
        message = f"there is no file or folder {name!r}, and no installed ruleset of that name{nearest(name, known)}"
        raise RulesetError(message)
    return evolve(installed, read=(known[name],))


def whole(files: RulesetFiles) -> RulesetFiles:
    """The same; raises RulesetError if one of them could not be read."""
    if files.unread:
        raise RulesetError(Problem(each.message, each.location, each.code) for each in files.unread)
    return files


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
