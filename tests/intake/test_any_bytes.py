from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.errors import IntakeError, Problem
from careplan.located import read as read_located
from tests.intake.reading import BEGINNING, problems, read

EXAMPLE = Path(__file__).parents[2] / "examples" / "fibromyalgia.yaml"
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 300)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["intake/1", "2026-03-02", "2999-01-01", "female", "panic", "phq9", "sleep", "umol/L"])
)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=3)


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside a value."""
    if isinstance(value, dict | list):
        for key, inside in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*above, key)
            yield from places(inside, (*above, key))


INTAKE = read_located(EXAMPLE.read_bytes(), "fibromyalgia.yaml").plain
PLACES = tuple(places(INTAKE))


def read_or_refuse(content: str | bytes) -> None:
    """Nothing but an IntakeError may be raised, and every problem in it has a place."""
    found: tuple[Problem, ...] = ()
    try:
        read(content)
    except IntakeError as refused:
        found = refused.problems
    assert all(problem.location is not None for problem in found)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    read_or_refuse(content)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_lines_after_a_good_beginning_are_read_or_refused(lines: str) -> None:
    with contextlib.suppress(UnicodeEncodeError):
        read_or_refuse((BEGINNING + lines).encode())


@given(st.dictionaries(st.sampled_from(PLACES), VALUES, min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_any_answer_in_place_of_a_good_one_is_read_or_refused(changes: dict[tuple[Any, ...], Any]) -> None:
    content = copy.deepcopy(INTAKE)
    for place, value in changes.items():
        inside = content
        with contextlib.suppress(KeyError, IndexError, TypeError):
            for key in place[:-1]:
                inside = inside[key]
            inside[place[-1]] = value
    read_or_refuse(json.dumps(content))


@given(st.sampled_from(PLACES))
@settings(deadline=None)
def test_an_answer_of_an_unknown_name_is_refused(place: tuple[Any, ...]) -> None:
    content = copy.deepcopy(INTAKE)
    inside = content
    for key in place[:-1]:
        inside = inside[key]
    if isinstance(inside, dict) and place[:2] != ("person", "identifiers"):
        inside["zzz"] = 1
        assert any("zzz" in problem for problem in problems(json.dumps(content)))
