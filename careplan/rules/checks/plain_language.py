"""Whether a ruleset speaks to patients in plain words: short sentences, a low reading grade, no jargon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from careplan.located import Node
from careplan.rules.checks.finding import Finding, RulesetFile
from careplan.rules.checks.jargon import jargon, jargon_in
from careplan.rules.checks.readability import (
    FEWEST_WORDS,
    GOAL,
    LIMIT,
    MOST_WORDS,
    placed_sentences,
    reading_grade,
    syllables,
    words,
)
from careplan.rules.ruleset import Rule

HARD = 3
"""Syllables from which a word is named as a hard one."""
NAMED = 4
"""Hard words that a finding names at most."""


@frozen
class PatientText:
    """A text that a patient may read: whose it is, and where it stands."""

    where: str
    node: Node

    @property
    def text(self) -> str:
        """What it says."""
        text: str = self.node.value
        return text


def plain_language(file: RulesetFile) -> Iterator[Finding]:
    """What in the texts for patients is long, hard or jargon."""
    for rule, node in file.rules:
        if rule.audience == "both":
            title, texts, adapts = (
                PatientText(f"{rule.id} title", node.value["title"]),
                _texts(rule, node),
                _adapts(node),
            )
            for each in (title, *texts, *adapts):
                yield from _sentences(each)
                yield from _jargon(each)
            for passage in passages(texts):
                yield from _grade(passage)
            for each in adapts:
                if len(words(each.text)) >= FEWEST_WORDS:
                    yield from _grade((each,))


def passages(texts: Iterable[PatientText]) -> list[tuple[PatientText, ...]]:
    """Texts that stand one after another, taken together until each passage is long enough to be graded.

    Every text is in one passage. What is too short at the end belongs to the passage before it; there is none when all
    of it is too short, for then a grade would say nothing.
    """
    found: list[tuple[PatientText, ...]] = []
    waiting: tuple[PatientText, ...] = ()
    for each in texts:
        waiting = (*waiting, each)
        if sum(len(words(text.text)) for text in waiting) >= FEWEST_WORDS:
            found.append(waiting)
            waiting = ()
    if found and waiting:
        found[-1] += waiting
    return found


def _texts(rule: Rule, node: Node) -> list[PatientText]:
    """What stands in the plan of a patient for whom the rule fires, in its order."""
    fields = node.value
    parts = zip(rule.parts, fields["parts"].value, strict=True) if rule.parts else ()
    return [
        PatientText(f"{rule.id} patient", fields["patient"]),
        *(PatientText(f"{rule.id} part", at.value["text"]) for part, at in parts if part.edition != "clinician"),
        PatientText(f"{rule.id} because", fields["because"]),
    ]


def _adapts(node: Node) -> list[PatientText]:
    """What the rule prints beside recommendations of others, each by itself."""
    effects = node.value.get("effects")
    adapts = effects.value.get("adapts") if effects and effects.value else None
    if not adapts or not adapts.value:
        return []
    return [PatientText(f"{node.value['id'].value} adapts {tag}", each) for tag, each in adapts.value.items()]


def _sentences(text: PatientText) -> Iterator[Finding]:
    for offset, sentence in placed_sentences(text.text):
        length = len(words(sentence))
        if length > MOST_WORDS:
            beginning = " ".join(sentence.split()[:5])
            message = f"{text.where}: a sentence of {length} words, at most {MOST_WORDS}; cut {beginning!r} … in two"
            yield Finding(message, text.node.at(offset), "long_sentence")


def _jargon(text: PatientText) -> Iterator[Finding]:
    for offset, word, entry in jargon_in(text.text, jargon()):
        message = f"{text.where}: {word!r} is jargon; say instead: {entry.say}"
        yield Finding(message, text.node.at(offset), "jargon")


def _grade(passage: tuple[PatientText, ...]) -> Iterator[Finding]:
    first, *more = passage
    text = " ".join(each.text for each in passage)
    grade = round(reading_grade(text), 1)
    if grade <= GOAL:
        return
    where = " and ".join([first.where, *(each.where.partition(" ")[2] for each in more)])
    hard = [each for each in dict.fromkeys(words(text)) if syllables(each) >= HARD and not each.startswith("{")]
    hard.sort(key=syllables, reverse=True)
    named = f"; its hardest words: {', '.join(hard[:NAMED])}" if hard else ""
    above = f"above the limit of {LIMIT}" if grade > LIMIT else f"above the goal of {GOAL}"
    message = f"{where}: reading grade {grade:.1f}, {above}{named}"
    yield Finding(message, first.node.at(0), "reading_grade", "error" if grade > LIMIT else "warning")
