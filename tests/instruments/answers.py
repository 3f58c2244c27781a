"""Hypothesis strategies for answers that an instrument takes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from careplan.instruments import Instrument, Item


def answer(item: Item) -> st.SearchStrategy[Any]:
    """Any answer the item takes, or none."""
    return st.none() | given(item)


def given(item: Item) -> st.SearchStrategy[Any]:
    """Any answer the item takes."""
    if item.type == "time":
        minutes = st.integers(0, 24 * 60 - 1)
        return minutes.map(lambda each: f"{each // 60:02}:{each % 60:02}") | st.integers(0, 23)
    if item.type == "sites":
        return st.lists(st.sampled_from([each.value for each in item.options]))
    if item.type == "choice":
        return st.sampled_from([each.value for each in item.options])
    assert item.min is not None
    assert item.max is not None
    if item.whole:
        return st.integers(item.min, item.max)
    return st.integers(item.min * 100, item.max * 100).map(lambda each: each / 100)


def lists(instrument: Instrument) -> st.SearchStrategy[list[Any]]:
    """A list of answers to every item, those beyond the form left open."""
    every = st.tuples(*(answer(item) for item in instrument.items)).map(list)
    return every.map(lambda answers: within_form(instrument, answers)) if instrument.forms else every


def within_form(instrument: Instrument, answers: list[Any]) -> list[Any]:
    assert instrument.forms is not None
    form = dict(zip((item.id for item in instrument.items), answers, strict=True))[instrument.forms.item]
    size = instrument.forms.sizes.get(str(form), len(answers))
    return answers[: size + 1] + [None] * (len(answers) - size - 1)
