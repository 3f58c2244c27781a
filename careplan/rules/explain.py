"""The account of one condition over one case: clause by clause, and the smallest answer that would change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from careplan.cql import Expression, Fact, Literal, Node, Operation, Type
from careplan.cql.compile import compile_trace, compile_trees
from careplan.rules.reasons import Derivations, answers_behind
from careplan.vocabulary.model import FactDefinition, Vocabulary

_LOGICAL = ("and", "or", "xor", "implies", "not", "if", "is true", "is false")


@frozen
class Clause:
    """One clause: its text, its value (true, false or unknown), the facts it reads, and the clauses it is made of."""

    text: str
    value: Any
    facts: Mapping[str, Any]
    clauses: tuple[Clause, ...] = ()


@frozen
class Change:
    """One answer that would change the outcome: from ``old`` (None: not recorded) to ``new``, giving ``outcome``."""

    fact: str
    old: Any
    new: Any
    outcome: bool | None


def clauses(condition: Expression, facts: Mapping[str, Any], derivations: Derivations) -> Clause:
    """The condition and every clause below it with its value; derived facts are opened to their own clauses."""
    values = compile_trace(condition.tree)(facts)
    return _clause(condition, condition.tree, values, facts, derivations)


def _clause(
    condition: Expression, node: Node, values: Mapping[int, Any], facts: Mapping[str, Any], derivations: Derivations
) -> Clause:
    text = " ".join(condition.text[node.span.start : node.span.end].split())
    below: tuple[Clause, ...] = ()
    names = sorted({each.name for each in node.walk() if isinstance(each, Fact)})
    if isinstance(node, Operation) and node.operator in _LOGICAL:
        below = tuple(_clause(condition, child, values, facts, derivations) for child in node.operands)
    elif not isinstance(node, Literal):
        below = tuple(_derivation(name, facts, derivations) for name in names if name in derivations)
    return Clause(text, values[id(node)], {name: facts.get(name) for name in names}, below)


def _derivation(name: str, facts: Mapping[str, Any], derivations: Derivations) -> Clause:
    inner = clauses(derivations[name], facts, derivations)
    return Clause(f"{name}: {inner.text}", facts.get(name), inner.facts, inner.clauses)


def changes(
    condition: Expression, facts: Mapping[str, Any], vocabulary: Vocabulary, derivations: Derivations
) -> tuple[Change, ...]:
    """The single answers that would change the outcome, smallest change first, one for each fact that can.

    Numbers move to the nearest value that changes the outcome, measured against the range of the fact; a yes/no or a
    choice, and an answer given where there was none, count as one whole step.
    """
    trees = _cone(condition, derivations)
    decide = _decider(condition, facts, derivations, trees)
    current = decide({})
    found: list[tuple[float, int, Change]] = []
    for order, name in enumerate(answers_behind(tuple(sorted(condition.reads)), derivations)):
        definition = vocabulary[name]
        old = facts.get(name)
        for distance, new in sorted(_candidates(definition, old, trees), key=lambda each: each[0]):
            outcome = decide({name: new})
            if outcome is not current:
                found.append((distance, order, Change(name, old, new, outcome)))
                break
    return tuple(change for _, _, change in sorted(found, key=lambda each: each[:2]))


def _cone(condition: Expression, derivations: Derivations) -> dict[str, Node]:
    """The derivations the condition rests on, by fact, inputs before what is made of them; the condition last."""
    trees: dict[str, Node] = {}

    def visit(each: Expression) -> None:
        for name in sorted(each.reads):
            if name in derivations and name not in trees:
                visit(derivations[name])
                trees[name] = derivations[name].tree

    visit(condition)
    return trees | {"": condition.tree}


def _decider(
    condition: Expression, facts: Mapping[str, Any], derivations: Derivations, trees: Mapping[str, Node]
) -> Callable[[Mapping[str, Any]], bool | None]:
    steps = [(name, compile_trees({name: tree})) for name, tree in trees.items()]
    stands = {name for name in trees if name and _given(name, facts, derivations)}

    def decide(altered: Mapping[str, Any]) -> bool | None:
        seen = {**facts, **altered}
        for name, evaluate in steps:
            value = evaluate(seen)[name]
            if name == "":
                return bool(value) if value is not None else None
            if value is not None or name not in stands:
                seen[name] = value
        return None

    return decide


def _given(name: str, facts: Mapping[str, Any], derivations: Derivations) -> bool:
    """Whether a derived fact is known although its inputs do not give it."""
    tree = derivations[name].tree
    return facts.get(name) is not None and compile_trees({"": tree})(facts)[""] is None


def _candidates(
    definition: FactDefinition, old: Any, trees: Mapping[str, Node]
) -> Iterator[tuple[float, bool | int | float | str]]:
    """Values another answer could have, with their distance from the present one."""
    if definition.type == Type.BOOLEAN:
        yield from ((1.0, new) for new in (True, False) if new is not old)
    elif definition.type == Type.STRING:
        choices = definition.values or tuple(sorted(_constants(trees.values(), str)))
        yield from ((1.0, new) for new in choices if new != old)
    else:
        yield from _numbers(definition, old, trees)


def _numbers(definition: FactDefinition, old: Any, trees: Mapping[str, Node]) -> Iterator[tuple[float, int | float]]:
    step = 1 if definition.type == Type.INTEGER else 0.1
    low, high = definition.range or (float("-inf"), float("inf"))
    width = high - low if high - low < float("inf") else 100.0
    marks = _constants(trees.values(), int | float) | {each for each in definition.range or ()}
    for mark in sorted(marks):
        for new in (mark - step, mark, mark + step):
            value = round(new) if definition.type == Type.INTEGER else round(float(new), 6)
            if low <= value <= high and value != old:
                yield (1.0 if old is None else abs(value - old) / width), value


def _constants(trees: Iterable[Node], kind: Any) -> set[Any]:
    return {
        node.value
        for tree in trees
        for node in tree.walk()
        if isinstance(node, Literal) and isinstance(node.value, kind) and not isinstance(node.value, bool)
    }
