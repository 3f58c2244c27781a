"""Words that patients should not have to know, and what to say instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import define

from careplan.errors import Problem, RulesetError
from careplan.fields import Fields
from careplan.located import read
from careplan.rules.checks.readability import PLACEHOLDER


@define(frozen=True, slots=False)
class Jargon:
    """Words of one meaning, what to say instead of them, and the id of the source that says so.

    ``taper*`` stands for every word that begins so; a word of several parts is one with any space between them.
    """

    words: tuple[str, ...]
    say: str
    source: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds any of the words."""
        found = (_pattern(each) for each in self.words)
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(found)})(?![^\W_])", re.IGNORECASE)


def _pattern(word: str) -> str:
    parts = r"\s+".join(map(re.escape, word.rstrip("*").split()))
    return parts + r"[^\W_]*" if word.endswith("*") else parts


def jargon_in(text: str, entries: Iterable[Jargon]) -> Iterator[tuple[int, str, Jargon]]:
    """Each word of jargon in a text, with the offset at which it stands; ``{isi.total}`` is none."""
    said = PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)
    for entry in entries:
        for found in entry.pattern.finditer(said):
            yield found.start(), found[0], entry


def read_jargon(file: Traversable | Path) -> tuple[Jargon, ...]:
    """The entries in a file, in its order; raises RulesetError with every problem in it."""
    problems: list[Problem] = []
    top = Fields(read(file.read_bytes(), str(file), RulesetError), problems, "the list of jargon")
    sources = tuple(_sources(top))
    entries: list[Jargon] = []
    known: set[str] = set()
    for fields in top.mappings("jargon", "an entry", required=True):
        entry = Jargon(fields.words("words"), fields.text("say", required=True) or "", fields.choice("source", sources))
        if not entry.words:
            fields.report("an entry needs 'words'", code="missing")
        for word in entry.words:
            if word in known:
                fields.report(f"{word!r} stands in another entry already", fields.place("words"), "duplicate")
        known |= set(entry.words)
        fields.close()
        entries.append(entry)
    top.close()
    if problems:
        raise RulesetError(problems)
    return tuple(entries)


def _sources(top: Fields) -> Iterator[str]:
    for fields in top.mappings("sources", "a source", required=True):
        yield fields.text("id", required=True) or ""
        fields.text("cite", required=True)
        fields.text("url")
        fields.close()


@cache
def jargon() -> tuple[Jargon, ...]:
    """The entries that ship with careplan."""
    return read_jargon(files("careplan.rules.checks") / "jargon.yaml")
