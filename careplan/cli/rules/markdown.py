"""A ruleset as pages for people who look rules up: conditions in words, texts, sources, tests, history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from careplan.cli.rules.pages import AUDIENCES, EXPECTED, About, effect_lines
from careplan.cql import Expression
from careplan.rules.ruleset import Contradiction, Part, Rule, Ruleset
from careplan.rules.ruletests import RuleTest
from careplan.rules.words import in_words

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
    for rule in ruleset.rules:
        lines += ["", *_rule(rule, about)]
    for found in ruleset.contradictions:
        lines += ["", *_contradiction(found, about)]
    return _whole(lines)


def _rule(rule: Rule, about: About) -> Iterator[str]:
    yield from (f'<a id="{_anchor(rule.id)}"></a>', "", f"## {rule.id} {rule.title}", "")
    yield f"{rule.priority.capitalize()} {rule.kind}, {AUDIENCES[rule.audience]}."
    if rule.certainty == "unverified":
        yield from ("", f"**Unverified:** {rule.uncertain or 'not checked against its source.'}")
    yield from _condition(rule.when, about)
    yield from _listed("Must be known before it is given", rule.requires_known)
    yield from _listed("Comes after", rule.after)
    yield from _listed("Asks for", rule.asks)
    yield from _listed("Tags", rule.tags)
    yield from _listed("Helps with", rule.helps)
    yield from _items("Effects", effect_lines(rule.effects))
    yield from _paragraph("For the patient", rule.patient)
    yield from _paragraph("For the clinician", rule.clinician)
    yield from _items("Parts", (_part(each, about) for each in rule.parts))
    yield from _paragraph("Because", rule.because)
    yield from _items("Evidence", (f"{each.cite} ({each.grade})" for each in rule.evidence))
    yield from _paragraph("Notes", rule.notes)
    yield from _tests(about.tests_of(rule.id))
    yield from _items("History", about.history(rule.id))


def _contradiction(found: Contradiction, about: About) -> Iterator[str]:
    yield from (f'<a id="{_anchor(found.id)}"></a>', "", f"## {found.id} {found.title}", "")
    yield "Finds answers that do not fit together."
    yield from _condition(found.when, about)
    yield from _listed("Holds recommendations with the tags", found.holds_tags)
    yield from _listed("Holds the rules", found.holds_rules)
    yield from _listed("Affects", found.affects)
    yield from _paragraph("Until it is resolved", f"{found.safe_reading} {found.resolution}")
    yield from _tests(about.tests_of(found.id))
    yield from _items("History", about.history(found.id))


def _condition(condition: Expression, about: About) -> Iterator[str]:
    outline = in_words(condition.tree, about.vocabulary)
    yield from ("", "**When**", "")
    yield from (f"{'  ' * depth}- {_text(line)}" for depth, line in outline.lines())
    yield from ("", "```cql", " ".join(condition.text.split()), "```")


def _part(part: Part, about: About) -> str:
    limits = (
        [f"when {'; '.join(line for _, line in in_words(part.when.tree, about.vocabulary).lines())}"]
        if part.when
        else []
    )
    limits += [f"tags {', '.join(part.tags)}"] if part.tags else []
    limits += [f"{part.edition} edition only"] if part.edition != "both" else []
    return f"{part.text} *({'; '.join(limits)})*" if limits else part.text


def _tests(tests: Iterable[RuleTest]) -> Iterator[str]:
    yield from ("", "**Tests**", "", "| test | facts | outcome |", "|---|---|---|")
    for each in tests:
        facts = ", ".join(f"`{name}` = {json.dumps(value, ensure_ascii=False)}" for name, value in each.given.items())
        part = f"part {each.rule.partition('#')[2]}: " if "#" in each.rule else ""
        yield f"| {_cell(part + each.name)} | {_cell(facts) or 'none known'} | {EXPECTED[each.expect]} |"


def _listed(heading: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield from ("", f"**{heading}:** {', '.join(f'`{each}`' for each in names)}")


def _paragraph(heading: str, text: str | None) -> Iterator[str]:
    if text:
        yield from ("", f"**{heading}:** {_text(text)}")


def _items(heading: str, items: Iterable[str]) -> Iterator[str]:
    if some := [f"- {_text(each)}" for each in items]:
        yield from ("", f"**{heading}**", "", *some)


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
