"""``careplan rules list``: every version of every ruleset."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from careplan.cli import options
from careplan.cli.cases import load
from careplan.cli.output import table, warn_of_failures
from careplan.cli.rules.pages import ruleset_account
from careplan.rules.ruleset import Ruleset


@click.command("list", short_help="Every version of every ruleset, its day and digest.")
@options.as_json
def list_(as_json: bool) -> None:
    """Every version of every ruleset: from which day it is in effect, its rules, its digest.

    \b
    Examples:
      careplan rules list
      careplan rules list --json
    """
    knowledge = load()
    rulesets = [each for versions in knowledge.versions.values() for each in versions]
    if as_json:
        click.echo(json.dumps([ruleset_account(each) for each in rulesets], indent=2, ensure_ascii=False))
    else:
        _show_table(rulesets)
    warn_of_failures(knowledge.failures)


def _show_table(rulesets: Iterable[Ruleset]) -> None:
    from rich.console import Console
    from rich.text import Text

    found = table("ruleset", "title", "in effect from", "rules", "digest")
    for each in rulesets:
        cells = (each.name, each.title, str(each.effective), str(len(each.rules)), each.digest[:19])
        found.add_row(*map(Text, cells))
    Console().print(found)
