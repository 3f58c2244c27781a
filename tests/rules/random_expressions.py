"""Strategies for random expressions of every type that the reader accepts, over the small vocabulary."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from careplan.cql import Type
from careplan.cql.write import literal
from tests.rules.random_conditions import TYPES, WORDS

Shape = Callable[[Type, int], st.SearchStrategy[str]]
_NUMBERS = (Type.INTEGER, Type.DECIMAL)
_CONSTANTS = {
    Type.BOOLEAN: st.booleans(),
    Type.INTEGER: st.sampled_from((0, 1, 2, 3, 7, 2**31, 2**52, 2**53)) | st.integers(-9, 9),
    Type.DECIMAL: st.sampled_from((0.0, 0.1, 0.3, 2.5, 1 / 3, 1e15, 0.00001))
    | st.integers(-99, 99).map(lambda n: n / 4),
    Type.STRING: st.sampled_from((*WORDS, "it's", "a\\b", "ß", "İ", "ﬁ", "tab\tand\nline", "🙂")),
}


@st.composite
def expressions(draw: st.DrawFn, kind: Type = Type.BOOLEAN, depth: int = 3) -> str:
    """The text of an expression of a type, at most ``depth`` operators deep."""
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        return draw(_leaf(kind))
    shapes = _SHAPES[kind] if draw(st.booleans()) else _ANY_SHAPES
    shape: Shape = draw(st.sampled_from(shapes))
    return draw(shape(kind, depth - 1))


def _leaf(kind: Type) -> st.SearchStrategy[str]:
    facts = st.sampled_from([name for name, found in TYPES.items() if found == kind])
    return facts | facts | _CONSTANTS[kind].map(literal) | st.just("null")


@st.composite
def _widening(draw: st.DrawFn, kind: Type, depth: int) -> str:
    """An expression of the type, or an Integer where a Decimal is asked for."""
    kinds = _NUMBERS if kind == Type.DECIMAL else (kind,)
    return draw(expressions(draw(st.sampled_from(kinds)), depth))


@st.composite
def lists(draw: st.DrawFn, kind: Type, depth: int) -> str:
    """A list of elements of a type, some of them unknown; it may depend on the case."""
    shape = draw(st.integers(0, 5))
    if depth > 0 and shape == 0:
        branches = [draw(lists(kind, depth - 1)) for _ in range(2)]
        return f"(if {draw(expressions(Type.BOOLEAN, depth - 1))} then {branches[0]} else {branches[1]})"
    if depth > 0 and shape == 1:
        return f"Coalesce(null, {draw(lists(kind, depth - 1))}, {draw(lists(kind, depth - 1))})"
    elements = draw(st.lists(_widening(kind, max(0, depth - 1)).filter(lambda text: text != "null"), max_size=4))
    return "{" + ", ".join(elements) + "}"


@st.composite
def intervals(draw: st.DrawFn, kind: Type, depth: int) -> str:
    """An interval with ends open and closed, known and unknown."""
    opened, closed = draw(st.sampled_from("[(")), draw(st.sampled_from("])"))
    ends = [draw(_leaf(kind).filter(lambda text: text != "null")), draw(_widening(kind, depth))]
    low, high = draw(st.permutations(ends))
    return f"Interval{opened}{low}, {high}{closed}"


@st.composite
def _choice(draw: st.DrawFn, kind: Type, depth: int) -> str:
    test = draw(expressions(Type.BOOLEAN, depth))
    return f"(if {test} then {draw(_widening(kind, depth))} else {draw(_widening(kind, depth))})"


@st.composite
def _coalesce(draw: st.DrawFn, kind: Type, depth: int) -> str:
    if draw(st.integers(0, 3)) == 0:
        return f"Coalesce({draw(lists(kind, depth))})"
    values = draw(st.lists(_widening(kind, depth), min_size=2, max_size=3))
    return f"Coalesce({', '.join(values)})"


@st.composite
def _arithmetic(draw: st.DrawFn, kind: Type, depth: int) -> str:
    operator = draw(st.sampled_from(["+", "-", "*", "div", "mod"]))
    return f"({draw(_widening(kind, depth))} {operator} {draw(_widening(kind, depth))})"


@st.composite
def _quotient(draw: st.DrawFn, _: Type, depth: int) -> str:
    return f"({draw(_widening(Type.DECIMAL, depth))} / {draw(_widening(Type.DECIMAL, depth))})"


def _negated(kind: Type, depth: int) -> st.SearchStrategy[str]:
    return expressions(kind, depth).map(lambda text: f"-({text})")


@st.composite
def _aggregate(draw: st.DrawFn, kind: Type, depth: int) -> str:
    names = ["Min", "Max"] if kind == Type.STRING else ["Sum", "Min", "Max"]
    return f"{draw(st.sampled_from(names))}({draw(lists(kind, depth))})"


@st.composite
def _count(draw: st.DrawFn, _: Type, depth: int) -> str:
    return f"Count({draw(lists(draw(st.sampled_from(list(_CONSTANTS))), depth))})"


@st.composite
def _joined(draw: st.DrawFn, kind: Type, depth: int) -> str:
    left, right = draw(expressions(kind, depth)), draw(expressions(kind, depth))
    return f"({left} + {right})" if left != "null" or right != "null" else "('' + null)"


@st.composite
def _logical(draw: st.DrawFn, kind: Type, depth: int) -> str:
    operator = draw(st.sampled_from(["and", "or", "xor", "implies"]))
    return f"({draw(expressions(kind, depth))} {operator} {draw(expressions(kind, depth))})"


@st.composite
def _tested(draw: st.DrawFn, kind: Type, depth: int) -> str:
    if draw(st.booleans()):
        return f"(not {draw(expressions(kind, depth).map(lambda text: f'({text})'))})"
    word = draw(st.sampled_from(["true", "false", "null", "not null", "not true"]))
    return f"(({draw(expressions(kind, depth))}) is {word})"


@st.composite
def _compared(draw: st.DrawFn, _: Type, depth: int) -> str:
    kind = draw(st.sampled_from([Type.INTEGER, Type.DECIMAL, Type.STRING]))
    operators = ["=", "!=", "<", "<=", ">", ">="] + (["~", "!~"] if kind != Type.DECIMAL else [])
    operator = draw(st.sampled_from(operators))
    side = expressions(kind, depth) if "~" in operator else _widening(kind, depth)
    return f"({draw(side)} {operator} {draw(side)})"


@st.composite
def _same(draw: st.DrawFn, kind: Type, depth: int) -> str:
    operator = draw(st.sampled_from(["=", "!=", "~", "!~"]))
    return f"(({draw(expressions(kind, depth))}) {operator} ({draw(expressions(kind, depth))}))"


@st.composite
def _between(draw: st.DrawFn, _: Type, depth: int) -> str:
    kind = draw(st.sampled_from([Type.INTEGER, Type.DECIMAL, Type.STRING]))
    value, low, high = (draw(_widening(kind, depth)) for _ in range(3))
    return f"({value} between {low} and {high})"


@st.composite
def _member(draw: st.DrawFn, _: Type, depth: int) -> str:
    kind = draw(st.sampled_from(list(_CONSTANTS)))
    holder = draw(intervals(kind, depth) if kind in _NUMBERS and draw(st.booleans()) else lists(kind, depth))
    value = draw(_widening(kind, depth))
    return draw(st.sampled_from([f"(({value}) in {holder})", f"({holder} contains ({value}))"]))


@st.composite
def _exists(draw: st.DrawFn, _: Type, depth: int) -> str:
    return f"(exists {draw(lists(draw(st.sampled_from(list(_CONSTANTS))), depth))})"


_ANY_SHAPES: list[Shape] = [_choice, _coalesce]
_SHAPES: dict[Type, list[Shape]] = {
    Type.BOOLEAN: [_logical, _tested, _compared, _same, _between, _member, _exists],
    Type.INTEGER: [_arithmetic, _negated, _aggregate, _count],
    Type.DECIMAL: [_arithmetic, _quotient, _negated, _aggregate],
    Type.STRING: [_joined, _aggregate],
}
