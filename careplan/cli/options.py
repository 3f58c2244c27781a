"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def _day(_: click.Context, __: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def _pins(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    pins: dict[str, str] = {}
    for value in values:
        name, at, version = value.partition("@")
        if not (name and at and version):
            raise click.BadParameter(f"{value!r} is not ID@VERSION, such as sleep@2026.1")
        pins[name] = version
    return pins


def on(command: F) -> F:
    """``--on DATE``: the day of the plan."""
    return click.option(
        "--on", type=click.DateTime(["%Y-%m-%d"]), callback=_day, metavar="DATE",
        help="The day of the plan, instead of the assessment's date; it chooses the rule versions.",
    )(command)  # fmt: skip


def rulesets(command: F) -> F:
    """``--ruleset ID@VERSION``: pin the version of a ruleset."""
    return click.option(
        "--ruleset", "pins", multiple=True, callback=_pins, metavar="ID@VERSION",
        envvar="CAREPLAN_RULESET", show_envvar=True,
        help="Use this version of a ruleset, whatever the date. May be given several times.",
    )(command)  # fmt: skip


def allow_incomplete(command: F) -> F:
    """``--allow-incomplete``: go on although a plugin failed."""
    return click.option(
        "--allow-incomplete", is_flag=True,
        help="Make the plan although a plugin failed; the gap is printed on page 1.",
    )(command)  # fmt: skip


def overrides(command: F) -> F:
    """``--override FILE``: a clinician's overrides, for the case that the file names."""
    return click.option(
        "--override", "overrides", multiple=True, metavar="FILE",
        help="Recommendations that a clinician declines, changes or adds, for the case that FILE names; beside those "
        "in the intake file. May be given several times.",
    )(command)  # fmt: skip


def as_json(command: F) -> F:
    """``--json``: the result as JSON on standard output."""
    return click.option("--json", "as_json", is_flag=True, help="The result as JSON.")(command)
