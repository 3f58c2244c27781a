"""``careplan rules check``: what is amiss in rulesets, with its place."""

from __future__ import annotations

import json
from pathlib import Path

import click

from careplan.checking import check_rulesets
from careplan.cli import options
from careplan.cli.cases import load
from careplan.cli.rules.files import finding_account, finding_count, installed_rulesets, rulesets_below
from careplan.cli.rules.sarif import sarif
from careplan.cli.rules.suites import refuse


@click.command(short_help="What is amiss in the rulesets, with its place.")
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(exists=True, path_type=Path))
@options.as_json
@click.option("--sarif", "as_sarif", is_flag=True, help="The result as SARIF 2.1.0, for editors and CI.")
def check(path: Path | None, as_json: bool, as_sarif: bool) -> int:
    """What is amiss in the rulesets, all of it at once, each with its place; plugins add checks of their own.

    Looked at: whether the file can be read, facts and types, conditions that contradict themselves, texts that name
    what may be unknown, words that are hard to read, tests that are missing, ids given twice, conditions that wait for
    each other, tags and facts for nothing, released versions that were edited.

    With PATH, the ruleset there, or those below a folder, released or not, among those that are installed. Exit 1:
    there is an error.

    \b
    Examples:
      careplan rules check
      careplan rules check rulesets/sleep/2026.2.yaml
      careplan rules check rulesets --sarif > rules.sarif
    """
    knowledge = load(locked=False)
    refuse(knowledge.failures)
    files = rulesets_below(path, knowledge) if path else installed_rulesets(knowledge)
    found, failures = check_rulesets(files.read, files.around, knowledge.registry.plugins)
    findings = sorted((*files.unread, *files.edited, *found), key=lambda each: each.location)
    if as_sarif:
        click.echo(json.dumps(sarif(findings), indent=2, ensure_ascii=False))
    elif as_json:
        click.echo(json.dumps([finding_account(each) for each in findings], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join([*map(str, findings), finding_count(findings, len(files.read))]))
    refuse(failures)
    return 1 if any(each.severity == "error" for each in findings) else 0
