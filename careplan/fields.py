"""Located nodes → checked values: one mapping's fields read by name, every misfit noted with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from attrs import define, field

from careplan.cql import Expression, Type, expression
from careplan.errors import ConditionError, Location, Problem, nearest
from careplan.located import Node

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A code of a language: en, cy, pt-BR."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@define
class Fields:
    """The fields of one mapping. What is read is checked; ``close`` notes the keys nobody asked for."""

    node: Node
    problems: list[Problem]
    what: str
    asked: set[str] = field(factory=set)

    def report(self, message: str, location: Location | None = None, code: str = "invalid") -> None:
        """Note a problem, at the mapping itself unless a place is given."""
        self.problems.append(Problem(message, location or self.node.location, code))

    def get(self, key: str, *, required: bool = False) -> Node | None:
        """The node of a field, or None when it is absent or null."""
        self.asked.add(key)
        values: Mapping[str, Node] = self.node.value if isinstance(self.node.value, dict) else {}
        found = values.get(key)
        if found is None or found.value is None:
            if required:
                self.report(f"{self.what} needs {key!r}", code="missing")
            return None
        return found

    def place(self, key: str) -> Location:
        """Where the value of a field stands."""
        found = self.node.value.get(key) if isinstance(self.node.value, dict) else None
        return found.location if found else self.node.location

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A text; other scalars are refused, not turned into text."""
        found = self.get(key, required=required)
        if found is None:
            return None
        if not isinstance(found.value, str):
            self.report(f"{key!r} should be text; put it in quotation marks", found.location, "type")
            return None
        return found.value.strip()

    def truth(self, key: str, *, default: bool = False) -> bool:
        """true or false."""
        found = self.get(key)
        if found is None:
            return default
        if not isinstance(found.value, bool):
            self.report(f"{key!r} should be true or false", found.location, "type")
            return default
        return found.value

    def choice(self, key: str, choices: Collection[str], default: str | None = None) -> Any:
        """One of a few words; required where there is no default."""
        found = self.text(key, required=default is None)
        if found is None:
            return default if default is not None else next(iter(choices))
        if found not in choices:
            self.report(f"{key!r} should be one of {', '.join(choices)}{nearest(found, choices)}", self.place(key))
            return default if default is not None else next(iter(choices))
        return found

    def day(self, key: str, *, required: bool = True) -> date | None:
        """A date, written 2026-03-02; None where it is absent."""
        found = self.get(key, required=required)
        if found is None:
            return None
        try:
            if isinstance(found.value, str) and _DAY.fullmatch(found.value):
                return date.fromisoformat(found.value)
        except ValueError:
            self.report(f"{key!r} names no day of the calendar: {found.value}", found.location, "date")
            return None
        self.report(f"{key!r} should be a date such as 2026-03-02, not {found.shown}", found.location, "date")
        return None

    def items(self, key: str, *, required: bool = False) -> tuple[Node, ...]:
        """The nodes of a list."""
        found = self.get(key, required=required)
        if found is None:
            return ()
        if not isinstance(found.value, tuple):
            self.report(f"{key!r} should be a list", found.location, "type")
            return ()
        return found.value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        found = []
        for item in self.items(key):
            if isinstance(item.value, str):
                found.append(item.value)
            else:
                self.report(f"{key!r} should list words", item.location, "type")
        return tuple(found)

    def mappings(self, key: str, what: str, *, required: bool = False) -> Iterator[Fields]:
        """The fields of each mapping in a list."""
        for item in self.items(key, required=required):
            if isinstance(item.value, dict):
                yield Fields(item, self.problems, what)
            else:
                self.report(f"{key!r} should list mappings ({what})", item.location, "type")

    def mapping(self, key: str, what: str) -> Fields:
        """The fields of a mapping inside this one; empty when it is absent."""
        found = self.get(key)
        if found is not None and not isinstance(found.value, dict):
            self.report(f"{key!r} should be a mapping", found.location, "type")
            found = None
        return Fields(found or Node({}, self.node.location), self.problems, what)

    def condition(
        self, key: str, types: Mapping[str, Type], expected: Type | None = None, *, required: bool = False
    ) -> Expression | None:
        """A CQL expression over facts of the given types."""
        text = self.text(key, required=required)
        if text is None:
            return None
        node = self.node.value[key]
        try:
            return expression(text, types, expected=expected)
        except ConditionError as error:
            for problem in error.problems:
                at = problem.location
                self.report(problem.message, node.locate(at.line, at.column) if at else node.location, "condition")
        return None

    def close(self) -> None:
        """Note every key that was not asked for, with the nearest known one."""
        if not isinstance(self.node.value, dict):
            return
        for key, location in self.node.keys.items():
            if key not in self.asked:
                self.report(f"{self.what} has no {key!r}{nearest(key, self.asked)}", location, "unknown_key")
