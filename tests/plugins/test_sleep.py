"""Sleep windows, small steps and clock times come from a person's own diary, and never from a guess."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.plan.model import SignOff
from careplan.testing import document_for, places, plan_for
from tests.plugins.cards import cards, is_plain, page, reasons, rule_text
from tests.plugins.people import details_for, found, intake, shown_to_patient

FLOOR, WIDEN, WEEKS = 330, 15, 8
DIARY = {"time_in_bed_hours": 8.5, "slept_hours": 6.25, "rise_time": "07:00"}
RESTRICTION_IS_SAFE = {"stopbang.risk": "low", "ess.total": 3, "isi.total": 17}
SOME_INSOMNIA = {"stopbang.risk": "low", "ess.total": 3, "isi.total": 9}
NO_DIARY: dict[str, Any] = {}


def measured(diary: dict[str, Any] = DIARY, **more: Any) -> dict[str, Any]:
    """Measures with a sleep diary."""
    return {"duration_months": 24, "fatigue": 4, **({"sleep_diary": diary} if diary else {}), **more}


def sleeper(**answers: Any) -> dict[str, Any]:
    """Somebody with moderate insomnia and a diary, for whom a sleep window is safe."""
    return {"scores": RESTRICTION_IS_SAFE, "measures": measured()} | answers


def slept(in_bed: float, asleep: float, rise: str | None = "07:00") -> dict[str, Any]:
    times = {"rise_time": rise} if rise else {}
    return measured({"time_in_bed_hours": in_bed, "slept_hours": asleep, **times})


def test_the_window_is_as_long_as_the_mean_time_asleep_and_ends_at_the_rise_time() -> None:
    window = details_for(**sleeper())["sleep.window"]
    assert window["window"] == 6 * 60 + 15
    assert window["steps"][0] == {
        "step": 1,
        "window": 375,
        "into_bed": "00:45",
        "out_of_bed": "07:00",
        "widen_from": 319,
    }
    assert reasons(window["because"]) == {
        "sleep.time_in_bed_hours": 8.5,
        "sleep.slept_hours": 6.25,
        "sleep.rise_time": "07:00",
        "sleep.efficiency": pytest.approx(73.5294117647),
    }


def test_the_window_widens_by_a_quarter_of_an_hour_over_midnight() -> None:
    steps = details_for(**sleeper())["sleep.window"]["steps"]
    assert [each["into_bed"] for each in steps] == [
        "00:45", "00:30", "00:15", "00:00", "23:45", "23:30", "23:15", "23:00",
    ]  # fmt: skip
    assert {each["out_of_bed"] for each in steps} == {"07:00"}


@pytest.mark.parametrize(
    ("asleep", "window", "at_floor"),
    [(3.0, 330, True), (5.49, 330, True), (5.5, 330, False), (5.6, 336, False)],
)
def test_the_window_never_falls_below_five_and_a_half_hours(asleep: float, window: int, at_floor: bool) -> None:
    found_window = details_for(**sleeper(measures=slept(9, asleep)))["sleep.window"]
    assert (found_window["window"], found_window["at_floor"]) == (window, at_floor)
    assert found_window["conventions"] == [
        "The floor of five and a half hours is a convention; protocols use five hours."
    ]


def test_a_window_no_shorter_than_the_time_in_bed_is_marked_and_does_not_widen() -> None:
    window = details_for(**sleeper(measures=slept(5.25, 4)))["sleep.window"]
    assert (window["no_shorter"], [each["window"] for each in window["steps"]]) == (True, [330])
    assert "Please talk with us before you begin." in page(**sleeper(measures=slept(5.25, 4)))


def test_a_missing_rise_time_is_a_blank_and_never_guessed() -> None:
    answers = sleeper(measures=slept(8.5, 6.25, None))
    window = details_for(**answers)["sleep.window"]
    assert [(each["into_bed"], each["out_of_bed"]) for each in window["steps"]] == [(None, None)] * WEEKS
    times = details_for(**answers)["sleep.times"]
    assert [times[key] for key in ("get_up", "daylight_by", "into_bed", "wind_down_from", "last_caffeine")] == [
        None
    ] * 5
    assert "Choose the time you get up every day" in page(**answers)


def test_without_the_time_asleep_there_is_no_window_but_the_diary() -> None:
    answers = sleeper(measures=measured({"rise_time": "07:00"}, sleep_efficiency=70))
    window = details_for(**answers)["sleep.window"]
    assert (window["window"], window["steps"]) == (None, [])
    assert window["missing"] == ["how long you are in bed", "how long you sleep"]
    assert "We do not know yet how long you are in bed, or how long you sleep." in page(**answers)
    assert "No window: the mean time asleep is not known" in page("clinician", **answers)


def test_an_entered_efficiency_that_the_diary_does_not_give_is_marked_for_the_clinician() -> None:
    agrees = sleeper(measures=measured(sleep_efficiency=73))
    differs = sleeper(measures=measured(sleep_efficiency=80))
    assert details_for(**agrees)["sleep.window"]["entered_differs"] is False
    assert details_for(**differs)["sleep.window"]["entered_differs"] is True
    assert "as entered; the diary gives another" in page("clinician", **differs)


def test_no_window_for_somebody_who_sleeps_enough_of_the_time_in_bed() -> None:
    assert "sleep.window" not in details_for(**sleeper(measures=slept(8, 6.8)))


@pytest.mark.parametrize(
    "unsafe",
    [
        {"diagnoses": found("epilepsy")},
        {"diagnoses": found("bipolar")},
        {"findings": found("safety_critical_job")},
        {"person": {"pregnant": True, "weeks_gestation": 20}},
        {"scores": RESTRICTION_IS_SAFE | {"ess.total": 11}},
        {"answers": {"dsqpem": {f"{kind}{item}": 3 for kind in "fs" for item in range(1, 6)}}},
    ],
    ids=lambda each: str(next(iter(each))),
)
def test_where_restriction_is_unsafe_time_in_bed_is_trimmed_instead(unsafe: dict[str, Any]) -> None:
    shown = details_for(**sleeper(**unsafe))
    assert "sleep.window" not in shown
    assert [each["slow"]["in_bed"] for each in shown["sleep.trim"]["weeks"]] == [495, 480, 465, 450]
    assert shown["sleep.times"]["into_bed_from"] == "diary"


def test_the_trim_keeps_the_rise_time_and_takes_15_or_30_minutes_a_week() -> None:
    trim = details_for(**sleeper(diagnoses=found("epilepsy")))["sleep.trim"]
    assert (trim["into_bed_now"], trim["rise"], trim["ends_at"]) == ("22:30", "07:00", 442)
    assert trim["weeks"][:2] == [
        {"week": 1, "slow": {"in_bed": 495, "into_bed": "22:45"}, "fast": {"in_bed": 480, "into_bed": "23:00"}},
        {"week": 2, "slow": {"in_bed": 480, "into_bed": "23:00"}, "fast": {"in_bed": 450, "into_bed": "23:30"}},
    ]
    assert [each["fast"] for each in trim["weeks"][2:]] == [None, None]


def test_without_the_time_asleep_only_the_first_small_step_is_shown() -> None:
    answers = sleeper(diagnoses=found("epilepsy"), measures=measured({"time_in_bed_hours": 8.5}))
    trim = details_for(**answers)["sleep.trim"]
    assert [each["slow"] for each in trim["weeks"]] == [{"in_bed": 495, "into_bed": None}]
    assert trim["only_begun"] is True
    assert "We decide on more weeks together once we know how long you sleep." in page(**answers)


@pytest.mark.parametrize("hours", [(8, 7), (5.6, 3), (5.5, 2)])
def test_somebody_who_sleeps_most_of_a_short_time_in_bed_gets_no_steps(hours: tuple[float, float]) -> None:
    answers = sleeper(diagnoses=found("epilepsy"), measures=slept(*hours))
    trim = details_for(**answers)["sleep.trim"]
    assert (trim["weeks"], trim["little_to_trim"]) == ([], True)
    assert "Agree with your clinician whether to change it at all." in page(**answers)


def test_nothing_is_computed_from_a_diary_that_contradicts_itself() -> None:
    answers = sleeper(diagnoses=found("epilepsy"), measures=slept(6, 7))
    shown = details_for(**answers)
    assert [shown["sleep.trim"][key] for key in ("fits", "in_bed", "weeks", "missing")] == [False, None, [], []]
    assert shown["sleep.times"]["into_bed"] is None
    assert "Some of your answers about sleep do not fit together." in page(**answers)


def test_a_window_that_a_clinician_adds_takes_the_place_of_the_trim() -> None:
    override = {
        "rule": "SLP-03",
        "do": "add",
        "by": "Dr Bell",
        "role": "GP",
        "on": "2026-03-02",
        "until": "2026-06-02",
        "reason": {"code": "clinical_judgement", "text": "Agreed with the epilepsy clinic"},
    }
    answers = sleeper(diagnoses=found("epilepsy"), overrides=[override])
    shown = details_for(**answers)
    assert "sleep.trim" not in shown
    assert shown["sleep.window"]["window"] == 375


def test_a_held_window_computes_nothing() -> None:
    text = intake(**sleeper(scores={"isi.total": 17}))
    plan = plan_for(text, sign_off=SignOff("Dr Bell", "GP"))
    assert places(plan)["SLP-03"] == "ask first"
    assert "sleep.window" not in details_for(**sleeper(scores={"isi.total": 17}))


def test_the_times_of_the_basics_follow_from_rising_and_bedtime() -> None:
    times = details_for(scores=SOME_INSOMNIA, measures=measured())["sleep.times"]
    keys = ("get_up", "daylight_by", "into_bed", "into_bed_from", "wind_down_from", "last_caffeine")
    assert [times[key] for key in keys] == ["07:00", "08:00", "22:30", "diary", "22:00", "14:30"]


def test_with_a_window_the_bedtime_is_that_of_the_window() -> None:
    times = details_for(**sleeper())["sleep.times"]
    assert (times["into_bed"], times["into_bed_from"], times["last_caffeine"]) == ("00:45", "window", "16:45")


def test_shift_workers_get_no_fixed_times_but_a_sheet_for_their_anchor_hours() -> None:
    answers = sleeper(findings=found("shift_work"), measures=slept(7.5, 5.25, "16:00"))
    shown = details_for(**answers)
    assert [shown["sleep.times"][key] for key in ("shifts", "get_up", "into_bed")] == [True, None, None]
    anchor = shown["sleep.anchor"]
    assert (anchor["anchor_hours"], anchor["in_bed_from"], anchor["in_bed_to"]) == (4, "08:30", "16:00")
    assert shown["sleep.window"]["shifts"] is True
    assert "Your shifts change, so agree with us first what you do on other days." in page(**answers)


def test_the_diary_is_there_where_a_rule_works_with_it_and_not_where_it_does_harm() -> None:
    assert shown_to_patient(**sleeper())["sleep.diary"] == {"nights": 7}
    assert shown_to_patient()["sleep.diary"] == {"nights": 7}  # nobody asked about sleep: GAP-07 wants a diary
    assert "sleep.diary" not in shown_to_patient(**sleeper(findings=found("diary_harm")))
    assert "sleep.diary" not in shown_to_patient(scores={"isi.total": 2}, measures=measured())
    assert "sleep.diary" not in shown_to_patient(scores={"isi.total": 2}, answers={"rls": [1]})


@settings(max_examples=25, deadline=None)
@given(
    in_bed=st.floats(5, 14).map(lambda hours: round(hours, 2)),
    part=st.floats(0.05, 0.84),
    rise=st.one_of(st.none(), st.times().map(lambda time: f"{time:%H:%M}")),
)
def test_a_window_keeps_its_laws(in_bed: float, part: float, rise: str | None) -> None:
    """Never under the floor nor the mean time asleep; one step a line; it never grows beyond the time in bed."""
    asleep = round(in_bed * part, 2)
    window = details_for(**sleeper(measures=slept(in_bed, asleep, rise)))["sleep.window"]
    lengths = [each["window"] for each in window["steps"]]
    assert lengths[0] == max(FLOOR, round(asleep * 60))
    assert [later - earlier for earlier, later in pairwise(lengths)] == [WIDEN] * (len(lengths) - 1)
    assert all(each <= max(lengths[0], round(in_bed * 60)) for each in lengths)
    assert len(lengths) <= WEEKS
    assert all(100 * each["widen_from"] >= 85 * each["window"] for each in window["steps"])
    if rise:
        assert {span(each["into_bed"], each["out_of_bed"]) == each["window"] for each in window["steps"]} == {True}


@settings(max_examples=25, deadline=None)
@given(in_bed=st.floats(0, 16).map(lambda hours: round(hours, 2)), part=st.floats(0, 1))
def test_a_trim_keeps_its_laws(in_bed: float, part: float) -> None:
    """At most 30 minutes less a week; never under the floor, nor under a time in bed that is mostly slept."""
    asleep = round(in_bed * part, 2)
    answers = sleeper(diagnoses=found("epilepsy"), measures=slept(in_bed, asleep))
    trim = details_for(**answers)["sleep.trim"]
    slow = [round(in_bed * 60), *(each["slow"]["in_bed"] for each in trim["weeks"])]
    fast = [round(in_bed * 60), *(each["fast"]["in_bed"] for each in trim["weeks"] if each["fast"])]
    assert {a - b for a, b in pairwise(slow)} <= {15}
    assert {a - b for a, b in pairwise(fast)} <= {30}
    for each in (*slow[1:], *fast[1:]):
        assert each >= FLOOR
        assert 100 * round(asleep * 60) <= 85 * each


def span(start: str, end: str) -> int:
    """Minutes from one clock time to the next time it is another."""
    first, last = (60 * int(each[:2]) + int(each[3:]) for each in (start, end))
    return (last - first) % (24 * 60)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("SLP-01", "daylight within an hour"),
        ("SLP-01", "last caffeine 8 hours before bed"),
        ("SLP-01", "half an hour to wind down"),
        ("SLP-03", "never under five and a half hours"),
        ("SLP-03", "Add 15 minutes when you sleep 85 % of the window over a week"),
        ("SLP-04", "Trim your time in bed by 15 to 30 minutes a week"),
        ("SLP-09", "four anchor hours"),
        ("SLP-02", "Review the ISI at 6 to 8 weeks"),
        ("DIA-04", "You need no daily diary"),
    ],
)
def test_every_number_that_is_computed_with_stands_in_its_rule(rule: str, words: str) -> None:
    assert words in rule_text(rule)


@pytest.mark.parametrize(
    "answers",
    [
        sleeper(),
        sleeper(diagnoses=found("epilepsy")),
        sleeper(findings=found("shift_work")),
        sleeper(measures=measured(NO_DIARY, sleep_efficiency=70)),
        sleeper(diagnoses=found("epilepsy"), measures=measured({"time_in_bed_hours": 8.5})),
    ],
    ids=["window", "trim", "shifts", "no diary", "half a diary"],
)
def test_the_sheets_are_plain(answers: dict[str, Any]) -> None:
    assert is_plain(cards(**answers))


def test_the_hours_in_bed_are_drawn_up_to_the_rise_time() -> None:
    page = document_for(intake(**sleeper(diagnoses=found("epilepsy"))), sign_off=SignOff("Dr Bell", "GP"))
    assert "<title>Hours in bed: Now from 22:30 to 07:00, Last step from 23:30 to 07:00.</title>" in page
    assert "Last step: in bed from 23:30 to 07:00, 7 hours 30 minutes." in page
