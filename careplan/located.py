"""YAML or JSON text → values that know their place: the one door through which files of data come in.

libyaml gives the events; scalars are resolved by the YAML 1.2 core schema, in which ``no``, ``on`` and ``12:30`` are
text. Anchors, aliases, tags, duplicate keys and several documents in one file are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import normalize

import yaml
from attrs import field, frozen

from careplan.errors import CareplanError, Location, Problem

LARGEST = 1024 * 1024
"""Bytes a file may have."""
DEEPEST = 40
"""Levels of nesting a file may have."""
LONGEST_INTEGER = 40
"""Digits after which an integer is too large whatever they are."""
QUOTED = 40
"""Characters of a value that a message quotes."""
OF_ONE_VALUE = frozenset({"not_finite", "out_of_range", "duplicate"})
"""Codes of the problems that one value has: without it the rest of a document reads as it did."""

_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NOT_NUMBERS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


@frozen
class Node:
    """A value with its place. ``value`` is a scalar, a tuple of nodes, or a mapping from keys to nodes.

    ``keys`` gives the place of each key of a mapping; ``written`` is a text as it stands in the file.
    """

    value: Any
    location: Location
    keys: Mapping[str, Location] = field(factory=dict)
    written: str = field(default="", repr=False)

    def locate(self, line: int, column: int) -> Location:
        """Where the character at line and column (from 1) of a text value stands in the file."""
        before = "\n".join([*self.value.split("\n")[: line - 1], " " * (column - 1)])
        return self.at(len(before))

    def at(self, offset: int) -> Location:
        """Where the character at an offset (from 0) of a text value stands in the file."""
        ahead = sum(not character.isspace() for character in self.value[:offset])
        start = (
            self.written.find("\n")
            if self.written[:1] in ("|", ">")
            else len(self.written[:1]) * (self.written[:1] in "'\"")
        )
        for index in range(max(start, 0), len(self.written)):
            if self.written[index].isspace():
                continue
            if not ahead:
                above = self.written[:index].split("\n")
                first = self.location.column if len(above) == 1 else 1
                return Location(self.location.file, self.location.line + len(above) - 1, first + len(above[-1]))
            ahead -= 1
        return self.location

    @property
    def shown(self) -> str:
        """The value as a message shows it, cut short."""
        if isinstance(self.value, tuple):
            return "a list"
        if isinstance(self.value, dict):
            return "a mapping"
        if isinstance(self.value, str):
            return f"the text {_cut(self.value)!r}"
        return _cut(self.written) if self.written else str(self.value).lower()

    @property
    def plain(self) -> Any:
        """The value without places: scalars, lists and dicts."""
        if isinstance(self.value, dict):
            return {key: each.plain for key, each in self.value.items()}
        if isinstance(self.value, tuple):
            return [each.plain for each in self.value]
        return self.value


def _cut(text: str) -> str:
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"


def read(
    content: str | bytes,
    file: str,
    error: type[CareplanError] = CareplanError,
    noted: list[Problem] | None = None,
) -> Node:
    """The document in ``content``; raises ``error`` with every problem, placed in ``file``.

    Where all of them are of one value each they go to ``noted``, if it is given, and their values are null.
    """
    text = _text(content, file, error)
    reader = _Reader(file, text)
    try:
        root = reader.document(_events(text))
    except yaml.MarkedYAMLError as found:
        mark = found.problem_mark or found.context_mark
        place = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file)
        raise error(f"not readable as YAML: {found.problem or found.context}", place) from None
    except yaml.YAMLError as found:
        raise error(f"not readable as YAML: {str(found).splitlines()[0]}", Location(file)) from None
    if reader.problems and (noted is None or any(each.code not in OF_ONE_VALUE for each in reader.problems)):
        raise error(reader.problems)
    if noted is not None:
        noted += reader.problems
    return root


def _text(content: str | bytes, file: str, error: type[CareplanError]) -> str:
    if len(content) > LARGEST:
        raise error(Problem("the file is larger than 1 MiB", Location(file), "too_large"))
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    except UnicodeDecodeError as found:
        line = found.object[: found.start].count(b"\n") + 1
        raise error(Problem("this is not UTF-8 text", Location(file, line, 1), "not_text")) from None
    if not text.strip():
        raise error(Problem("the file is empty", Location(file), "empty"))
    return text


_ONLY_JSON = re.compile(
    r"\\\\|(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|[\x7f-\x9f\u2028\u2029\ufffe\uffff])"
)
"""What stands in a text of JSON and YAML does not read so: a character escaped in two halves, and some that YAML takes
for line breaks or refuses. Or an escaped backslash, after which no escape can begin."""


def _events(text: str) -> Iterator[Any]:
    """The events of a text. Where JSON writes what YAML does not read, letters stand in for it while libyaml looks for
    places, and JSON's own reader says what the text is."""
    readable = _with_stand_ins(text)
    for event in yaml.parse(readable, Loader=yaml.CLoader):
        if readable is not text and isinstance(event, yaml.ScalarEvent):
            at: Any = event
            written = text[at.start_mark.index : at.end_mark.index]
            if _only_json(written):
                event.value = json.loads(written)
        yield event


def _only_json(text: str) -> bool:
    return any(found[1] for found in _ONLY_JSON.finditer(text))


def _with_stand_ins(text: str) -> str:
    if not _only_json(text):
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return _ONLY_JSON.sub(lambda found: "A" * len(found[1]) if found[1] else found[0], text)


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.problems: list[Problem] = []

    def report(self, event: Any, message: str, code: str) -> None:
        self.problems.append(Problem(message, self.place(event), code))

    def place(self, event: Any) -> Location:
        return Location(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def document(self, events: Iterator[Any]) -> Node:
        root = Node(None, Location(self.file, 1, 1))
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.report(event, "one file holds one document; a second one starts here", "documents")
                    return root
                root = self.node(next(events), events, 1)
        return root

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            self.report(event, f"*{event.anchor}: aliases are not read; write the value out", "alias")
            return Node(None, self.place(event))
        if event.anchor:
            self.report(event, f"&{event.anchor}: anchors are not read; write the value out where it is used", "anchor")
        if event.tag and event.tag != "!":
            self.report(event, f"{event.tag}: tags are not read; write the plain value", "tag")
        if isinstance(event, yaml.ScalarEvent):
            at: Any = event
            written = self.text[at.start_mark.index : at.end_mark.index]
            return Node(self.scalar(event), self.place(event), written=written)
        if depth > DEEPEST:
            self.report(event, f"nested more than {DEEPEST} levels deep", "too_deep")
            _skip(events)
            return Node(None, self.place(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(event, events, depth)
        return self.mapping(event, events, depth)

    def sequence(self, start: Any, events: Iterator[Any], depth: int) -> Node:
        items = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.node(event, events, depth + 1))
        return Node(tuple(items), self.place(start))

    def mapping(self, start: Any, events: Iterator[Any], depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Location] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.node(event, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            name = normalize("NFC", event.value) if isinstance(event, yaml.ScalarEvent) else None
            if name is None:
                self.report(event, "a key must be a word", "key")
            elif name in values:
                self.report(event, f"{name!r} stands twice; it stands at line {keys[name].line} already", "duplicate")
            else:
                values[name], keys[name] = value, key.location
        return Node(values, self.place(start), keys)

    def scalar(self, event: Any) -> Any:
        text = event.value
        if not event.implicit[0]:
            return normalize("NFC", text)
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INTEGER.fullmatch(text):
            return self.number(event, int(text) if len(text) < LONGEST_INTEGER else 2**54)
        if _DECIMAL.fullmatch(text):
            return self.number(event, float(text))
        if _NOT_NUMBERS.fullmatch(text):
            self.report(event, f"{text} is not a number that can be used", "not_finite")
            return None
        return normalize("NFC", text)

    def number(self, event: Any, value: float) -> float | None:
        if abs(value) > 2**53:
            self.report(event, f"the number {event.value[:40]} is beyond 2^53", "out_of_range")
            return None
        return value


def _skip(events: Iterator[Any]) -> None:
    """Pass over the rest of a collection whose start was read."""
    depth = 1
    for event in events:
        if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            depth += 1
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            depth -= 1
            if not depth:
                return
