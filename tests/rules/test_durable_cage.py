"""Every bar of the cage around durable-rules: what would crash it, hang it or make it lose a case is kept out."""

from __future__ import annotations

import multiprocessing
import resource
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

import durable_rules_engine
import pytest

from careplan.cql import Expression, Type, expression
from careplan.errors import RulesetError
from careplan.rules import durable
from careplan.rules.durable import DurableConditions, EngineFault, refuse_collisions

TYPES = {
    **{f"f{number}": Type.BOOLEAN for number in range(600)},
    "n": Type.INTEGER,
    "x": Type.DECIMAL,
    "s": Type.STRING,
}


def conditions(*texts: str) -> dict[str, Expression]:
    return {f"R{number}": expression(text, TYPES, expected=Type.BOOLEAN) for number, text in enumerate(texts)}


def decide(text: str, facts: Mapping[str, Any]) -> bool | None:
    return DurableConditions(conditions(text), TYPES).decide(facts)["R0"]


def test_a_shard_holds_at_most_sixty_paths_so_that_no_case_is_lost() -> None:
    """150 rules in one ruleset lost cases to error 303; in shards all of them fire at once."""
    many = DurableConditions(conditions(*(f"f{number}" for number in range(600))), TYPES)
    assert max(len(shard.meanings) for shard in many._shards) <= durable.PATHS_PER_SHARD
    assert set(many.decide({f"f{number}": True for number in range(600)}).values()) == {True}


def test_a_shard_reads_at_most_240_properties() -> None:
    """A fact of more than 252 properties is error 302."""
    wide = " and ".join(f"f{number}" for number in range(230))
    shifted = " and ".join(f"f{number}" for number in range(200, 430))
    many = DurableConditions(conditions(wide, shifted), TYPES)
    assert max(len(shard.properties) for shard in many._shards) <= durable.PROPERTIES_PER_SHARD
    assert many.decide({f"f{number}": True for number in range(600)}) == {"R0": True, "R1": True}


def test_a_condition_of_more_than_500_paths_is_refused() -> None:
    pairs = " and ".join(f"(f{number} or f{number + 1})" for number in range(0, 20, 2))
    with pytest.raises(RulesetError, match="more than 500 ways to be true or false; split the rule"):
        DurableConditions(conditions(pairs), TYPES)


def test_every_shard_has_a_rule_that_always_fires() -> None:
    found = DurableConditions(conditions("f1", "f2"), TYPES)
    assert all('"always"' in shard.definition for shard in found._shards)
    assert found.decide({}) == {"R0": None, "R1": None}


def test_a_case_whose_sentinel_did_not_fire_is_an_error_not_a_silence() -> None:
    lost = DurableConditions(conditions("f1"), TYPES)
    handle = lost._handles.handles[0]
    with pytest.raises(EngineFault, match="lost a case"):
        durable._fired(handle, '{"p1":true,"sid":"c"}')
    assert lost.decide({"f1": True}) == {"R0": True}


def test_a_result_code_that_is_not_zero_or_one_is_an_error() -> None:
    broken = DurableConditions(conditions("f1"), TYPES)
    with pytest.raises(EngineFault, match="failed"), durable._named_faults():
        durable._fired(broken._handles.handles[0], '{"p1": 1e-05')


@pytest.mark.parametrize(
    ("fact", "value", "message"),
    [
        ("x", float("nan"), "not a number that can be compared"),
        ("x", float("inf"), "not a number that can be compared"),
        ("n", 2**53 + 1, "beyond 2\\^53"),
        ("s", "half \ud800", "lone surrogate"),
        ("s", "x" * 65_536, "too long"),
        ("s", ["x"], "a list cannot be compared"),
    ],
)
def test_values_the_engine_cannot_hold_are_refused_before_it_sees_them(fact: str, value: Any, message: str) -> None:
    text = {"x": "x > 1.5", "n": "n > 1", "s": "s = 'a'"}[fact]
    with pytest.raises(EngineFault, match=message):
        decide(text, {fact: value})


@pytest.mark.parametrize("value", [1e-05, 1e22, 5e-324, 0.1, 1 / 3, 2.0, -0.0])
def test_floats_are_written_so_that_the_engine_reads_the_same_number(value: float) -> None:
    """``1e-05`` and ``1e22`` do not parse: they are written out with a decimal point."""
    assert "e" not in durable._json(value)
    assert float(durable._json(value)) == value
    assert decide("x = 0.1", {"x": value}) is (value == 0.1)


def test_integers_and_decimals_are_compared_in_one_declared_type() -> None:
    assert decide("n < 2.5", {"n": 2}) is True
    assert decide("x > 2", {"x": 2.0000000000000004}) is True
    assert decide("x = 2", {"x": 2}) is True


def test_order_of_strings_is_left_to_the_reference() -> None:
    """The engine orders strings with spaces wrongly."""
    assert decide("s < 'a b'", {"s": "a  b"}) is True
    assert decide("s < 'b'", {"s": "a"}) is True


def test_an_atom_over_an_unknown_fact_is_neither_true_nor_false() -> None:
    assert decide("s != 'x'", {}) is None
    assert decide("not (s = 'x')", {"s": "y"}) is True


def test_names_that_hash_alike_are_refused() -> None:
    """durable-rules tells properties apart by a 32-bit FNV hash only; these two collide."""
    with pytest.raises(EngineFault, match="look the same"):
        refuse_collisions(["costarring", "liquid"])
    refuse_collisions(f"p{number}" for number in range(1000))


def test_facts_of_one_case_never_meet_those_of_the_next() -> None:
    both = DurableConditions(conditions("f1 and f2"), TYPES)
    assert both.decide({"f1": True})["R0"] is None
    assert both.decide({"f2": True})["R0"] is None


def test_a_fact_that_stayed_behind_is_an_error_not_a_mixture() -> None:
    """The engine takes a fact back after each case; were one left, the next would be told, not decided with it."""
    left = DurableConditions(conditions("f1 and f2"), TYPES)
    left.decide({"f1": False})
    durable_rules_engine.assert_fact(left._handles.handles[0], '{"p1":true,"marker":1,"sid":"c","id":"f"}')
    with pytest.raises(EngineFault, match="with code 2"):
        left.decide({"f2": True})
    assert left.decide({"f2": True})["R0"] is None


def test_a_rule_that_says_nothing_of_the_case_does_not_fire_on_the_engine_s_own_state() -> None:
    assert decide("true", {}) is True
    assert decide("f1 is null", {}) is True


def test_handles_belong_to_one_thread() -> None:
    shared = DurableConditions(conditions("f1"), TYPES)
    answers: list[Any] = []
    handles = shared._handles.handles
    thread = threading.Thread(target=lambda: answers.extend([shared.decide({"f1": True}), shared._handles.handles]))
    thread.start()
    thread.join()
    assert answers[0] == {"R0": True}
    assert answers[1] != handles


def _in_child(found: DurableConditions) -> dict[str, bool | None]:
    return found.decide({"f1": False})


def test_handles_belong_to_one_process() -> None:
    shared = DurableConditions(conditions("f1"), TYPES)
    context = multiprocessing.get_context("fork")
    parent, child = context.Pipe()
    process = context.Process(target=lambda: child.send(_in_child(shared)))
    process.start()
    assert parent.recv() == {"R0": False}
    process.join()
    assert process.exitcode == 0


def test_memory_stays_flat_over_20_000_decisions() -> None:
    found = DurableConditions(conditions(*(f"f{number} or x > {number}.5" for number in range(20))), TYPES)
    facts = {f"f{number}": number % 2 == 0 for number in range(20)} | {"x": 7.0}
    for _ in range(2_000):
        found.decide(facts)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(20_000):
        found.decide(facts)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 * 1024


def test_memory_stays_flat_over_200_engines_made_and_dropped() -> None:
    """``delete_ruleset`` frees no state, 8 KiB a rule: each engine would leave half a megabyte behind."""
    many = conditions(*(f"f{number} and x > {number}.5" for number in range(40)))
    for _ in range(20):
        DurableConditions(many, TYPES)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(200):
        DurableConditions(many, TYPES)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 * 1024


@pytest.mark.parametrize("text", ["n div 0 > 1", "n / n > 1", "n mod 0 = 1", "1 / x > 2"])
def test_division_never_happens_inside_the_engine(text: str) -> None:
    """Integer division by zero kills the process; arithmetic is computed beforehand."""
    code = f"""
from careplan.cql import Type, expression
from careplan.rules.durable import DurableConditions
types = {{"n": Type.INTEGER, "x": Type.DECIMAL}}
found = DurableConditions({{"R": expression({text!r}, types)}}, types)
print(found.decide({{"n": 0, "x": 0.0}}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "{'R': None}"), done.stderr


def test_each_handle_is_warmed_before_a_state_is_deleted() -> None:
    """``delete_state`` for a state under which nothing ever fired frees uninitialised memory."""
    code = """
from careplan.cql import Type, expression
from careplan.rules.durable import DurableConditions
for number in range(100):
    found = DurableConditions({"R": expression("f", {"f": Type.BOOLEAN})}, {"f": Type.BOOLEAN})
    assert found.decide({}) == {"R": None}
print("alive")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr
