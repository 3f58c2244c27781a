"""What can go wrong, said with its place and its remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, Self

from attrs import evolve, frozen


@frozen(order=True)
class Location:
    """A place in a file; ``line`` and ``column`` count from 1, and 0 means "the file as a whole"."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@frozen
class Problem:
    """One thing that is wrong: what, where, and a short machine-readable ``code``."""

    message: str
    location: Location | None = None
    code: str = "invalid"

    def __str__(self) -> str:
        return f"{self.location}: {self.message}" if self.location else self.message

    def at(self, location: Location | None) -> Self:
        """The same problem, placed at ``location`` unless it already has a place."""
        return self if self.location else evolve(self, location=location)


def nearest(name: str, known: Iterable[str]) -> str:
    """``; did you mean …?`` for the known name nearest to ``name`` in any case, or nothing when none is near."""
    folded = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return f"; did you mean {folded[found[0]]!r}?" if found else ""


class CareplanError(Exception):
    """Root of every error careplan raises on purpose; it carries one or more problems."""

    def __init__(self, problems: str | Problem | Iterable[Problem], location: Location | None = None) -> None:
        if isinstance(problems, str):
            problems = [Problem(problems, location)]
        elif isinstance(problems, Problem):
            problems = [problems.at(location)]
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        """The error whole, for another process."""
        return type(self), (self.problems,)


class ConditionError(CareplanError):
    """A condition is not CQL of our subset, or does not fit the types of the facts it reads."""


class VocabularyError(CareplanError):
    """The vocabulary contradicts itself."""


class InstrumentError(CareplanError):
    """An instrument definition, or the wording of an instrument, is wrong."""


class AnswerError(CareplanError):
    """Answers that an instrument cannot score; the problems' codes say why."""


class IntakeError(CareplanError):
    """An intake or fact file that cannot be read; it lists every problem found in the file."""


class RulesetError(CareplanError):
    """A ruleset that cannot be read, is missing, or was edited after its release."""


class PluginError(CareplanError):
    """A plugin failed and the plan would be incomplete without it."""


class EngineDisagreement(CareplanError):
    """The live engine and the reference differ on one case: no plan may be made from it.

    ``report`` is a JSON object that reproduces it: the conditions, the facts they read, and both answers.
    """

    def __init__(self, message: str, report: dict[str, Any]) -> None:
        super().__init__(message)
        self.report = report

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.report)


class RenderError(CareplanError):
    """A document cannot be produced."""
