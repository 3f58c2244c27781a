"""``careplan rules``: the rulesets in use, one command a module."""

from __future__ import annotations

import click

from careplan.cli.rules.check import check
from careplan.cli.rules.eval import eval_
from careplan.cli.rules.listing import list_
from careplan.cli.rules.lock import lock
from careplan.cli.rules.show import show
from careplan.cli.rules.test import test


@click.group()
def rules() -> None:
    """The rulesets in use: list, show, check, test, lock."""


for each in (list_, show, eval_, check, test, lock):
    rules.add_command(each)
