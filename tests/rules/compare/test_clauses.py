"""What changed between two conditions, clause by clause."""

from __future__ import annotations

import pytest
from hypothesis import given

from careplan.cql import Type, evaluate, expression
from careplan.rules.compare.clauses import clause_changes, meaning_of
from tests.rules.random_conditions import TYPES, conditions, people


def words(old: str, new: str) -> list[str]:
    return [each.words for each in clause_changes(expression(old, TYPES), expression(new, TYPES))]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("count.a >= 15", "count.a >= 16", ["the threshold of count.a rose from >= 15 to >= 16"]),
        ("count.a >= 15", "count.a >= 9", ["the threshold of count.a fell from >= 15 to >= 9"]),
        ("count.a >= 15", "count.a > 15", ["the threshold of count.a changed from >= 15 to > 15"]),
        ("15 <= count.a", "count.a >= 16", ["the threshold of count.a rose from >= 15 to >= 16"]),
        ("flag.a", "flag.a and flag.b is true", ["the clause flag.b is true was added"]),
        ("flag.a and flag.b", "flag.b", ["the clause flag.a was removed"]),
        ("flag.a", "flag.a or flag.b", ["the alternative flag.b was added"]),
        (
            "flag.c or (flag.a and flag.b)",
            "flag.c or (flag.a and flag.b and flag.d)",
            ["the clause flag.d was added, in (flag.a and flag.b)"],
        ),
        (
            "flag.a and count.a >= 15 and count.b < 85",
            "count.b < 85 and count.a >= 16 and flag.b",
            [
                "the threshold of count.a rose from >= 15 to >= 16",
                "the clause flag.a was removed",
                "the clause flag.b was added",
            ],
        ),
        (
            "count.a >= 15",
            "count.a >= 16 and flag.a",
            ["the threshold of count.a rose from >= 15 to >= 16", "the clause flag.a was added"],
        ),
        ("word.a in {'low', 'high'}", "word.a in {'low', 'no'}", ["the list of word.a gained 'no' and lost 'high'"]),
        ("flag.a is true", "flag.a is not false", ["the condition flag.a is true became flag.a is not false"]),
        ("flag.a is not true", "flag.b is not true", ["the condition flag.a is not true became flag.b is not true"]),
        ("not (count.a > 3)", "not (count.a > 4)", ["the threshold of count.a rose from > 3 to > 4"]),
        ("flag.a and flag.b", "flag.a or flag.b", ["the condition flag.a and flag.b became flag.a or flag.b"]),
    ],
)
def test_a_change_is_told_in_words(old: str, new: str, said: list[str]) -> None:
    assert sorted(words(old, new)) == sorted(said)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("flag.a and flag.b", "flag.b   and\n flag.a"),
        ("flag.a and (flag.b and flag.c)", "(flag.a and flag.b) and flag.c"),
        ("flag.a or flag.a", "((flag.a))"),
        ("count.a >= 15", "15 <= count.a // as the paper has it"),
        ('"flag.a" and flag.b', "flag.a and flag.b"),
    ],
)
def test_what_means_the_same_is_no_change(old: str, new: str) -> None:
    assert words(old, new) == []


def test_each_changed_clause_can_be_decided_by_itself() -> None:
    (found,) = clause_changes(
        expression("flag.a and count.a >= 15", TYPES), expression("flag.a and count.a >= 16", TYPES)
    )
    assert found.before is not None
    assert found.after is not None
    facts = {"count.a": 15}
    assert (evaluate(found.before, facts), evaluate(found.after, facts)) == (True, False)
    assert (found.old, found.new) == ("count.a >= 15", "count.a >= 16")


@given(conditions, conditions)
def test_clauses_change_exactly_when_the_meaning_does(one: str, other: str) -> None:
    old, new = expression(one, TYPES, expected=Type.BOOLEAN), expression(other, TYPES, expected=Type.BOOLEAN)
    assert bool(clause_changes(old, new)) == (meaning_of(old.tree) != meaning_of(new.tree))
    assert clause_changes(old, old) == ()


@given(conditions, people)
def test_exchanging_brackets_and_order_keeps_the_meaning_and_every_outcome(
    text: str, person: dict[str, object]
) -> None:
    old = expression(f"flag.a and (({text}) and flag.b)", TYPES)
    new = expression(f"(flag.b and flag.a) and ({text}) and flag.b", TYPES)
    assert meaning_of(old.tree) == meaning_of(new.tree)
    assert evaluate(old, person) is evaluate(new, person)
