"""Why an expression has its value: the answers that decided it, and those that are missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from careplan.cql import Expression, Fact, Node
from careplan.cql.deciding import compile_deciding

Derivations = Mapping[str, Expression]
"""How derived facts follow from others, by fact id."""

_deciding = lru_cache(maxsize=4096)(compile_deciding)


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
        for name in _deciding(condition.tree)(self._facts):
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
        for name in _deciding(condition.tree)(self._facts):
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
