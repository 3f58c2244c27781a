"""``careplan evaluate``: the rules alone, over a file of facts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from careplan.cli import options
from careplan.cli.cases import STDIN, load, read_fact_file
from careplan.cli.output import summary
from careplan.render.json import plan_json
from careplan.service import FactCase, Request, plan_of_facts


@click.command()
@click.argument("facts", metavar="FACTS")
@options.on
@options.rulesets
@options.allow_incomplete
@options.as_json
def evaluate(facts: str, on: date | None, pins: dict[str, str], allow_incomplete: bool, as_json: bool) -> int:
    """The rules alone, over FACTS: a file of facts in YAML or JSON, or - for standard input.

    A fact that is left out is derived where its inputs allow, else unknown; nothing is assumed. Exit 1: the plan is
    withheld.

    \b
    Examples:
      careplan evaluate facts.json --json
      echo '{"on": "2026-03-02", "facts": {"isi.total": 16, "sleep.efficiency": 78.0}}' | careplan evaluate -
    """
    knowledge = load()
    file, known = read_fact_file(facts, knowledge.vocabulary)
    name = file.case or ("facts" if facts == STDIN else Path(facts).stem)
    case = FactCase(name, file.on, known, file.goals, file.cleared)
    plan = plan_of_facts(case, knowledge, Request(on=on, pinned=pins, allow_incomplete=allow_incomplete))
    if as_json:
        click.echo(json.dumps(plan_json(plan), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(summary(plan)))
    return 1 if plan.status == "withheld" else 0
