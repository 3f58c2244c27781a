"""The command line: its commands, loaded only when they are called, and the one bridge from errors to messages."""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from typing import Any, NoReturn

import click

from careplan.errors import CareplanError, nearest

GONE = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT)
"""What the system says when standard output is closed, or there is no room for it."""
BUG = 70
"""The exit code of a bug, as sysexits.h has it: 1 means that the answer is no."""
COMMANDS = {
    "generate": ("careplan.cli.generate", "Care plans from intake files, as PDF, HTML or JSON."),
    "review": ("careplan.cli.review", "What has changed since earlier assessments, and what to do with the plan."),
    "explain": ("careplan.cli.explain", "Why each rule did or did not fire, and what would change it."),
    "evaluate": ("careplan.cli.evaluate", "The rules alone, over a file of facts."),
    "intake": ("careplan.cli.intake", "A blank intake file to fill in."),
    "instruments": ("careplan.cli.instruments", "The questionnaires: what to ask and how it is scored."),
    "score": ("careplan.cli.score", "One questionnaire, scored."),
    "rules": ("careplan.cli.rules", "The rulesets in use: read, check, test, compare, prove and release them."),
    "plugins": ("careplan.cli.plugins", "What is loaded, what it may do, and what failed."),
}
"""Each command's module, which holds a click command of the same name, and its line in the help."""


class Commands(click.Group):
    """A group that imports a command when it is called; plugins' own commands come after the built-in ones."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The built-in commands in the order of their use."""
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; an unknown name is looked for among plugins."""
        if cmd_name in COMMANDS:
            command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name)
            return command
        found = super().get_command(ctx, cmd_name)
        if found is None:
            from careplan.registry import add_commands

            failures = add_commands(self)
            found = super().get_command(ctx, cmd_name)
            for each in failures if found is None else ():
                click.echo(f"plugin {each.plugin} failed ({each.stage}): {each.message}", err=True)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with; an unknown one is refused with the nearest there is."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            ctx.fail(f"there is no command {name!r}{nearest(name, self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """One line a command, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="careplan")
def cli() -> None:
    """From an intake assessment to a care plan for chronic pain that can say why.

    \b
    Examples:
      careplan generate examples/fibromyalgia.yaml -o plans
      careplan explain examples/fibromyalgia.yaml SLP-03
      careplan score phq9 1,1,2,2,1,1,1,0,0

    Exit codes: 0 fine; 1 the answer is no (a plan is withheld, a check found something); 2 it could not be done.
    """


def main() -> NoReturn:
    """Run the command line; an error careplan foresees is a message, any other is a bug and shows its traceback."""
    try:
        result: Any = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        sys.exit(130)
    except CareplanError as error:
        from careplan.cli.output import message

        click.echo(message(error), err=True)
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - whatever it is, its exit code may not be taken for an answer
        sys.exit(_unforeseen(error))
    sys.exit(result if isinstance(result, int) else 0)


def _unforeseen(error: Exception) -> int:
    """Say what ended the command, and give its exit code: no place to write to, or a bug with its traceback."""
    if not isinstance(error, OSError) or error.errno not in GONE:
        traceback.print_exception(error)
        return BUG
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still to be written goes nowhere
    if error.errno != errno.EPIPE:
        click.echo(f"standard output cannot be written: {error.strerror}", err=True)
    return 2
