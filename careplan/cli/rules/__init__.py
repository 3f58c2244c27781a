"""``careplan rules``: the rulesets in use, one command a module."""

from __future__ import annotations

import click

from careplan.cli.rules.check import check
from careplan.cli.rules.diff import diff_
from careplan.cli.rules.eval import eval_
from careplan.cli.rules.export import export
from careplan.cli.rules.listing import list_
from careplan.cli.rules.lock import lock
from careplan.cli.rules.new import new
from careplan.cli.rules.prove import prove
from careplan.cli.rules.release import release
from careplan.cli.rules.schema import schema
from careplan.cli.rules.show import show
from careplan.cli.rules.test import test
from careplan.cli.rules.write_pages import pages


@click.group()
def rules() -> None:
    """The rulesets in use: read, check, test, compare, prove and release them."""


for each in (list_, show, pages, eval_, check, test, prove, diff_, lock, release, export, schema, new):
    rules.add_command(each)
