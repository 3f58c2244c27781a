"""Tests of rules as data: facts, and the outcome they must give, in a file beside the ruleset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from careplan.errors import CareplanError, Location, RulesetError, nearest
from careplan.facts import complete_facts
from careplan.fields import Fields
from careplan.located import Node, read
from careplan.rules.base import RuleBase
from careplan.rules.decision import Decision, VerifiedEngine
from careplan.vocabulary.model import Value, Vocabulary

SUFFIX = ".test.yaml"
"""How the name of the file with a ruleset's tests ends; ``2026.1.test.yaml`` tests ``2026.1.yaml`` beside it."""
EXPECTATIONS: Mapping[Any, bool | None] = {True: True, False: False, "unknown": None}


@frozen
class RuleTest:
    """Facts, and what one condition must make of them: true, false or unknown (None).

    ``rule`` is the id of a rule or a contradiction, or ``RULE#n`` for the condition of a part, counted from 0.
    ``facts`` are all that follows from those given, ``given`` those of the file.
    """

    rule: str
    name: str
    given: Mapping[str, Value]
    facts: Mapping[str, Value]
    expect: bool | None
    location: Location | None = None


@frozen
class RuleTestResult:
    """A test and the decision over its facts."""

    test: RuleTest
    decision: Decision

    @property
    def outcome(self) -> bool | None:
        """What came out: true, false or unknown (None)."""
        return self.decision.outcomes[self.test.rule]

    @property
    def passed(self) -> bool:
        """Whether it came out as expected."""
        return self.outcome is self.test.expect


def read_rule_tests(file: Traversable | Path, base: RuleBase, vocabulary: Vocabulary) -> tuple[RuleTest, ...]:
    """The tests in a file; raises RulesetError with every problem in it.

    Every condition of ``base`` must be tested where it fires and where it does not.
    """
    return rule_tests_from_text(file.read_bytes(), str(file), base, vocabulary)


def rule_tests_from_text(
    content: str | bytes, name: str, base: RuleBase, vocabulary: Vocabulary
) -> tuple[RuleTest, ...]:
    """The tests in a text that stands in the file ``name``; raises RulesetError with every problem in it."""
    root = read(content, name, RulesetError)
    if not isinstance(root.value, dict):
        raise RulesetError("a file of rule tests is a mapping with tests", root.location)
    return _Reader(Fields(root, [], "a file of rule tests"), base, vocabulary).tests()


def run_rule_tests(base: RuleBase, tests: Iterable[RuleTest]) -> tuple[RuleTestResult, ...]:
    """What the rules of ``base`` alone make of each test, decided by both engines.

    Raises EngineDisagreement if the engines differ.
    """
    engine = VerifiedEngine(base)
    return tuple(RuleTestResult(each, engine.decide(each.facts)) for each in tests)


class _Reader:
    def __init__(self, fields: Fields, base: RuleBase, vocabulary: Vocabulary) -> None:
        self.fields, self.base, self.vocabulary = fields, base, vocabulary

    def tests(self) -> tuple[RuleTest, ...]:
        fields = self.fields
        tests = tuple(self.test(each) for each in fields.mappings("tests", "a test", required=True))
        fields.close()
        self.told_apart(tests)
        self.covered(tests)
        if fields.problems:
            raise RulesetError(sorted(fields.problems, key=lambda each: each.location or Location("")))
        return tests

    def test(self, fields: Fields) -> RuleTest:
        rule = fields.text("rule", required=True) or ""
        if rule and rule not in self.base.conditions:
            known = nearest(rule, self.base.conditions)
            fields.report(f"there is no rule, part or contradiction {rule!r}{known}", fields.place("rule"), "rule")
        problems = len(fields.problems)
        given = self.given(fields)
        facts = self.completed(fields, given) if len(fields.problems) == problems else {}
        test = RuleTest(
            rule=rule,
            name=fields.text("name", required=True) or "",
            given=given,
            facts=facts,
            expect=self.expectation(fields),
            location=fields.node.location,
        )
        fields.close()
        return test

    def given(self, fields: Fields) -> dict[str, Value]:
        if fields.get("facts") is None:
            fields.report("a test needs 'facts'; {} says that nothing is known", code="missing")
        facts = fields.mapping("facts", "facts")
        found: dict[str, Value] = {}
        for name, node in facts.node.value.items():
            if name not in self.vocabulary:
                place = facts.node.keys[name]
                fields.report(f"there is no fact {name!r}{nearest(name, self.vocabulary.facts)}", place, "fact")
            elif node.value is not None:
                self.add(found, name, node, fields)
        return found

    def add(self, found: dict[str, Value], name: str, node: Node, fields: Fields) -> None:
        try:
            found[name] = self.vocabulary[name].checked(node.value)
        except ValueError as error:
            fields.report(f"{name} should be {error}", node.location, "value")

    def completed(self, fields: Fields, given: Mapping[str, Value]) -> Mapping[str, Value]:
        """The facts given and all that follows from them."""
        try:
            return complete_facts(given, self.vocabulary).values
        except CareplanError as error:
            fields.problems.extend(evolve(each, location=fields.place("facts")) for each in error.problems)
        return {}

    def expectation(self, fields: Fields) -> bool | None:
        found = fields.get("expect", required=True)
        if found is None:
            return None
        if not isinstance(found.value, bool | str) or found.value not in EXPECTATIONS:
            fields.report("'expect' should be true, false or unknown", found.location)
            return None
        return EXPECTATIONS[found.value]

    def told_apart(self, tests: Iterable[RuleTest]) -> None:
        """Refuse two tests of one rule under one name."""
        seen = set()
        for test in tests:
            if (test.rule, test.name) in seen:
                self.fields.report(f"{test.rule} has two tests named {test.name!r}", test.location, "duplicate")
            seen.add((test.rule, test.name))

    def covered(self, tests: tuple[RuleTest, ...]) -> None:
        """Refuse a condition without a test in which it is true, and one in which it is false."""
        for outcome, what in ((True, "fires"), (False, "does not fire")):
            tested = {test.rule for test in tests if test.expect is outcome}
            for name in self.base.conditions:
                if name not in tested:
                    self.fields.report(f"{name} has no test in which it {what}", code="untested")
