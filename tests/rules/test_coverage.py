"""What tests make of every clause of a condition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from careplan.cql import Type, expression
from careplan.rules.base import RuleBase
from careplan.rules.coverage import ClauseCoverage, ConditionCoverage, coverage
from careplan.rules.ruletests import RuleTest, RuleTestResult, run_rule_tests
from tests.rules.compare.test_effect import base
from tests.rules.random_conditions import TYPES, conditions, people


def results(of: RuleBase, *people: dict[str, object], rule: str = "S") -> tuple[RuleTestResult, ...]:
    tests = [RuleTest(rule, str(number), each, each, None) for number, each in enumerate(people)]  # type: ignore[arg-type]
    return run_rule_tests(of, tests)


def covered(when: str, *people: dict[str, object]) -> dict[str, ClauseCoverage]:
    rules = base(S=when)
    (found,) = coverage(rules, results(rules, *people), {})
    return {each.text: each for each in found.clauses}


def test_every_clause_is_seen_true_false_and_unknown() -> None:
    found = covered("count.a >= 15 and flag.a", {"count.a": 15, "flag.a": True}, {"count.a": 3, "flag.a": True}, {})
    assert {text: each.missing for text, each in found.items()} == {
        "count.a >= 15 and flag.a": (),
        "count.a >= 15": (),
        "flag.a": (False,),
    }
    assert found["flag.a"].seen == (True, None)


def test_the_condition_stands_first_and_its_clauses_in_the_order_of_the_text() -> None:
    assert list(covered("not (flag.b and flag.a) or count.a > 1")) == [
        "not (flag.b and flag.a) or count.a > 1", "not (flag.b and flag.a)", "(flag.b and flag.a)", "flag.b", "flag.a",
        "count.a > 1",
    ]  # fmt: skip


def test_a_test_of_the_null_or_the_truth_of_something_is_never_unknown() -> None:
    found = covered("flag.a is not true and count.a is null", {"flag.a": False})
    assert {text: each.possible for text, each in found.items()} == {
        "flag.a is not true and count.a is null": (True, False),
        "flag.a is not true": (True, False),
        "flag.a": (True, False, None),
        "count.a is null": (True, False),
    }
    assert found["flag.a is not true"].seen == (True,)


def test_what_is_derived_from_what_is_always_known_is_too() -> None:
    rules = base(S="flag.a")
    derived = {"flag.a": expression("flag.b is true", TYPES)}
    (found,) = coverage(rules, results(rules, {"flag.a": True}), derived)
    assert found.clauses == (ClauseCoverage("flag.a", (True, False), (True,)),)


def test_a_literal_is_no_clause() -> None:
    assert list(covered("flag.a and true")) == ["flag.a and true", "flag.a"]


def test_only_a_conditions_own_tests_count_for_it() -> None:
    rules = base(S="flag.a", T="flag.a")
    found = coverage(rules, results(rules, {"flag.a": True}, rule="T"), {})
    assert found == (
        ConditionCoverage("S", 0, (ClauseCoverage("flag.a", (True, False, None), ()),)),
        ConditionCoverage("T", 1, (ClauseCoverage("flag.a", (True, False, None), (True,)),)),
    )


def test_without_tests_everything_is_missing() -> None:
    assert covered("flag.a")["flag.a"].missing == (True, False, None)


@given(conditions, st.lists(people, max_size=3))
def test_what_was_seen_was_possible_and_is_what_each_clause_makes_of_the_facts(
    when: str, some: list[dict[str, object]]
) -> None:
    rules = base(S=when)
    decided = results(rules, *some)
    (found,) = coverage(rules, decided, {})
    for each in found.clauses:
        assert set(each.seen) <= set(each.possible)
        assert set(each.seen) | set(each.missing) == set(each.possible)
    if found.clauses and rules.conditions["S"].type == Type.BOOLEAN and len(found.clauses[0].text) == len(when):
        assert set(found.clauses[0].seen) == {each.outcome for each in decided}
