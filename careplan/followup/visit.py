"""One assessment of a person, what was known then, and the plan that followed."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from careplan.assessment import Assessment
from careplan.facts import Facts
from careplan.plan.model import Earlier, Plan, Recommendation


@frozen
class Visit:
    """One assessment with its facts and its plan; ``plan`` is None where no rules were in effect on that day."""

    assessment: Assessment
    facts: Facts
    plan: Plan | None

    @property
    def withheld(self) -> bool:
        """Whether an emergency kept the plan from the person."""
        return self.plan is not None and self.plan.status == "withheld"

    @property
    def given(self) -> dict[str, Recommendation]:
        """The recommendations the person was given, by rule; of a withheld plan the emergencies alone."""
        return {each.rule: each for each in self._given()}

    def _given(self) -> Iterator[Recommendation]:
        if self.plan is not None:
            yield from self.plan.emergency
            if not self.withheld:
                yield from self.plan.safety
                yield from self.plan.recommendations

    @property
    def link(self) -> Earlier:
        """How the plan of the next visit names this one."""
        planned = self.plan is not None and not self.withheld
        return Earlier(self.assessment.id, self.assessment.date, planned)
