"""What another version of the rules does to people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from careplan.cql import Type, expression
from careplan.rules.base import RuleBase
from careplan.rules.compare.effect import EXPLAINED, effect
from careplan.rules.read import ruleset_from_text
from careplan.rules.reference import Reference
from tests.rules.random_conditions import TYPES, conditions, people

WRITTEN = {**TYPES, "flag.written": Type.BOOLEAN}
RULE = """\
  - id: {id}
    title: Rule {id}
    when: {when}
    priority: core
    kind: action
    patient: Try it.
    because: It helps.
    evidence: [{{id: a, cite: A, grade: strong}}]
"""


def base(more: Mapping[str, str] | None = None, **rules: str) -> RuleBase:
    text = 'id: sleep\nversion: "2026.1"\neffective: 2026-01-01\ntitle: Sleep\nrules:\n'
    for name, when in rules.items():
        text += RULE.format(id=name, when=json.dumps(when))
        text += (more or {}).get(name, "")
    return RuleBase((ruleset_from_text(text, "2026.1.yaml", WRITTEN, ()),), {}, WRITTEN)


CASES = [
    ("ann", {"count.a": 15}),
    ("bob", {"count.a": 16}),
    ("cat", {"count.a": 3}),
    ("dan", {}),
]


def test_who_loses_a_rule_is_counted_and_explained_by_the_clause_that_changed() -> None:
    found = effect(base(S="count.a >= 15"), base(S="count.a >= 16"), CASES, {})
    (rule,) = found.rules
    assert (found.cases, rule.gains, rule.loses, rule.unknown, rule.ruled_out) == (4, (), ("ann",), (), ())
    assert rule.stays == 1
    (explained,) = rule.explained
    assert (explained.case, explained.before, explained.after) == ("ann", True, False)
    (turn,) = explained.turns
    assert turn.before is not None
    assert turn.after is not None
    assert (turn.before.text, turn.before.value, turn.before.facts) == ("count.a >= 15", True, {"count.a": 15})
    assert (turn.after.text, turn.after.value) == ("count.a >= 16", False)


def test_a_clause_that_was_added_and_turns_nothing_is_not_shown() -> None:
    old, new = base(S="count.a >= 15"), base(S="count.a >= 16 and flag.a")
    (rule,) = effect(old, new, [("ann", {"count.a": 15, "flag.a": True})], {}).rules
    assert [turn.after.text for turn in rule.explained[0].turns if turn.after] == ["count.a >= 16"]
    (rule,) = effect(old, new, [("bob", {"count.a": 16, "flag.a": False})], {}).rules
    assert [turn.after.text for turn in rule.explained[0].turns if turn.after] == ["flag.a"]


def test_each_move_has_its_name() -> None:
    old, new = base(S="count.a >= 15"), base(S="count.a >= 16 or flag.a")
    (rule,) = effect(old, new, [("eve", {"count.a": 3, "flag.a": True}), *CASES], {}).rules
    assert (rule.gains, rule.loses, rule.unknown, rule.ruled_out) == (("eve",), (), ("ann", "cat"), ())
    (back,) = effect(new, old, CASES, {}).rules
    assert (back.gains, back.loses, back.unknown, back.ruled_out) == (("ann",), (), (), ("cat",))


def test_a_rule_that_a_version_does_not_have_counts_as_false() -> None:
    both, one = base(S="count.a >= 15", T="count.a < 15"), base(S="count.a >= 15")
    added = {each.rule: each for each in effect(one, both, CASES, {}).rules}["T"]
    assert (added.gains, added.unknown, added.title) == (("cat",), ("dan",), "Rule T")
    removed = {each.rule: each for each in effect(both, one, CASES, {}).rules}["T"]
    assert (removed.loses, removed.ruled_out, removed.title) == (("cat",), ("dan",), "Rule T")
    (turn,) = removed.explained[0].turns
    assert turn.before is not None
    assert (turn.before.text, turn.after) == ("count.a < 15", None)


def test_a_rule_that_reads_what_another_writes_moves_with_it() -> None:
    derive = {"S": "    derive: flag.written\n"}
    old = base(derive, S="count.a >= 15", T="flag.written and flag.b")
    new = base(derive, S="count.a >= 16", T="flag.written and flag.b")
    found = {each.rule: each for each in effect(old, new, [("ann", {"count.a": 15, "flag.b": True})], {}).rules}
    assert found["T"].loses == ("ann",)
    (turn,) = found["T"].explained[0].turns
    assert turn.before is not None
    assert turn.after is not None
    assert (turn.before.facts["flag.written"], turn.after.facts["flag.written"]) == (True, False)


def test_a_clause_is_opened_to_what_its_fact_was_derived_from() -> None:
    derivations = {"flag.e": expression("count.a >= 10", TYPES)}
    facts = {"count.a": 12, "flag.e": True}
    (rule,) = effect(base(S="flag.a or flag.b"), base(S="flag.a or flag.e"), [("ann", facts)], derivations).rules
    after = [turn.after for turn in rule.explained[0].turns if turn.after is not None]
    assert [below.text for each in after for below in each.clauses] == ["flag.e: count.a >= 10"]


def test_everybody_is_named_and_the_first_are_explained() -> None:
    many = [(f"p{number}", {"count.a": 15}) for number in range(10)]
    (rule,) = effect(base(S="count.a >= 15"), base(S="count.a >= 16"), many, {}).rules
    assert rule.loses == tuple(name for name, _ in many)
    assert [each.case for each in rule.explained] == ["p0", "p1", "p2"][:EXPLAINED]


def test_cases_are_taken_one_by_one() -> None:
    taken = []

    def stream() -> Iterator[tuple[str, Mapping[str, Any]]]:
        for name, facts in CASES:
            taken.append(name)
            yield name, facts

    assert effect(base(S="flag.a"), base(S="flag.a"), stream(), {}).cases == len(taken) == 4


@given(conditions, conditions, st.lists(people, max_size=4))
def test_the_moves_are_the_difference_of_the_two_decisions(one: str, other: str, some: list[dict[str, Any]]) -> None:
    old, new = base(S=one), base(S=other)
    (rule,) = effect(old, new, ((str(number), each) for number, each in enumerate(some)), {}).rules
    before, after = ([engine.decide(each)["S"] for each in some] for engine in (Reference(old), Reference(new)))
    moved = {str(number) for number, each in enumerate(before) if each is not after[number]}
    assert sorted([*rule.gains, *rule.loses, *rule.unknown, *rule.ruled_out]) == sorted(moved)
    assert set(rule.gains) == {each for each in moved if after[int(each)] is True}
    assert set(rule.unknown) == {each for each in moved if after[int(each)] is None}
    assert rule.stays == sum(each is True and after[number] is True for number, each in enumerate(before))
