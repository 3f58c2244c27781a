"""``careplan rules release``: new versions checked, tested and locked, and signed by whoever answers for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from careplan.checking import check_rulesets
from careplan.cli.cases import load
from careplan.cli.output import write_whole
from careplan.cli.rules.files import installed_rulesets
from careplan.cli.rules.lock import locks
from careplan.cli.rules.suites import refuse, suites_of
from careplan.errors import Location, RulesetError
from careplan.knowledge import Knowledge
from careplan.rules.ruleset import Ruleset
from careplan.rules.signatures import Locked, Signature, read_signatures, signed

AMONG_ALL = ("cycle", "duplicate")
"""What a new version may bring about, and is found at a rule of another."""
PASSPHRASE = "CAREPLAN_KEY_PASSPHRASE"  # noqa: S105 - the name of the variable


@click.command(short_help="Release new versions: checked, tested, locked and signed.")
@click.option(
    "--sign", "key", metavar="KEY", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Sign every version with this Ed25519 private key (PEM).",
)  # fmt: skip
@click.option(
    "--signatures", metavar="FILE", default="rulesets.signatures", show_default=True,
    type=click.Path(dir_okay=False, path_type=Path), help="The file to add signatures to.",
)  # fmt: skip
def release(key: Path | None, signatures: Path) -> int:
    """Release every new version: it is checked and tested, and its digest is written into its lock file.

    A released version is never edited; one that was is an error. With --sign, every version that is installed is
    signed, and 'careplan generate --require-signed' makes plans of nothing else. A passphrase is asked for, or read
    from the variable CAREPLAN_KEY_PASSPHRASE. Exit 1: a check or a test found something, and nothing was released.

    \b
    Examples:
      careplan rules release
      openssl genpkey -algorithm ed25519 -out clinic.pem
      openssl pkey -in clinic.pem -pubout -out clinic.pub.pem
      careplan rules release --sign clinic.pem
    """
    knowledge = load(locked=False)
    refuse(knowledge.failures)
    found = list(locks(knowledge))
    if edited := [problem for each in found for problem in each.problems() if problem.code != "unlocked"]:
        raise RulesetError(edited)
    new = {ruleset.name for each in found for ruleset in each.missing()}
    if amiss := [*_errors(knowledge, new), *_failures(knowledge, new)]:
        click.echo("\n".join([*amiss, "Nothing was released."]))
        return 1
    for each in found:
        click.echo(f"{each.file}: {each.write() if each.missing() else 'nothing to add'}")
    if key is not None:
        click.echo(_sign(key, signatures, [each for versions in knowledge.versions.values() for each in versions]))
    return 0


def _errors(knowledge: Knowledge, new: set[str]) -> Iterable[str]:
    """What the checks find in the versions that are to be released, and what they bring about among all."""
    files = installed_rulesets(knowledge)
    found, failures = check_rulesets(files.read, files.around, knowledge.registry.plugins)
    refuse(failures)
    sources = {each.ruleset.source: each for each in files.read if each.ruleset.name in new}
    sources |= {each.tests.name: each for each in sources.values() if each.tests}
    return [
        str(each)
        for each in found
        if each.severity == "error" and (each.location.file in sources or (new and each.code in AMONG_ALL))
    ]


def _failures(knowledge: Knowledge, new: set[str]) -> Iterable[str]:
    """The tests of those versions that fail."""
    return [
        f"✘ {suite.ruleset.name} {result.test.rule} {result.test.name}; see careplan rules test"
        for suite in suites_of(knowledge)
        if suite.ruleset.name in new
        for result in suite.results("")
        if not result.passed
    ]


def _sign(key: Path, file: Path, rulesets: list[Ruleset]) -> str:
    """Add the signatures that the file has not; says how many."""
    pem, name = key.read_bytes(), str(key)
    given = os.environ.get(PASSPHRASE)
    try:
        made = signed(rulesets, pem, name, given.encode() if given else None)
    except Locked:
        if given:
            raise
        if not sys.stdin.isatty():
            raise RulesetError(f"this key needs a passphrase; set {PASSPHRASE}", Location(name)) from None
        asked: str = click.prompt(f"Passphrase of {key}", hide_input=True, err=True)
        made = signed(rulesets, pem, name, asked.encode())
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    before = {_about(each): each for each in read_signatures(text, str(file))}
    more = [each for each in made if before.get(_about(each)) != each]
    after = before | {_about(each): each for each in more}
    write_whole(file, "".join(f"{after[each]}\n" for each in sorted(after)).encode())
    return f"{file}: {len(more)} signed by {made[0].key}" if made else f"{file}: nothing to sign"


def _about(signature: Signature) -> tuple[str, str, str]:
    return signature.ruleset, signature.version, signature.key
