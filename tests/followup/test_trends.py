"""A change is judged by the smallest that matters, in its own direction; what cannot be told is not guessed."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan.followup import Comparison, Point, Trend
from careplan.followup.trends import Value, Verdict, compare, together
from careplan.instruments import builtin_instruments
from careplan.knowledge import Knowledge
from tests.followup.people import FIRST, ISI_7, alex, reviewed

THEN, NOW = date(2026, 3, 2), date(2026, 6, 8)
JUDGED = [
    (instrument, score)
    for instrument in builtin_instruments().values()
    for score in instrument.scores
    if any(each.score == score.id for each in instrument.change)
]


def between(fact: str, old: Value | None, new: Value | None, **about: Any) -> Comparison:
    name, _, score = fact.partition(".")
    instrument = builtin_instruments()[name]
    important = [each for each in instrument.change if each.score == score]
    return compare(Point(THEN, old, **about), Point(NOW, new), important, instrument.score[score].direction)


@pytest.mark.parametrize(
    ("fact", "old", "new", "verdict"),
    [
        ("phq9.total", 16, 11, "improved"),
        ("phq9.total", 15, 11, "no_clear_change"),
        ("phq9.total", 11, 15, "no_clear_change"),
        ("phq9.total", 11, 16, "worse"),
        ("phq9.total", 8, 4, "improved"),  # half of it, though four points
        ("pseq.total", 24, 30, "improved"),
        ("pseq.total", 24, 29, "no_clear_change"),
        ("pseq.total", 30, 24, "worse"),
        ("promis29.physical_function_t", 40.1, 43.1, "improved"),
        ("promis29.fatigue_t", 60.0, 57.0, "improved"),
        ("pcs.total", 50, 31, "improved"),
        ("pcs.total", 50, 32, "no_clear_change"),
        ("pcs.total", 20, 28, "worse"),
        ("peg.mean", 10.0, 7.0, "improved"),
        ("peg.mean", 10.0, 7.33, "no_clear_change"),
        ("peg.mean", 5.0, 6.67, "worse"),
        ("isi.total", 17, 11, "improved"),
        ("tsk11.total", 30, 26, "improved"),
        ("ess.total", 8, 10, "worse"),
    ],
)
def test_a_change_counts_from_the_difference_that_matters_on(
    fact: str, old: float, new: float, verdict: Verdict
) -> None:
    found = between(fact, old, new)
    assert (found.verdict, found.reason) == (verdict, None)


def test_both_the_number_and_the_percentage_are_given() -> None:
    found = between("phq9.total", 16, 12)
    assert (found.change, found.percent) == (-4.0, -25.0)
    assert [(each.important.kind, each.gain, each.verdict) for each in found.judged] == [
        ("absolute", 4.0, "no_clear_change"),
        ("percent", 25.0, "no_clear_change"),
    ]


def test_decimals_are_compared_as_they_are_written() -> None:
    assert between("bpi_sf.interference", 4.1, 3.1).verdict == "improved"
    assert between("hads.anxiety", 9, 7).change == -2.0


def test_an_unverified_difference_decides_only_where_there_is_no_other() -> None:
    one_point = between("peg.mean", 7.0, 6.0)
    assert (one_point.verdict, one_point.certainty) == ("no_clear_change", "sourced")
    assert [each.verdict for each in one_point.judged] == ["no_clear_change", "improved"]
    from_nothing = between("peg.mean", 0.0, 5.0)
    assert (from_nothing.verdict, from_nothing.certainty, from_nothing.percent) == ("worse", "unverified", None)


def test_no_percentage_of_nothing_is_told() -> None:
    found = between("pcs.total", 0, 20)
    assert found.verdict == "cannot_tell"
    assert found.reason == "the earlier value is 0, and the difference that matters is a part of it"


def test_without_a_known_difference_a_change_is_no_verdict() -> None:
    assert between("csi.total", 54, 40).verdict == "cannot_tell"
    assert between("csi.total", 54, 40).reason == "better by number; how much of it matters is not known"
    assert between("pavs.minutes_per_week", 150.0, 40.0).reason == (
        "worse by number; how much of it matters is not known"
    )
    assert between("csi.total", 54, 54).verdict == "no_clear_change"


def test_a_result_in_words_is_shown_and_not_measured() -> None:
    assert between("stopbang.risk", "low", "low").verdict == "no_clear_change"
    assert between("stopbang.risk", "low", "high").verdict == "cannot_tell"
    assert between("fm2016.met", True, False).verdict == "cannot_tell"


def test_a_missing_score_is_named_with_its_day() -> None:
    assert between("isi.total", None, 12).reason == "not asked on 2026-03-02"
    assert between("isi.total", 12, None).reason == "not asked on 2026-06-08"
    found = between("isi.total", None, 12, answered=4, of=7)
    assert (found.verdict, found.reason) == ("cannot_tell", "not known on 2026-03-02: 4 of 7 answered")


def test_a_prorated_score_is_judged_and_marked() -> None:
    found = between("phq9.total", 16, 11, answered=8, of=9, prorated=True)
    assert (found.verdict, found.prorated) == ("improved", True)


@given(st.data())
def test_a_score_that_stays_has_not_changed(data: st.DataObject) -> None:
    instrument, score = data.draw(st.sampled_from(JUDGED))
    value = data.draw(st.integers(int(score.min or 0), int(score.max or 100)))
    found = between(instrument.fact(score.id), value, value)
    assert (found.verdict, found.change) == ("no_clear_change", 0.0)


@given(st.data())
def test_what_gets_better_one_way_gets_worse_the_other_way(data: st.DataObject) -> None:
    instrument, score = data.draw(
        st.sampled_from(
            [pair for pair in JUDGED if all(c.kind == "absolute" for c in pair[0].change if c.score == pair[1].id)]
        )
    )
    values = st.integers(int(score.min or 0), int(score.max or 100))
    old, new = data.draw(values), data.draw(values)
    turned: dict[Verdict, Verdict] = {"improved": "worse", "worse": "improved"}
    there, back = between(instrument.fact(score.id), old, new), between(instrument.fact(score.id), new, old)
    assert back.verdict == turned.get(there.verdict, there.verdict)


@given(st.data())
def test_a_verdict_follows_the_direction_of_the_score(data: st.DataObject) -> None:
    instrument, score = data.draw(st.sampled_from(JUDGED))
    values = st.integers(int(score.min or 0), int(score.max or 100))
    found = between(instrument.fact(score.id), data.draw(values), data.draw(values))
    if found.verdict in ("improved", "worse"):
        assert found.change
        assert ((found.change > 0) == (score.direction == "higher_better")) == (found.verdict == "improved")


def test_worse_counts_before_improved_and_what_is_unknown_for_nothing() -> None:
    order: list[Verdict] = ["cannot_tell", "no_clear_change", "improved", "worse"]
    assert all(together((one, two)) == two for one, two in pairwise(order))
    assert together(()) == "cannot_tell"


def found(knowledge: Knowledge, fact: str, *answers: dict[str, Any], **fields: Any) -> Trend:
    days = (FIRST, date(2026, 4, 20), date(2026, 6, 8))
    people = [alex(knowledge, day, given, **fields) for day, given in zip(days, answers, strict=False)]
    return next(each for each in reviewed(knowledge, *people).trends if each.fact == fact)


def test_a_trend_holds_every_visit(knowledge: Knowledge) -> None:
    trend = found(knowledge, "isi.total", {}, {"isi": {**ISI_7, "5": None}}, {"isi": ISI_7})
    assert [(each.on.isoformat(), each.value, each.band, each.answered) for each in trend.points] == [
        ("2026-03-02", 17, "moderate", 7),
        ("2026-04-20", None, None, 6),
        ("2026-06-08", 7, "none", 7),
    ]
    assert trend.since_last.reason == "not known on 2026-04-20: 6 of 7 answered"
    assert trend.since_first.verdict == "improved"
    assert not trend.worse


def test_a_trend_begins_where_there_is_a_value(knowledge: Knowledge) -> None:
    trend = found(knowledge, "pseq.total", {"pseq": (None,) * 10}, {"pseq": (3,) * 10}, {"pseq": (2,) * 10})
    assert (trend.since_first.old.on, trend.since_first.verdict) == (date(2026, 4, 20), "worse")
    assert trend.worse


def test_a_prorated_value_says_so(knowledge: Knowledge) -> None:
    trend = found(knowledge, "phq9.total", {}, {"phq9": (1, 2, 2, 2, 1, 1, 2, None, 0)})
    assert [(each.value, each.prorated) for each in trend.points] == [(11, False), (12, True)]
    assert trend.since_last.prorated


def test_a_score_from_elsewhere_is_in_the_trend(knowledge: Knowledge) -> None:
    trend = found(knowledge, "psqi.total", {}, {}, scores={"psqi.total": 9})
    assert [(each.value, each.answered) for each in trend.points] == [(9, None), (9, None)]


def test_a_short_form_taken_from_the_longer_one_names_it(knowledge: Knowledge) -> None:
    assert found(knowledge, "phq2.total", {}, {}).taken_from == "phq9"
    assert found(knowledge, "phq9.total", {}, {}).taken_from is None


def test_the_title_of_a_score_names_its_instrument(knowledge: Knowledge) -> None:
    assert found(knowledge, "phq9.total", {}, {}).title == "PHQ-9 total"
    assert found(knowledge, "cssrs.triage", {}, {}).title == "Columbia C-SSRS screener: Triage"
