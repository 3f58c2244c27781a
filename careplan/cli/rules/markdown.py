"""A ruleset as pages for people who look rules up: conditions in words, texts, sources, tests, history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from careplan.cli.rules.told import (
    About,
    Condition,
    Lines,
    Names,
    Parts,
    Section,
    Tests,
    Text,
    part_said,
    status,
    told,
    unverified,
)
from careplan.rules.base import SAID
from careplan.rules.ruleset import Contradiction, Part, Rule, Ruleset
from careplan.rules.ruletests import RuleTest

BEGINNING = "This page is written by `careplan rules pages` from the ruleset and its tests; change those, not this."


def index_page(rulesets: Sequence[Ruleset]) -> str:
    """The page that leads to all others: every ruleset with its version and its rules."""
    lines = ["# Rules", "", BEGINNING, "", "| ruleset | version | from | rules |", "|---|---|---|---|"]
    for each in rulesets:
        names = [*(rule.id for rule in each.rules), *(found.id for found in each.contradictions)]
        links = " ".join(f"[{name}]({each.id}.md#{_anchor(name)})" for name in names)
        lines.append(f"| [{_cell(each.title)}]({each.id}.md) | {each.version} | {each.effective} | {links} |")
    return _whole(lines)


def ruleset_page(about: About) -> str:
    """The page of the newest version of a ruleset, every rule under a heading of its own."""
    ruleset = about.ruleset
    lines = [f"# {ruleset.title}", "", f"`{ruleset.name}`, in effect from {ruleset.effective}.", "", BEGINNING]
    every: tuple[Rule | Contradiction, ...] = (*ruleset.rules, *ruleset.contradictions)
    for found in every:
        lines += ["", *_rule(found, about)]
    return _whole(lines)


def _rule(found: Rule | Contradiction, about: About) -> Iterator[str]:
    yield from (f'<a id="{_anchor(found.id)}"></a>', "", f"## {found.id} {found.title}", "")
    yield f"{status(found)[:1].upper()}{status(found)[1:]}."
    if doubt := unverified(found):
        yield from ("", f"**Unverified:** {_text(doubt)}")
    for each in told(found, about):
        yield from ("", *_section(each, about))


def _section(section: Section, about: About) -> Iterator[str]:
    match section:
        case Condition(condition, outline):
            yield from ("**When**", "")
            yield from (f"{'  ' * depth}- {_text(line)}" for depth, line in outline.lines())
            yield from ("", "```cql", " ".join(condition.text.split()), "```")
        case Text(heading, text):
            yield f"**{heading}:** {_text(text)}"
        case Names(heading, names):
            yield f"**{heading}:** {', '.join(f'`{each}`' for each in names)}"
        case Lines(heading, lines):
            yield from (f"**{heading}**", "", *(f"- {_text(each)}" for each in lines))
        case Parts(parts):
            said = (part_said(each, _in_a_line(each, about)) for each in parts)
            yield from ("**Parts**", "", *(f"- {_text(each)}" for each in said))
        case Tests(tests):
            yield from ("**Tests**", "", "| test | facts | outcome |", "|---|---|---|", *map(_test, tests))


def _in_a_line(part: Part, about: About) -> str | None:
    return "; ".join(line for _, line in about.outline(part.when).lines()) if part.when else None


def _test(test: RuleTest) -> str:
    facts = ", ".join(f"`{name}` = {json.dumps(value, ensure_ascii=False)}" for name, value in test.given.items())
    part = f"part {test.rule.partition('#')[2]}: " if "#" in test.rule else ""
    return f"| {_cell(part + test.name)} | {_cell(facts) or 'none known'} | {SAID[test.expect]} |"


def _text(text: str) -> str:
    """A text on one line, in which nothing is markup by accident."""
    one = " ".join(text.split())
    return one.replace("<", "&lt;").replace("_", "\\_").replace("[", "\\[")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _anchor(name: str) -> str:
    return name.lower()


def _whole(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
