"""Files with a service's own licensed wording → what the items of an instrument say, checked against its definition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import field, frozen

from careplan.errors import InstrumentError, Location, Problem, nearest
from careplan.fields import LANGUAGE, Fields
from careplan.instruments.model import Instrument, Item
from careplan.instruments.words import answer_words, answers_to_choose
from careplan.located import Node, read

SUFFIXES = (".yaml", ".yml", ".json")

_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202d\u202e\ufffe\uffff]")
"""Control characters that are no white space, the two that turn the direction of what follows, and non-characters."""


@frozen
class Wording:
    """The words in which an instrument is asked: its stem, its items, and its answers by item.

    An answer goes by what an intake file writes for it: ``0``, ``true``, ``6a``. ``origin`` is the file that the words
    stand in; None is the instrument's own definition, which says no ``language`` either.
    """

    instrument: str
    items: Mapping[str, str]
    licence: str
    language: str | None = None
    origin: str | None = None
    stem: str | None = None
    answers: Mapping[str, Mapping[str, str]] = field(factory=dict)


def definition_wording(instrument: Instrument) -> Wording | None:
    """The wording that stands in an instrument's definition, which is free; None where there is none."""
    items = {each.id: each.text for each in instrument.items if each.text}
    if not items:
        return None
    answers = {each.id: answer_words(each) for each in instrument.items if each.options}
    return Wording(instrument.id, items, instrument.licence.note, stem=instrument.stem, answers=answers)


def read_wordings(folders: Iterable[Path], instruments: Mapping[str, Instrument]) -> tuple[Wording, ...]:
    """The wording in every file of the folders, in their order and then that of the files' names.

    Raises InstrumentError with every problem in every file, and for two wordings of one instrument in one language.
    """
    found: dict[tuple[str, str | None], Wording] = {}
    problems: list[Problem] = []
    for file in _files(folders, problems):
        try:
            wording = read_wording(file, instruments)
        except InstrumentError as error:
            problems += error.problems
            continue
        first = found.setdefault((wording.instrument, wording.language), wording)
        if first is not wording:
            message = f"the wording of {wording.instrument} in {wording.language!r} stands in {first.origin} already"
            problems.append(Problem(message, Location(str(file)), "duplicate"))
    if problems:
        raise InstrumentError(problems)
    return tuple(found.values())


def _files(folders: Iterable[Path], problems: list[Problem]) -> Iterator[Path]:
    for folder in folders:
        try:
            inside = sorted(folder.iterdir())
        except OSError as error:
            message = f"this folder of wording cannot be read: {error.strerror}"
            problems.append(Problem(message, Location(str(folder)), "unreadable"))
            continue
        yield from (each for each in inside if each.suffix in SUFFIXES and each.is_file())


def read_wording(file: Traversable | Path, instruments: Mapping[str, Instrument]) -> Wording:
    """The wording in a file; raises InstrumentError with every problem in it.

    Every item of the instrument has its words, and nothing else has; words for answers may be left out.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        message = f"it cannot be read: {error.strerror}"
        raise InstrumentError(Problem(message, Location(str(file)), "unreadable")) from error
    root = read(content, str(file), InstrumentError)
    if not isinstance(root.value, dict):
        raise InstrumentError("a wording is a mapping with instrument, licence, language and items", root.location)
    fields = Fields(root, [], "a wording")
    name = fields.text("instrument", required=True)
    if name is not None and name not in instruments:
        message = f"there is no instrument {name!r}{nearest(name, instruments)}"
        fields.report(message, fields.place("instrument"), "unknown_instrument")
    if fields.problems:
        raise InstrumentError(fields.problems)
    wording = _Reader(fields, instruments[str(name)]).wording(str(file))
    fields.close()
    if fields.problems:
        found = dict.fromkeys(fields.problems)  # the answers of all items are read for each of them
        raise InstrumentError(sorted(found, key=lambda each: each.location or root.location))
    return wording


@frozen
class _Reader:
    fields: Fields
    instrument: Instrument

    def wording(self, origin: str) -> Wording:
        fields = self.fields
        given = fields.get("items", required=True)
        nodes = fields.mapping("items", "items").node
        for key, place in nodes.keys.items():
            if key not in self.instrument.item:
                known = self.instrument.item
                hint = nearest(key, known) or f"; its items are {', '.join(known)}"
                message = f"{self.instrument.id} has no item {key!r}{hint}"
                fields.report(message, place, "unknown_item")
        shared = fields.mapping("each_item", "each_item")
        answers_of_all = shared.get("answers")
        shared.close()
        items: dict[str, str] = {}
        answers: dict[str, Mapping[str, str]] = {}
        for item in self.instrument.items if nodes is given else ():
            node = nodes.value.get(item.id)
            if node is None or node.value is None:
                message = f"the wording of item {item.id} ({item.label}) is missing"
                fields.report(message, nodes.location, "missing")
                continue
            own = Fields(node, fields.problems, f"the wording of {item.id}") if isinstance(node.value, dict) else None
            items[item.id] = self.words(node if own is None else own.get("text", required=True)) or ""
            chosen = own.get("answers") if own else None
            if own:
                own.close()
            if chosen is None and answers_to_choose(item):
                chosen = answers_of_all
            if chosen is not None:
                answers[item.id] = self.answers(item, chosen)
        return Wording(
            instrument=self.instrument.id,
            items=items,
            licence=self.words(fields.get("licence", required=True)) or "",
            language=self.language(),
            origin=origin,
            stem=self.words(fields.get("stem")),
            answers=answers,
        )

    def answers(self, item: Item, node: Node) -> dict[str, str]:
        """The words for the answers to an item, which are among those it has."""
        if not isinstance(node.value, dict):
            self.fields.report("'answers' should be a mapping from answers to their words", node.location, "type")
            return {}
        known = answers_to_choose(item)
        for key, place in node.keys.items():
            if key not in known:
                allowed = f"it has {', '.join(known)}" if known else "its answers are numbers and have no words"
                message = f"{self.instrument.id} {item.id} has no answer {key!r}; {allowed}"
                self.fields.report(message, place, "unknown_answer")
        return {key: self.words(each) or "" for key, each in node.value.items()}

    def words(self, node: Node | None) -> str | None:
        """The text of a node on one line; a blank one is a problem."""
        if node is None:
            return None
        if not isinstance(node.value, str):
            self.fields.report(f"this should be text, not {node.shown}; use quotation marks", node.location, "type")
            return None
        text = " ".join(node.value.split())
        if not text:
            self.fields.report("this text is blank", node.location, "missing")
        if found := _UNPRINTABLE.search(text):
            message = f"the control character U+{ord(found[0]):04X} stands in this text; remove it"
            self.fields.report(message, node.location, "control_character")
        return text or None

    def language(self) -> str | None:
        found = self.fields.text("language", required=True)
        if found is not None and not LANGUAGE.fullmatch(found):
            message = f"'language' should be a code such as en, cy or pt-BR, not {found!r}"
            self.fields.report(message, self.fields.place("language"), "unknown_word")
        return found
