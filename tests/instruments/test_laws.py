"""What holds for every instrument and all answers it takes."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from careplan.errors import AnswerError
from careplan.instruments import Instrument, Scored, builtin_instruments, score
from careplan.instruments.read import instrument_from_text
from tests.instruments import answers as some

INSTRUMENTS = builtin_instruments()
ANY = st.sampled_from(list(INSTRUMENTS.values()))
SEXES = st.sampled_from(["female", "male", "other", None])


def scored(instrument: Instrument, answers: Any, context: dict[str, Any] | None = None) -> Scored:
    """The result; answers that fit one by one and make an impossible score are no case."""
    try:
        return score(instrument, answers, context or {})
    except AnswerError as error:
        assume("; check them" not in str(error))
        raise


def by_item(instrument: Instrument, answers: list[Any]) -> dict[str, Any]:
    return dict(zip((item.id for item in instrument.items), answers, strict=True))


@settings(max_examples=150, deadline=None)
@given(instrument=ANY, data=st.data())
def test_a_score_stays_in_its_range_and_a_band_in_its_score(instrument: Instrument, data: st.DataObject) -> None:
    result = scored(instrument, data.draw(some.lists(instrument)), {"sex": data.draw(SEXES)})
    assert list(result.scores) == [each.id for each in instrument.scores]
    assert 0 <= result.answered <= result.of
    for each in instrument.scores:
        value = result.scores[each.id]
        if value is None:
            assert not result.prorated[each.id]
        elif each.value == "boolean":
            assert isinstance(value, bool)
        elif each.value == "category":
            assert value in each.options
        else:
            assert isinstance(value, int | float)
            assert each.min is None or value >= each.min
            assert each.max is None or value <= each.max
    for scale, bands in instrument.scales.items():
        assert (result.bands[scale] is None) == (result.scores[bands[0].score] is None)


@settings(max_examples=80, deadline=None)
@given(instrument=ANY, data=st.data())
def test_a_list_and_a_map_of_the_same_answers_score_alike(instrument: Instrument, data: st.DataObject) -> None:
    answers = data.draw(some.lists(instrument))
    mapped = {name: value for name, value in by_item(instrument, answers).items() if value is not None}
    assert scored(instrument, mapped) == scored(instrument, answers)


@settings(max_examples=150, deadline=None)
@given(instrument=ANY, data=st.data())
def test_a_missing_answer_never_yields_a_number_the_rule_forbids(instrument: Instrument, data: st.DataObject) -> None:
    answers = by_item(instrument, data.draw(some.lists(instrument)))
    result = scored(instrument, answers)
    for each in instrument.scores:
        open_items = [name for name in each.items if answers[name] is None and not instrument.item[name].unanswered]
        if each.missing.rule == "all_required" and each.kind != "t_table" and not each.gate and open_items:
            assert result.scores[each.id] is None
        elif each.missing.rule == "prorate":
            assert (result.scores[each.id] is None) == (len(open_items) > each.missing.n)
            assert result.prorated[each.id] == (0 < len(open_items) <= each.missing.n)
        elif each.missing.rule == "min_answered":
            assert (result.scores[each.id] is None) == (len(each.items) - len(open_items) < each.missing.n)


@pytest.mark.parametrize(
    ("instrument", "which"), [("stopbang", "risk"), ("dsqpem", "step1"), ("dsqpem", "step2"), ("fm2016", "met")]
)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_bounds_give_what_every_way_of_answering_gives(instrument: str, which: str, data: st.DataObject) -> None:
    definition = INSTRUMENTS[instrument]
    answers = {item.id: data.draw(some.given(item)) for item in definition.items}
    ways = {
        item.id: (0, 3, 12) if item.type == "numeric" else item.possible
        for item in definition.items
        if item.type != "sites"
    }
    left_open = data.draw(st.lists(st.sampled_from(list(ways)), max_size=3, unique=True))
    known = {name: value for name, value in answers.items() if name not in left_open}
    outcomes = {
        score(definition, known | dict(zip(left_open, way, strict=True))).scores[which]
        for way in product(*(ways[name] for name in left_open))
    }
    assert score(definition, known).scores[which] == (outcomes.pop() if len(outcomes) == 1 else None)


@settings(max_examples=80, deadline=None)
@given(instrument=ANY, data=st.data())
def test_what_one_item_refuses_is_never_scored(instrument: Instrument, data: st.DataObject) -> None:
    answers = data.draw(some.lists(instrument))
    place = data.draw(st.integers(0, len(answers) - 1))
    answers[place] = data.draw(st.sampled_from([-1000, 10**6, float("nan"), float("inf"), "many", {}, [[]]]))
    with pytest.raises(AnswerError) as refused:
        score(instrument, answers)
    assert any(instrument.items[place].id in problem.message for problem in refused.value.problems)


TURNED = """\
id: turned
title: One item
version: "1"
licence: {{wording: scoring_only, note: Ours.}}
recall_period: now
items: [{{id: i1, type: ordinal, min: {low}, max: {high}, label: one, reversed: {turned}}}]
scores:
  - id: total
    title: Total
    kind: sum
    items: all
    min: {low}
    max: {high}
    direction: higher_worse
    missing: all_required
"""


@given(low=st.integers(-5, 5), span=st.integers(0, 10), data=st.data())
def test_reversing_twice_is_nothing(low: int, span: int, data: st.DataObject) -> None:
    turned, plain = (
        instrument_from_text(TURNED.format(low=low, high=low + span, turned=each), "turned.yaml")
        for each in ("true", "false")
    )
    answer = data.draw(st.integers(low, low + span))
    once = score(turned, [answer]).scores["total"]
    assert score(turned, [once]).scores["total"] == answer == score(plain, [answer]).scores["total"]


def test_nothing_about_scoring_depends_on_what_was_scored_before() -> None:
    phq9 = INSTRUMENTS["phq9"]
    first = score(phq9, [1] * 9)
    score(phq9, [None] * 9)
    again: Scored = score(phq9, [1] * 9)
    assert again == first
