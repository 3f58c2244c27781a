"""A derivation is certain when no answer that is still missing could change it; only then can it contradict."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.cql import Type, evaluate, expression
from careplan.errors import IntakeError
from careplan.facts import complete_facts
from careplan.facts.certain import certainly
from careplan.vocabulary.read import builtin_vocabulary

TYPES = {"a": Type.BOOLEAN, "b": Type.BOOLEAN, "x": Type.INTEGER, "y": Type.INTEGER}


def certain(text: str, facts: dict[str, Any]) -> Any:
    return certainly(expression(text, TYPES))(facts)


@pytest.mark.parametrize(
    ("text", "facts", "value"),
    [
        ("a or b", {"a": True}, True),
        ("a or b", {"a": False}, None),
        ("a is not true", {}, None),
        ("a is not true", {"a": False}, True),
        ("a is false", {}, None),
        ("a is false", {"a": False}, True),
        ("x is null", {}, None),
        ("x is not null", {"x": 1}, True),
        ("if a then 1 else 2", {}, None),
        ("if a then 1 else 2", {"a": False}, 2),
        ("if x is not null then 1 else 2", {}, None),
        ("Coalesce(a, true)", {}, None),
        ("Coalesce(a, true)", {"a": False}, False),
        ("Coalesce(x, y)", {"y": 3}, 3),
        ("Coalesce(1, 2)", {}, 1),
        ("Max({x, y})", {"y": 3}, 3),
        ("Sum({x, y})", {"y": 3}, None),
        ("Sum({x, y})", {"x": 1, "y": 3}, 4),
        ("Count({x, y})", {"y": 3}, None),
        ("exists {x, y}", {}, None),
    ],
)
def test_what_an_unknown_could_change_is_not_certain(text: str, facts: dict[str, Any], value: Any) -> None:
    assert certain(text, facts) == value


PARTS = st.sampled_from(
    ["a", "b", "a is null", "b is not true", "x > 2", "x is null", "Coalesce(a, true)", "y in {x, 3}"]
)
CONDITIONS = st.recursive(
    PARTS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} and {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} or {pair[1]})"),
        inner.map(lambda one: f"(not ({one}))"),
        st.tuples(inner, inner, inner).map(lambda three: "(if {} then {} else {})".format(*three)),
    ),
    max_leaves=6,
)
FACTS = st.fixed_dictionaries(
    {}, optional={"a": st.booleans(), "b": st.booleans(), "x": st.integers(0, 4), "y": st.integers(0, 4)}
)
MISSING = st.fixed_dictionaries(
    {"a": st.booleans(), "b": st.booleans(), "x": st.integers(0, 4), "y": st.integers(0, 4)}
)


@settings(max_examples=300, deadline=None)
@given(CONDITIONS, FACTS, MISSING)
def test_what_is_certain_stays_so_whatever_is_answered_later(
    text: str, facts: dict[str, Any], answers: dict[str, Any]
) -> None:
    found = certain(text, facts)
    if found is not None:
        assert evaluate(expression(text, TYPES), facts) is found
        assert evaluate(expression(text, TYPES), {**answers, **facts}) is found


@pytest.mark.parametrize(
    "facts",
    [
        {"pem.suspected": False},
        {"pem.suspected": False, "dx.mecfs": False},
        {"instruments.missing_core": 0},
        {"safety.suicide_risk": True, "phq9.item9": 0},
        {"pregnancy.present": True, "person.sex": "male"},
    ],
)
def test_a_given_fact_stands_where_only_silence_speaks_against_it(facts: dict[str, Any]) -> None:
    assert facts.items() <= complete_facts(facts, builtin_vocabulary()).values.items()


@pytest.mark.parametrize(
    "facts",
    [
        {"pem.suspected": False, "dx.mecfs": True},
        {"sleep.insomnia": 0, "isi.total": 20},
        {"safety.suicide_risk": True, "cssrs.triage": "none"},
        {"safety.nsaid_unsafe": False, "dx.ckd": True},
    ],
)
def test_a_given_fact_that_an_answer_contradicts_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(IntakeError, match=f"{next(iter(facts))} is given as"):
        complete_facts(facts, builtin_vocabulary())
