"""``careplan rules pages``: a page for each ruleset, from the YAML alone; a page that is stale is found."""

from __future__ import annotations

from pathlib import Path

import click

from careplan.cli.cases import load
from careplan.cli.output import write_whole
from careplan.cli.rules.markdown import index_page, ruleset_page
from careplan.cli.rules.suites import refuse, tests_of
from careplan.cli.rules.told import About
from careplan.knowledge import Knowledge
from careplan.rules.versions import latest

INDEX = "README.md"


@click.command("pages", short_help="A page for each ruleset, in Markdown.")
@click.option(
    "-o", "--output", "folder", metavar="FOLDER", default="docs/rules", show_default=True,
    type=click.Path(file_okay=False, path_type=Path), help="Where the pages are.",
)  # fmt: skip
@click.option("--check", is_flag=True, help="Write nothing; only say which pages are stale.")
def pages(folder: Path, check: bool) -> int:
    """A page for each ruleset in its newest version: conditions in words, texts, evidence, tests and history.

    Pages are written from the rulesets and their tests alone. Exit 1 with --check: a page is stale, missing, or of no
    ruleset.

    \b
    Examples:
      careplan rules pages
      careplan rules pages -o handbook/rules --check
    """
    knowledge = load(locked=False)
    refuse(knowledge.failures)
    wanted = {folder / name: text for name, text in _pages(knowledge).items()}
    found = {each: each.read_text(encoding="utf-8") for each in sorted(folder.glob("*.md"))}
    stale = [each for each, text in wanted.items() if found.get(each) != text]
    surplus = [each for each in found if each not in wanted]
    for each in stale:
        if check:
            click.echo(f"✘ {each} is {'stale' if each in found else 'missing'}; run: careplan rules pages -o {folder}")
        else:
            write_whole(each, wanted[each].encode())
            click.echo(str(each))
    for each in surplus:
        click.echo(f"✘ {each} is the page of no ruleset; remove it")
    return 1 if surplus or (check and stale) else 0


def _pages(knowledge: Knowledge) -> dict[str, str]:
    newest = latest(each for versions in knowledge.versions.values() for each in versions)
    made = {INDEX: index_page(list(newest.values()))}
    for ruleset in newest.values():
        about = About(ruleset, knowledge.versions[ruleset.id], tests_of(ruleset, knowledge), knowledge.vocabulary)
        made[f"{ruleset.id}.md"] = ruleset_page(about)
    return made
