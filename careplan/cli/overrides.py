"""Files of overrides given beside the cases: each goes to the case it names, and none goes nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce

from careplan.assessment import Assessment
from careplan.cli.cases import STDIN, content
from careplan.errors import CareplanError, IntakeError, Problem, nearest
from careplan.intake import OverrideFile, read_override_file, with_overrides

Read = Callable[[str], Assessment]
"""Gives the assessment of a case as the command line names it."""


def with_override_files(read: Read, names: Iterable[str], files: Sequence[str]) -> Read:
    """What reads the cases of a run, the overrides of ``files`` added to theirs.

    Raises IntakeError, before any plan is made, for a file that cannot be read or whose case is not in the run.
    """
    if not files:
        return read
    given = _read(files)
    cases = {name: _attempt(read, name) for name in names}
    known = [each.id for each in cases.values() if isinstance(each, Assessment)]
    strays = [each for each in given if each.case not in known]
    if strays:
        raise IntakeError(
            Problem(f"no case that could be read is called {each.case!r}{nearest(each.case, known)}", each.location)
            for each in strays
        )

    def overridden(name: str) -> Assessment:
        found = cases[name]
        if isinstance(found, CareplanError):
            raise found
        return reduce(with_overrides, (each for each in given if each.case == found.id), found)

    return overridden


def _read(files: Iterable[str]) -> list[OverrideFile]:
    """The files; raises IntakeError with every problem of all of them."""
    found = []
    problems: list[Problem] = []
    for file in files:
        try:
            found.append(read_override_file(content(file), name="<stdin>" if file == STDIN else file))
        except IntakeError as error:
            problems += error.problems
    if problems:
        raise IntakeError(problems)
    return found


def _attempt(read: Read, name: str) -> Assessment | CareplanError:
    """The assessment of a case, or what is wrong with it: that is said when its turn comes."""
    try:
        return read(name)
    except CareplanError as error:
        return error
