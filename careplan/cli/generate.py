"""``careplan generate``: care plans from intake files, several at a time; a bad one does not stop the rest."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click
from attrs import evolve, frozen

from careplan.border import border
from careplan.cli import options
from careplan.cli.cases import STDIN, expand, load, read_case
from careplan.cli.history import with_earlier
from careplan.cli.output import message, summary, write_whole
from careplan.cli.overrides import Read, with_override_files
from careplan.errors import CareplanError, IntakeError, Location, RenderError, nearest
from careplan.hookspecs import Renderer
from careplan.knowledge import Knowledge
from careplan.plan.editions import Edition, needs_signature
from careplan.plan.model import Failure, Plan, SignOff
from careplan.render.look import FONT_SIZES, INKS, PAPERS, USUAL, Ink, Look, Paper
from careplan.service import Request, earlier_visits, make_document, make_plan

EDITIONS: dict[str, tuple[Edition, ...]] = {
    "patient": ("patient",),
    "clinician": ("clinician",),
    "both": ("patient", "clinician"),
}


def _signature(_: click.Context, __: click.Parameter, value: str | None) -> SignOff | None:
    if value is None:
        return None
    name, comma, role = (part.strip() for part in value.rpartition(","))
    if not (name and comma and role):
        raise click.BadParameter('write the name and the role, such as "Dr Bell, GP"')
    return SignOff(name, role)


@click.command()
@click.argument("cases", metavar="CASE...", nargs=-1, required=True)
@click.option(
    "-o", "--output", metavar="FILE|DIR", envvar="CAREPLAN_OUTPUT", show_envvar=True,
    help="Where the documents go: a folder, a file for one document, or - for standard output. "
    "Default: this folder; JSON goes to standard output.",
)  # fmt: skip
@click.option(
    "--format",
    "form",
    default="pdf",
    metavar="NAME",
    show_default=True,
    envvar="CAREPLAN_FORMAT",
    show_envvar=True,
    help="pdf, html, json or a plugin's.",
)
@click.option(
    "--edition", type=click.Choice(list(EDITIONS)),
    help="Whose document. Default: both; JSON is the clinician's.",
)  # fmt: skip
@click.option("--paper", type=click.Choice(PAPERS), default="a4", show_default=True, help="The size of the pages.")
@click.option(
    "--font-size", type=click.Choice([str(each) for each in FONT_SIZES]), default="14", show_default=True,
    help="Points of the patient's edition.",
)  # fmt: skip
@click.option(
    "--ink", type=click.Choice(INKS), default="colour", show_default=True,
    help="mono prints in black and grey; what colour says is said in words either way.",
)  # fmt: skip
@options.on
@options.rulesets
@click.option(
    "--sign-off", callback=_signature, metavar='"NAME, ROLE"',
    help="The clinician who has reviewed the plan and signs it; nothing signs a withheld plan.",
)  # fmt: skip
@options.overrides
@options.allow_incomplete
@click.option(
    "--require-signed", is_flag=True, envvar="CAREPLAN_REQUIRE_SIGNED", show_envvar=True,
    help="Refuse a plan of rulesets that no key the configuration trusts has signed.",
)  # fmt: skip
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), metavar="N", envvar="CAREPLAN_JOBS", show_envvar=True,
    help="Processes that work on several cases. Default: one a processor.",
)  # fmt: skip
def generate(
    cases: tuple[str, ...],
    output: str | None,
    form: str,
    edition: str | None,
    paper: Paper,
    font_size: str,
    ink: Ink,
    on: date | None,
    pins: dict[str, str],
    sign_off: SignOff | None,
    overrides: tuple[str, ...],
    allow_incomplete: bool,
    require_signed: bool,
    jobs: int | None,
) -> int:
    """Care plans from intake files: each CASE is a file (YAML or JSON), a folder of them, or - for standard input.

    The paths of the documents go to standard output, everything else to standard error. A file is written whole or
    not at all.

    Exit 1: a plan is withheld (only its urgent page is written), or a patient edition waits for a signature.
    Exit 2: a case could not be done.

    \b
    Examples:
      careplan generate examples/fibromyalgia.yaml -o plans
      careplan generate intake/ -o plans --sign-off "Dr Bell, GP"
      careplan generate case.yaml --override declined.yaml
      careplan generate case.yaml --edition patient -o plan.pdf
      careplan generate case.yaml --format json | jq .status
    """
    knowledge = load(signed=require_signed)
    names = expand(cases, knowledge)
    request = Request(on=on, pinned=pins, sign_off=sign_off, allow_incomplete=allow_incomplete)
    editions = EDITIONS[edition or ("clinician" if form == "json" else "both")]
    read = with_override_files(lambda name: read_case(name, knowledge, on), names, overrides)
    look = Look(paper, next(each for each in FONT_SIZES if str(each) == font_size), ink)
    press = Press(knowledge, request, read, renderer(form, knowledge), editions, look)
    to_stdout = output == STDIN or (output is None and form == "json")
    place = _Standard(len(names) * len(editions)) if to_stdout else _Files(Path(output or "."), press, len(names))
    outcomes: list[Outcome] = []
    try:
        with _progress(len(names)) as advance:
            for name, made in zip(names, _made(press, names, jobs), strict=True):
                outcomes.append(_outcome(name, made, place))
                advance(outcomes[-1])
    finally:
        if len(names) > 1:
            click.echo("\n".join(_total(outcomes, len(names))), err=True)
    verdicts = {each.verdict for each in outcomes}
    return 2 if "failed" in verdicts else 1 if "no" in verdicts else 0


@frozen
class Outcome:
    """What became of one case, and what is to be said of it."""

    case: str
    verdict: Literal["done", "no", "failed"]
    lines: tuple[str, ...]


@frozen
class Printed:
    """One document of a plan."""

    case: str
    edition: Edition
    content: bytes


@frozen
class Made:
    """The documents of one case, and what is to be said of its plan; ``refused`` when there are not all of them."""

    printed: tuple[Printed, ...]
    lines: tuple[str, ...]
    refused: bool


@frozen
class Press:
    """What makes documents of cases."""

    knowledge: Knowledge
    request: Request
    read: Read
    renderer: Renderer
    editions: Sequence[Edition]
    look: Look = USUAL

    def prepare(self) -> None:
        """Load what every case needs, before processes are forked that share it."""
        from careplan.render.formats import FORMATS

        if self.renderer.id in FORMATS:
            FORMATS[self.renderer.id].prepare()

    def made(self, case: str) -> Made | CareplanError:
        """What is made of a case, or what is wrong with it."""
        try:
            plan, printed = self.printed(case)
        except CareplanError as error:
            return error
        lines = summary(plan)
        waits = len(printed) < len(self.editions)
        lines += (
            ['  no patient edition was written: review the plan, then add --sign-off "NAME, ROLE"'] if waits else []
        )
        return Made(tuple(printed), tuple(lines), refused=waits or plan.status == "withheld")

    def printed(self, case: str) -> tuple[Plan, list[Printed]]:
        """The plan of a case and its documents; a patient edition that waits for a signature is not among them."""
        assessment = self.read(case)
        before = with_earlier(case, assessment, self.knowledge, self.request.on)[:-1]
        earlier = earlier_visits(before, self.knowledge, self.request)
        plan, facts = make_plan(assessment, self.knowledge, self.request, earlier[-1] if earlier else None)
        printed = []
        for edition in self.editions:
            if edition == "patient" and needs_signature(plan):
                continue
            page = make_document(plan, assessment, facts, self.knowledge, edition, earlier, self.look)
            printed.append(Printed(assessment.id, edition, self.renderer.render(page, self.knowledge.templates)))
        return plan, printed


class _Standard:
    """One document to standard output."""

    def __init__(self, documents: int) -> None:
        if documents > 1:
            raise CareplanError(
                "standard output takes one document; name a folder with -o, and one --edition for a file"
            )

    def put(self, _: str, printed: Iterable[Printed]) -> None:
        for each in printed:
            sys.stdout.buffer.write(each.content)


class _Files:
    """Documents as files: ``<case>-<edition>.<suffix>`` in a folder, or the one file that was named."""

    def __init__(self, place: Path, press: Press, cases: int) -> None:
        self.suffix = press.renderer.suffix
        self.file = place if place.suffix == self.suffix and not place.is_dir() else None
        self.folder = place
        self.one = len(press.editions) == 1
        self.taken: set[Path] = set()
        if self.file and cases > 1:
            raise CareplanError(f"{place} is one file, and there are {cases} cases; name a folder with -o")
        if not self.file and place.exists() and not place.is_dir():
            raise CareplanError(f"{place} is a file that does not end in {self.suffix}; name a folder, or such a file")

    def put(self, case: str, printed: Iterable[Printed]) -> None:
        documents = {self.path(each): each for each in printed}
        if twice := sorted(str(path) for path in documents.keys() & self.taken):
            message = f"another case of this run has the same id; it wrote {', '.join(twice)} already"
            raise IntakeError(message, Location(case))
        for path, each in documents.items():
            write_whole(path, each.content)
            self.taken.add(path)
            click.echo(path)

    def path(self, printed: Printed) -> Path:
        if self.file:
            return self.file if self.one else self.file.with_stem(f"{self.file.stem}-{printed.edition}")
        name = re.sub(r"[^\w.-]+", "_", printed.case)
        return self.folder / f"{name}-{printed.edition}{self.suffix}"


def renderer(name: str, knowledge: Knowledge) -> Renderer:
    """The format of that name, built in or a plugin's; a plugin's that fails is named."""
    from careplan.render.formats import FORMATS

    known = {each.id: _guarded(each) for each in knowledge.registry.renderers}
    known |= {each.id: Renderer(each.id, each.suffix, each.render) for each in FORMATS.values()}
    if name not in known:
        raise CareplanError(f"there is no format {name!r}{nearest(name, known)}; there are {', '.join(sorted(known))}")
    return known[name]


def _guarded(renderer: Renderer) -> Renderer:
    def render(*given: Any) -> bytes:
        failures: list[Failure] = []
        with border(renderer.id, "renderer", failures):
            return renderer.render(*given)
        raise RenderError(f"the format {renderer.id!r} failed: {failures[0].message}")

    return evolve(renderer, render=render)


def _made(press: Press, cases: Sequence[str], jobs: int | None) -> Iterator[Made | CareplanError]:
    """What is made of each case, in their order: of several by processes of their own, where the system can fork."""
    if len(cases) == 1 or STDIN in cases or not hasattr(os, "fork"):
        return map(press.made, cases)
    from careplan.cli.workers import in_order, processors

    press.prepare()
    return in_order(press.made, cases, jobs or processors())


def _outcome(case: str, made: Made | CareplanError, place: _Standard | _Files) -> Outcome:
    try:
        if isinstance(made, CareplanError):
            raise made
        place.put(case, made.printed)
    except CareplanError as error:
        return Outcome(case, "failed", tuple(message(error).split("\n")))
    return Outcome(case, "no" if made.refused else "done", made.lines)


@contextmanager
def _progress(cases: int) -> Iterator[Callable[[Outcome], None]]:
    """Says what became of each case as it is done, under a bar when there are several."""
    if cases == 1:
        yield lambda outcome: click.echo("\n".join(outcome.lines), err=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = console.is_terminal
    # Without a refreshing thread: processes are forked while the bar is there.
    with Progress(*columns, console=console, transient=True, disable=not shown, auto_refresh=False) as bar:
        task = bar.add_task("Plans", total=cases)

        def advance(outcome: Outcome) -> None:
            console.print("\n".join(outcome.lines), markup=False)
            bar.update(task, advance=1, refresh=True)

        yield advance


def _total(outcomes: Sequence[Outcome], cases: int) -> Iterator[str]:
    """What became of all cases, those that need somebody's attention by name."""
    found = {
        verdict: [each.case for each in outcomes if each.verdict == verdict] for verdict in ("done", "no", "failed")
    }
    yield f"{len(found['done'])} of {cases} cases done"
    if found["no"]:
        yield f"{len(found['no'])} withheld or waiting for a signature: {', '.join(found['no'])}"
    if found["failed"]:
        yield f"{len(found['failed'])} could not be done: {', '.join(found['failed'])}"
    if len(outcomes) < cases:
        yield f"{cases - len(outcomes)} not begun"
