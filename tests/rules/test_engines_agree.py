"""The live engine and the reference never part, on any condition and any person, unknowns included."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careplan.cql import Type, compile_all, expression
from careplan.rules.durable import DurableConditions
from tests.rules.random_conditions import TYPES, conditions, people

CASES = int(os.environ.get("CAREPLAN_ENGINE_CASES", "2000"))
"""Decisions compared: 2,000 in the quick suite, 200,000 by ``make fuzz-engines``."""
PEOPLE = 10


@settings(
    max_examples=CASES // PEOPLE,
    deadline=None,
    derandomize=CASES == 2000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(
    texts=st.lists(conditions, min_size=1, max_size=6),
    cases=st.lists(people, min_size=PEOPLE, max_size=PEOPLE),
)
def test_both_engines_decide_alike(texts: list[str], cases: list[dict[str, Any]]) -> None:
    compiled = {f"R-{number}": expression(text, TYPES, expected=Type.BOOLEAN) for number, text in enumerate(texts)}
    live, reference = DurableConditions(compiled, TYPES), compile_all(compiled)
    for facts in cases:
        assert live.decide(facts) == reference(facts), {name: each.text for name, each in compiled.items()}
