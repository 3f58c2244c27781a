"""A condition → the same in words, as an outline of what must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from attrs import frozen

from careplan.cql import Fact, Literal, Node, Operation
from careplan.cql.comparing import FLIPPED
from careplan.vocabulary.model import Vocabulary

_COMPARED = {
    ">=": "{} or more", ">": "more than {}", "<=": "at most {}", "<": "less than {}", "=": "{}", "!=": "other than {}",
    "~": "{}, in any spelling", "!~": "other than {} in any spelling",
}  # fmt: skip
_DENIED = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "=": "!=", "!=": "="}
_VALUES = {
    "+": "({} plus {})", "-": "({} minus {})", "*": "({} times {})", "/": "({} divided by {})",
    "div": "({} divided by {}, without the rest)", "mod": "(the rest of {} divided by {})", "negate": "minus {}",
    "decimal": "{}", "list": "({all})", "interval": "(from {} to {})",
    "Coalesce": "the first known of ({all})", "Count": "how many are known of {}",
    "Sum": "the sum of those known of {}", "Min": "the least known of {}", "Max": "the greatest known of {}",
}  # fmt: skip


@frozen
class Outline:
    """A line, and what stands below it."""

    line: str
    below: tuple[Outline, ...] = ()

    def lines(self, depth: int = 0) -> Iterator[tuple[int, str]]:
        """Every line with its depth, from 0."""
        yield depth, self.line
        for each in self.below:
            yield from each.lines(depth + 1)


def in_words(tree: Node, vocabulary: Vocabulary) -> Outline:
    """What must hold for the condition to be true, in words."""
    return _Words(vocabulary).holds(tree)


@frozen
class _Words:
    vocabulary: Vocabulary

    def holds(self, node: Node) -> Outline:
        """What it takes for a Boolean to be true."""
        if isinstance(node, Fact):
            return Outline(f"{self.label(node.name)} — yes")
        if isinstance(node, Literal):
            return Outline("always" if node.value else "never (unknown)" if node.value is None else "never")
        assert isinstance(node, Operation)
        told: dict[str, Callable[[Operation], Outline]] = {
            "not": self.denied, "is true": self.told, "is false": self.told, "is null": self.told, "if": self.choice,
        }  # fmt: skip
        if node.operator in told:
            return told[node.operator](node)
        if node.operator == "Coalesce" and len(node.operands) > 1:
            return Outline("the first of these that is known", tuple(self.holds(each) for each in node.operands))
        if node.operator in _GROUPS:
            below = tuple(self.holds(each) for each in node.operands)
            return Outline(_GROUPS[node.operator], below)
        return Outline(self.comparison(node))

    def denied(self, node: Operation) -> Outline:
        """What it takes for a Boolean to be false."""
        inner = node.operands[0]
        if isinstance(inner, Fact):
            return Outline(f"{self.label(inner.name)} — no")
        if isinstance(inner, Operation) and inner.operator in ("is true", "is false", "is null"):
            return self.told(inner, denied=True)
        if isinstance(inner, Operation) and inner.operator in _DENIED:
            return Outline(self.comparison(Operation(inner.span, _DENIED[inner.operator], inner.operands)))
        if isinstance(inner, Operation) and inner.operator == "not":
            return self.holds(inner.operands[0])
        return Outline("this is known not to hold", (self.holds(inner),))

    def told(self, node: Operation, *, denied: bool = False) -> Outline:
        """``is true``, ``is false`` and ``is null``, which always have an answer."""
        inner, asked = node.operands[0], node.operator.removeprefix("is ")
        said = _TOLD[asked, denied]
        if isinstance(inner, Fact):
            return Outline(f"{self.label(inner.name)} — {said}")
        if asked == "null":
            return Outline(f"{self.value(inner)} — {said}")
        known = "this is not known to" if denied else "this is known to"
        return Outline(f"{known} {'hold' if asked == 'true' else 'be false'}", (self.holds(inner),))

    def choice(self, node: Operation) -> Outline:
        """``if``, which takes ``else`` for what is unknown."""
        test, then, otherwise = (self.holds(each) for each in node.operands)
        branches = Outline("then", (then,)), Outline("else, or where it is unknown", (otherwise,))
        return Outline("if this holds", (test, *branches))

    def comparison(self, node: Operation) -> str:
        """A comparison: what is compared, a dash, and with what."""
        if node.operator == "exists":
            return f"at least one is known of {self.value(node.operands[0])}"
        if node.operator == "between":
            value, low, high = node.operands
            return f"{self.value(value)} — from {self.value(low)} to {self.amount(high, value)}"
        if node.operator in ("in", "contains"):
            value, holder = node.operands if node.operator == "in" else reversed(node.operands)
            return f"{self.value(value)} — {self.holder(holder, value)}"
        if node.operator not in _COMPARED:
            return self.value(node)
        left, right = node.operands
        operator = node.operator
        if isinstance(left, Literal):
            left, right, operator = right, left, FLIPPED[operator]
        return f"{self.value(left)} — {_COMPARED[operator].format(self.amount(right, left))}"

    def holder(self, node: Node, value: Node) -> str:
        """A list or an interval, as what is asked of a value."""
        if isinstance(node, Operation) and node.operator == "list":
            return "one of " + ", ".join(self.amount(each, value) for each in node.operands)
        if isinstance(node, Operation) and node.operator == "interval":
            low, high = node.operands
            ends = [] if _is_null(low) else [_COMPARED[">=" if node.lower_closed else ">"].format(self.value(low))]
            below = "<=" if node.upper_closed else "<"
            ends += [] if _is_null(high) else [_COMPARED[below].format(self.amount(high, value))]
            return " and ".join(ends)
        return f"in {self.value(node)}"

    def amount(self, node: Node, of: Node) -> str:
        """A value, with the unit of what it is compared with behind a number."""
        measure = self.vocabulary[of.name].measure if isinstance(of, Fact) and of.name in self.vocabulary else ""
        return f"{self.value(node)} {measure}" if measure and isinstance(node, Literal) else self.value(node)

    def value(self, node: Node) -> str:
        """A value in words."""
        if isinstance(node, Fact):
            return self.label(node.name)
        if isinstance(node, Literal):
            return _literal(node.value)
        assert isinstance(node, Operation)
        if node.operator == "if":
            test, then, otherwise = node.operands
            return f"({self.value(then)} if this holds: {self.clause(test)}; else {self.value(otherwise)})"
        if form := _VALUES.get(node.operator):
            operands = [self.value(each) for each in node.operands]
            return form.format(*operands, all="; ".join(operands))
        return f"({self.clause(node)})"

    def clause(self, node: Node) -> str:
        """A Boolean on one line."""
        return "; ".join(line for _, line in self.holds(node).lines())

    def label(self, name: str) -> str:
        """What a fact is called."""
        return self.vocabulary[name].label if name in self.vocabulary else name


_GROUPS = {
    "and": "all of these", "or": "at least one of these", "xor": "one of these and not the other",
    "implies": "if the first holds, the second too",
}  # fmt: skip
_TOLD = {
    ("true", False): "yes", ("true", True): "no, or not recorded", ("false", False): "no",
    ("false", True): "yes, or not recorded", ("null", False): "not recorded", ("null", True): "recorded",
}  # fmt: skip


def _is_null(node: Node) -> bool:
    return isinstance(node, Literal) and node.value is None


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "unknown" if value is None else str(value).replace("_", " ")
