"""The z3 terms of a condition allow what the reference evaluates, and nothing else where all of it has a term."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
import z3
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from careplan.cql import Expression, Literal, Type, compile_all, evaluate, expression
from careplan.rules.proofs.smt import Translator
from careplan.rules.proofs.symbols import NULL, OTHER, Number, Term, Text, Truth, Value
from tests.rules.random_conditions import TYPES, WORDS, conditions
from tests.rules.random_expressions import expressions

_VALUES = {
    Type.BOOLEAN: st.booleans(),
    Type.INTEGER: st.integers(-20, 20) | st.sampled_from((-(2**53), 2**31, 2**53)),
    Type.DECIMAL: st.integers(-80, 80).map(lambda number: number / 4),
    Type.STRING: st.sampled_from((*WORDS, "written nowhere", "nor this")),
}
people = st.fixed_dictionaries({}, optional={name: _VALUES[kind] for name, kind in TYPES.items()})
"""People with decimals that float64 holds exactly, and strings that stand in no condition."""
many = settings(
    max_examples=200,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def translator(*read: Expression) -> Translator:
    texts = {node.value for each in read for node in each.tree.walk() if isinstance(node, Literal)}
    written = sorted({*WORDS, *(text for text in texts if isinstance(text, str))})
    return Translator({text: code for code, text in enumerate(written)})


def constant(value: Any, codes: Mapping[str, int]) -> Value:
    """A fact of a person, as a value of z3."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return Truth(z3.BoolVal(value), z3.BoolVal(not value))
    if isinstance(value, str):
        return Text(z3.BoolVal(True), z3.IntVal(codes.get(value, OTHER)))
    term = z3.IntVal(value) if isinstance(value, int) else z3.RealVal(str(Fraction(value)))
    return Number(z3.BoolVal(True), term, whole=isinstance(value, int))


def allowed(term: Term) -> bool:
    """Whether a term can hold, whatever becomes of what nothing constrains."""
    simple = z3.simplify(z3.And(term))
    if z3.is_true(simple) or z3.is_false(simple):
        return bool(z3.is_true(simple))
    solver = z3.Solver()
    solver.add(simple)
    return bool(solver.check() == z3.sat)


def outcomes(read: Expression, facts: Mapping[str, Any]) -> tuple[set[bool | None], bool]:
    """What the terms allow a condition to be, and whether each part of it has a term."""
    translate = translator(read)
    found = translate.truth(read.tree, lambda name: constant(facts.get(name), translate.codes))
    terms = {True: found.yes, False: found.no, None: z3.Not(z3.Or(found.yes, found.no))}
    return {value for value, term in terms.items() if allowed(term)}, not translate.opaque


def check(text: str, facts: Mapping[str, Any]) -> None:
    read = expression(text, TYPES, expected=Type.BOOLEAN)
    value = evaluate(read, facts)
    exact = {name: Fraction(each) if isinstance(each, float) else each for name, each in facts.items()}
    assume(compile_all({"": read}, exactly=True)(exact)[""] is value)  # where float64 rounds, the terms do not
    found, faithful = outcomes(read, facts)
    assert value in found, text
    assert not faithful or found == {value}, text


@many
@given(text=conditions, facts=people)
def test_a_condition_comes_out_as_the_reference_evaluates_it(text: str, facts: dict[str, Any]) -> None:
    check(text, facts)


@many
@given(text=expressions(), facts=people)
def test_so_does_every_operator_however_deep(text: str, facts: dict[str, Any]) -> None:
    check(text, facts)


@pytest.mark.parametrize(
    ("text", "facts", "value"),
    [
        ("if flag.a then true else false", {}, False),
        ("1 / 0 > 1", {}, None),
        ("count.a in Interval[1, null]", {"count.a": 5}, True),
        ("count.a in Interval[1, null)", {"count.a": 5}, None),
        ("count.a in Interval[1, null)", {"count.a": 0}, False),
        ("count.a between 1 and count.b", {"count.a": 0}, False),
        ("Count({count.a, count.b}) = 1", {"count.b": 3}, True),
        ("Sum({count.a, count.b}) = 3", {"count.b": 3}, True),
        ("Coalesce(flag.a, flag.b)", {"flag.b": True}, True),
        ("count.a ~ count.b", {}, True),
        ("word.a ~ 'High'", {"word.a": "HIGH"}, True),
        ("count.a + 9007199254740992 > 0", {"count.a": 1}, None),
        ("-7 div 2 = -3 and -7 mod 2 = -1", {}, True),
        ("false implies flag.a", {}, True),
        ("word.a < 'low'", {"word.a": "high"}, True),
    ],
)
def test_what_is_surprising_in_cql_is_the_same_in_z3(text: str, facts: dict[str, Any], value: bool | None) -> None:
    read = expression(text, TYPES)
    assert evaluate(read, facts) is value
    assert outcomes(read, facts) == ({value}, True)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("level.a mod 2.5 > 1.0", {"level.a": 7.0}),
        ("word.a + word.b = 'low'", {"word.a": "l", "word.b": "ow"}),
        ("word.a = word.b", {"word.a": "one of many", "word.b": "one of many"}),
        ("word.a > 'high'", {"word.a": "written nowhere"}),
    ],
)
def test_what_has_no_faithful_term_may_be_anything_that_is_known(text: str, facts: dict[str, Any]) -> None:
    found, faithful = outcomes(expression(text, TYPES), facts)
    assert not faithful
    assert found == {True, False}
