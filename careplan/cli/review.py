"""``careplan review``: what has changed between assessments of one person, and what to do with the plan."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
from attrs import evolve

from careplan.cli import options
from careplan.cli.cases import STDIN, load
from careplan.cli.history import read_visits, with_earlier
from careplan.cli.output import summary, write_whole
from careplan.errors import CareplanError
from careplan.followup import Review
from careplan.knowledge import Knowledge
from careplan.render.document import Document
from careplan.service import Request, make_document, make_review, make_visits

SUFFIXES = {"text": ".txt", "json": ".json", "html": ".html", "pdf": ".pdf"}
"""The formats, with the suffixes of their files."""


@click.command()
@click.argument("baseline", metavar="BASELINE")
@click.argument("followups", metavar="FOLLOWUP...", nargs=-1, required=True)
@click.option(
    "-o", "--output", metavar="FILE|DIR",
    help="Where the review goes: a file, a folder, or - for standard output. Default: standard output; HTML and PDF "
    "go to a file in this folder.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(list(SUFFIXES)), default="text", show_default=True, help="As what.")
@options.on
@options.rulesets
@options.allow_incomplete
@options.as_json
def review(
    baseline: str,
    followups: tuple[str, ...],
    output: str | None,
    form: str,
    on: date | None,
    pins: dict[str, str],
    allow_incomplete: bool,
    as_json: bool,
) -> int:
    """What has changed between assessments of one person, and what to do with the plan.

    BASELINE and every FOLLOWUP are intake files in the order of time. They are of one person: with one id, or each
    naming the one before as its previous, and with the same birth date. Scores are held against the smallest change
    that matters, goals against how they were rated; every recommendation is new, kept or gone, with the reason. The
    review may hold what is confidential: it is the clinician's own.

    Exit 1: a score is worse by more than matters, or the plan is withheld. Exit 2: it could not be done.

    \b
    Examples:
      careplan review march.yaml june.yaml
      careplan review march.yaml june.yaml september.yaml --format pdf -o reviews
      careplan review march.yaml june.yaml --json | jq .worse
    """
    knowledge = load()
    form = "json" if as_json else form
    place = _place(output, form)
    cases = (baseline, *followups)
    named = read_visits(cases, knowledge, on)
    before = with_earlier(baseline, named[0], knowledge, on)[:-1]
    request = Request(on=on, pinned=pins, allow_incomplete=allow_incomplete)
    found = make_review(make_visits((*before, *named), knowledge, request)[len(before) :], knowledge)
    _put(found, form, place, knowledge)
    click.echo("\n".join(summary(found.plan)), err=True)
    return 1 if found.worse or found.plan.status == "withheld" else 0


def _place(output: str | None, form: str) -> Path | None:
    """The file or folder to write to; None for standard output."""
    if output == STDIN or (output is None and form in ("text", "json")):
        return None
    place = Path(output or ".")
    if place.exists() and not place.is_dir() and place.suffix != SUFFIXES[form]:
        raise CareplanError(f"{place} is a file that does not end in {SUFFIXES[form]}; name a folder, or such a file")
    return place


def _put(found: Review, form: str, place: Path | None, knowledge: Knowledge) -> None:
    if place is None and form == "text":
        from rich.console import Console

        from careplan.cli.review_page import show

        show(found, knowledge, Console(highlight=False, markup=False))
        return
    content = WRITERS[form](found, knowledge)
    if place is None:
        sys.stdout.buffer.write(content)
        return
    if place.suffix != SUFFIXES[form] or place.is_dir():
        name = re.sub(r"[^\w.-]+", "_", found.plan.case)
        place /= f"{name}-review{SUFFIXES[form]}"
    write_whole(place, content)
    click.echo(place)


def _text(found: Review, knowledge: Knowledge) -> bytes:
    from io import StringIO

    from rich.console import Console

    from careplan.cli.review_page import WIDTH, show

    text = StringIO()
    show(found, knowledge, Console(file=text, highlight=False, markup=False, width=WIDTH))
    return text.getvalue().encode()


def _json(found: Review, _: Knowledge) -> bytes:
    from careplan.render.review import review_text

    return review_text(found)


def _html(found: Review, knowledge: Knowledge) -> bytes:
    from careplan.render.review import review_html

    return review_html(found, _document(found, knowledge), knowledge.templates)


def _pdf(found: Review, knowledge: Knowledge) -> bytes:
    from careplan.render.review import review_pdf

    return review_pdf(found, _document(found, knowledge), knowledge.templates)


def _document(found: Review, knowledge: Knowledge) -> Document:
    """The clinician's edition of the plan, under the review's own title."""
    last = found.visits[-1]
    page = make_document(found.plan, last.assessment, last.facts, knowledge, "clinician")
    name = last.assessment.person.name
    return evolve(page, title=f"Review: {name}" if name else "Review")


WRITERS: dict[str, Callable[[Review, Knowledge], bytes]] = {"text": _text, "json": _json, "html": _html, "pdf": _pdf}
"""What turns a review into the bytes of a file, by format."""
