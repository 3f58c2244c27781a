"""The answers a condition rests on, and those it waits for."""

from __future__ import annotations

from typing import Any

import pytest

from careplan.cql import SIMPLE, Expression, Type, expression
from careplan.rules.changes import changes
from careplan.rules.explain import clauses
from careplan.rules.reasons import Behind, answers_behind
from careplan.vocabulary.model import FactDefinition, Vocabulary

TYPES = {
    "isi.total": Type.INTEGER,
    "psqi.total": Type.INTEGER,
    "sleep.insomnia": Type.INTEGER,
    "sleep.unsafe": Type.BOOLEAN,
    "dx.epilepsy": Type.BOOLEAN,
    "dx.bipolar": Type.BOOLEAN,
    "risk": Type.STRING,
}


def cql(text: str) -> Expression:
    return expression(text, TYPES)


DERIVATIONS = {
    "sleep.insomnia": cql(
        "Max({(if isi.total is null then null else if isi.total >= 15 then 2 else if isi.total >= 8 then 1 else 0), "
        "(if psqi.total is null then null else if psqi.total > 5 then 1 else 0)})"
    ),
    "sleep.unsafe": cql("dx.epilepsy or dx.bipolar or risk = 'high'"),
}
VOCABULARY = Vocabulary(
    {
        name: FactDefinition(
            name,
            kind,
            name,
            "sleep",
            range=(0, 28) if kind == SIMPLE["Integer"] else None,
            values=("low", "high") if name == "risk" else None,
            derive=DERIVATIONS.get(name),
        )
        for name, kind in TYPES.items()
    }
)


@pytest.mark.parametrize(
    ("text", "facts", "because"),
    [
        ("sleep.insomnia >= 1", {"isi.total": 16, "sleep.insomnia": 2}, {"isi.total": 16}),
        ("sleep.insomnia >= 1", {"sleep.insomnia": 2}, {"sleep.insomnia": 2}),
        ("sleep.unsafe", {"dx.epilepsy": True, "dx.bipolar": False, "sleep.unsafe": True}, {"dx.epilepsy": True}),
        ("dx.epilepsy or isi.total > 3", {"dx.epilepsy": False, "isi.total": 9}, {"isi.total": 9}),
        ("dx.epilepsy is null", {}, {"dx.epilepsy": None}),
        ("sleep.insomnia is null", {}, {"isi.total": None, "psqi.total": None}),
        ("dx.epilepsy and isi.total > 3", {"dx.epilepsy": False, "isi.total": 9}, {"dx.epilepsy": False}),
    ],
)
def test_a_condition_rests_on_the_answers_that_decided_it(
    text: str, facts: dict[str, Any], because: dict[str, Any]
) -> None:
    assert Behind(facts, DERIVATIONS).why(cql(text)) == because


@pytest.mark.parametrize(
    ("text", "facts", "waits_for"),
    [
        ("sleep.insomnia >= 1", {}, ("isi.total", "psqi.total")),
        ("sleep.unsafe", {"dx.bipolar": False}, ("dx.epilepsy", "risk")),
        ("dx.epilepsy and isi.total > 3", {"isi.total": 9}, ("dx.epilepsy",)),
        ("dx.epilepsy or isi.total > 3", {"dx.epilepsy": False}, ("isi.total",)),
        ("isi.total > 3", {"isi.total": 9}, ()),
    ],
)
def test_an_unknown_condition_names_the_answers_that_could_decide_it(
    text: str, facts: dict[str, Any], waits_for: tuple[str, ...]
) -> None:
    assert Behind(facts, DERIVATIONS).missing(cql(text)) == waits_for


def test_the_answers_behind_a_derived_fact_are_all_it_could_depend_on() -> None:
    assert answers_behind(("sleep.insomnia", "dx.epilepsy"), DERIVATIONS) == ("isi.total", "psqi.total", "dx.epilepsy")


def test_every_clause_has_its_value_and_derived_facts_are_opened() -> None:
    facts = {"isi.total": 16, "sleep.insomnia": 2, "dx.epilepsy": False}
    account = clauses(cql("sleep.insomnia >= 1 and sleep.unsafe"), facts, DERIVATIONS)
    assert account.value is None
    assert [(each.text, each.value) for each in account.clauses] == [
        ("sleep.insomnia >= 1", True),
        ("sleep.unsafe", None),
    ]
    (derived,) = account.clauses[1].clauses
    assert [(each.text, each.value) for each in derived.clauses] == [
        ("dx.epilepsy", False),
        ("dx.bipolar", None),
        ("risk = 'high'", None),
    ]


@pytest.mark.parametrize(
    ("text", "facts", "fact", "old", "new", "outcome"),
    [
        ("sleep.insomnia >= 1", {"isi.total": 16, "sleep.insomnia": 2}, "isi.total", 16, 7, False),
        ("isi.total >= 15", {"isi.total": 14}, "isi.total", 14, 15, True),
        ("sleep.unsafe", {}, "dx.epilepsy", None, True, True),
        ("risk = 'high'", {"risk": "low"}, "risk", "low", "high", True),
        ("dx.epilepsy is null", {}, "dx.epilepsy", None, True, False),
    ],
)
def test_the_smallest_answer_that_would_change_a_rule_comes_first(
    text: str, facts: dict[str, Any], fact: str, old: Any, new: Any, outcome: bool
) -> None:
    first = changes(cql(text), facts, VOCABULARY, DERIVATIONS)[0]
    assert (first.fact, first.old, first.new, first.outcome) == (fact, old, new, outcome)


def test_no_single_answer_changes_what_two_answers_hold_up() -> None:
    facts = {"dx.epilepsy": True, "dx.bipolar": True}
    assert changes(cql("dx.epilepsy or dx.bipolar"), facts, VOCABULARY, DERIVATIONS) == ()
