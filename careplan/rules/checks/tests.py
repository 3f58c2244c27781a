"""Whether the tests of a ruleset try every condition: where it fires, where it does not, and on each of its limits."""

from __future__ import annotations

from collections.abc import Iterator

from careplan.cql import Fact, Literal, Node, Operation
from careplan.errors import RulesetError
from careplan.rules.base import RuleBase
from careplan.rules.checks.finding import Finding, RulesetFile, unreadable
from careplan.rules.ruletests import rule_tests_from_text

_LIMITS = frozenset({"<", "<=", ">", ">="})


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
            if (limit := _limit(node)) and limit[:2] not in tried:
                fact, value, said = limit
                at = text.locate(node.span.line, node.span.column)
                yield Finding(f"{name} has no test on the limit of {said}: at {fact} = {value}", at, "untested_limit")


def _limit(node: Node) -> tuple[str, float, str] | None:
    """The fact, the number and the words of a comparison of the two."""
    if not isinstance(node, Operation) or node.operator not in _LIMITS:
        return None
    left, right = node.operands
    fact, number = (right, left) if isinstance(left, Literal) else (left, right)
    if isinstance(fact, Fact) and isinstance(number, Literal) and isinstance(number.value, int | float):
        sides = [each.name if isinstance(each, Fact) else str(number.value) for each in (left, right)]
        return fact.name, number.value, f" {node.operator} ".join(sides)
    return None
