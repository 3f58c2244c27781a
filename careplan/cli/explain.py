"""``careplan explain``: why each rule did or did not fire, clause by clause, and what would change it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import click

from careplan.cli import options
from careplan.cli.cases import load, read_case
from careplan.cli.history import with_earlier
from careplan.errors import CareplanError, nearest
from careplan.knowledge import Knowledge
from careplan.plan.texts import shown
from careplan.rules.changes import Change, changes
from careplan.rules.decision import Decision
from careplan.rules.explain import Clause, clauses
from careplan.rules.ruleset import Contradiction
from careplan.service import Request, decide, fact_case

VERDICTS = {True: "fires", False: "does not fire", None: "cannot be decided"}
MARKS = {True: "✔ true   ", False: "✘ false  ", None: "? unknown"}


@click.command()
@click.argument("case", metavar="CASE")
@click.argument("rule", metavar="[RULE]", required=False)
@options.on
@options.rulesets
@options.allow_incomplete
@options.as_json
def explain(
    case: str, rule: str | None, on: date | None, pins: dict[str, str], allow_incomplete: bool, as_json: bool
) -> None:
    """Why each rule did or did not fire for CASE, an intake file or - for standard input.

    With RULE, that one rule (or contradiction, such as C4) clause by clause, and the single answers that would change
    it, the smallest change first.

    \b
    Examples:
      careplan explain examples/fibromyalgia.yaml
      careplan explain examples/fibromyalgia.yaml SLP-03
    """
    knowledge = load()
    request = Request(on=on, pinned=pins, allow_incomplete=allow_incomplete)
    *before, assessment = with_earlier(case, read_case(case, knowledge, on), knowledge, on)
    decision = decide(fact_case(assessment, knowledge, before[-1] if before else None), knowledge, request)
    ids = list(decision.base.deciding)
    if rule is not None and rule not in ids:
        raise CareplanError(f"there is no rule {rule!r}{nearest(rule, ids)}")
    asked = [rule] if rule else list(decision.base.rules)
    accounts = [account(each, decision, knowledge) for each in asked]
    if as_json:
        click.echo(json.dumps(accounts[0] if rule else accounts, indent=2, ensure_ascii=False))
    elif rule:
        click.echo("\n".join(whole(rule, decision, knowledge)))
    else:
        for each in asked:
            click.echo("\n".join(brief(each, decision, knowledge)))


def account(rule: str, decision: Decision, knowledge: Knowledge) -> dict[str, Any]:
    """The explanation of one rule as JSON values."""
    condition = decision.base.conditions[rule]
    return {
        "rule": rule,
        "title": decision.base.deciding[rule].title,
        "ruleset": decision.base.ruleset_of[rule].name,
        "outcome": decision.outcomes[rule],
        "clauses": _clause_json(clauses(condition, decision.facts, knowledge.derivations)),
        "changes": [
            {"fact": each.fact, "from": each.old, "to": each.new, "outcome": each.outcome}
            for each in changes(condition, decision.facts, knowledge.vocabulary, knowledge.derivations)
        ],
    }


def _clause_json(clause: Clause) -> dict[str, Any]:
    return {
        "text": clause.text,
        "value": clause.value,
        "facts": dict(clause.facts),
        "clauses": [_clause_json(each) for each in clause.clauses],
    }


def brief(rule: str, decision: Decision, knowledge: Knowledge) -> list[str]:
    """A rule in three lines at most: its verdict, its condition, the smallest change."""
    condition = decision.base.conditions[rule]
    lines = [f"{rule} {decision.base.rules[rule].title}: {VERDICTS[decision.outcomes[rule]]}"]
    lines.append(f"    when {' '.join(condition.text.split())}")
    found = changes(condition, decision.facts, knowledge.vocabulary, knowledge.derivations)
    if found:
        lines.append(f"    it would change with {_change(found[0])}")
    return lines


def whole(rule: str, decision: Decision, knowledge: Knowledge) -> list[str]:
    """A rule with every clause and every single answer that would change it."""
    each = decision.base.deciding[rule]
    lines = [f"{rule} {each.title} ({decision.base.ruleset_of[rule].name}): {VERDICTS[decision.outcomes[rule]]}", ""]
    lines += clause_lines(clauses(each.when, decision.facts, knowledge.derivations))
    if isinstance(each, Contradiction):
        lines += ["", f"Safe reading: {each.safe_reading}"]
    else:
        lines += ["", f"Because: {each.because}"]
        lines += [f"  {source.cite} ({source.grade})" for source in each.evidence]
    found = changes(each.when, decision.facts, knowledge.vocabulary, knowledge.derivations)
    lines += ["", "What would change it, one answer at a time:" if found else "No single answer would change it."]
    lines += [f"  {_change(change)}: {rule} {VERDICTS[change.outcome]}" for change in found]
    return lines


def clause_lines(clause: Clause, depth: int = 0) -> list[str]:
    """A clause and those below it, a line each: its value, its text, and the facts it reads."""
    value = (
        MARKS[clause.value] if clause.value is None or isinstance(clause.value, bool) else f"= {exactly(clause.value)}"
    )
    line = f"{value}  {'  ' * depth}{clause.text}"
    if not clause.clauses:
        read = ", ".join(f"{fact} = {exactly(known)}" for fact, known in clause.facts.items() if fact != clause.text)
        line += f"    [{read}]" if read else ""
    return [line, *(each for below in clause.clauses for each in clause_lines(below, depth + 1))]


def exactly(value: Any) -> str:
    """A value with all the digits that a comparison can turn on."""
    return shown(value, decimals=9)


def _change(change: Change) -> str:
    return f"{change.fact} {exactly(change.old)} → {exactly(change.new)}"
