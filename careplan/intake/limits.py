"""What an intake file may hold at most: texts and lists that a document can show, and no control characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from careplan.errors import IntakeError, Problem
from careplan.fields import Fields
from careplan.located import Node

LONGEST_TEXT = 2_000
"""Characters a text may have."""
LONGEST_LINE = 200
"""Characters a name, a word or another text of one line may have."""
LONGEST_LIST = 200
"""Entries a list or a mapping may have."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ufffe\uffff]")
"""Control characters but tab and newline, the two that turn the direction of what follows, and non-characters."""


def refuse_excess(root: Node, noted: Iterable[Problem], entries: int = LONGEST_LIST) -> None:
    """Raise IntakeError with every text and list that is too long, every text with a control character, and what was
    ``noted`` before.
    """
    problems = list(_excess(root, entries))
    if problems:
        raise IntakeError(sorted([*noted, *problems], key=lambda each: each.location or root.location))


def refuse_more(fields: Fields, key: str, most: int) -> None:
    """Note a list that has more entries than can be counted."""
    node = fields.get(key)
    if node is not None and isinstance(node.value, tuple) and len(node.value) > most:
        fields.report(f"{len(node.value)} entries in {key!r}; at most {most} are read", node.location, "too_many")


def _excess(root: Node, entries: int) -> Iterator[Problem]:
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node.value, str):
            yield from _text(node)
        if not isinstance(node.value, tuple | dict):
            continue
        if len(node.value) > entries:
            message = f"{len(node.value):,} entries; at most {entries} are read"
            yield Problem(message, node.location, "too_many")
            continue
        if isinstance(node.value, tuple):
            pending += node.value
            continue
        pending += node.value.values()
        for key, place in node.keys.items():
            yield from _text(Node(key, place), LONGEST_LINE)


def _text(node: Node, longest: int = LONGEST_TEXT) -> Iterator[Problem]:
    text: str = node.value
    if len(text) > longest:
        yield Problem(f"a text of {len(text):,} characters; at most {longest:,} are read", node.location, "too_long")
    elif found := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        message = f"the control character U+{ord(found[0]):04X} stands in this text; remove it"
        yield Problem(message, node.locate(line, column), "control_character")
