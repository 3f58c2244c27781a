"""``careplan rules test``: whether rules decide as their tests say, and what the tests leave untried."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from careplan.cli import options
from careplan.cli.cases import load
from careplan.cli.explain import clause_lines
from careplan.cli.rules.coverage import Covered, coverage_account, show_coverage
from careplan.cli.rules.suites import Suite, refuse, suites_in, suites_of
from careplan.errors import CareplanError
from careplan.knowledge import Knowledge
from careplan.rules.base import SAID
from careplan.rules.coverage import coverage
from careplan.rules.explain import clauses
from careplan.rules.reasons import Derivations
from careplan.rules.ruletests import RuleTestResult

Results = Sequence[tuple[Suite, RuleTestResult]]


@click.command(short_help="Whether the rules decide as their tests say.")
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("-k", "text", metavar="TEXT", default="", help="Only tests with TEXT in their rule or name.")
@click.option(
    "--coverage", "with_coverage", is_flag=True,
    help="Also list the clauses that no test made true, false or unknown.",
)  # fmt: skip
@options.as_json
def test(path: Path | None, text: str, with_coverage: bool, as_json: bool) -> int:
    """Whether the rules make of given facts what their tests say, decided by both engines.

    With PATH, the test files there, each with the ruleset beside it, released or not. A test that fails is explained
    clause by clause. Exit 1: a test failed, or a ruleset has none.

    Coverage is counted clause by clause: each rule's own tests should make every clause of its condition true, false
    and, where it can be, unknown. It changes no exit code.

    \b
    Examples:
      careplan rules test
      careplan rules test rulesets/sleep -k SLP-03
      careplan rules test rulesets/sleep --coverage
    """
    knowledge = load(locked=False)
    refuse(knowledge.failures)
    suites = list(suites_in(path, knowledge) if path else suites_of(knowledge))
    untested = [each.ruleset.name for each in suites if each.file is None]
    results = [(each, result) for each in suites for result in each.results(text)]
    if not results and text:
        raise CareplanError(f"no test has {text!r} in its rule or name")
    covered = _covered(suites, results, text, knowledge.derivations) if with_coverage else None
    if as_json:
        click.echo(json.dumps(_account(results, untested, covered), indent=2, ensure_ascii=False))
    else:
        _show(results, untested, covered, knowledge)
    return 1 if untested or not all(result.passed for _, result in results) else 0


def _show(results: Results, untested: Iterable[str], covered: Covered | None, knowledge: Knowledge) -> None:
    failed = [(suite, result) for suite, result in results if not result.passed]
    for suite, result in failed:
        click.echo("\n".join(failure_lines(suite, result, knowledge)))
    for name in untested:
        click.echo(f"✘ {name} has no tests")
    if covered is not None:
        show_coverage(covered)
    passed = len(results) - len(failed)
    tests = "test" if len(results) == 1 else "tests"
    click.echo(f"{passed} of {len(results)} {tests} passed." if failed else f"{passed} {tests} passed.")


def failure_lines(suite: Suite, result: RuleTestResult, knowledge: Knowledge) -> Iterable[str]:
    """A failed test: what was expected, what came out, and the clauses it came out by."""
    test = result.test
    yield (
        f"✘ {suite.ruleset.name} {test.rule} {test.name}: expected {SAID[test.expect]}, came out "
        f"{SAID[result.outcome]} ({test.location})"
    )
    account = clauses(suite.base.conditions[test.rule], result.decision.facts, knowledge.derivations)
    yield from (f"    {line}" for line in clause_lines(account))


def _covered(suites: Sequence[Suite], results: Results, text: str, derivations: Derivations) -> Covered:
    """The coverage of each ruleset; where tests were chosen by a text, of the conditions that have one of them."""
    found = []
    for suite in suites:
        conditions = coverage(suite.base, [result for each, result in results if each is suite], derivations)
        found.append((suite.ruleset.name, [each for each in conditions if each.tests or not text]))
    return [(name, conditions) for name, conditions in found if conditions]


def _account(results: Results, untested: Sequence[str], covered: Covered | None) -> dict[str, Any]:
    failed = [
        {
            "ruleset": suite.ruleset.name,
            "rule": result.test.rule,
            "name": result.test.name,
            "expected": SAID[result.test.expect],
            "outcome": SAID[result.outcome],
            "location": str(result.test.location),
        }
        for suite, result in results
        if not result.passed
    ]
    account = {"passed": len(results) - len(failed), "failed": failed, "untested": untested}
    return account if covered is None else {**account, "coverage": coverage_account(covered)}
