"""``careplan rules prove``: what z3 can prove of rulesets, and two versions compared."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from careplan.cli import options
from careplan.cli.cases import load
from careplan.cli.rules.files import (
    WAIVERS,
    finding_account,
    finding_count,
    installed_rulesets,
    rulesets_below,
    rulesets_named,
    whole,
)
from careplan.cli.rules.suites import refuse
from careplan.errors import CareplanError
from careplan.knowledge import Knowledge
from careplan.rules.checks.finding import RulesetFile
from careplan.rules.proofs.waivers import Waiver, read_waivers

if TYPE_CHECKING:
    from careplan.rules.proofs.prove import Proof, Proofs


@click.command(short_help="What can never happen, and what must not and can.")
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--against", metavar="FILE|ID@VERSION", default="", help="Compare with this version: do they say the same?"
)
@click.option(
    "--timeout", type=click.FloatRange(min=0.001), default=5.0, show_default=True, metavar="SECONDS",
    help="How long one question may take.",
)  # fmt: skip
@options.as_json
def prove(path: Path | None, against: str, timeout: float, as_json: bool) -> int:
    """What z3 proves of the rulesets, over the reals, of everybody the vocabulary allows.

    Rules that never fire; rules that repeat another; recommendations released while a rule that would block them is
    unknown; gaps between the bands of a score. Each comes with a person, replayed in the reference engine. What a file
    waivers.yaml beside the rulesets accepts is left out.

    Looked at is the newest version of every ruleset; with PATH, those there, taken together. With --against, only
    whether each condition is true, false and unknown for the same people in both. Exit 1: there is an error.

    \b
    Examples:
      careplan rules prove
      careplan rules prove rulesets/sleep/2026.2.yaml
      careplan rules prove rulesets/sleep/2026.2.yaml --against sleep@2026.1
    """
    if find_spec("z3") is None:
        raise CareplanError("proofs need z3, which is not installed: pip install 'careplan[prove]'")
    from careplan.rules.proofs.equivalent import compare
    from careplan.rules.proofs.prove import CODES, prove

    started = time.monotonic()
    knowledge = load(locked=False)
    refuse(knowledge.failures)
    found = whole(rulesets_below(path, knowledge)) if path else installed_rulesets(knowledge)
    rulesets = found.latest
    if against:
        old = rulesets_named(against, knowledge)
        ids = {each.id for each in old.rulesets}
        rulesets = rulesets if path else [each for each in rulesets if each.ruleset.id in ids]
        proofs = compare(old.latest, rulesets, old.tags | found.tags, knowledge.vocabulary, timeout)
    else:
        waivers = list(_waivers(path, rulesets, knowledge, CODES))
        proofs = prove(rulesets, found.tags, knowledge.vocabulary, waivers, timeout)
    took = time.monotonic() - started
    click.echo(json.dumps(_account(proofs, took), indent=2, ensure_ascii=False) if as_json else _page(proofs, rulesets))
    click.echo(f"{proofs.asked} questions, proved over the reals, in {took:.1f} s", err=True)
    return 1 if any(each.finding.severity == "error" for each in proofs.found) else 0


def _waivers(
    path: Path | None, rulesets: Sequence[RulesetFile], knowledge: Knowledge, codes: Iterable[str]
) -> Iterator[Waiver]:
    """The waivers beside the rulesets, and those one folder above."""
    places: list[Traversable] = []
    if path is None:
        places = [files("careplan.rulesets"), *(each.folder for each in knowledge.registry.rulesets)]
    else:
        for each in rulesets:
            folder = Path(each.ruleset.source).resolve().parent
            places += [folder, folder.parent]
    for file in {str(place): place / WAIVERS for place in places}.values():
        if file.is_file():
            yield from read_waivers(file.read_bytes(), str(file), codes)


def _page(proofs: Proofs, rulesets: Sequence[RulesetFile]) -> str:
    """What was found, a line each, and how many of what."""
    findings = [each.finding for each in proofs.found]
    waived = f" {len(proofs.waived)} waived." if proofs.waived else ""
    return "\n".join([*map(str, findings), finding_count(findings, len(rulesets)) + waived])


def _account(proofs: Proofs, took: float) -> dict[str, Any]:
    """The proofs as JSON holds them."""
    return {
        "proved_over": "the reals",
        "questions": proofs.asked,
        "seconds": round(took, 2),
        "findings": [_found(each) for each in proofs.found],
        "waived": [_found(each) for each in proofs.waived],
        "implications": [list(each) for each in proofs.implications],
    }


def _found(proof: Proof) -> dict[str, Any]:
    account: dict[str, Any] = finding_account(proof.finding) | {"rule": proof.rule, "others": list(proof.others)}
    account["witness"] = dict(proof.witness) if proof.witness is not None else None
    if proof.waiver:
        account["reason"] = proof.waiver.reason
    return account
