"""The course of a score lies where its values lie, and its band ends where a change begins to count."""

from __future__ import annotations

from datetime import date

import pytest

from careplan.followup import Point, Trend
from careplan.followup.trends import Value
from careplan.instruments import builtin_instruments
from careplan.render.courses import Spot, course

DAYS = (date(2026, 3, 2), date(2026, 4, 1), date(2026, 5, 1))


def trend(fact: str, *values: Value | None) -> Trend:
    name, _, score_id = fact.partition(".")
    instrument = builtin_instruments()[name]
    score = instrument.score[score_id]
    points = tuple(Point(day, value) for day, value in zip(DAYS, values, strict=False))
    important = tuple(each for each in instrument.change if each.score == score_id)
    return Trend(fact, name, score.title, points, score.direction, important, score.min, score.max)


def test_points_lie_by_day_and_by_value() -> None:
    found = course(trend("isi.total", 14, None, 7))
    assert found is not None
    assert found.spots == (
        Spot(DAYS[0], 14.0, 0.0, 50.0),
        Spot(DAYS[1], None, 50.0, None),
        Spot(DAYS[2], 7.0, 100.0, 25.0),
    )
    assert (found.first, found.last) == (found.spots[0], found.spots[2])


@pytest.mark.parametrize(
    ("fact", "first", "matters"),
    [
        ("phq9.total", 16, 5.0),
        ("phq9.total", 8, 4.0),  # half of it is less than five points
        ("isi.total", 17, 6.0),
        ("pseq.total", 24, 5.5),
        ("peg.mean", 10.0, 3.0),  # 30 percent, of sure source, and not the unverified point
    ],
)
def test_the_band_ends_where_the_verdict_changes(fact: str, first: float, matters: float) -> None:
    found = course(trend(fact, first, first))
    assert found is not None
    assert found.matters == matters
    for value, verdict in ((first - matters, True), (first - matters + 0.01, False)):
        assert (trend(fact, first, value).since_first.verdict != "no_clear_change") is verdict


def test_the_band_stays_within_the_scale() -> None:
    found = course(trend("phq9.total", 25, 24))
    assert found is not None
    assert found.unclear is not None
    assert found.unclear[1] == 100


def test_without_a_difference_that_matters_there_is_no_band() -> None:
    found = course(trend("stopbang.total", 2, 3))
    assert found is not None
    assert (found.matters, found.unclear) == (None, None)


@pytest.mark.parametrize("values", [(3, None), (None, None), ("low", "high"), (True, False)])
def test_fewer_than_two_numbers_make_no_course(values: tuple[Value | None, ...]) -> None:
    assert course(trend("phq9.total", *values)) is None
