"""Vocabulary files → the vocabulary: every error of all files at once, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_args

from careplan.cql import SIMPLE, Expression, Type
from careplan.errors import Location, Problem, VocabularyError
from careplan.fields import Fields
from careplan.located import Node, read
from careplan.vocabulary.model import FactDefinition, Listed, NotRecorded, Vocabulary

ROADS = ("intake", "listed", "score", "derive", "compute", "decided_by")
FALLBACKS = ("otherwise", "compute")
"""What may say the value of a fact whose intake path is not answered."""

_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_SCORE = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9_]+")
_PATH = re.compile(
    r"(person|medications_denied|medications_claimed)\.[a-z0-9_]+|measures(\.[a-z0-9_]+)+|answers\.[a-z0-9_]+\.[a-z0-9_]+"
    r"|(diagnoses|red_flags|findings)\.reviewed|medications_reviewed|nociplastic|work"
)


def read_vocabulary(sources: Iterable[Traversable | Path], known: Vocabulary | None = None) -> Vocabulary:
    """The facts in the files beside those ``known`` already; raises VocabularyError with every problem in them.

    A fact that is known already may not be defined again.
    """
    roots = [read(file.read_bytes(), str(file), VocabularyError) for file in sources]
    return _Reader(known or Vocabulary({})).vocabulary(roots)


@cache
def builtin_vocabulary() -> Vocabulary:
    """The facts careplan brings itself."""
    folder = files("careplan.vocabulary") / "facts"
    return read_vocabulary(sorted(folder.iterdir(), key=lambda file: file.name))


class _Reader:
    def __init__(self, known: Vocabulary) -> None:
        self.known = known
        self.problems: list[Problem] = []
        self.places: dict[str, Location | None] = {each.id: each.location for each in known}
        self.types: dict[str, Type] = dict(known.types)
        """The types of all facts; Any for one whose type cannot be read, so that it causes no further problems."""

    def vocabulary(self, roots: Iterable[Node]) -> Vocabulary:
        entries = list(self.entries(roots))
        for name, fields, _ in entries:
            kind = fields.node.value.get("type")
            self.types[name] = SIMPLE.get(kind.value if kind else "", Type.ANY)
        found = {name: self.fact(name, fields, group) for name, fields, group in entries}
        if not self.problems:
            vocabulary = Vocabulary({**self.known.facts, **found})
            try:
                _ = vocabulary.strata
            except VocabularyError as error:
                self.problems += error.problems
            else:
                return vocabulary
        raise VocabularyError(sorted(self.problems, key=lambda each: each.location or Location("")))

    def entries(self, roots: Iterable[Node]) -> Iterator[tuple[str, Fields, str]]:
        """Every fact that is new: its id, its fields, and the group of its file."""
        for root in roots:
            file = Fields(root, self.problems, "a vocabulary file")
            group = file.text("group", required=True) or ""
            file.get("facts", required=True)
            facts = file.mapping("facts", "the facts")
            file.close()
            for name, node in facts.node.value.items():
                location = facts.node.keys[name]
                if name in self.places:
                    owner = "; what is built in may not be redefined" if name in self.known else ""
                    message = f"{name} is a fact already, defined at {self.places[name]}{owner}"
                    facts.report(message, location, "duplicate")
                elif not _ID.fullmatch(name):
                    facts.report(f"{name!r} is not the id of a fact, such as sleep.efficiency", location)
                elif not isinstance(node.value, dict):
                    facts.report(f"{name} should be a mapping with type, meaning and how it is known", node.location)
                else:
                    self.places[name] = location
                    yield name, Fields(node, self.problems, name), group

    def fact(self, name: str, fields: Fields, group: str) -> FactDefinition:
        fields.choice("type", SIMPLE)
        kind = self.types[name]
        fact = FactDefinition(
            id=name,
            type=kind,
            meaning=fields.text("meaning", required=True) or "",
            group=fields.text("group") or group,
            unit=fields.text("unit"),
            range=self.range(fields, kind),
            values=self.values(fields, kind),
            pattern=self.pattern(fields, kind),
            not_recorded=self.not_recorded(fields, kind),
            intake=self.paths(fields),
            otherwise=self.condition(fields, "otherwise", kind),
            listed=self.listed(fields, kind),
            score=self.score(fields),
            derive=self.condition(fields, "derive", kind),
            compute=fields.text("compute"),
            arguments=self.arguments(fields),
            decided_by="rules" if self.optional(fields, "decided_by", ("rules",)) else None,
            how=fields.text("how"),
            certainty=fields.choice("certainty", ("as_cited", "unverified"), "as_cited"),
            note=fields.text("note"),
            location=self.places[name],
        )
        self.one_road(fields)
        fields.close()
        return fact

    def one_road(self, fields: Fields) -> None:
        """Note a fact that nothing or more than one thing gives a value."""
        given = [road for road in ROADS if fields.get(road)]
        fallbacks = [road for road in FALLBACKS if fields.get(road)]
        if "intake" in given:
            given = [road for road in given if road not in FALLBACKS]
            if len(fallbacks) > 1:
                fields.report(f"{fields.what} has both 'otherwise' and 'compute'; keep one", fields.place("otherwise"))
        elif "otherwise" in fallbacks:
            fields.report(f"{fields.what} has 'otherwise' without 'intake'; write 'derive'", fields.place("otherwise"))
        if len(given) > 1:
            fields.report(f"{fields.what} has {' and '.join(map(repr, given))}; keep one", fields.place(given[1]))
        if not given and "otherwise" not in fallbacks:
            fields.report(f"{fields.what} needs one of {', '.join(ROADS)}", code="missing")
        if fields.get("arguments") and not fields.get("compute"):
            fields.report(f"{fields.what} has 'arguments' and no 'compute' to take them", fields.place("arguments"))

    def condition(self, fields: Fields, key: str, kind: Type) -> Expression | None:
        return fields.condition(key, self.types, None if kind == Type.ANY else kind)

    def range(self, fields: Fields, kind: Type) -> tuple[float, float] | None:
        items = fields.items("range")
        if not items:
            return None
        numbers = [each.value for each in items if type(each.value) in (int, float)]
        if len(numbers) != 2 or len(items) != 2 or numbers[0] >= numbers[1]:  # noqa: PLR2004 - a range has two ends
            fields.report("'range' should be two numbers, the lower one first", fields.place("range"))
            return None
        if not kind.numeric and kind != Type.ANY:
            fields.report(f"'range' is for numbers, and {fields.what} is {kind}", fields.place("range"))
        if kind == Type.INTEGER and not all(isinstance(each, int) for each in numbers):
            fields.report("the range of an Integer is two whole numbers", fields.place("range"))
        return numbers[0], numbers[1]

    def values(self, fields: Fields, kind: Type) -> tuple[str, ...] | None:
        if not fields.get("values"):
            return None
        found = fields.words("values")
        if kind not in (Type.STRING, Type.ANY):
            fields.report(f"'values' is for a String, and {fields.what} is {kind}", fields.place("values"))
        for word in sorted({each for each in found if found.count(each) > 1}):
            fields.report(f"'values' lists {word!r} twice", fields.place("values"), "duplicate")
        return found

    def pattern(self, fields: Fields, kind: Type) -> str | None:
        found = fields.text("pattern")
        if found is None:
            return None
        if kind not in (Type.STRING, Type.ANY):
            fields.report(f"'pattern' is for a String, and {fields.what} is {kind}", fields.place("pattern"))
        if not fields.get("unit"):
            fields.report("'pattern' needs a 'unit' that names the format, such as HH:MM", fields.place("pattern"))
        try:
            re.compile(found)
        except re.error as error:
            fields.report(f"'pattern' is not a regular expression: {error}", fields.place("pattern"))
            return None
        return found

    def not_recorded(self, fields: Fields, kind: Type) -> NotRecorded:
        found: NotRecorded = fields.choice("not_recorded", get_args(NotRecorded), "unknown")
        if found == "assumed_no" and kind not in (Type.BOOLEAN, Type.ANY):
            fields.report(
                f"only a Boolean can be assumed to be no, and {fields.what} is {kind}", fields.place("not_recorded")
            )
        return found

    def paths(self, fields: Fields) -> tuple[str, ...]:
        node = fields.get("intake")
        if node is None:
            return ()
        found = fields.words("intake") if isinstance(node.value, tuple) else (fields.text("intake") or "",)
        for path in found:
            if not _PATH.fullmatch(path):
                fields.report(f"{path!r} is no path of the intake, such as measures.fatigue", node.location, "path")
        return found

    def listed(self, fields: Fields, kind: Type) -> Listed | None:
        found: Listed | None = self.optional(fields, "listed", get_args(Listed))
        if found and kind not in (Type.BOOLEAN, Type.ANY):
            fields.report(f"what is listed is yes or no, and {fields.what} is {kind}", fields.place("listed"))
        return found

    def score(self, fields: Fields) -> str | None:
        found = fields.text("score")
        if found is not None and not _SCORE.fullmatch(found):
            fields.report(f"{found!r} is no score of an instrument, such as phq9.total", fields.place("score"))
        return found

    def optional(self, fields: Fields, key: str, choices: tuple[str, ...]) -> Any:
        return fields.choice(key, choices) if fields.get(key) else None

    def arguments(self, fields: Fields) -> Mapping[str, str | tuple[str, ...]]:
        inner = fields.mapping("arguments", "arguments")
        found: dict[str, str | tuple[str, ...]] = {}
        for key, node in inner.node.value.items():
            found[key] = inner.words(key) if isinstance(node.value, tuple) else inner.text(key) or ""
        return found
