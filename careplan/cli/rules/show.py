"""``careplan rules show``: one rule, one detector, or one version of a ruleset, whole."""

from __future__ import annotations

import json

import click

from careplan.cli import options
from careplan.cli.cases import load
from careplan.cli.output import warn_of_failures
from careplan.cli.rules.pages import (
    contradiction_account,
    rule_account,
    rule_page,
    ruleset_account,
    ruleset_page,
)
from careplan.cli.rules.suites import tests_of
from careplan.cli.rules.told import About
from careplan.errors import RulesetError, nearest
from careplan.knowledge import Knowledge
from careplan.rules.ruleset import Contradiction, Rule, Ruleset


@click.command(short_help="One rule, or one version of a ruleset.")
@click.argument("name", metavar="RULE|RULESET@VERSION")
@options.as_json
def show(name: str, as_json: bool) -> None:
    """One rule, or one version of a ruleset: its conditions, texts, sources, effects and tests.

    A rule is shown as its latest version has it; a contradiction detector is named like a rule.

    \b
    Examples:
      careplan rules show SLP-03
      careplan rules show sleep@2026.1
    """
    knowledge = load()
    warn_of_failures(knowledge.failures)
    ruleset, found = _named(name, knowledge)
    about = About(ruleset, knowledge.versions[ruleset.id], tests_of(ruleset, knowledge), knowledge.vocabulary)
    if isinstance(found, Rule):
        account, page = rule_account(found, about), rule_page(found, about)
    elif isinstance(found, Contradiction):
        account, page = contradiction_account(found, about), rule_page(found, about)
    else:
        account, page = ruleset_account(ruleset), ruleset_page(ruleset)
    click.echo(json.dumps(account, indent=2, ensure_ascii=False) if as_json else "\n".join(page))


def _named(name: str, knowledge: Knowledge) -> tuple[Ruleset, Rule | Contradiction | None]:
    """The ruleset of that name, or the rule or detector with the latest version that has it."""
    known: dict[str, tuple[Ruleset, Rule | Contradiction | None]] = {}
    for versions in knowledge.versions.values():
        for ruleset in sorted(versions, key=lambda each: (each.effective, each.version)):
            known[ruleset.name] = ruleset, None
            known |= {rule.id: (ruleset, rule) for rule in ruleset.rules}
            known |= {found.id: (ruleset, found) for found in ruleset.contradictions}
    if name not in known:
        raise RulesetError(f"there is no rule or ruleset {name!r}{nearest(name, known)}")
    return known[name]
