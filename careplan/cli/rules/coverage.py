"""The coverage of rules by their tests, as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import click

from careplan.cli.output import table
from careplan.rules.base import SAID
from careplan.rules.coverage import OUTCOMES, ClauseCoverage, ConditionCoverage

Covered = Sequence[tuple[str, Sequence[ConditionCoverage]]]
"""The conditions of each ruleset, by the ruleset's name."""


def show_coverage(covered: Covered) -> None:
    """Print a table of the clauses to which no test gave some outcome, and what share of all outcomes there are."""
    from rich.console import Console
    from rich.text import Text

    found = table("rule", "clause", "no test makes it")
    for _, conditions in covered:
        for condition in conditions:
            for each in condition.clauses:
                if each.missing:
                    found.add_row(*map(Text, (condition.name, each.text, _listed(each.missing))))
    if found.row_count:
        Console().print(found)
    for name, conditions in covered:
        _print_total(name, _clauses(conditions))
    if len(covered) > 1:
        _print_total(f"{len(covered)} rulesets", [each for _, conditions in covered for each in _clauses(conditions)])


def _print_total(name: str, clauses: Sequence[ClauseCoverage]) -> None:
    """Print one line: how many clauses, and what share of them tests made true, false and unknown."""
    shares = ", ".join(f"{SAID[each]} {_share(*counts)}" for each, counts in _counts(clauses).items())
    clause = "clause" if len(clauses) == 1 else "clauses"
    click.echo(f"{name}: {len(clauses)} {clause}; {shares}; every outcome {_share(*_whole(clauses))}")


def coverage_account(covered: Covered) -> dict[str, Any]:
    """The coverage as JSON values: every clause, and the totals."""
    return {
        "rulesets": [
            {
                "ruleset": name,
                "total": _total(_clauses(conditions)),
                "conditions": [_condition_account(each) for each in conditions],
            }
            for name, conditions in covered
        ],
        "total": _total([each for _, conditions in covered for each in _clauses(conditions)]),
    }


def _condition_account(condition: ConditionCoverage) -> dict[str, Any]:
    return {
        "condition": condition.name,
        "tests": condition.tests,
        "clauses": [
            {"text": each.text, "seen": _named(each.seen), "missing": _named(each.missing)}
            for each in condition.clauses
        ],
    }


def _named(outcomes: Iterable[bool | None]) -> list[str]:
    return [SAID[each] for each in outcomes]


def _total(clauses: Sequence[ClauseCoverage]) -> dict[str, Any]:
    """How many clauses there are, and how many of those that can have an outcome were seen with it."""
    seen, possible = _whole(clauses)
    outcomes = {SAID[each]: {"seen": one, "of": all_} for each, (one, all_) in _counts(clauses).items()}
    return {"clauses": len(clauses), **outcomes, "every": {"seen": seen, "of": possible}}


def _clauses(conditions: Iterable[ConditionCoverage]) -> list[ClauseCoverage]:
    return [each for condition in conditions for each in condition.clauses]


def _counts(clauses: Sequence[ClauseCoverage]) -> dict[bool | None, tuple[int, int]]:
    """For each outcome, in how many clauses it was seen, of how many that can have it."""
    able = {each: [one for one in clauses if each in one.possible] for each in OUTCOMES}
    return {each: (sum(each in one.seen for one in found), len(found)) for each, found in able.items()}


def _whole(clauses: Sequence[ClauseCoverage]) -> tuple[int, int]:
    """How many clauses were seen with every outcome they can have, of how many."""
    return sum(not each.missing for each in clauses), len(clauses)


def _share(seen: int, of: int) -> str:
    """``98.5% (66 of 67)``; never 100% while one is missing."""
    percent = 100.0 if seen == of else min(99.9, round(100 * seen / of, 1))
    return f"{percent:g}% ({seen} of {of})"


def _listed(outcomes: Iterable[bool | None]) -> str:
    return " or ".join(_named(outcomes))
