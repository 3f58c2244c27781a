"""Tests of rules as data: what a file may say, what it must cover, and what comes out."""

from __future__ import annotations

import pytest

from careplan.cql import Type, expression
from careplan.errors import RulesetError
from careplan.rules.base import RuleBase
from careplan.rules.read import ruleset_from_text
from careplan.rules.ruletests import RuleTest, rule_tests_from_text, run_rule_tests
from careplan.vocabulary.model import FactDefinition, Vocabulary

TYPES = {"isi.total": Type.INTEGER, "sleep.hours": Type.DECIMAL, "sleep.bad": Type.BOOLEAN, "person.sex": Type.STRING}
VOCABULARY = Vocabulary(
    {
        "isi.total": FactDefinition("isi.total", Type.INTEGER, "ISI", "sleep", range=(0, 28), score="isi.total"),
        "sleep.hours": FactDefinition("sleep.hours", Type.DECIMAL, "Hours", "sleep", intake=("measures.hours",)),
        "sleep.bad": FactDefinition(
            "sleep.bad", Type.BOOLEAN, "Bad sleep", "sleep", derive=expression("isi.total >= 15", TYPES)
        ),
        "person.sex": FactDefinition(
            "person.sex", Type.STRING, "Sex", "person", values=("female", "male"), intake=("person.sex",)
        ),
    }
)
RULESET = """\
id: sleep
version: "2026.1"
effective: 2026-01-01
title: Sleep
rules:
  - id: SLP-01
    title: Sleep basics
    when: sleep.bad
    priority: core
    kind: action
    patient: Get up at the same time each day.
    parts:
      - {text: Sleep longer., when: sleep.hours < 6}
    because: It helps.
    evidence:
      - {id: aasm_2021, cite: AASM 2021, grade: strong}
"""
GOOD = """\
tests:
  - {rule: SLP-01, name: fires at ISI 15, facts: {isi.total: 15}, expect: true}
  - {rule: SLP-01, name: does not fire at ISI 14, facts: {isi.total: 14}, expect: false}
  - {rule: SLP-01, name: is unknown without the ISI, facts: {}, expect: unknown}
  - {rule: SLP-01#0, name: fires at 5 hours, facts: {sleep.hours: 5}, expect: true}
  - {rule: SLP-01#0, name: does not fire at 6 hours, facts: {sleep.hours: 6}, expect: false}
"""


def base() -> RuleBase:
    return RuleBase((ruleset_from_text(RULESET, "2026.1.yaml", TYPES, ()),), {}, TYPES)


def read(text: str) -> tuple[RuleTest, ...]:
    return rule_tests_from_text(text, "2026.1.test.yaml", base(), VOCABULARY)


def problems(text: str) -> list[str]:
    with pytest.raises(RulesetError) as error:
        read(text)
    return [str(each) for each in error.value.problems]


def test_facts_are_completed_before_a_test_is_decided() -> None:
    first = read(GOOD)[0]
    assert first.given == {"isi.total": 15}
    assert first.facts == {"isi.total": 15, "sleep.bad": True}


def test_every_outcome_is_compared_with_what_was_expected() -> None:
    results = run_rule_tests(base(), read(GOOD))
    assert [(each.outcome, each.passed) for each in results] == [
        (True, True), (False, True), (None, True), (True, True), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "moved", "outcomes"),
    [
        ("isi.total: 15", "isi.total: 14", [False, False, None, True, False]),
        ("isi.total: 14", "isi.total: 15", [True, True, None, True, False]),
        ("sleep.hours: 6}", "sleep.hours: 5.9}", [True, False, None, True, True]),
    ],
)
def test_a_test_whose_facts_move_over_the_boundary_fails(line: str, moved: str, outcomes: list[bool | None]) -> None:
    results = run_rule_tests(base(), read(GOOD.replace(line, moved)))
    assert [each.outcome for each in results] == outcomes
    assert [each.passed for each in results].count(False) == 1


def test_an_unknown_outcome_is_not_taken_for_no() -> None:
    (result,) = run_rule_tests(base(), read(GOOD.replace("expect: unknown", "expect: false"))[2:3])
    assert (result.outcome, result.passed) == (None, False)


def test_every_error_of_a_file_is_reported_at_once_with_its_place() -> None:
    text = (
        GOOD.replace("{rule: SLP-01, name: is", "{rule: SLP-91, name: is")
        .replace("isi.total: 15", "isi.totl: 15")
        .replace("sleep.hours: 5}", "sleep.hours: five}")
        .replace("sleep.hours: 6}, expect: false", "sleep.hours: 6}, expect: no")
    )
    assert problems(text) == [
        "2026.1.test.yaml:1:1: SLP-01#0 has no test in which it does not fire",
        "2026.1.test.yaml:2:51: there is no fact 'isi.totl'; did you mean 'isi.total'?",
        "2026.1.test.yaml:4:12: there is no rule, part or contradiction 'SLP-91'; did you mean 'SLP-01'?",
        "2026.1.test.yaml:5:67: sleep.hours should be a number",
        "2026.1.test.yaml:6:87: 'expect' should be true, false or unknown",
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("isi.total: 15.0", "isi.total should be a whole number from 0 to 28"),
        ("isi.total: 29", "isi.total should be a whole number from 0 to 28"),
        ("isi.total: true", "isi.total should be a whole number from 0 to 28"),
        ("person.sex: man", "person.sex should be one of female, male"),
        ("sleep.bad: 1", "sleep.bad should be true or false"),
    ],
)
def test_a_value_that_a_fact_cannot_have_is_refused(given: str, message: str) -> None:
    place = f"2026.1.test.yaml:2:{GOOD.splitlines()[1].index('isi.total') + given.index(' ') + 2}"
    assert problems(GOOD.replace("isi.total: 15", given)) == [f"{place}: {message}"]


def test_facts_that_contradict_each_other_are_refused_at_their_place() -> None:
    (found,) = problems(GOOD.replace("{isi.total: 15}", "{isi.total: 15, sleep.bad: false}"))
    assert found.startswith("2026.1.test.yaml:2:50: sleep.bad is given as ")


@pytest.mark.parametrize(
    ("removed", "message"),
    [
        ("fires at ISI 15", "SLP-01 has no test in which it fires"),
        ("does not fire at ISI 14", "SLP-01 has no test in which it does not fire"),
        ("fires at 5 hours", "SLP-01#0 has no test in which it fires"),
        ("does not fire at 6 hours", "SLP-01#0 has no test in which it does not fire"),
    ],
)
def test_a_condition_must_be_tested_where_it_fires_and_where_it_does_not(removed: str, message: str) -> None:
    text = "".join(line for line in GOOD.splitlines(keepends=True) if f"name: {removed}," not in line)
    assert problems(text) == [f"2026.1.test.yaml:1:1: {message}"]


def test_two_tests_of_one_rule_have_two_names() -> None:
    doubled = GOOD.replace("does not fire at ISI 14", "fires at ISI 15")
    assert problems(doubled) == ["2026.1.test.yaml:3:5: SLP-01 has two tests named 'fires at ISI 15'"]


def test_a_test_needs_facts_even_when_nothing_is_known() -> None:
    assert problems(GOOD.replace(", facts: {}", "")) == [
        "2026.1.test.yaml:4:5: a test needs 'facts'; {} says that nothing is known"
    ]


def test_a_file_that_is_no_mapping_is_refused() -> None:
    assert problems("- rule: SLP-01") == ["2026.1.test.yaml:1:1: a file of rule tests is a mapping with tests"]
