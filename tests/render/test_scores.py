"""Scores become rows for the clinician and pictures in plain words for the person."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.errors import RenderError
from careplan.instruments import builtin_instruments, score
from careplan.render.scores import builtin_questions, pictures, read_questions, score_lines
from tests.render.whole_documents import document_of

INSTRUMENTS = builtin_instruments()


def test_every_question_names_a_score_and_has_a_word_for_each_of_its_bands() -> None:
    for each in builtin_questions():
        name, _, part = each.score.partition(".")
        instrument = INSTRUMENTS[name]
        bands = {band.id for band in instrument.bands if band.score == part}
        assert instrument.score[part].min is not None
        assert set(each.words) == bands
        assert each.words or each.counts


@given(st.data())
def test_a_picture_says_the_band_the_mark_stands_in(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([each.score for each in builtin_questions() if each.words]))
    part = INSTRUMENTS[name.split(".")[0]].score[name.split(".")[1]]
    assert part.min is not None
    assert part.max is not None
    value = data.draw(st.integers(int(part.min), int(part.max)))
    (picture,) = pictures(score_lines(INSTRUMENTS, {}, {name: value}, None), INSTRUMENTS, None)
    stands_in = [each.word for each in picture.stretches if each.start <= picture.at <= each.end]
    assert picture.word in stands_in
    assert (picture.stretches[0].start, picture.stretches[-1].end) == (0, 100)
    assert all(one.end == two.start for one, two in pairwise(picture.stretches))


def test_the_darkest_stretch_is_the_one_with_most_trouble() -> None:
    lines = score_lines(INSTRUMENTS, {}, {"isi.total": 16, "pseq.total": 32}, None)
    sleep, confidence = pictures(lines, INSTRUMENTS, None)
    assert sleep.lower_is_better
    assert max(sleep.stretches, key=lambda each: each.shade).word == "very much"
    assert not confidence.lower_is_better
    assert max(confidence.stretches, key=lambda each: each.shade).word == "very low"


def test_a_score_that_came_as_such_is_not_said_to_have_been_answered() -> None:
    (line,) = score_lines(INSTRUMENTS, {}, {"isi.total": 16}, None)
    assert (line.value, line.answered, line.band and line.band.label) == (16, None, "moderate")


def test_a_questionnaire_that_was_begun_stands_in_the_table_without_a_score() -> None:
    begun = {"isi": score(INSTRUMENTS["isi"], [2, None, None, None, 2, 2, 3])}
    (line,) = score_lines(INSTRUMENTS, begun, {}, None)
    assert (line.value, line.band, line.answered, line.of, line.out_of) == (None, None, 4, 7, None)


def test_bands_follow_the_persons_sex() -> None:
    (man,) = score_lines(INSTRUMENTS, {}, {"pcptsd5.total": 3}, "male")
    (woman,) = score_lines(INSTRUMENTS, {}, {"pcptsd5.total": 3}, "female")
    assert (man.band and man.band.id, woman.band and woman.band.id) == ("negative", "positive")


def test_a_prorated_score_is_marked() -> None:
    begun = {"gad7": score(INSTRUMENTS["gad7"], [2, 2, 2, 2, 2, 2, None])}
    (line,) = score_lines(INSTRUMENTS, begun, {}, None)
    assert (line.value, line.prorated, line.answered) == (14, True, 6)


def test_a_patients_copy_pictures_only_what_a_household_may_see() -> None:
    made = document_of("gardener", "patient")
    assert [each.question for each in made.pictures][:3] == [
        "How much pain gets in the way",
        "How many areas of your body hurt",
        "Trouble sleeping",
    ]
    assert (made.scores, made.problems, dict(made.meanings)) == ((), (), {})


def test_a_questions_file_with_mistakes_names_each_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text("questions:\n  - score: peg.mean\n    qestion: How\n")
    with pytest.raises(RenderError) as error:
        read_questions(file)
    assert [str(each) for each in error.value.problems] == [
        f"{file}:2:5: a question needs 'question'",
        f"{file}:3:5: a question has no 'qestion'; did you mean 'question'?",
    ]
