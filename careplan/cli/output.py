"""What commands write: files whole or not at all, a plan in a few lines, an error as a message."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careplan.errors import CareplanError, EngineDisagreement
from careplan.plan.model import Earlier, Failure, Plan

if TYPE_CHECKING:
    from rich.table import Table

STATUS = {
    "withheld": "WITHHELD: an emergency finding stands; only the urgent page may be given",
    "review_first": "a clinician must review and sign it before a patient edition exists",
    "ready_for_sign_off": "ready for sign-off; the patient edition is a draft until it is signed",
    "signed": "signed",
}
OUTCOMES = {"returns": "comes back for decision", "replaced": "replaced", "idle": "had nothing to do"}


def write_whole(path: Path, content: bytes) -> None:
    """Write under a temporary name beside ``path`` and rename; raises CareplanError naming the path."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        written = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            written.chmod(0o666 & ~_umask())
            written.replace(path)
        except BaseException:
            written.unlink()
            raise
    except OSError as error:
        raise CareplanError(f"cannot write {path}: {error.strerror}") from error


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def summary(plan: Plan) -> list[str]:
    """A plan in a few lines: its status, what it holds, what waits."""
    lines = [f"{plan.case}, plan of {plan.on}: {STATUS[plan.status]}"]
    if plan.previous is not None:
        lines.append(f"  {_follows(plan.previous)}")
    lines += [f"  {each.rule} {each.title}{' (cleared)' if each.cleared else ''}" for each in plan.emergency]
    counts = {
        "safety": len(plan.safety),
        "recommendations": len(plan.recommendations),
        "to ask first": len(plan.ask_first),
        "blocked": len(plan.blocked),
        "contradictions": len(plan.contradictions),
        "not assessable": len(plan.undecided),
        "overridden": sum(each.outcome == "applied" for each in plan.overrides),
    }
    lines.append("  " + ", ".join(f"{number} {what}" for what, number in counts.items() if number))
    lines += [
        f"  override not applied: {each.override.rule} {each.title} ({OUTCOMES[each.outcome]}): {each.why}"
        for each in plan.overrides
        if each.outcome != "applied"
    ]
    lines += [f"  gap: plugin {each.plugin} failed ({each.stage}): {each.message}" for each in plan.failures]
    return [line for line in lines if line.strip()]


def _follows(previous: Earlier) -> str:
    if previous.on is None:
        return f"follows {previous.case}, which was not read: what has changed since is not known"
    return f"follows {previous.case} of {previous.on}"


def message(error: CareplanError) -> str:
    """What a person reads of an error: its problems, a line each; a disagreement's report is written to a file."""
    lines = [str(problem) for problem in error.problems]
    if len(lines) > 1:
        lines.append(f"{len(lines)} problems; nothing was written.")
    if isinstance(error, EngineDisagreement):
        names = (Path(f"careplan-disagreement{'' if not number else f'-{number}'}.json") for number in count())
        report = next(name for name in names if not name.exists())
        write_whole(report, json.dumps(error.report, indent=2, ensure_ascii=False).encode())
        lines.append(f"What reproduces it stands in {report}; please report it.")
    return "\n".join(lines)


def warn_of_failures(failures: Iterable[Failure]) -> None:
    """Say on standard error which plugins failed, and why: what follows is without them."""
    for each in failures:
        click.echo(f"✘ {each.plugin} failed ({each.stage}): {each.message}", err=True)


def table(*headings: str, **look: Any) -> Table:
    """A table that folds what a narrow terminal has no room for: an id that is cut short says nothing."""
    from rich.table import Column, Table

    return Table(*(Column(each, overflow="fold") for each in headings), **look)
