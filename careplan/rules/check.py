"""A ruleset as it stands in its file, and what a check finds in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from attrs import field, frozen

from careplan.cql import Type
from careplan.errors import Location, Problem, RulesetError
from careplan.located import Node, read
from careplan.rules.read import ruleset_from
from careplan.rules.ruleset import Rule, Ruleset

Severity = Literal["error", "warning"]


@frozen
class Finding:
    """One thing a check found: what, where, and a short machine-readable ``code``; a warning stops nobody."""

    message: str
    location: Location
    code: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.location}: {self.severity}: {self.message} ({self.code})"


@frozen
class RulesetFile:
    """A ruleset and its text: ``root`` is the document of the file, in which every value knows its place."""

    ruleset: Ruleset
    root: Node = field(repr=False)

    @property
    def rules(self) -> Iterator[tuple[Rule, Node]]:
        """Each rule with its mapping in the file."""
        return zip(self.ruleset.rules, self.root.value["rules"].value, strict=True)


RulesetCheck = Callable[[RulesetFile], Iterable[Finding]]
"""What looks through one ruleset and says what it found."""


def ruleset_file(content: bytes, name: str, types: Mapping[str, Type], tags: Iterable[str]) -> RulesetFile:
    """The ruleset in the content of the file ``name``; raises RulesetError with every problem in it."""
    root = read(content, name, RulesetError)
    return RulesetFile(ruleset_from(root, types, tags), root)


def unreadable(problems: Iterable[Problem], file: str) -> Iterator[Finding]:
    """The problems for which a file cannot be read, as findings."""
    for each in problems:
        yield Finding(each.message, each.location or Location(file), each.code)
