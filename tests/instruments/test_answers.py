"""What is refused, with which code and in which words; nothing is clamped or guessed."""

from __future__ import annotations

from typing import Any

import pytest

from careplan.errors import AnswerError
from careplan.instruments import answer_problems, builtin_instruments, score
from careplan.instruments.answers import check_context

INSTRUMENTS = builtin_instruments()


def refused(instrument: str, answers: Any) -> list[tuple[str, str]]:
    with pytest.raises(AnswerError) as error:
        score(INSTRUMENTS[instrument], answers)
    return [(problem.code, problem.message) for problem in error.value.problems]


def test_every_problem_is_named_with_its_item() -> None:
    assert refused("phq9", [1, 4, "2", 1.5, True, -1, None, 0, 0]) == [
        ("out_of_range", "phq9 i2 (low mood): 4 is above 3, the highest answer"),
        ("not_integer", "phq9 i3 (sleep trouble): '2' is not a whole number"),
        ("not_integer", "phq9 i4 (low energy): 1.5 is not a whole number"),
        ("not_integer", "phq9 i5 (appetite change): true is not a whole number"),
        ("out_of_range", "phq9 i6 (negative self-view): -1 is below 0, the lowest answer"),
    ]


def test_a_list_has_one_entry_for_each_item() -> None:
    assert refused("phq2", [1]) == [("wrong_count", "phq2 has 2 items; 1 answer came")]
    assert refused("rls", []) == [("wrong_count", "rls has 1 item; 0 answers came")]


def test_an_unknown_item_is_refused_with_the_nearest_name() -> None:
    assert refused("phq9", {"i1": 1, "i99": 2}) == [("unknown_item", "phq9 has no item 'i99'; did you mean 'i9'?")]


@pytest.mark.parametrize("answers", [5, "1,2", None, b"12"])
def test_what_is_neither_a_list_nor_a_map_is_refused(answers: Any) -> None:
    message = "the answers to phq2 should be a list, or a mapping from items to answers"
    assert refused("phq2", answers) == [("not_answers", message)]


@pytest.mark.parametrize("answer", [float("nan"), float("inf"), -float("inf"), 10**400])
def test_no_number_beyond_numbers_is_taken(answer: float) -> None:
    assert [code for code, _ in refused("phq2", [answer, 0])] == ["out_of_range"]


@pytest.mark.parametrize("answer", [0, 1, True, False, 1.0])
def test_yes_and_no_are_taken_as_words_or_numbers(answer: Any) -> None:
    assert score(INSTRUMENTS["rls"], [answer]).scores == {"positive": bool(answer)}


def test_sites_are_a_list_of_known_ones() -> None:
    assert refused("fm2016", {"sites": ["neck", "hip_left"]}) == [
        ("out_of_range", "fm2016 sites (painful body sites): there is no site 'hip_left'; did you mean 'hip_l'?")
    ]
    assert refused("fm2016", {"sites": "neck"})[0][0] == "out_of_range"


def test_a_time_is_read_as_clock_or_as_hours() -> None:
    clock = {"1": "23:30", "3": "7:00", "4": 6}
    hours = {"1": 23.5, "3": 7, "4": 6}
    psqi = INSTRUMENTS["psqi"]
    assert score(psqi, clock).scores["efficiency_percent"] == 80.0 == score(psqi, hours).scores["efficiency_percent"]
    assert [code for code, _ in refused("psqi", {"1": "24:00", "3": 24})] == ["out_of_range", "out_of_range"]


def test_an_answer_beyond_the_form_is_one_too_many() -> None:
    assert refused("promis_pi", {"form": "4a", "i1": 1, "i5": 2}) == [
        ("wrong_count", "promis_pi i5: form 4a has 4 items and ends before this one")
    ]


def test_answers_that_together_make_an_impossible_score_are_refused() -> None:
    answers = {"1": "23:00", "3": "23:01", "4": 8}
    message = (
        "psqi efficiency_percent (Habitual sleep efficiency, %): the answers to 1, 3, 4 make 48000, "
        "and it goes from 0 to 2400; check them"
    )
    assert refused("psqi", answers) == [("out_of_range", message)]
    assert answer_problems(INSTRUMENTS["psqi"], answers)[""].message == message


def test_problems_can_be_had_by_item_without_an_error() -> None:
    phq2 = INSTRUMENTS["phq2"]
    assert answer_problems(phq2, [0, 3]) == {}
    assert {item: problem.code for item, problem in answer_problems(phq2, [0, 9]).items()} == {"i2": "out_of_range"}
    assert {item: problem.code for item, problem in answer_problems(phq2, [0]).items()} == {"": "wrong_count"}


def test_a_measured_value_that_cannot_be_is_refused() -> None:
    stopbang = INSTRUMENTS["stopbang"]
    check_context(stopbang, {"age": 50, "sex": "other", "bmi": None})
    with pytest.raises(AnswerError, match="stopbang neck_cm .*: 430 is above 80"):
        check_context(stopbang, {"neck_cm": 430})
