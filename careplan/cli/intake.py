"""``careplan intake``: a blank intake file, ready to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from careplan.cli.cases import STDIN, configured, load
from careplan.cli.output import warn_of_failures, write_whole
from careplan.errors import AnswerError, CareplanError, InstrumentError, Problem, nearest
from careplan.instruments import Instrument
from careplan.instruments.wording import Wording, read_wordings
from careplan.intake.blank import blank_intake, core_instruments


@click.group()
def intake() -> None:
    """A blank intake file to fill in."""


@intake.command(short_help="Every section and question, and no answer.")
@click.option("--instruments", "names", metavar="ID,ID,…", help="The questionnaires to ask, instead of the core set.")
@click.option(
    "--language", metavar="CODE", help="The language of the service's own wording, where it has several: cy, en-GB."
)
@click.option(
    "-o", "--output", metavar="FILE", default=STDIN,
    help="Where the intake goes. Default: standard output, which - names too.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def new(names: str | None, language: str | None, output: str, force: bool) -> None:
    """A commented intake file with every section, every item of the questionnaires, and no answer.

    The items are asked in the service's own wording, else in the free one, else by short labels. What stays null was
    not asked. Without --instruments it asks the core set, one questionnaire for each domain a plan needs.

    \b
    Examples:
      careplan intake new -o case-001.yaml
      careplan intake new --instruments peg,phq9,isi,cssrs -o case-001.yaml
    """
    knowledge = load()
    warn_of_failures(knowledge.failures)
    chosen = core_instruments(knowledge.vocabulary) if names is None else tuple(names.split(","))
    asked = _named(chosen, knowledge.instruments)
    wordings = _in_language(asked, read_wordings(configured().wording, knowledge.instruments), language)
    text = blank_intake(asked, knowledge.vocabulary, wordings)
    if output == STDIN:
        click.echo(text, nl=False)
        return
    if not force and Path(output).exists():
        raise CareplanError(f"{output} is there already; name another file, or write over it with --force")
    write_whole(Path(output), text.encode())
    click.echo(output)


def _named(names: Iterable[str], known: Mapping[str, Instrument]) -> list[Instrument]:
    """The instruments of those names, each once; raises AnswerError with every name that nobody knows."""
    wanted = list(dict.fromkeys(each.strip() for each in names))
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise AnswerError(
            Problem(f"there is no instrument {name!r}{nearest(name, known)}", code="unknown_instrument")
            for name in unknown
        )
    return [known[name] for name in wanted]


def _in_language(asked: Iterable[Instrument], own: Sequence[Wording], language: str | None) -> dict[str, Wording]:
    """The service's wording of each instrument that has one, in the language where one is named.

    Raises InstrumentError when nothing is in that language, or when none is named and there are several to choose from.
    """
    languages = sorted({str(each.language) for each in own})
    if language is not None and language not in languages:
        there = f"there is {', '.join(languages)}" if languages else "the configuration names no folder with any"
        raise InstrumentError(f"no wording is in the language {language!r}; {there}")
    found: dict[str, Wording] = {}
    problems = []
    for name in (each.id for each in asked):
        fitting = [each for each in own if each.instrument == name and language in (None, each.language)]
        if language is not None and not fitting:
            click.echo(f"{name}: no wording in {language!r}; asked as its definition has it", err=True)
        if len(fitting) > 1:
            several = ", ".join(str(each.language) for each in fitting)
            problems.append(Problem(f"{name} has wordings in {several}; choose one with --language", code="ambiguous"))
        elif fitting:
            found[name] = fitting[0]
    if problems:
        raise InstrumentError(problems)
    return found
