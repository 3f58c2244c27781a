"""Conditions in words: what holds, what is denied, what is unknown, and every fact by its name."""

from __future__ import annotations

import pytest
from hypothesis import given

from careplan.cql import Type, expression
from careplan.rules.words import in_words
from careplan.vocabulary.read import builtin_vocabulary
from tests.rules.random_conditions import TYPES
from tests.rules.random_expressions import expressions
from tests.rulesets.source import MODALITIES, ruleset

VOCABULARY = builtin_vocabulary()


def words(text: str) -> list[str]:
    """The outline, each line as deep as it stands."""
    outline = in_words(expression(text, VOCABULARY.types).tree, VOCABULARY)
    return ["  " * depth + line for depth, line in outline.lines()]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("isi.total >= 15", "Insomnia Severity Index — 15 or more"),
        ("15 > isi.total", "Insomnia Severity Index — less than 15"),
        ("not (isi.total >= 15)", "Insomnia Severity Index — less than 15"),
        ("isi.total between 8 and 14", "Insomnia Severity Index — from 8 to 14"),
        ("isi.total in Interval[8, 15)", "Insomnia Severity Index — 8 or more and less than 15"),
        ("isi.total in Interval(8, null]", "Insomnia Severity Index — more than 8"),
        ("isi.total in {8, 9}", "Insomnia Severity Index — one of 8, 9"),
        ("isi.total is null", "Insomnia Severity Index — not recorded"),
        ("isi.total is not null", "Insomnia Severity Index — recorded"),
        ("pain.duration_months >= 3", "How long the pain has lasted — 3 months or more"),
        ("dx.osa", "Obstructive sleep apnoea — yes"),
        ("not dx.osa", "Obstructive sleep apnoea — no"),
        ("dx.osa is not true", "Obstructive sleep apnoea — no, or not recorded"),
        ("dx.osa is false", "Obstructive sleep apnoea — no"),
        ("social.work = 'off_sick'", "Work situation — off sick"),
        ("Max({isi.total, phq2.total}) > 3", "the greatest known of (Insomnia Severity Index; PHQ-2) — more than 3"),
        ("exists {isi.total}", "at least one is known of (Insomnia Severity Index)"),
        ("isi.total + 2 * phq2.total < 9", "(Insomnia Severity Index plus (2 times PHQ-2)) — less than 9"),
        ("true", "always"),
    ],
)
def test_one_clause_is_one_line(text: str, line: str) -> None:
    assert words(text) == [line]


def test_clauses_stand_below_what_joins_them() -> None:
    assert words("dx.osa and (isi.total > 7 or not (dx.falls and dx.epilepsy))") == [
        "all of these",
        "  Obstructive sleep apnoea — yes",
        "  at least one of these",
        "    Insomnia Severity Index — more than 7",
        "    this is known not to hold",
        "      all of these",
        "        A fall in the past year — yes",
        "        Epilepsy or past seizures — yes",
    ]


def test_an_if_says_what_becomes_of_the_unknown() -> None:
    assert words("if dx.osa then dx.falls else false") == [
        "if this holds",
        "  Obstructive sleep apnoea — yes",
        "  then",
        "    A fall in the past year — yes",
        "  else, or where it is unknown",
        "    never",
    ]


@given(text=expressions(Type.BOOLEAN))
def test_any_condition_can_be_said(text: str) -> None:
    typed = expression(text, TYPES)
    said = "\n".join(line for _, line in in_words(typed.tree, VOCABULARY).lines())
    assert said
    assert all(name in said for name in typed.reads)


@pytest.mark.parametrize("modality", MODALITIES)
def test_every_fact_of_a_condition_is_named(modality: str) -> None:
    for rule in ruleset(modality).rules:
        said = "\n".join(line for _, line in in_words(rule.when.tree, VOCABULARY).lines())
        assert all(VOCABULARY[name].label in said for name in rule.when.reads), rule.id
