"""A blank intake: each section and each item of the chosen questionnaires, with what may be written and no answer."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping

import attrs

from careplan.assessment import Person
from careplan.cql import Fact, Operation
from careplan.instruments import Instrument
from careplan.instruments.wording import Wording, definition_wording
from careplan.instruments.words import allowed, answer_words, may_be_open, meanings, measured
from careplan.intake import comments as told
from careplan.intake.lists import OTHER
from careplan.intake.measures import PREFIX
from careplan.vocabulary.model import FactDefinition, Listed, Vocabulary

CORE = "instruments.missing_core"
"""The fact that counts the core domains without a score."""
WIDTH = 110
INDENT = "  "

_PLAIN_KEY = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z_][a-z0-9_]*", re.IGNORECASE)
"""A key that every reader of YAML takes for text."""

_HELD = "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"

Line = tuple[str, str]
"""A line of YAML and the comment beside it."""


def core_instruments(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The instruments of the core set: of each core domain, the first that the vocabulary counts for it."""
    rule = vocabulary[CORE].derive
    assert rule is not None
    found: dict[str, None] = {}
    for node in rule.tree.walk():
        if isinstance(node, Operation) and node.operator == "if":
            counted = next(each.name for each in node.operands[0].walk() if isinstance(each, Fact))
            found[counted.partition(".")[0]] = None
    return tuple(found)


def blank_intake(
    instruments: Iterable[Instrument], vocabulary: Vocabulary, wordings: Mapping[str, Wording] | None = None
) -> str:
    """An intake file in YAML with everything null but its format.

    It asks the instruments in their order: each in its wording among ``wordings``, by instrument; else in that of its
    definition, where it is free; else by the labels of its items.
    """
    chosen = wordings or {}
    sections = [
        [told.BEGINNING.rstrip("\n"), *_aligned(told.CASE.items())],
        ["person:", *_aligned(_person(vocabulary), 1)],
        [f"# {told.ANSWERS}", "answers:", *_questionnaires(instruments, chosen)],
        _aligned([("scores", told.SCORES)]),
        [f"# {told.MEASURES}", "measures:", *_measures(vocabulary)],
        *(_checklist(name, comment, vocabulary) for name, comment in told.LISTS.items()),
        _aligned((key, _of(vocabulary.measures[key])) for key in ("nociplastic", "work")),
        _medicines(vocabulary),
        _aligned(told.WISHES.items()),
        *(_entries(name, comment, fields) for name, (comment, fields) in told.entries().items()),
        _aligned([("previous", told.PREVIOUS)]),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _aligned(lines: Iterable[Line], depth: int = 0, value: str = " null", mark: str = "") -> list[str]:
    """Keys with nothing answered, their comments in one column; each stands behind ``mark``, indented."""
    written = [(f"{mark}{INDENT * depth}{_key(key)}:{value}", comment) for key, comment in lines]
    width = max((len(line) for line, _ in written), default=0)
    return [f"{line:<{width}}  # {_one_line(comment)}" for line, comment in written]


def _key(name: str) -> str:
    return name if _PLAIN_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _prose(text: str, depth: int) -> list[str]:
    """A text as comments, over as many lines as it needs; no line breaks beside an equals sign."""
    begin = f"{INDENT * depth}# "
    held = _one_line(text).replace(" = ", _HELD)
    lines = textwrap.wrap(held, WIDTH, initial_indent=begin, subsequent_indent=begin, break_on_hyphens=False)
    return [line.replace(_HELD, " = ") for line in lines]


def _one_line(text: str) -> str:
    """The text without what would end a comment."""
    return " ".join(text.split())


def _of(definition: FactDefinition) -> str:
    return f"{definition.meaning}: {definition.allowed}"


def _person(vocabulary: Vocabulary) -> Iterator[Line]:
    for each in attrs.fields(Person):
        yield each.name, told.PERSON.get(each.name) or _of(vocabulary.measures[f"person.{each.name}"])


def _questionnaires(instruments: Iterable[Instrument], wordings: Mapping[str, Wording]) -> Iterator[str]:
    for number, each in enumerate(instruments):
        if number:
            yield ""
        yield from _questionnaire(each, wordings.get(each.id) or definition_wording(each))


def _questionnaire(instrument: Instrument, wording: Wording | None) -> Iterator[str]:
    """An instrument as a map of items, each asked in its words; meanings that all answers share stand above it."""
    yield from _prose(f"{instrument.title} ({instrument.version}), {instrument.recall_period}.", 1)
    yield from _prose(_whose(instrument, wording), 1)
    if wording and wording.stem:
        yield from _prose(wording.stem, 1)
    answers = [_meanings(instrument, wording, each.id) for each in instrument.items]
    shared = len(set(answers)) == 1
    if shared and answers[0]:
        yield from _prose(answers[0], 1)
    for name, derive in instrument.derive.items():
        yield from _prose(f"{measured(derive, name)}, unless answered here", 1)
    yield f"{INDENT}{_key(instrument.id)}:"
    asked = []
    for item in instrument.items:
        words = wording.items[item.id] if wording and item.id in wording.items else item.label
        answer = "; ".join(filter(None, (allowed(item), may_be_open(item))))
        asked.append((item.id, f"{words} ({answer})"))
    for line, meaning in zip(_aligned(asked, 2), answers, strict=True):
        yield line
        if meaning and not shared:
            yield from _prose(meaning, 3)


def _whose(instrument: Instrument, wording: Wording | None) -> str:
    """Whose words the items stand in."""
    if wording is None:
        return f"Labels, not the wording: {instrument.licence.note}"
    if wording.origin is None:
        return f"Free wording: {wording.licence}"
    return f"Wording ({wording.language}) from {wording.origin}: {wording.licence}"


def _meanings(instrument: Instrument, wording: Wording | None, item: str) -> str:
    """What the answers to an item mean, in the wording or else as the definition has it."""
    worded = wording.answers.get(item) if wording else None
    return meanings(worded or answer_words(instrument.item[item]))


def _measures(vocabulary: Vocabulary) -> list[str]:
    paths = {path.removeprefix(PREFIX): each for path, each in vocabulary.measures.items() if path.startswith(PREFIX)}
    comments = {path: _of(each) for path, each in paths.items()}
    return _nested({"creatinine": told.CREATININE, **comments}, 1)


def _nested(comments: Mapping[str, str], depth: int) -> list[str]:
    """The mapping of paths such as ``sleep_diary.slept_hours``, what holds others after what does not."""
    inside: dict[str, dict[str, str]] = {}
    for path, comment in comments.items():
        first, dot, rest = path.partition(".")
        if dot:
            inside.setdefault(first, {})[rest] = comment
    single = [(path, comment) for path, comment in comments.items() if "." not in path and path not in inside]
    lines = _aligned(single, depth)
    for name, deeper in inside.items():
        lines += [f"{INDENT * depth}{_key(name)}:", *_nested(deeper, depth + 1)]
    return lines


def _checklist(name: Listed, comment: str, vocabulary: Vocabulary) -> list[str]:
    """A list of yes/no questions with its ids, by group where it has several."""
    known = vocabulary.lists[name]
    groups: dict[str, list[tuple[str, FactDefinition]]] = {}
    for word, definition in known.items():
        groups.setdefault(definition.group, []).append((word, definition))
    told_of = dict(told.CHECKLIST)
    if name == "findings":
        told_of["reviewed"] = told.GROUPS_REVIEWED
    if OTHER not in known:
        del told_of["other_text"]
    width = max(map(len, known))
    lines = [f"# {comment}", f"{name}:", *_aligned(told_of.items(), 1)]
    for group, words in groups.items():
        lines.append(f"{INDENT}# Ids{f' of the group {group}' if len(groups) > 1 else ''}:")
        lines += [f"{INDENT}#   {word:<{width}}  {_one_line(definition.meaning)}" for word, definition in words]
    return lines


def _medicines(vocabulary: Vocabulary) -> list[str]:
    reviewed = "medications_reviewed"
    classes = []
    for key, comment in told.CLASSES.items():
        known = (path.removeprefix(f"{key}.") for path in vocabulary.measures if path.startswith(f"{key}."))
        classes.append((key, f"{comment} {', '.join(known)}"))
    return [
        *_aligned([(reviewed, _of(vocabulary.measures[reviewed]))]),
        *_entries("medications", told.MEDICATIONS, told.MEDICATION),
        *_aligned(classes),
    ]


def _entries(name: str, comment: str, fields: Mapping[str, str]) -> list[str]:
    """A list that was not asked, and one entry of it to copy."""
    first, *others = _aligned(fields.items(), 2, value="", mark="#")
    return [*_aligned([(name, comment)]), first.replace(f"#{INDENT * 2}", f"#{INDENT}- ", 1), *others]
