"""A ruleset as it stands in its file, and what a check finds in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from attrs import field, frozen

from careplan.cql import Expression
from careplan.errors import Location, Problem, RulesetError
from careplan.located import Node, read
from careplan.rules.base import part_name
from careplan.rules.read import ruleset_from
from careplan.rules.ruleset import Rule, Ruleset
from careplan.vocabulary.model import Vocabulary

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
class RuleTestFile:
    """The file with the tests of a ruleset: its name and what is in it."""

    name: str
    content: bytes = field(repr=False)


@frozen
class RulesetFile:
    """A ruleset and its text: ``root`` is the document of the file, in which every value knows its place.

    ``vocabulary`` holds the facts it was read against; ``tests`` is None where it has no file of tests.
    """

    ruleset: Ruleset
    root: Node = field(repr=False)
    vocabulary: Vocabulary = field(repr=False)
    tests: RuleTestFile | None = None

    @property
    def rules(self) -> Iterator[tuple[Rule, Node]]:
        """Each rule with its mapping in the file."""
        return zip(self.ruleset.rules, self.root.value["rules"].value, strict=True)

    @property
    def conditions(self) -> Iterator[tuple[str, Expression, Node]]:
        """Every condition with its name, ``RULE#n`` for a part, and its text in the file."""
        for rule, node in self.rules:
            yield rule.id, rule.when, node.value["when"]
            for number, part in enumerate(rule.parts):
                if part.when is not None:
                    yield part_name(rule, number), part.when, node.value["parts"].value[number].value["when"]
        if found := self.root.value.get("contradictions"):
            for each, node in zip(self.ruleset.contradictions, found.value, strict=True):
                yield each.id, each.when, node.value["when"]


RulesetCheck = Callable[[RulesetFile], Iterable[Finding]]
"""What looks through one ruleset and says what it found."""


def ruleset_file(
    content: bytes, name: str, vocabulary: Vocabulary, tags: Iterable[str], tests: RuleTestFile | None = None
) -> RulesetFile:
    """The ruleset in the content of the file ``name``; raises RulesetError with every problem in it."""
    root = read(content, name, RulesetError)
    return RulesetFile(ruleset_from(root, vocabulary.types, tags), root, vocabulary, tests)


def unreadable(problems: Iterable[Problem], file: str) -> Iterator[Finding]:
    """The problems for which a file cannot be read, as findings."""
    for each in problems:
        yield Finding(each.message, each.location or Location(file), each.code)
