"""What the tests of rules make of every clause: where it was true, false and unknown, and what no test made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from careplan.cql import Expression, Fact, Literal, Node, Operation, Type
from careplan.cql.check import node_types
from careplan.cql.compile import compile_trace
from careplan.rules.base import RuleBase
from careplan.rules.reasons import Derivations
from careplan.rules.ruletests import RuleTestResult

OUTCOMES: tuple[bool | None, ...] = (True, False, None)
_ALWAYS_KNOWN = frozenset({"is null", "is true", "is false", "exists", "Count", "~", "!~"})
_ONE_IS_ENOUGH = frozenset({"Coalesce", "Sum", "Min", "Max"})
_MAY_FAIL = frozenset({"/", "div", "mod", "+", "-", "*", "negate"})
"""Arithmetic that is unknown where its result is no number, though all it reads is known."""


@frozen
class ClauseCoverage:
    """One clause: its text, the outcomes it can have, and those that tests gave it; None is unknown.

    A clause such as ``x is null`` is always known.
    """

    text: str
    possible: tuple[bool | None, ...]
    seen: tuple[bool | None, ...]

    @property
    def missing(self) -> tuple[bool | None, ...]:
        """The outcomes that no test gave it."""
        return tuple(each for each in self.possible if each not in self.seen)


@frozen
class ConditionCoverage:
    """One condition, of a rule, a contradiction or a part (``RULE#n``): its clauses, itself first."""

    name: str
    tests: int
    clauses: tuple[ClauseCoverage, ...]


def coverage(
    base: RuleBase, results: Iterable[RuleTestResult], derivations: Derivations
) -> tuple[ConditionCoverage, ...]:
    """For every condition of the base, what its own tests made of each of its clauses.

    Only the tests of a condition count for it: of what else their facts decide, no test says what it should be.
    """
    by_name: dict[str, list[RuleTestResult]] = {name: [] for name in base.conditions}
    for each in results:
        by_name[each.test.rule].append(each)
    return tuple(
        ConditionCoverage(name, len(by_name[name]), tuple(_clauses(condition, by_name[name], base.types, derivations)))
        for name, condition in base.conditions.items()
    )


def _clauses(
    condition: Expression, results: Iterable[RuleTestResult], types: Mapping[str, Type], derivations: Derivations
) -> Iterator[ClauseCoverage]:
    run = compile_trace(condition.tree)
    traces = [run(each.decision.facts) for each in results]
    for node in _boolean_nodes(condition, types):
        values = {trace[id(node)] for trace in traces}
        possible = OUTCOMES[:2] if _always_known(node, derivations) else OUTCOMES
        text = condition.said(node)
        yield ClauseCoverage(text, possible, tuple(each for each in OUTCOMES if each in values))


def _boolean_nodes(condition: Expression, types: Mapping[str, Type]) -> list[Node]:
    """Every clause of a condition, the whole first; ``x is not true``, a "not" of "x is true", is one clause."""
    kinds = node_types(condition.tree, condition.text, types)
    found: dict[tuple[int, int], Node] = {}
    for node in reversed(list(condition.tree.walk())):
        if kinds[id(node)] == Type.BOOLEAN and not isinstance(node, Literal):
            found.setdefault((node.span.start, node.span.end), node)
    return sorted(found.values(), key=lambda each: (each.span.start, -each.span.end))


def _always_known(node: Node, derivations: Derivations) -> bool:
    """Whether the value is known whatever is not; False where that cannot be seen from what is written."""
    if isinstance(node, Literal):
        return node.value is not None
    if isinstance(node, Fact):
        return node.name in derivations and _always_known(derivations[node.name].tree, derivations)
    assert isinstance(node, Operation)
    if node.operator in _ALWAYS_KNOWN:
        return True
    known = [_always_known(each, derivations) for each in node.operands]
    if node.operator in _ONE_IS_ENOUGH:
        lists = [each for each in node.operands if isinstance(each, Operation) and each.operator == "list"]
        inside = [_always_known(each, derivations) for one in lists for each in one.operands]
        return any(inside) or (node.operator == "Coalesce" and any(known))
    if node.operator == "if":
        return all(known[1:])
    return all(known) and node.operator not in _MAY_FAIL
