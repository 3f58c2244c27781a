"""``careplan rules diff``: what differs between two versions of rulesets, and for whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click
from attrs import asdict

from careplan.cli import options
from careplan.cli.cases import expand, load, read_case
from careplan.cli.explain import VERDICTS, clause_lines
from careplan.cli.history import with_earlier
from careplan.cli.rules.files import RulesetFiles, rulesets_named
from careplan.cli.rules.suites import refuse
from careplan.errors import CareplanError, Location, Problem
from careplan.knowledge import Knowledge
from careplan.rules.base import RuleBase
from careplan.rules.compare.diff import FieldChange, RulesetChange, Verdict, diff, verdict
from careplan.rules.compare.effect import Effect, Explained, RuleEffect, effect
from careplan.rules.explain import Clause
from careplan.rules.versions import latest
from careplan.service import fact_case

MANY = 200
"""Cases after which it is said how many are done."""
NAMED = 20
"""People whose ids are written out for each move; JSON has all of them."""
VERDICT: Mapping[Verdict, str] = {
    "identical": "No difference.",
    "wording": "Only wording changed, sources and dates included: no decision can differ.",
    "meaning": "Decisions or plans can differ.",
}
MOVES = {
    "gains": "gain it",
    "loses": "lose it",
    "unknown": "become unknown",
    "ruled_out": "were unknown and do not have it",
}


@click.command("diff", short_help="What differs between two versions, and for whom.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--cases", "cases", multiple=True, metavar="FOLDER|FILE",
    help="Decide these intake files, or those in a folder, by both. May be given several times.",
)  # fmt: skip
@options.as_json
def diff_(old: str, new: str, cases: tuple[str, ...], as_json: bool) -> int:
    """What differs between OLD and NEW, rule by rule and clause by clause, and whether a decision can differ.

    Each is a ruleset file, a folder of them, or ID@VERSION of an installed ruleset. Of several versions of one ruleset
    in a folder the latest counts. A text is shown with what went as [-word-] and what came as {+word+}.

    With --cases every case is decided under OLD and under NEW, each together with the latest version of all other
    installed rulesets: for each rule who gains it, who loses it, and for whom it becomes unknown. A case that cannot be
    read is named and left out.

    Exit 1: decisions or plans can differ; 0: nothing differs, or only wording. Exit 2: a case could not be done.

    \b
    Examples:
      careplan rules diff sleep@2026.1 rulesets/sleep/2026.2.yaml
      careplan rules diff sleep@2026.1 rulesets/sleep/2026.2.yaml --cases examples
      careplan rules diff released/rulesets rulesets --json
    """
    knowledge = load(locked=False)
    refuse(knowledge.failures)
    before, after = rulesets_named(old, knowledge), rulesets_named(new, knowledge)
    changes = diff(before.rulesets, after.rulesets)
    found, problems = _effect(before, after, cases, knowledge) if cases else (None, [])
    if as_json:
        click.echo(json.dumps(_account(changes, found, problems), indent=2, ensure_ascii=False))
    else:
        lines = [*_change_lines(changes), *(_effect_lines(found, changes) if found else ())]
        click.echo("\n".join([*lines, VERDICT[verdict(changes)]]))
    if problems:
        return 2
    return 1 if verdict(changes) == "meaning" else 0


def _effect(
    before: RulesetFiles, after: RulesetFiles, cases: Sequence[str], knowledge: Knowledge
) -> tuple[Effect, list[Problem]]:
    """What becomes of every rule over the cases, and why some of them could not be decided."""
    named = {each.id for each in (*before.rulesets, *after.rulesets)}
    installed = latest(each for versions in knowledge.versions.values() for each in versions)
    others = [each for name, each in installed.items() if name not in named]

    def base(side: RulesetFiles) -> RuleBase:
        chosen = (*others, *latest(side.rulesets).values())
        return RuleBase(chosen, side.tags, knowledge.vocabulary.types)

    problems: list[Problem] = []
    people = _people(expand(cases, knowledge), knowledge, problems)
    return effect(base(before), base(after), people, knowledge.derivations), problems


def _people(
    cases: Sequence[str], knowledge: Knowledge, problems: list[Problem]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The id and the facts of each case; of one that cannot be done the problems are noted and said at once."""
    for number, case in enumerate(cases, 1):
        try:
            *earlier, assessment = with_earlier(case, read_case(case, knowledge, None), knowledge, None)
            found = fact_case(assessment, knowledge, earlier[-1] if earlier else None)
            refuse(found.failures)
        except CareplanError as error:
            problems += [each.at(Location(case)) for each in error.problems]
            for each in error.problems:
                click.echo(f"✘ {each.at(Location(case))}", err=True)
        else:
            yield found.id, found.facts.values
        if number % MANY == 0 or (number == len(cases) and number > MANY):
            click.echo(f"{number} of {len(cases)} cases", err=True)


def _change_lines(changes: Iterable[RulesetChange]) -> Iterator[str]:
    for each in changes:
        yield _heading(each)
        yield from _field_lines(each.fields, "  ")
        for rule in each.rules:
            if rule.change == "removed":
                yield f"  {rule.id} {rule.title}: removed; its id stays taken and is never given to another rule"
            elif rule.change == "added":
                yield f"  {rule.id} {rule.title}: added"
            else:
                yield f"  {rule.id} {rule.title}{'' if rule.decides else ' (only wording)'}"
            yield from _field_lines(rule.fields, "    ")
        yield ""


def _heading(change: RulesetChange) -> str:
    if change.old is None:
        return f"{change.new}: added"
    if change.new is None:
        return f"{change.old}: removed"
    return f"{change.old} → {change.new}" if change.old != change.new else change.old


def _field_lines(fields: Iterable[FieldChange], indent: str) -> Iterator[str]:
    yield from (f"{indent}{word}" for each in fields for word in each.words)


def _effect_lines(found: Effect, changes: Iterable[RulesetChange]) -> Iterator[str]:
    """Who is decided otherwise, rule by rule, the first of them explained by the clauses that turned."""
    cases = f"{found.cases} {'case' if found.cases == 1 else 'cases'}"
    touched = {rule.id for each in changes for rule in each.rules if rule.change == "changed" and rule.decides}
    shown = [each for each in found.rules if each.moves]
    yield f"Of {cases}:" if shown else f"Of {cases}, none is decided otherwise."
    for rule in shown:
        yield f"  {rule.rule} {rule.title}"
        for move, words in MOVES.items():
            people: Sequence[str] = getattr(rule, move)
            if people:
                more = f" and {len(people) - NAMED} more (--json names all)" if len(people) > NAMED else ""
                yield f"    {len(people)} {words}: {', '.join(people[:NAMED])}{more}"
        for each in rule.explained:
            yield from _explained_lines(each)
    for rule in found.rules:
        if rule.rule in touched and rule.stays:
            yield f"  {rule.rule} {rule.title}: changed, and fires by both for {rule.stays}"
    yield ""


def _explained_lines(each: Explained) -> Iterator[str]:
    yield f"    {each.case}: {VERDICTS[each.before]} by the old version, {VERDICTS[each.after]} by the new"
    for turn in each.turns:
        for when, clause in (("old", turn.before), ("new", turn.after)):
            if clause is not None:
                yield from (f"      {when}  {line}" for line in clause_lines(clause))


def _account(changes: Sequence[RulesetChange], found: Effect | None, problems: Sequence[Problem]) -> dict[str, Any]:
    """The whole difference as JSON values."""
    account: dict[str, Any] = {"verdict": verdict(changes), "rulesets": [_ruleset_account(each) for each in changes]}
    if found is not None:
        account["effect"] = {
            "cases": found.cases,
            "failed": [str(each) for each in problems],
            "rules": [_rule_effect_account(each) for each in found.rules if each.moves or each.stays],
        }
    return account


def _ruleset_account(change: RulesetChange) -> dict[str, Any]:
    return {
        "id": change.id,
        "old": change.old,
        "new": change.new,
        "verdict": change.verdict,
        "fields": [_field_account(each) for each in change.fields],
        "rules": [
            {
                "id": each.id,
                "title": each.title,
                "change": each.change,
                "decides": each.decides,
                "fields": [_field_account(one) for one in each.fields],
            }
            for each in change.rules
        ],
    }


def _field_account(each: FieldChange) -> dict[str, Any]:
    clauses = [
        {"change": one.change, "old": one.old, "new": one.new, "words": one.words} for one in each.clauses
    ]  # fmt: skip
    account = {"field": each.field, "decides": each.decides, "words": list(each.words)}
    return {**account, "condition": each.condition, "clauses": clauses} if each.condition else account


def _rule_effect_account(rule: RuleEffect) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "title": rule.title,
        **{move: list(getattr(rule, move)) for move in MOVES},
        "stays": rule.stays,
        "explained": [
            {
                "case": each.case,
                "before": each.before,
                "after": each.after,
                "clauses": [{"before": _clause(turn.before), "after": _clause(turn.after)} for turn in each.turns],
            }
            for each in rule.explained
        ],
    }


def _clause(clause: Clause | None) -> dict[str, Any] | None:
    return asdict(clause) if clause is not None else None
