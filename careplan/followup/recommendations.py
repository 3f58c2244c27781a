"""What has become of every recommendation since the visit before: new, kept or gone, why, and what to do with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Literal

from attrs import define, frozen

from careplan.followup.steps import Advice, How, Standing, Step, Steps, asked
from careplan.followup.trends import Trend, Verdict, together
from careplan.followup.visit import Visit
from careplan.followup.words import ADVICE, BEFORE, NOW, VERDICTS
from careplan.plan.model import Overridden, Recommendation

Fate = Literal["new", "kept", "gone"]


@frozen
class AnswerChange:
    """An answer a rule turned on, then and now; None where it was not recorded."""

    fact: str
    old: Any
    new: Any


@frozen
class Measured:
    """A score that a step went by, and what it said."""

    fact: str
    verdict: Verdict

    @property
    def said(self) -> str:
        """The verdict in words."""
        return VERDICTS[self.verdict]


@frozen
class Place:
    """Where a recommendation stands that is not given: ``how`` that is (None: nothing is known of it), the rules that
    take it out, the facts that are missing."""

    how: How | None = None
    by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@frozen
class Followed:
    """One recommendation and what became of it.

    ``place`` is where it stands now that it is gone, or where it stood before it was new. ``changed`` are the answers
    that changed among those its rule turned on. ``since`` is the first visit at which it stood without a break. A new
    one has no ``step``: its ``text`` is its own.
    """

    recommendation: Recommendation
    fate: Fate
    advice: Advice
    text: str
    since: date
    place: Place = Place()
    changed: tuple[AnswerChange, ...] = ()
    measured: tuple[Measured, ...] = ()
    step: Step | None = None

    @property
    def rule(self) -> str:
        """The id of its rule."""
        return self.recommendation.rule

    @property
    def do(self) -> str:
        """The advice in words."""
        return ADVICE[self.advice]

    @property
    def stands(self) -> str | None:
        """Where it stands now that it is gone, or stood before it was new, in words."""
        return (NOW if self.fate == "gone" else BEFORE).get(self.place.how or "")


def follow(visits: Sequence[Visit], trends: Iterable[Trend], steps: Steps) -> tuple[Followed, ...]:
    """Every recommendation of the last plan in its order, then those of the plan before that are gone."""
    return tuple(_Follower(visits, {each.fact: each for each in trends}, steps).followed())


@define(slots=False)
class _Follower:
    visits: Sequence[Visit]
    trends: Mapping[str, Trend]
    steps: Steps

    @cached_property
    def given(self) -> tuple[dict[str, Recommendation], ...]:
        return tuple(each.given for each in self.visits)

    @cached_property
    def places_before(self) -> dict[str, Place]:
        return _places(self.visits[-2])

    @cached_property
    def places_now(self) -> dict[str, Place]:
        return _places(self.visits[-1])

    def followed(self) -> Iterator[Followed]:
        before, now = self.visits[-2], self.visits[-1]
        for rule, recommendation in self.given[-1].items():
            if rule in self.given[-2]:
                yield self.kept(self.given[-2][rule], recommendation)
            else:
                place = self.places_before.get(rule, Place())
                changed = _changed(recommendation, before, now)
                text = recommendation.clinician or recommendation.patient or ""
                yield Followed(recommendation, "new", "start", text, now.assessment.date, place, changed)
        for rule, recommendation in self.given[-2].items():
            if rule not in self.given[-1]:
                yield self.gone(recommendation)

    def kept(self, earlier: Recommendation, recommendation: Recommendation) -> Followed:
        begun = self.begun(recommendation.rule, len(self.visits) - 1)
        step, measured = self.step(recommendation, "kept", None, begun)
        changed = _changed(earlier, *self.visits[-2:], also=recommendation)
        since = self.visits[begun].assessment.date
        return Followed(
            recommendation, "kept", step.advice, step.text, since, changed=changed, measured=measured, step=step
        )

    def gone(self, recommendation: Recommendation) -> Followed:
        begun = self.begun(recommendation.rule, len(self.visits) - 2)
        unknown: How = "not_repeated" if recommendation.ruleset is None else "not_loaded"
        place = self.places_now.get(recommendation.rule, Place(unknown))
        step, measured = self.step(recommendation, "gone", place.how, begun, recommendation.triggered_by)
        changed = _changed(recommendation, *self.visits[-2:])
        since = self.visits[begun].assessment.date
        return Followed(recommendation, "gone", step.advice, step.text, since, place, changed, measured, step)

    def step(
        self,
        recommendation: Recommendation,
        fate: Literal["kept", "gone"],
        how: How | None,
        begun: int,
        also: Iterable[str] = (),
    ) -> tuple[Step, tuple[Measured, ...]]:
        """The step that fits, and the scores that decided for it; the scores ``also`` speak beside those of needs."""
        own = [fact for fact in also if fact in self.trends]

        def said(needs: Iterable[str]) -> dict[str, Verdict]:
            return {fact: self.says(fact, begun) for fact in (*self.measuring(needs), *own)}

        weeks = (self.visits[-1].assessment.date - self.visits[begun].assessment.date).days / 7
        standing = Standing(recommendation, fate, how, weeks, lambda needs: together(said(needs).values()))
        step = self.steps.taken(standing)
        speaking = said(asked(step, recommendation)) if step.verdict else {}
        return step, tuple(Measured(fact, each) for fact, each in speaking.items() if each == step.verdict)

    def begun(self, rule: str, last: int) -> int:
        """The first visit, counted from 0, of the unbroken row up to ``last`` in which the recommendation stood."""
        begun = last
        while begun and rule in self.given[begun - 1]:
            begun -= 1
        return begun

    def measuring(self, needs: Iterable[str]) -> list[str]:
        facts = (fact for need in needs for fact in self.steps.measures.get(need, ()))
        return [fact for fact in dict.fromkeys(facts) if fact in self.trends]

    def says(self, fact: str, begun: int) -> Verdict:
        """What a score says of the time since a visit; that it got worse since the last one counts too."""
        trend = self.trends[fact]
        return together((trend.since(begun).verdict, trend.since_last.verdict))


def _changed(
    recommendation: Recommendation, before: Visit, now: Visit, *, also: Recommendation | None = None
) -> tuple[AnswerChange, ...]:
    """The answers behind a recommendation that are not what they were."""
    behind = {**recommendation.triggered_by, **(also.triggered_by if also else {})}
    then, since = _facts(before), _facts(now)
    pairs = ((fact, then.get(fact), since.get(fact)) for fact in behind)
    return tuple(AnswerChange(fact, old, new) for fact, old, new in pairs if old != new)


def _facts(visit: Visit) -> Mapping[str, Any]:
    return visit.plan.facts if visit.plan is not None else visit.facts.values


def _places(visit: Visit) -> dict[str, Place]:
    """Where every rule stands that gives nothing at a visit."""
    plan = visit.plan
    if plan is None:
        return {}
    found = {rule: Place("not_true") for rule in plan.not_fired}
    found |= {each.rule: Place("unknown", missing=each.missing) for each in plan.undecided}
    found |= {
        each.recommendation.rule: Place("held", missing=each.questions or each.missing) for each in plan.ask_first
    }
    found |= {
        each.recommendation.rule: Place("blocked" if each.tags else "small_plan", each.by) for each in plan.blocked
    }
    found |= {each.override.rule: Place("declined") for each in plan.overrides if _declined(each)}
    if visit.withheld:
        emergencies = tuple(each.rule for each in plan.emergency)
        found |= {each.rule: Place("withheld", emergencies) for each in (*plan.safety, *plan.recommendations)}
    return found


def _declined(overridden: Overridden) -> bool:
    return overridden.override.do == "decline" and overridden.outcome == "applied"
