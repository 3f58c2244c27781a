"""What changed between two texts, word by word, and which members of two rows answer to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, TypeVar

AROUND = 6
"""Words that are shown on either side of a change."""

Member = TypeVar("Member")


def word_diff(old: str, new: str) -> str:
    """Both texts in one, as ``git diff --word-diff`` writes it: ``rise at [-seven-]{+eight+} every day``.

    Of a longer stretch that is the same, the words around the changes are shown and ``…`` stands for the rest.
    """
    before, after = old.split(), new.split()
    if before == after:
        return "only the spaces between the words changed"
    shown: list[str] = []
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (tag, start, end, first, last) in enumerate(opcodes):
        if tag == "equal":
            shown.append(_excerpt(before[start:end], begins=number == 0, ends=number == len(opcodes) - 1))
        else:
            gone, come = " ".join(before[start:end]), " ".join(after[first:last])
            shown.append((f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else ""))
    return " ".join(shown)


def _excerpt(words: Sequence[str], *, begins: bool, ends: bool) -> str:
    """The words of a stretch that stand beside a change."""
    head = [] if begins else words[:AROUND]
    tail = [] if ends else words[-AROUND:]
    if len(words) <= len(head) + len(tail) + 1:
        return " ".join(words)
    return " ".join([*head, "…", *tail])


def aligned(
    old: Sequence[Member], new: Sequence[Member], whole: Callable[[Member], Any], outline: Callable[[Member], Any]
) -> Iterator[tuple[int | None, int | None]]:
    """Which old member became which new one, by their places; None where it was added or removed.

    Members that are ``whole`` alike answer to each other first, then those alike in ``outline``, then those that stand
    in the same place of what is left between.
    """
    for tag, start, end, first, last in _opcodes(old, new, whole):
        if tag == "equal":
            yield from zip(range(start, end), range(first, last), strict=True)
            continue
        for inner, low, high, left, right in _opcodes(old[start:end], new[first:last], lambda each: str(outline(each))):
            gone, come = list(range(start + low, start + high)), list(range(first + left, first + right))
            yield from zip(gone, come, strict=False)
            assert inner != "equal" or len(gone) == len(come)
            yield from ((each, None) for each in gone[len(come) :])
            yield from ((None, each) for each in come[len(gone) :])


def _opcodes(
    old: Sequence[Member], new: Sequence[Member], key: Callable[[Member], Any]
) -> list[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, [key(each) for each in old], [key(each) for each in new], autojunk=False)
    return list(matcher.get_opcodes())
