"""``careplan rules check``: what is amiss in rulesets, with its place."""

from __future__ import annotations

import json
from pathlib import Path

import click

from careplan.checking import check_rulesets
from careplan.cli import options
from careplan.cli.cases import load
from careplan.cli.rules.files import finding_account, finding_count, installed_rulesets, rulesets_below
from careplan.cli.rules.suites import refuse


@click.command(short_help="What is amiss in the rulesets: words that are hard to read.")
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(exists=True, path_type=Path))
@options.as_json
def check(path: Path | None, as_json: bool) -> int:
    """What is amiss in the rulesets: words for patients that are hard to read, and what checks of plugins find.

    Of everything a patient may read: a sentence of more than 20 words, a word of jargon and a reading grade above 8 are
    errors, a grade above 6 is a warning. With PATH, the ruleset there, or those below a folder, released or not; a file
    that cannot be read is a finding too. Exit 1: there is an error.

    \b
    Examples:
      careplan rules check
      careplan rules check rulesets/sleep/2026.2.yaml
      careplan rules check rulesets --json
    """
    knowledge = load(locked=False)
    refuse(knowledge.failures)
    files, unread = rulesets_below(path, knowledge) if path else (installed_rulesets(knowledge), ())
    found, failures = check_rulesets(files, knowledge.registry.plugins)
    findings = sorted((*unread, *found), key=lambda each: each.location)
    if as_json:
        click.echo(json.dumps([finding_account(each) for each in findings], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join([*map(str, findings), finding_count(findings, len(files))]))
    refuse(failures)
    return 1 if any(each.severity == "error" for each in findings) else 0
