"""``careplan rules new``: a ruleset to start from, with its tests."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from string import Template

import click

from careplan.cli.cases import load
from careplan.cli.output import write_whole
from careplan.errors import CareplanError, Location, Problem
from careplan.knowledge import Knowledge
from careplan.rules.ruletests import SUFFIX

RULESET = Template("""\
# yaml-language-server: $$schema=ruleset.schema.json
# For the line above: careplan rules schema > $folder/ruleset.schema.json
id: $id
version: "$version"            # of the content, not of the software
effective: $effective        # the first day on which it answers
title: $title

rules:
  - id: $prefix-01                 # for ever: an id is never given to another rule
    title: A first step
    when: pain.duration_months >= 3      # CQL over facts; docs/rules.md says how, docs/facts.md which facts there are
    priority: core               # emergency, safety, core or adjunct
    kind: action                 # action, information, caution or referral
    audience: both               # both, clinician, or confidential: the clinician's own edition only
    helps: [activity]            # the needs of a goal that it helps with
    # requires_known: [dx.osa]   # facts that must be known before this is released
    # tags: [relax]              # what it involves, so that safety rules can block or adapt it
    # after: [$prefix-02]            # rules whose actions come first
    patient: >-
      Choose one small thing that you would like to do this week. Do a little of it each day. Rest before you need to.
    clinician: >-
      Agree one small step. The pain has lasted {pain.duration_months} months.
    because: >-
      Small steps are easier to keep up than big ones.
    evidence:
      - {id: source_to_name, cite: "The source this rests on", grade: "not graded"}
    certainty: unverified        # leave out once the rule was checked against its source
    uncertain: written as an example, no source was checked
""")
TESTS = Template("""\
# What the rules of $id $version must make of given facts. Every condition needs a test in which it fires, and one in
# which it does not; "unknown" is an answer too. Facts that are not given are unknown.
tests:
  - {rule: $prefix-01, name: fires at 3 months, expect: true, facts: {pain.duration_months: 3}}
  - {rule: $prefix-01, name: does not fire at 2.9 months, expect: false, facts: {pain.duration_months: 2.9}}
  - {rule: $prefix-01, name: is unknown while the duration is, expect: unknown, facts: {}}
""")

_MODALITY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,7}")


def _day(_: click.Context, __: click.Parameter, value: datetime | None) -> date:
    return value.date() if value else date.today()  # noqa: DTZ011 - the day where the author sits


@click.command(short_help="A ruleset to start from, with its tests.")
@click.argument("modality", metavar="MODALITY")
@click.option(
    "-o", "--output", "folder", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the ruleset; MODALITY unless given.",
)  # fmt: skip
@click.option(
    "--id-prefix", "prefix", metavar="ABC", help="What the ids of its rules begin with; from the name unless given."
)
@click.option(
    "--effective", type=click.DateTime(["%Y-%m-%d"]), callback=_day, metavar="DATE",
    help="The first day on which it answers; today unless given. Its year is that of the version.",
)  # fmt: skip
def new(modality: str, folder: Path | None, prefix: str | None, effective: date) -> None:
    """A ruleset to start from: one rule with every field explained, and its tests.

    Writes <year>.1.yaml and <year>.1.test.yaml, which pass `careplan rules check` and `careplan rules test` as they
    are, and never replaces a file. A plugin brings the ruleset into plans: see docs/plugins.md.

    \b
    Examples:
      careplan rules new yoga
      careplan rules new warm_water -o rulesets/warm_water --id-prefix POOL --effective 2026-06-01
    """
    begins = modality.replace("_", "")[:3].upper() if prefix is None else prefix
    _check_names(modality, begins, load(locked=False))
    where = folder or Path(modality)
    version = f"{effective.year}.1"
    words = {
        "id": modality,
        "version": version,
        "effective": effective.isoformat(),
        "title": modality.replace("_", " ").capitalize(),
        "prefix": begins,
        "folder": where.as_posix(),
    }
    written = {where / f"{version}.yaml": RULESET, where / f"{version}{SUFFIX}": TESTS}
    problems = [
        Problem("it exists already; name another folder", Location(str(each))) for each in written if each.exists()
    ]
    if problems:
        raise CareplanError(problems)
    for path, template in written.items():
        write_whole(path, template.substitute(words).encode())
        click.echo(path)


def _check_names(modality: str, prefix: str, knowledge: Knowledge) -> None:
    """Raise CareplanError for a name that no ruleset or rule can have, or that another has."""
    problems = []
    if not _MODALITY.fullmatch(modality):
        problems.append(Problem(f"{modality!r} is not the id of a modality: small letters, such as warm_water"))
    elif modality in knowledge.versions:
        latest = knowledge.versions[modality][-1]
        problems.append(Problem(f"there is a ruleset {modality} already; copy {latest.name} to a new version instead"))
    elif not _PREFIX.fullmatch(prefix):
        problems.append(Problem(f"{prefix!r} is no beginning of rule ids, such as ABC; name one by --id-prefix"))
    first = f"{prefix}-01"
    owners = {rule.id: each.id for versions in knowledge.versions.values() for each in versions for rule in each.rules}
    if first in owners:
        problems.append(Problem(f"{first} is a rule of {owners[first]} already; name others by --id-prefix"))
    if problems:
        raise CareplanError(problems)
