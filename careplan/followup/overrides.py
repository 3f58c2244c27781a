"""What clinicians decided otherwise at earlier visits: it comes back for decision at each review."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from careplan.assessment import Override
from careplan.followup.visit import Visit
from careplan.followup.words import DID
from careplan.plan.model import Overridden


@frozen
class Reopened:
    """An override of an earlier visit, and the one that decided the same again since (None: it is still to be done)."""

    overridden: Overridden
    again: Override | None = None

    @property
    def did(self) -> str:
        """What was done, in words."""
        return DID[self.overridden.override.do]


def reopened(visits: Sequence[Visit]) -> tuple[Reopened, ...]:
    """The overrides of all visits but the last, the latest one of each rule, in the order of the visits."""
    found: dict[str, Overridden] = {}
    for visit in visits[:-1]:
        for each in visit.plan.overrides if visit.plan else ():
            known = found.get(each.override.rule)
            if known is None or known.override.on <= each.override.on:
                found[each.override.rule] = each
    now = visits[-1].assessment.overrides
    return tuple(
        Reopened(each, next((new for new in now if new.rule == rule and new.on > each.override.on), None))
        for rule, each in found.items()
    )
