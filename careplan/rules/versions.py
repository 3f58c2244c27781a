"""Which version of each ruleset answers, and whether a released version is still what it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from careplan.errors import Location, Problem, RulesetError, nearest
from careplan.rules.ruleset import Ruleset


def choose(versions: Mapping[str, Sequence[Ruleset]], on: date, pinned: Mapping[str, str]) -> tuple[Ruleset, ...]:
    """One version of every ruleset: the pinned one, else the latest in effect on the day.

    Raises RulesetError for a pin that names nothing, and for a day that no version covers.
    """
    problems = [
        Problem(f"there is no ruleset {name!r}{nearest(name, versions)}", code="unknown_ruleset")
        for name in pinned
        if name not in versions
    ]
    chosen = []
    uncovered = []
    for name, candidates in versions.items():
        found = _pinned(name, candidates, pinned[name], problems) if name in pinned else _effective(candidates, on)
        if found is not None:
            chosen.append(found)
        elif name not in pinned:
            uncovered.append(min(candidates, key=lambda each: each.effective))
    if uncovered:
        problems.append(Problem(_uncovered(uncovered, on), code="not_in_effect"))
    if problems:
        raise RulesetError(problems)
    return tuple(chosen)


def latest(rulesets: Iterable[Ruleset]) -> dict[str, Ruleset]:
    """The latest version of every ruleset, by id, each where the first of its versions stands."""
    found: dict[str, Ruleset] = {}
    for each in rulesets:
        if each.id not in found or (each.effective, each.version) > (found[each.id].effective, found[each.id].version):
            found[each.id] = each
    return found


def _uncovered(earliest: Sequence[Ruleset], on: date) -> str:
    """What is wrong with a day before the earliest version of some rulesets, and the two ways out."""
    first = earliest[0]
    if len(earliest) == 1:
        said = f"no version of ruleset {first.id!r} is in effect on {on}: the earliest is {first.name}, from"
        return f"{said} {first.effective}; use --on with a later date, or --ruleset {first.name}"
    names = ", ".join(f"{each.name} from {each.effective}" for each in earliest)
    said = f"no version of {len(earliest)} rulesets is in effect on {on}: the earliest are {names}"
    return f"{said}; use --on with a later date, or --ruleset for each, such as --ruleset {first.name}"


def _pinned(name: str, candidates: Sequence[Ruleset], version: str, problems: list[Problem]) -> Ruleset | None:
    for each in candidates:
        if each.version == version:
            return each
    known = ", ".join(each.name for each in candidates)
    problems.append(Problem(f"there is no {name}@{version}; there is {known}", code="unknown_version"))
    return None


def _effective(candidates: Iterable[Ruleset], on: date) -> Ruleset | None:
    covering = [each for each in candidates if each.effective <= on]
    return max(covering, key=lambda each: (each.effective, each.version), default=None)


def lock_lines(rulesets: Iterable[Ruleset]) -> str:
    """The text of a lock file: ``id version sha256:…`` a line, sorted."""
    lines = sorted(f"{each.id} {each.version} {each.digest}" for each in rulesets)
    return "".join(f"{line}\n" for line in lines)


def check_lock(text: str, rulesets: Iterable[Ruleset], file: str) -> None:
    """Raise RulesetError for every ruleset that the lock file does not hold, or holds with another digest.

    A released version is never edited: whoever changes a rule writes a new version.
    """
    locked: dict[tuple[str, str], tuple[str, int]] = {}
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        match line.split():
            case [name, version, digest]:
                locked[name, version] = digest, number
            case [_, *_]:
                problems.append(Problem("a line of the lock file is: id version sha256:…", Location(file, number, 1)))
    for each in rulesets:
        held = locked.get((each.id, each.version))
        if held is None:
            message = f"{each.name} is not in the lock file; 'careplan rules lock' adds a version that is released"
            problems.append(Problem(message, Location(each.source), "unlocked"))
        elif held[0] != each.digest:
            message = f"{each.name} was edited after its release ({file}:{held[1]}); write a new version instead"
            problems.append(Problem(message, Location(each.source), "edited"))
    if problems:
        raise RulesetError(problems)
