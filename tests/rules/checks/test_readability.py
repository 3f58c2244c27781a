"""Counting words, sentences and the grade a text asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.rules.checks.readability import placed_sentences, reading_grade, sentences, syllables, words


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


def test_a_sentence_knows_where_it_begins() -> None:
    text = " Get up at 7.30.  Why?\nIt\nhelps."
    found = list(placed_sentences(text))
    assert found == [(1, "Get up at 7.30."), (18, "Why?"), (23, "It helps.")]
    assert [text[offset] for offset, _ in found] == ["G", "W", "I"]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "a the rest walk pain sleep helps time times bones comes used asked eased through breathe"),
        (2, "able after being body daylight doses going happen movement muscle needed quiet safely trial"),
        (2, "baby's baseline guideline lifestyle something sometimes homework table rhythm spasm likely"),
        (3, "medicine together difficult clinician prescriber area reaction period usual quality everyone's"),
        (4, "activity's emergency fibromyalgia vegetables information physically paroxetine alternative"),
        (5, "physiotherapist paracetamol examination amitriptyline university electricity rheumatology"),
        (7, "anti-inflammatory"),
    ],
)
def test_syllables_are_those_of_speech(count: int, said: str) -> None:
    assert {word: syllables(word) for word in said.split()} == dict.fromkeys(said.split(), count)


@pytest.mark.parametrize(
    ("word", "count"),
    [("20", 2), ("988", 3), ("15:00", 4), ("GP", 2), ("CBT-I", 4), ("long-lasting", 3), ("{isi.total}", 2), ("%", 1)],
)
def test_numbers_letters_and_joined_words_are_counted_as_they_are_read(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "said", "spoken", "parts"),
    [
        ("The cat sat on the mat.", 6, 6, 1),
        ("Please take a little more time. We wait.", 8, 9, 2),
        ("Rheumatology.", 1, 5, 1),
        ("You slept {sleep.efficiency} % of your time in bed.", 8, 9, 1),
        (
            """Get up at the same time each day. Go outside soon after. A short walk in daylight helps your body clock.
            If you wake at night, stay calm and rest. Sleep will come back.""",
            8 + 4 + 9 + 9 + 4,
            8 + 6 + 11 + 9 + 4,
            5,
        ),
        (
            "Medicines that raise serotonin can be dangerous together. Ask your pharmacist before you add another one.",
            8 + 8,
            17 + 13,
            2,
        ),
    ],
)
def test_the_grade_is_flesch_and_kincaid_s(text: str, said: int, spoken: int, parts: int) -> None:
    assert (len(words(text)), sum(map(syllables, words(text))), len(sentences(text))) == (said, spoken, parts)
    assert reading_grade(text) == pytest.approx(0.39 * said / parts + 11.8 * spoken / said - 15.59)


def test_a_text_without_words_asks_for_no_school() -> None:
    assert reading_grade("") == 0


@given(st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=8), min_size=1, max_size=20))
def test_cutting_a_sentence_in_two_never_makes_it_harder(text: list[str]) -> None:
    whole, cut = " ".join(text) + ".", ". ".join(text) + "."
    assert reading_grade(cut) <= reading_grade(whole)
