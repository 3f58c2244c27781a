"""A goal is reached where somebody has rated it so; minutes are compared like with like, and nothing is guessed."""

from __future__ import annotations

from datetime import date
from typing import Any

from careplan.assessment import Activity, Assessment, Goal, Person
from careplan.followup import GoalReview
from careplan.followup.goals import review_goals

GARDEN = {"text": "Garden for 30 minutes", "activity": "gardening"}


def visit(*goals: Goal, log: dict[str, tuple[float, ...]] | None = None) -> Assessment:
    activities = tuple(Activity(name, minutes) for name, minutes in (log or {}).items())
    return Assessment("one", date(2026, 3, 2), Person(date(1983, 5, 4)), goals=goals, activities=activities)


def garden(**more: Any) -> Goal:
    return Goal(**{**GARDEN, **more})


def only(*visits: Assessment) -> GoalReview:
    found = review_goals(visits)
    assert len(found) == 1
    return found[0]


def test_a_goal_is_reached_from_what_was_hoped_for_on() -> None:
    rated = {level: only(visit(garden()), visit(garden(gas={"attained": level}))) for level in (-2, -1, 0, 1, 2)}
    assert [each.reached for each in rated.values()] == [False, False, True, True, True]


def test_the_level_is_told_in_the_persons_words_beside_the_one_before() -> None:
    gas = {"levels": {"0": "30 minutes, twice a week"}, "attained": 0}
    found = only(visit(garden(gas={"attained": -1})), visit(garden(gas=gas)))
    assert (found.attained_before, found.attained, found.level) == (-1, 0, "30 minutes, twice a week")


def test_a_goal_nobody_rated_is_neither_reached_nor_missed() -> None:
    found = only(visit(garden()), visit(garden(), log={"gardening": (60.0,)}))
    assert (found.reached, found.attained, found.minutes) == (None, None, None)


def test_logs_are_compared_by_their_mean() -> None:
    found = only(
        visit(garden(baseline_minutes=10.0), log={"gardening": (10.0, 30.0, 0.0, 8.0)}),
        visit(garden(baseline_minutes=10.0), log={"Gardening": (20.0, 30.0)}),
    ).minutes
    assert found is not None
    assert (found.then, found.now, found.entries_then, found.entries_now) == (12.0, 25.0, 4, 2)
    assert found.progress == "more"


def test_without_a_log_the_persons_own_numbers_are_compared() -> None:
    found = only(visit(garden(baseline_minutes=15.0)), visit(garden(baseline_minutes=5.0))).minutes
    assert found is not None
    assert (found.then, found.now, found.progress) == (15.0, 5.0, "less")
    mixed = only(visit(garden(baseline_minutes=10.0)), visit(garden(), log={"gardening": (10.0,)})).minutes
    assert mixed is not None
    assert (mixed.then, mixed.now, mixed.progress) == (10.0, 10.0, "the_same")


def test_minutes_are_compared_with_the_first_visit_that_states_the_goal() -> None:
    found = only(
        visit(garden(), log={"gardening": (5.0,)}),
        visit(garden(), log={"gardening": (20.0,)}),
        visit(garden(), log={"gardening": (10.0,)}),
    ).minutes
    assert found is not None
    assert (found.then, found.now) == (5.0, 10.0)


def test_one_goal_is_known_by_its_words_or_by_being_the_only_one_of_its_activity() -> None:
    assert only(visit(garden()), visit(garden(text="garden  for 30 MINUTES"))).standing == "kept"
    assert only(visit(garden()), visit(garden(text="Garden for an hour"))).standing == "kept"


def test_two_goals_of_one_activity_are_not_taken_for_each_other() -> None:
    found = review_goals(
        [visit(garden(), garden(text="Grow beans")), visit(garden(text="Garden for an hour"), garden(text="Grow peas"))]
    )
    assert [(each.text, each.standing) for each in found] == [
        ("Garden for an hour", "new"),
        ("Grow peas", "new"),
        ("Garden for 30 minutes", "no_longer_stated"),
        ("Grow beans", "no_longer_stated"),
    ]


def test_goals_nobody_asked_about_are_not_given_up() -> None:
    later = Assessment("one", date(2026, 6, 8), Person(date(1983, 5, 4)))
    assert only(visit(garden()), later).standing == "not_asked"
