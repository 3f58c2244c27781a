"""A condition → CQL that has one reading, whatever system reads it.

Membership is where systems differ: in a list it is written as equalities, in an interval of unknown ends as
comparisons, so that of what is unknown it is unknown everywhere, as it is here.
"""

from __future__ import annotations

from careplan.cql import Expression, Fact, Literal, Node, Operation
from careplan.cql.write import literal
from careplan.errors import RulesetError

LARGEST_INTEGER = 2**31 - 1
"""CQL's Integer has 32 bits."""


def quoted(name: str) -> str:
    """A name as CQL quotes it: ``"phq9.total"``."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def condition_cql(condition: Expression) -> str:
    """A condition in CQL that has one reading, with every fact quoted; comments and layout stay as they are written."""
    return _text(condition.tree, condition.text)


def _text(node: Node, source: str) -> str:
    """The CQL of a node of the condition that ``source`` is the text of."""
    if isinstance(node, Literal):
        if type(node.value) is int and abs(node.value) > LARGEST_INTEGER:
            raise RulesetError(f"{node.value} is beyond the Integers of CQL, which end at {LARGEST_INTEGER}")
        return literal(node.value)
    if isinstance(node, Fact):
        return quoted(node.name)
    assert isinstance(node, Operation)
    if node.operator in ("in", "contains"):
        value, holder = node.operands if node.operator == "in" else reversed(node.operands)
        return _member(_operand(value, source), holder, source)
    written, at = [], node.span.start
    for child in node.operands:
        written += [source[at : child.span.start], _text(child, source)]
        at = child.span.end
    return "".join([*written, source[at : node.span.end]])


def _operand(node: Node, source: str) -> str:
    return f"({_text(node, source)})" if isinstance(node, Operation) else _text(node, source)


def _member(value: str, holder: Node, source: str) -> str:
    """Whether a value is in a list or an interval, with one meaning: unknown of what is unknown."""
    if isinstance(holder, Literal):
        return "null"
    assert isinstance(holder, Operation)
    if holder.operator == "list":
        return f"({' or '.join(f'{value} = {_operand(each, source)}' for each in holder.operands) or 'false'})"
    if holder.operator == "interval":
        return _within(value, holder, source)
    if holder.operator == "if":
        test, *branches = holder.operands
        then, otherwise = (_member(value, each, source) for each in branches)
        return f"(if {_text(test, source)} then {then} else {otherwise})"
    assert holder.operator == "Coalesce"
    result = _member(value, holder.operands[-1], source)
    for each in reversed(holder.operands[:-1]):
        if not isinstance(each, Literal):
            result = f"(if {_operand(each, source)} is null then {result} else {_member(value, each, source)})"
    return result


def _within(value: str, interval: Operation, source: str) -> str:
    low, high = interval.operands
    opened, closed = "[" if interval.lower_closed else "(", "]" if interval.upper_closed else ")"
    if isinstance(low, Literal) and isinstance(high, Literal) and _rises(low.value, high.value):
        return f"({value} in Interval{opened}{_text(low, source)}, {_text(high, source)}{closed})"
    above = _side(value, ">" + "=" * interval.lower_closed, low, source)
    below = _side(value, "<" + "=" * interval.upper_closed, high, source)
    return f"(if {value} is null then null else {' and '.join(filter(None, (above, below)))})"


def _rises(low: object, high: object) -> bool:
    """Whether the ends are known and in order; CQL has no interval that runs backwards."""
    return isinstance(low, int | float) and isinstance(high, int | float) and low < high


def _side(value: str, operator: str, end: Node, source: str) -> str:
    """The test against one end; a closed end that is unknown is no end."""
    text = _operand(end, source)
    if "=" not in operator:
        return f"{value} {operator} {text}"
    if isinstance(end, Literal):
        return "" if end.value is None else f"{value} {operator} {text}"
    return f"({text} is null or {value} {operator} {text})"
