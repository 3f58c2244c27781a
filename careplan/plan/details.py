"""What is computed from a person's own answers, where it stands in the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from careplan.plan.modality import DetailSpec, Situation
from careplan.plan.model import Detail, Recommendation

Compute = Callable[[DetailSpec, Situation], Mapping[str, Any] | None]
"""What asks a detail for its values."""


def asked(spec: DetailSpec, situation: Situation) -> Mapping[str, Any] | None:
    """The values of a detail; what its function raises goes through."""
    return spec.compute(situation)


class Details:
    """The details of one plan, by where they stand; without a situation, of a case given as facts, there are none."""

    def __init__(self, specs: Iterable[DetailSpec], compute: Compute, situation: Situation | None) -> None:
        self._compute, self._situation = compute, situation
        self._by_place: dict[tuple[str | None, str | None], list[DetailSpec]] = {}
        for each in specs:
            self._by_place.setdefault((each.rule, each.section), []).append(each)

    def beside(self, each: Recommendation) -> tuple[Detail, ...]:
        """The details of a recommendation; none where a clinician changed it: they would repeat the rule's numbers."""
        changed = each.override is not None and each.override.override.do == "change"
        return () if changed else self._at(each.rule, None)

    def within(self, section: str) -> tuple[Detail, ...]:
        """The details that stand in a section, beside none of its recommendations."""
        return self._at(None, section)

    def _at(self, rule: str | None, section: str | None) -> tuple[Detail, ...]:
        if self._situation is None:
            return ()
        found = []
        for each in self._by_place.get((rule, section), ()):
            values = self._compute(each, self._situation)
            if values is not None:
                found.append(Detail(each.id, each.template, values, each.edition, each.apart))
        return tuple(found)
