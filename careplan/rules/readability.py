"""How easy a text is to read: its sentences, their words, and the school grade they ask for."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"\{[^}]*\}|[^\W_]+(?:['\u2019.:-][^\W_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_E = re.compile(r"(?<![aeiouyl])e$|(?<=[aeiouy])le$|(?<![aeiouydt])ed$")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; a colon or semicolon ends none."""
    return tuple(each for each in _SENTENCE_END.split(" ".join(text.split())) if each)


def words(text: str) -> tuple[str, ...]:
    """The words of a text; a number counts as one, and so does ``{isi.total}``, which becomes one."""
    return tuple(_WORD.findall(text))


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text: the years of school it asks for, estimated.

    0.39 * words a sentence + 11.8 * syllables a word - 15.59 (Kincaid 1975); 0 for a text without words.
    """
    found = words(text)
    if not found:
        return 0.0
    syllables = sum(_syllables(each) for each in found)
    return 0.39 * len(found) / len(sentences(text)) + 11.8 * syllables / len(found) - 15.59


def _syllables(word: str) -> int:
    """Groups of vowels, a silent ending left out; a digit is one syllable."""
    spoken = _SILENT_E.sub("", word.lower())
    digits = sum(each.isdigit() for each in word)
    return max(1, len(_VOWELS.findall(spoken)) + digits)
