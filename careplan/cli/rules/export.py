"""``careplan rules export``: rulesets in the formats of other systems, CQL and FHIR."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from careplan.cli.cases import load
from careplan.cli.output import write_whole
from careplan.cli.rules.suites import refuse
from careplan.errors import CareplanError, RulesetError, nearest
from careplan.rules.export.cql import Library, cql_library
from careplan.rules.export.fhir import fhir_resources, resource_id
from careplan.rules.ruleset import Ruleset


@click.command(short_help="Rulesets in the formats of other systems: CQL, FHIR.")
@click.argument("names", metavar="[ID@VERSION]…", nargs=-1)
@click.option("--cql", is_flag=True, help="A library of CQL 1.5 for each ruleset.")
@click.option("--fhir", is_flag=True, help="A PlanDefinition and a Library of FHIR R4 for each ruleset.")
@click.option(
    "--base", metavar="URL", help="With --fhir: the URL below which the resources are published; else they have URNs."
)
@click.option(
    "-o", "--output", "folder", metavar="DIR", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to; it is made if it does not exist.",
)  # fmt: skip
def export(names: Sequence[str], folder: Path, base: str | None, *, cql: bool, fhir: bool) -> None:
    """Rulesets in the formats of other systems: what a condition means here it means there.

    Every version of every ruleset, or those named. Says what was written, a file a line; the same rulesets give the
    same files. What CQL and FHIR cannot say is told in docs/exchange.md.

    \b
    Examples:
      careplan rules export --cql -o build/cql
      careplan rules export --fhir --base https://clinic.example/fhir -o build/fhir sleep@2026.1
    """
    if not (cql or fhir):
        raise CareplanError("say in which format: --cql, --fhir, or both")
    if base and not fhir:
        raise CareplanError("--base is for --fhir: CQL has no URLs")
    knowledge = load()
    refuse(knowledge.failures)
    every = [each for versions in knowledge.versions.values() for each in versions]
    libraries = [cql_library(each, every, knowledge.vocabulary.facts) for each in _named(names, every)]
    written = [each for library in libraries for each in _files(library, base, cql=cql, fhir=fhir)]
    for name, text in written:
        write_whole(folder / name, text.encode())
        click.echo(folder / name)


def _named(names: Sequence[str], every: Sequence[Ruleset]) -> list[Ruleset]:
    """The rulesets named, or every one; each once, in the order of the modalities."""
    known = {each.name: each for each in every}
    for name in names:
        if name not in known:
            raise RulesetError(f"there is no ruleset {name!r}{nearest(name, known)}")
    return [each for name, each in known.items() if not names or name in names]


def _files(library: Library, base: str | None, *, cql: bool, fhir: bool) -> Iterator[tuple[str, str]]:
    """The files of a library: their names and texts."""
    if cql:
        yield f"{library.ruleset.id}-{library.ruleset.version}.cql", str(library)
    if fhir:
        for each in fhir_resources(library, base):
            name = f"{each['resourceType']}-{resource_id(library.ruleset)}.json"
            yield name, json.dumps(each, indent=2, ensure_ascii=False) + "\n"
