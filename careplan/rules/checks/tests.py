"""Whether the tests of a ruleset try every condition: where it fires, where it does not, and on each of its limits."""

from __future__ import annotations

from collections.abc import Iterator

from careplan.cql import Fact
from careplan.cql.comparing import compared
from careplan.errors import RulesetError
from careplan.rules.base import RuleBase
from careplan.rules.checks.finding import Finding, RulesetFile, unreadable
from careplan.rules.ruletests import rule_tests_from_text


def tests(file: RulesetFile) -> Iterator[Finding]:
    """What is amiss in the tests, and conditions that have none on a limit that they draw."""
    if file.tests is None:
        yield Finding(f"{file.ruleset.name} has no file of tests", file.root.location, "untested")
        return
    base = RuleBase((file.ruleset,), {}, file.vocabulary.types)
    try:
        found = rule_tests_from_text(file.tests.content, file.tests.name, base, file.vocabulary)
    except RulesetError as error:
        yield from unreadable(error.problems, file.tests.name)
        return
    for name, condition, text in file.conditions:
        tried = {(fact, value) for each in found if each.rule == name for fact, value in each.facts.items()}
        for node in condition.tree.walk():
            limit = compared(node)
            if limit is None or not limit.draws_a_limit or not isinstance(limit.subject, Fact):
                continue
            fact, value = limit.subject.name, limit.constant
            if (fact, value) not in tried:
                at = text.locate(node.span.line, node.span.column)
                message = f"{name} has no test on the limit of {condition.said(node)}: at {fact} = {value}"
                yield Finding(message, at, "untested_limit")
