"""Writes docs/cli.md: what every command says of itself when it is asked with --help."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from careplan.cli.main import cli

PAGE = Path(__file__).parent.parent / "docs" / "cli.md"
WIDTH = 100
BEGINNING = """\
# Commands

Data goes to standard output, all talk to standard error. `-` in place of a file is standard input or output. Some
options can be set in the environment, as their help says: `CAREPLAN_FORMAT=html` stands for `--format html`.

| exit code | meaning |
|---|---|
| 0 | done, and nothing stands in the way |
| 1 | done, and the answer is no: a plan is withheld or waits for a signature, a test, a check or a plugin failed |
| 2 | it could not be done: the message says why, where, and what to do |
| 70 | careplan has a bug: its traceback is shown |
| 130 | interrupted; whole files written before stay |

This page is written by `make docs` from the commands themselves.
"""


def page() -> str:
    """The text of the page."""
    return "\n".join([BEGINNING, *map(_command, commands(_context(cli, "careplan")))])


def commands(context: click.Context) -> Iterator[click.Context]:
    """A command and all below it, those of plugins not among them."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command is not None:
                yield from commands(_context(command, name, context))


def _context(command: click.Command, name: str, above: click.Context | None = None) -> click.Context:
    settings = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    return click.Context(command, info_name=name, parent=above, **settings)


def _command(context: click.Context) -> str:
    return f"## `{context.command_path}`\n\n```text\n{context.get_help()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(Path.cwd()) if PAGE.is_relative_to(Path.cwd()) else PAGE)
