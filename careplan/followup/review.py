"""A person's visits in the order of time → the review: what has changed, what it means, what to do with the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from careplan.followup.goals import GoalReview, review_goals
from careplan.followup.overrides import Reopened, reopened
from careplan.followup.person import changes_of_record
from careplan.followup.recommendations import Followed, follow
from careplan.followup.steps import Step, Steps, builtin_steps
from careplan.followup.trends import Trend, trends
from careplan.followup.visit import Visit
from careplan.instruments import Instrument
from careplan.plan.model import Plan, Recommendation

FOLLOW_UP = "followup."
"""How the facts begin that say what has changed; a rule that reads one is a follow-up rule."""


@frozen
class Review:
    """What has become of one person, from the first of the visits to the last.

    ``notes`` say what is recorded otherwise than before and may be a slip. It may hold what is confidential: it is the
    clinician's own.
    """

    visits: tuple[Visit, ...]
    trends: tuple[Trend, ...]
    goals: tuple[GoalReview, ...]
    recommendations: tuple[Followed, ...]
    overrides: tuple[Reopened, ...]
    notes: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        """The plan of the last visit."""
        plan = self.visits[-1].plan
        assert plan is not None  # only an earlier visit may lie before all rules
        return plan

    @property
    def weeks(self) -> float:
        """Weeks from the first visit to the last."""
        return (self.visits[-1].assessment.date - self.visits[0].assessment.date).days / 7

    @property
    def worse(self) -> tuple[Trend, ...]:
        """The scores that got worse by more than matters."""
        return tuple(each for each in self.trends if each.worse)

    @property
    def improved(self) -> tuple[Trend, ...]:
        """The scores that are better than at first by more than matters, and did not get worse since the last visit."""
        return tuple(each for each in self.trends if each.since_first.verdict == "improved" and not each.worse)

    @property
    def rules(self) -> tuple[Recommendation, ...]:
        """The recommendations of follow-up rules: those that turned on what has changed."""
        given = (*self.plan.safety, *self.plan.recommendations)
        return tuple(each for each in given if any(fact.startswith(FOLLOW_UP) for fact in each.triggered_by))

    @property
    def doubts(self) -> tuple[Step, ...]:
        """The steps taken that nobody has verified, by id."""
        taken = {each.step.id: each.step for each in self.recommendations if each.step}
        return tuple(taken[name] for name in sorted(taken) if taken[name].certainty == "unverified")

    @property
    def unplanned(self) -> tuple[Visit, ...]:
        """The visits for which no rules were in effect, so that no plan could be made of them."""
        return tuple(each for each in self.visits if each.plan is None)


def review(visits: Sequence[Visit], instruments: Mapping[str, Instrument], steps: Steps | None = None) -> Review:
    """The review of two visits or more of one person; the last one has a plan."""
    found = trends(visits, instruments)
    before, now = visits[-2].assessment, visits[-1].assessment
    return Review(
        visits=tuple(visits),
        trends=found,
        goals=review_goals([each.assessment for each in visits]),
        recommendations=follow(visits, found, steps or builtin_steps()),
        overrides=reopened(visits),
        notes=changes_of_record(before.person, now.person),
    )
