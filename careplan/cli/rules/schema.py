"""``careplan rules schema``: the JSON Schema of a ruleset file, for editors."""

from __future__ import annotations

import json

import click

from careplan.cli.cases import load
from careplan.cli.output import warn_of_failures
from careplan.rules.schema import ruleset_schema


@click.command(short_help="The JSON Schema of a ruleset file, for editors.")
def schema() -> None:
    """The JSON Schema (draft 2020-12) of a ruleset file, with the tags and facts that are installed.

    An editor that knows it completes and checks a ruleset while you write: see docs/exchange.md.

    \b
    Examples:
      careplan rules schema > ruleset.schema.json
    """
    knowledge = load(locked=False)
    warn_of_failures(knowledge.failures)
    found = ruleset_schema(knowledge.tags, knowledge.vocabulary.types)
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
