"""Counting words, sentences and the grade a text asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.rules.readability import reading_grade, sentences, words


def test_a_text_is_cut_at_full_stops_and_question_marks() -> None:
    assert sentences("Get up at 7.30.  Why?\nIt helps: always; even late.") == (
        "Get up at 7.30.",
        "Why?",
        "It helps: always; even late.",
    )


def test_a_placeholder_and_a_joined_word_are_one_word_each() -> None:
    assert words("St John's wort (CBT-I) at {isi.total} %, 15:00.") == (
        "St", "John's", "wort", "CBT-I", "at", "{isi.total}", "15:00",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("", 0.0),
        ("The cat sat on the mat.", 0.39 * 6 + 11.8 * 1 - 15.59),
        ("Please take a little more time. We wait.", 0.39 * 4 + 11.8 * 9 / 8 - 15.59),
        ("Rheumatology.", 0.39 + 11.8 * 5 - 15.59),
    ],
)
def test_the_grade_is_flesch_and_kincaid_s(text: str, grade: float) -> None:
    assert reading_grade(text) == pytest.approx(grade)


@given(st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=8), min_size=1, max_size=20))
def test_cutting_a_sentence_in_two_never_makes_it_harder(text: list[str]) -> None:
    whole, cut = " ".join(text) + ".", ". ".join(text) + "."
    assert reading_grade(cut) <= reading_grade(whole)
