"""``careplan rules test``: whether rules decide as their tests say."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from careplan.cli.cases import load
from careplan.cli.explain import clause_lines
from careplan.cli.rules.suites import Suite, refuse, suites_in, suites_of
from careplan.errors import CareplanError
from careplan.knowledge import Knowledge
from careplan.rules.explain import clauses
from careplan.rules.ruletests import RuleTestResult

OUTCOMES = {True: "true", False: "false", None: "unknown"}


@click.command(short_help="Whether the rules decide as their tests say.")
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("-k", "text", metavar="TEXT", default="", help="Only tests with TEXT in their rule or name.")
def test(path: Path | None, text: str) -> int:
    """Whether the rules make of given facts what their tests say, decided by both engines.

    With PATH, the test files there, each with the ruleset beside it, released or not. A test that fails is explained
    clause by clause. Exit 1: a test failed, or a ruleset has none.

    \b
    Examples:
      careplan rules test
      careplan rules test rulesets/sleep -k SLP-03
    """
    knowledge = load(locked=False)
    refuse(knowledge.failures)
    suites = list(suites_in(path, knowledge) if path else suites_of(knowledge))
    untested = [each.ruleset.name for each in suites if each.file is None]
    results = [(each, result) for each in suites for result in each.results(text)]
    if not results and text:
        raise CareplanError(f"no test has {text!r} in its rule or name")
    failed = [(suite, result) for suite, result in results if not result.passed]
    for suite, result in failed:
        click.echo("\n".join(_failure(suite, result, knowledge)))
    for name in untested:
        click.echo(f"✘ {name} has no tests")
    passed = len(results) - len(failed)
    tests = "test" if len(results) == 1 else "tests"
    click.echo(f"{passed} of {len(results)} {tests} passed." if failed else f"{passed} {tests} passed.")
    return 1 if failed or untested else 0


def _failure(suite: Suite, result: RuleTestResult, knowledge: Knowledge) -> Iterable[str]:
    """A failed test: what was expected, what came out, and the clauses it came out by."""
    test = result.test
    yield (
        f"✘ {suite.ruleset.name} {test.rule} {test.name}: expected {OUTCOMES[test.expect]}, came out "
        f"{OUTCOMES[result.outcome]} ({test.location})"
    )
    account = clauses(suite.base.conditions[test.rule], result.decision.facts, knowledge.derivations)
    yield from (f"    {line}" for line in clause_lines(account))
