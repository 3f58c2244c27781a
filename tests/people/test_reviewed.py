"""What has become of whole people at a review is what was reasoned out, and whatever can become of them does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import get_args

import pytest

from careplan.assessment import Doing
from careplan.followup import Review, builtin_steps
from careplan.followup.goals import Progress, Standing
from careplan.followup.recommendations import Fate
from careplan.followup.steps import Advice, How
from careplan.followup.trends import Verdict
from careplan.followup.words import BEFORE
from careplan.knowledge import Knowledge
from careplan.plan.model import Status
from tests.people.courses import Course, courses, review_in_words

PEOPLE = courses("reviewed")
NOT_LOADED = "not_loaded"
"""No person can bring this about while every rule of an earlier ruleset is in the one of today."""

each_person = pytest.mark.parametrize("person", PEOPLE, ids=[each.id for each in PEOPLE])


@each_person
def test_the_review_of_a_person_is_the_one_reasoned_out(person: Course, knowledge: Knowledge) -> None:
    assert review_in_words(person.review(knowledge)) == person.expected


@each_person
def test_what_a_person_is_there_for_becomes_of_it_for_the_reason_given(person: Course, knowledge: Knowledge) -> None:
    fates = {each.rule: each.fate for each in person.review(knowledge).recommendations}
    for rule, reason in person.because.items():
        word, _, why = reason.partition(": ")
        assert fates[rule] == word, rule
        assert why


@each_person
def test_what_is_new_kept_and_gone_is_all_that_was_given_then_or_now(person: Course, knowledge: Knowledge) -> None:
    review = person.review(knowledge)
    *_, before, now = review.visits
    fates = {fate: {each.rule for each in review.recommendations if each.fate == fate} for fate in get_args(Fate)}
    assert fates.get("kept", set()) | fates.get("gone", set()) == set(before.given)
    assert {each.rule for each in review.recommendations if each.fate != "gone"} == set(now.given)
    assert len(review.recommendations) == len({each.rule for each in review.recommendations})


def outcomes(review: Review) -> Iterator[object]:
    """Everything that has become of somebody, in the words of the code."""
    yield "status", review.plan.status
    for each in review.recommendations:
        yield "advice", each.advice
        yield ("was" if each.fate == "new" else "is"), each.place.how
        yield from [("step", each.step.id)] if each.step else [("fate", "new")]
    yield from (("verdict", each.since_last.verdict) for each in review.trends)
    for goal in review.goals:
        yield "goal", goal.standing
        yield "reached", goal.reached
        yield from [("minutes", goal.minutes.progress)] if goal.minutes else []
    yield from (("came back", each.overridden.override.do, each.again is not None) for each in review.overrides)


def possible() -> Iterator[object]:
    """Everything that the code can say has become of somebody."""
    yield "fate", "new"
    yield from (("status", each) for each in get_args(Status))
    yield from (("advice", each) for each in get_args(Advice))
    yield from (("is", each) for each in (None, *get_args(How)) if each != NOT_LOADED)
    yield from (("was", each) for each in (None, *BEFORE) if each != NOT_LOADED)
    yield from (("step", each.id) for each in builtin_steps().steps)
    yield from (("verdict", each) for each in get_args(Verdict))
    yield from (("goal", each) for each in get_args(Standing))
    yield from (("minutes", each) for each in get_args(Progress))
    yield from (("reached", each) for each in (True, False, None))
    yield from (("came back", *each) for each in product(get_args(Doing), (True, False)))


def test_whatever_can_become_of_somebody_becomes_of_somebody(knowledge: Knowledge) -> None:
    assert {each for person in PEOPLE for each in outcomes(person.review(knowledge))} == set(possible())


def test_everybody_has_a_reason() -> None:
    assert all(each.why and each.because and each.then for each in PEOPLE)
    assert all(each.intake["id"] == each.id for each in PEOPLE)
