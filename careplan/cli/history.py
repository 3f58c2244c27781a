"""Earlier assessments of a person as the command line finds them: named one after the other, or by ``previous``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from careplan.assessment import Assessment
from careplan.cli.cases import STDIN, SUFFIXES, read_case
from careplan.errors import IntakeError, Location, Problem
from careplan.followup import differences
from careplan.knowledge import Knowledge


def with_earlier(case: str, assessment: Assessment, knowledge: Knowledge, on: date | None) -> tuple[Assessment, ...]:
    """The assessments that ``previous`` leads back to from file to file, the oldest first, and the case's own last.

    A ``previous`` that is an id and no file ends the row: what it names cannot be read here. Raises IntakeError for a
    file that is not there or is of somebody else, and for a row that goes in a circle.
    """
    found = [assessment]
    here = case
    seen = {_whole(case)}
    while (file := previous_file(here, found[0], knowledge)) is not None:
        if not file.is_file():
            raise IntakeError(Problem(f"'previous' names {found[0].previous!r}; there is no file {file}", _at(here)))
        if _whole(file) in seen:
            raise IntakeError(Problem(f"'previous' leads back to {file}, which stands in the row already", _at(here)))
        seen.add(_whole(file))
        earlier = read_case(str(file), knowledge, on)
        _refuse(_misfits(here, earlier, found[0], linked=True))
        found.insert(0, earlier)
        here = str(file)
    return tuple(found)


def read_visits(cases: Sequence[str], knowledge: Knowledge, on: date | None) -> tuple[Assessment, ...]:
    """The assessments in files of one person in the order of time, each following the one before.

    Raises IntakeError with everything that is wrong in all of the files, and with every way in which two of them
    cannot be of one person.
    """
    found: list[Assessment] = []
    files = [_whole(case) for case in cases]
    twice = [case for number, case in enumerate(cases) if files[number] in files[:number]]
    problems = [Problem("the file is named twice; a visit is compared with another", Location(each)) for each in twice]
    for case in cases:
        try:
            found.append(read_case(case, knowledge, on))
        except IntakeError as error:
            problems += error.problems
    if not problems:
        rows = zip(cases, cases[1:], found, found[1:], strict=False)
        for before, case, earlier, later in rows:
            file = previous_file(case, later, knowledge)
            linked = file is not None and _whole(file) == _whole(before)
            problems += _misfits(case, earlier, later, linked=linked)
    _refuse(problems)
    return tuple(found)


def previous_file(case: str, assessment: Assessment, knowledge: Knowledge) -> Path | None:
    """The file that ``previous`` names, beside the case's own; None where it is an id, or absent."""
    suffixes = (*SUFFIXES, *(suffix for each in knowledge.registry.readers for suffix in each.suffixes))
    if assessment.previous is None or Path(assessment.previous).suffix not in suffixes:
        return None
    folder = Path() if case == STDIN else Path(case).parent
    return folder / assessment.previous


def _misfits(case: str, earlier: Assessment, later: Assessment, *, linked: bool) -> list[Problem]:
    return [Problem(each, _at(case), "another_person") for each in differences(earlier, later, linked=linked)]


def _refuse(problems: Iterable[Problem]) -> None:
    found = tuple(problems)
    if found:
        raise IntakeError(found)


def _whole(case: str | Path) -> Path:
    return Path(case).resolve()


def _at(case: str) -> Location:
    return Location("<stdin>" if case == STDIN else case)
