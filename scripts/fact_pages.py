"""Writes docs/facts.md from the vocabulary: every fact that rules may read, what it may be and how it is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from careplan.vocabulary.model import FactDefinition
from careplan.vocabulary.read import builtin_vocabulary

PAGE = Path(__file__).parent.parent / "docs" / "facts.md"
BEGINNING = """\
# Facts

What rules may read: the names in a rule's condition, in `requires_known` and `{…}` of its texts, and the keys of a file
that `careplan evaluate` reads. Every score of an instrument is a fact besides, named as in
[questionnaires.md](questionnaires.md) (`isi.total`), and each contradiction that a ruleset detects is one
(`contradiction.c1`).

A fact is known, or it is unknown; unknown is not "no". How each comes to be known:

- **a path** of the intake file, `measures.fatigue`: see [intake.md](intake.md). Of several the first that is answered
  counts.
- **a word of a list**, `finding: panic`: true if listed as present, false if denied, or if its list, or for findings
  its group, was reviewed; else unknown, or *assumed no* where this page says so. The plan names what it assumed.
- **CQL over other facts**: see [rules.md](rules.md).
- **the medicine list**: true if a medicine of that class or name is taken, or planned for `plan.…`; "not taken" is
  known only when the list is confirmed as complete and every entry was recognised.
- **worked out** from the assessment in a way that CQL cannot say; told in words.

Those marked † rest on a cut or a convention that was not checked against a source.

This page is written by `make docs` from `careplan/vocabulary/facts`.
"""
GROUPS = {
    "safety": "Safety: red flags, contraindications, and answers that do not fit together",
    "person": "The person",
    "pain": "Pain and tiredness",
    "sleep": "Sleep",
    "mood": "Mood, anxiety and stress",
    "activity": "Movement and activity",
    "social": "Work and the people around",
    "goals": "Goals",
    "diagnoses": "Diagnoses",
    "medicines": "Medicines and kidneys",
    "scores": "Single answers that rules read",
    "follow_up": "Change since an earlier assessment",
}
"""The headings, in the order of the page."""


def page() -> str:
    """The text of the page."""
    vocabulary = builtin_vocabulary()
    if missing := set(vocabulary.groups) - GROUPS.keys():
        raise SystemExit(f"give these groups of facts a heading in {__file__}: {', '.join(sorted(missing))}")
    parts = [BEGINNING]
    for group, heading in GROUPS.items():
        facts = [each for each in vocabulary if each.group == group and not each.score]
        parts.append("\n".join(_table(group, heading, facts)))
    return "\n".join(parts)


def _table(group: str, heading: str, facts: list[FactDefinition]) -> Iterator[str]:
    yield from (f"## {heading}", "", f"Group `{group}`.", "")
    yield from ("| fact | may be | meaning | known by |", "|---|---|---|---|")
    for each in facts:
        mark = " †" if each.certainty == "unverified" else ""
        cells = (f"`{each.id}`{mark}", _allowed(each), each.meaning, "; ".join(_roads(each)))
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def _allowed(fact: FactDefinition) -> str:
    return fact.allowed.removeprefix("a ").removeprefix("one of ")


def _roads(fact: FactDefinition) -> Iterator[str]:
    if fact.intake:
        yield " or ".join(f"`{each}`" for each in fact.intake)
    if fact.listed:
        yield f"{fact.listed.removesuffix('s').replace('diagnose', 'diagnosis').replace('_', ' ')}: `{fact.word}`"
    if rule := fact.derive or fact.otherwise:
        yield f"`{' '.join(rule.text.split())}`"
    if fact.compute:
        yield fact.how or f"the medicine list: {', '.join(_selectors(fact))}"
    if fact.decided_by:
        yield "a detector of a ruleset"
    if fact.not_recorded == "assumed_no":
        yield "*assumed no*"


def _selectors(fact: FactDefinition) -> Iterator[str]:
    """The classes and medicines that the fact looks for: ``class opioid``."""
    for each in fact.arguments.values():
        yield from (word.replace("drug:", "").replace(":", " ") for word in ([each] if isinstance(each, str) else each))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(Path.cwd()) if PAGE.is_relative_to(Path.cwd()) else PAGE)
