"""How easy a text is to read: its sentences, their words, and the school grade they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyphen import Pyphen

MOST_WORDS = 20
"""Words that a sentence for patients has at most."""
GOAL, LIMIT = 6, 8
"""The reading grade that a text for patients should have, and the one that none may exceed."""
FEWEST_WORDS = 15
"""Words below which a grade says nothing: the formula was fitted to passages of a hundred words and more, and in a
sentence of five one word of four syllables is worth six grades."""

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
"""``{isi.total}``: what stands there is a number."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(PLACEHOLDER.pattern + r"|[^\W_]+(?:['\u2019.:-][^\W_]+)*")
_PIECE = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?|\d")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?<![aeiouyl])e$|(?<=[aeiouy])le$|(?<![aeiouydt])ed$"  # take, while, used; not: table, need, added
    r"|(?<![aeiouylszxcgh])es$"  # takes; not: tables, doses, reaches
    r"|(?<![aeioul])e(?=(?:ly|ment|ments|ness|ful|less|ty)$)"  # safely, movement
    r"|(?<=^som)e|(?<=^bas)e(?=l)|(?<=guid)e(?=l)|(?<=^wid)e(?=s)"  # something, baseline, guideline, widespread
    r"|(?<=^lif)e|(?<=^hom)e|(?<=^hous)e(?=[hw])"  # lifelong, homework, housework
    r"|(?<=^ev)e(?=ry|ning)"  # every, evening
)
_APART = re.compile(
    r"(?<![cgst])i(?=[aou])"  # audi-o, medi-ation; not: special, nation
    r"|(?<=[aeiouy][^aeiouy])e(?=as?$)"  # are-a, ide-a
    r"|(?<!q)u(?=al)"  # usu-al
    r"|(?:s|th)m$"  # spasm, rhythm: no vowel is written
)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; a colon or semicolon ends none."""
    return tuple(each for _, each in placed_sentences(text))


def placed_sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence of a text with the offset at which it begins, its white space made single spaces."""
    start = len(text) - len(text.lstrip())
    ends = [found.span() for found in _SENTENCE_END.finditer(text, start)]
    for end, following in (*ends, (len(text), len(text))):
        if said := " ".join(text[start:end].split()):
            yield start, said
        start = following


def words(text: str) -> tuple[str, ...]:
    """The words of a text; a number counts as one, and so does ``{isi.total}``, which becomes one."""
    return tuple(_WORD.findall(text))


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text: the years of school it asks for, estimated.

    0.39 * words a sentence + 11.8 * syllables a word - 15.59 (Kincaid 1975); 0 for a text without words. Below
    FEWEST_WORDS it is no measure of anything.
    """
    found = words(text)
    if not found:
        return 0.0
    spoken = sum(syllables(each) for each in found)
    return 0.39 * len(found) / len(sentences(text)) + 11.8 * spoken / len(found) - 15.59


def syllables(word: str) -> int:
    """How many syllables an English word has, estimated; ``{isi.total}`` has those of a number of two digits.

    Two measures see different ones, and neither sees more than there are save by accident, so the greater is taken. A
    hyphenation dictionary knows where vowels part (tri-al, be-ing) and leaves out breaks that would look bad (a-ble);
    groups of vowels are the rest, less silent ``e`` and plus the commonest vowels that part. A digit is one syllable,
    and so is each letter of GP.
    """
    if word.startswith("{"):
        return 2
    return max(1, sum(_spoken(each) for each in _PIECE.findall(word)))


@cache
def _spoken(piece: str) -> int:
    """The syllables of letters without a hyphen among them, or of a digit."""
    lower = piece.lower()
    if piece.isdigit():
        return 1
    if not _VOWELS.search(lower):
        return len(piece)
    hyphenated = len(_hyphenation().positions(lower)) + 1
    return max(hyphenated, len(_VOWELS.findall(_SILENT.sub("", lower))) + len(_APART.findall(lower)))


@cache
def _hyphenation() -> Pyphen:
    """The dictionary of American English: the British one breaks by the origin of words and knows fewer breaks."""
    from pyphen import Pyphen

    return Pyphen(lang="en_US")
