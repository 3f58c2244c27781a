"""Why an expression has its value: the answers that decided it, and those that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from careplan.cql import Expression, Fact, Node, Operation
from careplan.cql.compile import compile_trace

Derivations = Mapping[str, Expression]
"""How derived facts follow from others, by fact id."""

_traced = lru_cache(maxsize=4096)(compile_trace)


class Behind:
    """What stands behind expressions over the facts of one case; each derived fact is looked into once."""

    def __init__(self, facts: Mapping[str, Any], derivations: Derivations) -> None:
        self._facts, self._derivations = facts, derivations
        self._reasons: dict[str, dict[str, Any]] = {}
        self._missing: dict[str, dict[str, Any]] = {}

    def why(self, condition: Expression) -> dict[str, Any]:
        """The answers the value of ``condition`` rests on: base facts with their values, None for one not recorded.

        Of a true ``or`` only the true branches count, of a false ``and`` only the false ones, of an ``if`` only the
        branch taken. A derived fact is followed to the answers behind it; one that was given stands for itself.
        """
        found: dict[str, Any] = {}
        for name in _deciding(condition.tree, self._facts):
            value = self._facts.get(name)
            if name not in self._reasons:
                behind = self.why(self._derivations[name]) if name in self._derivations else {}
                if value is not None:
                    behind = {fact: known for fact, known in behind.items() if known is not None}
                self._reasons[name] = behind or {name: value}
            found |= self._reasons[name]
        return found

    def missing(self, condition: Expression) -> tuple[str, ...]:
        """The unknown base facts that keep ``condition`` from being known, in the order they are read."""
        found: dict[str, Any] = {}
        for name in _deciding(condition.tree, self._facts):
            if self._facts.get(name) is not None:
                continue
            if name not in self._missing:
                behind = self.missing(self._derivations[name]) if name in self._derivations else ()
                self._missing[name] = dict.fromkeys(behind or (name,))
            found |= self._missing[name]
        return tuple(found)


def answers_behind(names: Iterator[str] | tuple[str, ...], derivations: Derivations) -> tuple[str, ...]:
    """Every base fact the named facts could depend on, whatever is known, in the order they are read."""
    found: dict[str, None] = {}
    for name in names:
        derivation = derivations.get(name)
        reads = _reads_in_order(derivation.tree) if derivation is not None else ()
        found |= dict.fromkeys(answers_behind(reads, derivations) if reads else (name,))
    return tuple(found)


def _reads_in_order(tree: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys(node.name for node in tree.walk() if isinstance(node, Fact)))


def _deciding(tree: Node, facts: Mapping[str, Any]) -> Iterator[str]:
    """The names of the facts the value of the tree rests on."""
    values = _traced(tree)(facts)
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, Fact):
            yield node.name
        elif isinstance(node, Operation):
            pending.extend(reversed(_deciding_children(node, values)))


def _deciding_children(node: Operation, values: Mapping[int, Any]) -> tuple[Node, ...]:
    value = values[id(node)]
    children = node.operands
    if node.operator in ("and", "or"):
        if value is (node.operator == "and"):
            return children
        return tuple(child for child in children if values[id(child)] is value)
    if node.operator == "if":
        condition, then, otherwise = children
        return (condition, then if values[id(condition)] is True else otherwise)
    if node.operator == "Coalesce":
        known = [number for number, child in enumerate(children) if values[id(child)] is not None]
        return children[known[0] : known[0] + 1] if known else children
    if value is None and node.operator != "is null":
        return tuple(child for child in children if _unsettled(child, values))
    return children


def _unsettled(node: Node, values: Mapping[int, Any]) -> bool:
    """Whether the node is unknown, or is a list with an unknown element."""
    value = values[id(node)]
    return value is None or (isinstance(value, tuple) and any(element is None for element in value))
