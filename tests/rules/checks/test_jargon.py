"""The list of words that patients should not have to know."""

from __future__ import annotations

from pathlib import Path

import pytest

from careplan.errors import RulesetError
from careplan.rules.checks.jargon import Jargon, jargon, jargon_in, read_jargon
from careplan.rules.checks.readability import LIMIT, MOST_WORDS, reading_grade, words

ENTRIES = (Jargon(("taper*",), "lower in small steps", "ours"), Jargon(("isi", "risk factor"), "say what", "ours"))


def found(text: str) -> list[tuple[int, str]]:
    return [(offset, word) for offset, word, _ in jargon_in(text, ENTRIES)]


def test_a_word_is_found_whatever_its_capitals_and_where_it_stands() -> None:
    assert found("Your ISI, or isi?") == [(5, "ISI"), (13, "isi")]


def test_a_beginning_finds_every_word_that_begins_so() -> None:
    assert found("Tapering a taper") == [(0, "Tapering"), (11, "taper")]


def test_a_part_of_another_word_is_no_jargon() -> None:
    assert found("This is a visit. Wallpaper is no tap.") == []


def test_words_that_belong_together_are_found_across_lines() -> None:
    assert found("A risk\n  factor") == [(2, "risk\n  factor")]


def test_a_placeholder_is_no_jargon() -> None:
    assert found("You scored {isi.total}.") == []


@pytest.mark.parametrize("entry", jargon(), ids=lambda entry: entry.words[0])
def test_what_to_say_instead_is_plain(entry: Jargon) -> None:
    assert [word for _, word, _ in jargon_in(entry.say, jargon()) if word != "drugs"] == []
    assert len(words(entry.say)) <= MOST_WORDS
    assert len(words(entry.say)) < 5 or reading_grade(entry.say) <= LIMIT


def test_every_fault_of_a_list_is_reported_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "jargon.yaml"
    file.write_text(
        "sources: [{id: ours, cite: Ours}]\n"
        "jargon:\n"
        "  - {words: [taper], say: lower, source: ours}\n"
        "  - {words: [taper], source: our}\n"
        "  - {say: lower, source: ours, more: 1}\n",
        encoding="utf-8",
    )
    with pytest.raises(RulesetError) as raised:
        read_jargon(file)
    assert [str(each) for each in raised.value.problems] == [
        f"{file}:4:5: an entry needs 'say'",
        f"{file}:4:30: 'source' should be one of ours; did you mean 'ours'?",
        f"{file}:4:13: 'taper' stands in another entry already",
        f"{file}:5:5: an entry needs 'words'",
        f"{file}:5:32: an entry has no 'more'; did you mean 'source'?",
    ]
