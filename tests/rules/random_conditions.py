"""Strategies for random conditions and random people, over a small vocabulary of every type."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from careplan.cql import Type

TYPES = {
    **{f"flag.{letter}": Type.BOOLEAN for letter in "abcde"},
    **{f"count.{letter}": Type.INTEGER for letter in "abc"},
    **{f"level.{letter}": Type.DECIMAL for letter in "abc"},
    **{f"word.{letter}": Type.STRING for letter in "ab"},
}
WORDS = ("low", "high", "", "ça va", "two  words", "HIGH", "日本")
_INTEGERS = st.sampled_from((-(2**53), -7, -1, 0, 1, 2, 3, 5, 2**31, 2**53)) | st.integers(-20, 20)
_DECIMALS = (
    st.sampled_from((-0.0, 0.1, 0.30000000000000004, 0.3, 1e-05, 1e22, 1.0, 2.5, 1 / 3, 5e-324, 1.7e308))
    | st.floats(-20, 20).map(lambda number: round(number, 2))
    | st.floats(allow_nan=False, allow_infinity=False)
)


def _facts(kind: Type) -> st.SearchStrategy[str]:
    return st.sampled_from([name for name, found in TYPES.items() if found == kind])


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, float):
        written = f"{value:.6f}"
        return written if abs(value) < 1e6 else "1000000.5"
    return str(value)


@st.composite
def _comparisons(draw: st.DrawFn) -> str:
    operator = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
    kind = draw(st.sampled_from([Type.INTEGER, Type.DECIMAL, Type.STRING]))
    if kind == Type.STRING:
        return f"{draw(_facts(kind))} {operator} {_literal(draw(st.sampled_from(WORDS)))}"
    left = draw(_numbers(kind))
    right = draw(_numbers(draw(st.sampled_from([Type.INTEGER, Type.DECIMAL]))))
    return f"{left} {operator} {right}"


@st.composite
def _numbers(draw: st.DrawFn, kind: Type) -> str:
    shape = draw(st.integers(0, 7))
    if shape <= 3:
        return draw(_facts(kind))
    if shape <= 5:
        return _literal(draw(_INTEGERS if kind == Type.INTEGER else _DECIMALS))
    left, right = draw(_facts(kind)), draw(_facts(kind))
    return draw(
        st.sampled_from(
            [
                f"({left} + {right})",
                f"({left} * {right})",
                f"({left} div {right})",
                f"({left} mod {right})",
                f"Max({{{left}, {right}}})",
                f"Sum({{{left}, {right}}})",
                f"Coalesce({left}, {right})",
                f"(if flag.a then {left} else {right})",
                f"-({left})",
            ]
        )
    )


@st.composite
def _members(draw: st.DrawFn) -> str:
    fact = draw(_facts(Type.INTEGER))
    low, high = sorted((draw(st.integers(-5, 5)), draw(st.integers(-5, 5))))
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
    return draw(
        st.sampled_from(
            [
                f"{fact} in Interval[{low}, {high})",
                f"{fact} in Interval({low}, null]",
                f"{fact} between {low} and count.a",
                f"word.a in {{{', '.join(map(_literal, words))}}}",
                f"{{count.b, {low}}} contains {fact}",
                f"exists {{count.a, {fact}}}",
                "word.a ~ word.b",
            ]
        )
    )


_atoms = (
    _facts(Type.BOOLEAN)
    | _comparisons()
    | _members()
    | st.sampled_from(list(TYPES)).map(lambda fact: f"{fact} is null")
    | st.sampled_from(["true", "false", "null"])
)


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return (
        st.tuples(st.sampled_from(["and", "or", "xor", "implies"]), pair).map(
            lambda each: f"({each[1][0]}) {each[0]} ({each[1][1]})"
        )
        | inner.map(lambda text: f"not ({text})")
        | st.tuples(inner, st.sampled_from(["true", "false", "null"])).map(lambda each: f"({each[0]}) is {each[1]}")
        | st.tuples(inner, st.sampled_from(["true", "false"])).map(lambda each: f"({each[0]}) is not {each[1]}")
        | st.tuples(inner, pair).map(lambda each: f"(if {each[0]} then {each[1][0]} else {each[1][1]})")
        | st.lists(inner, min_size=2, max_size=4).map(lambda texts: " and ".join(f"({text})" for text in texts))
    )


conditions = st.recursive(_atoms, _combined, max_leaves=8)
"""The text of a random condition."""

_VALUES = {
    Type.BOOLEAN: st.booleans(),
    Type.INTEGER: _INTEGERS,
    Type.DECIMAL: _DECIMALS,
    Type.STRING: st.sampled_from(WORDS) | st.text(max_size=5).filter(lambda text: text.isprintable()),
}

people = st.fixed_dictionaries({}, optional={name: _VALUES[kind] for name, kind in TYPES.items()})
"""The known facts of a random person; what is left out is unknown."""
