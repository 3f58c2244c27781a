"""The column engine means what the reference means, to the last bit, on any expression and any population."""

from __future__ import annotations

import os
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.cql import Type, compile_all, expression
from careplan.cql.types import common
from careplan.rules.columns import Columns, dtypes
from careplan.rules.durable import DurableConditions
from tests.rules.random_conditions import TYPES, people
from tests.rules.random_expressions import expressions

CASES = int(os.environ.get("CAREPLAN_ENGINE_CASES", "2000"))
"""Values compared: 2,000 in the quick suite, 200,000 by ``make fuzz-engines``."""
PEOPLE = 20


def frame(cases: list[dict[str, Any]]) -> pl.LazyFrame:
    """A row a case, a column a fact."""
    return pl.DataFrame({name: [each.get(name) for each in cases] for name in TYPES}, schema=dtypes(TYPES)).lazy()


def held(value: Any, kind: Type) -> Any:
    """A value as a column of its type holds it."""
    return float(value) if kind == Type.DECIMAL and value is not None else value


@st.composite
def some_expression(draw: st.DrawFn) -> tuple[str, Type]:
    kind = draw(st.sampled_from([Type.BOOLEAN, Type.INTEGER, Type.DECIMAL, Type.STRING]))
    return draw(expressions(kind)), kind


@settings(
    max_examples=CASES // PEOPLE,
    deadline=None,
    derandomize=CASES == 2000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(some=some_expression(), cases=st.lists(people, min_size=PEOPLE, max_size=PEOPLE))
def test_three_engines_agree_on_any_expression(some: tuple[str, Type], cases: list[dict[str, Any]]) -> None:
    text, kind = some
    typed = expression(text, TYPES)
    assert common(typed.type, kind) == kind
    compiled = {"R": typed}
    reference = [compile_all(compiled)(each)["R"] for each in cases]
    columns = Columns(compiled, TYPES).decide(frame(cases)).collect()["R"].to_list()
    assert columns == [held(each, typed.type) for each in reference], text
    assert [type(each) for each in columns] == [type(held(each, typed.type)) for each in reference], text
    if typed.type in (Type.BOOLEAN, Type.ANY):
        live = DurableConditions(compiled, TYPES)
        assert [live.decide(each)["R"] for each in cases] == reference, text
