"""``careplan plugins``: what is loaded, what it may do to others, and what failed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click
from attrs import asdict

from careplan.cli import options
from careplan.cli.cases import load
from careplan.cli.output import table
from careplan.contributions import Plugin
from careplan.knowledge import Knowledge
from careplan.permissions import ForeignEffect, foreign_effects
from careplan.plan.model import Failure
from careplan.registry import add_commands

if TYPE_CHECKING:
    from rich.table import Table

REMEDY = (
    "While a plugin fails no plan is made. Mend it, or uninstall its distribution; "
    "--allow-incomplete makes plans with the gap printed on page 1."
)


@click.command()
@options.as_json
def plugins(as_json: bool) -> int:
    """What is loaded, what it may do to others, and what failed.

    Exits 1 if a plugin failed.

    \b
    Examples:
      careplan plugins
      careplan plugins --json
    """
    knowledge = load()
    root = click.get_current_context().find_root().command
    extending = add_commands(root) if isinstance(root, click.Group) else ()
    failures = sorted({*knowledge.failures, *extending}, key=lambda each: (each.plugin, each.stage, each.message))
    if as_json:
        listed = [_account(each, knowledge) for each in knowledge.registry.plugins]
        click.echo(
            json.dumps(
                {"plugins": listed, "failures": [asdict(each) for each in failures]}, indent=2, ensure_ascii=False
            )
        )
    else:
        _show(knowledge, failures)
    return 1 if failures else 0


def effects(plugin: Plugin, knowledge: Knowledge) -> tuple[ForeignEffect, ...]:
    """What the plugin's rules may do to the rules of all others."""
    own = [version for each in plugin.rulesets for version in knowledge.versions[each.id]]
    return foreign_effects(own, (version for each in knowledge.versions.values() for version in each))


def _account(plugin: Plugin, knowledge: Knowledge) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "version": plugin.version,
        "distribution": plugin.distribution,
        "builtin": plugin.builtin,
        "modality": asdict(plugin.modality) if plugin.modality else None,
        "rulesets": [
            {"id": each.id, "version": each.version, "effective": each.effective.isoformat(), "digest": each.digest}
            for folder in plugin.rulesets
            for each in knowledge.versions[folder.id]
        ],
        "does_to_others": [
            {"does": each.does, "ruleset": each.ruleset, "rule": each.rule, "touches": list(each.touches)}
            for each in effects(plugin, knowledge)
        ],
    }


def _show(knowledge: Knowledge, failures: Iterable[Failure]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    console.print(_table(knowledge))
    for each in failures:
        console.print(Text(f"✘ {each.plugin} failed ({each.stage}): {each.message}", style="red"), soft_wrap=True)
    if failures:
        console.print(Text(REMEDY, style="red"), soft_wrap=True)


def _table(knowledge: Knowledge) -> Table:
    from rich.text import Text

    found = table("plugin", "modality", "rulesets", "may do to others")
    for plugin in knowledge.registry.plugins:
        origin = "built in" if plugin.builtin else f"of {plugin.distribution}"
        versions = [each.name for folder in plugin.rulesets for each in knowledge.versions[folder.id]]
        cells = (
            f"{plugin.name} {plugin.version}\n{origin}",
            plugin.modality.title if plugin.modality else "none",
            "\n".join(versions) or "none",
            "\n".join(_grouped(effects(plugin, knowledge))) or "nothing",
        )
        found.add_row(*map(Text, cells))
    return found


def _grouped(found: Iterable[ForeignEffect]) -> Iterable[str]:
    """``blocks heat, relax`` and the like: one line a verb."""
    verbs: dict[str, dict[str, None]] = {}
    for each in found:
        verb, _, what = each.does.partition(" ")
        verbs.setdefault(verb, {})[what] = None
    return (f"{verb} {', '.join(sorted(whats))}" for verb, whats in sorted(verbs.items()))
