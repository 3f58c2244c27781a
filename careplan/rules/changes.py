"""What one other answer would change: for each answer the smallest change that turns a condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from careplan.cql import Expression, Literal, Node, Type
from careplan.cql.compile import compile_trees
from careplan.rules.reasons import Derivations, answers_behind
from careplan.vocabulary.model import FactDefinition, Value, Vocabulary

STEP = 0.1
"""How finely an answer in decimals is moved."""


@frozen
class Change:
    """One answer that would change the outcome: from ``old`` (None: not recorded) to ``new``, giving ``outcome``."""

    fact: str
    old: Value | None
    new: Value
    outcome: bool | None


def changes(
    condition: Expression, facts: Mapping[str, Any], vocabulary: Vocabulary, derivations: Derivations
) -> tuple[Change, ...]:
    """The single answers that would change the outcome, smallest change first, one for each fact that can.

    Numbers move to the nearest value that changes the outcome, measured against the range of the fact; a yes/no or a
    choice, and an answer given where there was none, count as one whole step.
    """
    trees = _cone(condition, derivations)
    decide = _decider(facts, derivations, trees)
    current = decide({})
    found: list[tuple[float, int, Change]] = []
    for order, name in enumerate(answers_behind(tuple(sorted(condition.reads)), derivations)):
        definition, old = vocabulary[name], facts.get(name)

        def turns(new: Value, name: str = name) -> bool:
            return decide({name: new}) is not current

        turning = _turning(definition, old, trees, turns)
        if turning:
            distance, new = turning
            found.append((distance, order, Change(name, old, new, decide({name: new}))))
    return tuple(change for _, _, change in sorted(found, key=lambda each: each[:2]))


def _turning(
    definition: FactDefinition, old: Any, trees: Mapping[str, Node], turns: Callable[[Value], bool]
) -> tuple[float, Value] | None:
    """The nearest value that turns the outcome, with its distance from the present one."""
    if not definition.type.numeric:
        choices: Iterable[Value] = (True, False)
        if definition.type == Type.STRING:
            choices = definition.values or sorted(_constants(trees.values(), str))
        return next(((1.0, new) for new in choices if new != old and turns(new)), None)
    candidates = [each for each in sorted(_numbers(definition, trees)) if each != old and turns(each)]
    if old is None or not candidates:
        return (1.0, candidates[0]) if candidates else None
    below = [each for each in candidates if each < old][-1:]
    above = [each for each in candidates if each > old][:1]
    low, high = definition.range or (0.0, 100.0)
    nearest = [_nearest(old, new, definition, turns) for new in (*below, *above)]
    return min((abs(new - old) / (high - low), new) for new in nearest)


def _nearest(old: float, new: float, definition: FactDefinition, turns: Callable[[Value], bool]) -> int | float:
    """A value between ``old``, which does not turn the outcome, and ``new``, which does, just on the turning side."""
    step = 1 if definition.type == Type.INTEGER else STEP
    towards = 1 if new > old else -1

    def at(steps: int) -> int | float:
        value = new - towards * steps * step
        return round(value) if step == 1 else round(value, 6)

    # ``at(low)`` turns, and ``at(high)`` does not or lies beyond the present answer.
    low, high = 0, int(abs(new - old) / step) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if turns(at(middle)):
            low = middle
        else:
            high = middle
    return at(low)


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
    facts: Mapping[str, Any], derivations: Derivations, trees: Mapping[str, Node]
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


def _numbers(definition: FactDefinition, trees: Mapping[str, Node]) -> Iterator[int | float]:
    """Values on and beside the numbers that the conditions name, and the ends of the fact's range."""
    step = 1 if definition.type == Type.INTEGER else STEP
    low, high = definition.range or (float("-inf"), float("inf"))
    for mark in _constants(trees.values(), int | float) | set(definition.range or ()):
        for new in (mark - step, mark, mark + step):
            value = round(new) if definition.type == Type.INTEGER else round(float(new), 6)
            if low <= value <= high:
                yield value


def _constants(trees: Iterable[Node], kind: Any) -> set[Any]:
    return {
        node.value
        for tree in trees
        for node in tree.walk()
        if isinstance(node, Literal) and isinstance(node.value, kind) and not isinstance(node.value, bool)
    }
