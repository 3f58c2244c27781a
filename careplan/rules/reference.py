"""The meaning of a rule base: its conditions in three-valued logic, stratum by stratum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from careplan.cql import compile_all
from careplan.rules.base import RuleBase

Decider = Callable[[Mapping[str, Any]], dict[str, bool | None]]
"""Decides the conditions of one stratum over facts."""


def by_stratum(base: RuleBase, deciders: tuple[Decider, ...], facts: Mapping[str, Any]) -> dict[str, bool | None]:
    """The outcome of every condition, each stratum decided over the facts and what earlier strata wrote.

    A fact that is given stands: what the base would write does not replace it.
    """
    outcomes: dict[str, bool | None] = {}
    seen = dict(facts)
    for decide in deciders:
        outcomes |= decide(seen)
        seen = base.written(outcomes) | seen
    return outcomes


class Reference:
    """The reference engine: every condition of a rule base compiled to Python."""

    name = "reference"

    def __init__(self, base: RuleBase) -> None:
        self._base = base
        self._deciders: tuple[Decider, ...] = tuple(compile_all(stratum) for stratum in base.strata)

    def decide(self, facts: Mapping[str, Any]) -> dict[str, bool | None]:
        """True, false or unknown (None) for every condition of the base; unknown facts are absent or None."""
        return by_stratum(self._base, self._deciders, facts)
