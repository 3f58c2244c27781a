"""``careplan instruments``: the questionnaires there are; of one, what to ask and how it is scored."""

from __future__ import annotations

import json

import click

from careplan.cli import options
from careplan.cli.cases import configured, load
from careplan.cli.instrument_pages import account, listing, page, summary
from careplan.cli.output import warn_of_failures
from careplan.errors import AnswerError, Problem, nearest
from careplan.instruments.wording import definition_wording, read_wordings


@click.command()
@click.argument("instrument", metavar="[ID]", required=False)
@options.as_json
def instruments(instrument: str | None, as_json: bool) -> None:
    """The questionnaires there are; with an ID, what that one asks and how it is scored.

    The wording of the items is shown where it is free, or where the service has a licence and keeps the wording in a
    folder of its own, which its configuration names: [instruments] wording = ["FOLDER"].

    \b
    Examples:
      careplan instruments
      careplan instruments phq9
      careplan instruments psqi --json
    """
    knowledge = load()
    warn_of_failures(knowledge.failures)
    known = knowledge.instruments
    if instrument is not None and instrument not in known:
        message = f"there is no instrument {instrument!r}{nearest(instrument, known)}"
        raise AnswerError(Problem(message, code="unknown_instrument"))
    own = read_wordings(configured().wording, known)
    asked = [
        (each, [free, *added] if (free := definition_wording(each)) else added)
        for name, each in known.items()
        if instrument in (None, name)
        for added in [[wording for wording in own if wording.instrument == name]]
    ]
    if as_json:
        accounts = [account(*each) if instrument else summary(*each) for each in asked]
        click.echo(json.dumps(accounts[0] if instrument else accounts, indent=2, ensure_ascii=False))
        return
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    for part in page(*asked[0]) if instrument else [listing(asked)]:
        console.print(part)
