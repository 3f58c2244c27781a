"""Everybody as z3 has them is decided as the reference decides them, on every condition of ours."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
import z3

from careplan.cql import Type
from careplan.errors import IntakeError
from careplan.facts import complete_facts
from careplan.rules.proofs.everybody import everybody
from careplan.rules.proofs.symbols import Number, Text, Truth, no
from careplan.rules.reference import Reference
from careplan.vocabulary.model import FactDefinition
from tests.rules.proofs.proving import own_base, vocabulary


def somebody(chance: Random) -> dict[str, Any]:
    """A random person whom the vocabulary allows; each fact is known more often than not."""
    person: dict[str, Any] = {}
    for fact in vocabulary():
        if fact.derive is not None or fact.decided_by is not None:
            continue
        if fact.not_recorded == "assumed_no" or chance.random() < 0.6:
            person[fact.id] = answer(fact, chance)
    return person


def known(person: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """All that follows, or None where somebody is impossible, such as of a weight that does not fit the height."""
    try:
        return complete_facts(person, vocabulary()).values
    except IntakeError:
        return None


def answer(fact: FactDefinition, chance: Random) -> Any:
    if fact.type == Type.BOOLEAN:
        return chance.random() < 0.3
    if fact.type == Type.STRING:
        return chance.choice(fact.values or (("GB", "US", "FR") if fact.id == "person.country" else ("07:00",)))
    low, high = fact.range or (0, 100)
    return chance.randint(int(low), int(high)) if fact.type == Type.INTEGER else round(chance.uniform(low, high), 1)


@pytest.mark.parametrize("seed", range(6))
def test_every_condition_of_ours_comes_out_in_z3_as_in_the_reference(seed: int) -> None:
    """Facts that follow included: only what is answered is given to z3."""
    base, chance = own_base(), Random(seed)
    facts = next(filter(None, (known(somebody(chance)) for _ in range(100))))
    (people,) = everybody(vocabulary(), base)
    solver = z3.Solver()
    for fact in vocabulary():
        if fact.derive is None and fact.decided_by is None:
            solver.add(pinned(people.given(fact.id).value, facts.get(fact.id), people.codes))
    assert solver.check() == z3.sat
    outcomes = Reference(base).decide(facts)
    for name, outcome in outcomes.items():
        value = people.condition(name).value
        expected = {True: value.yes, False: value.no, None: no(value.known)}[outcome]
        assert solver.check(z3.And(expected)) == z3.sat, name
        assert solver.check(z3.Not(expected)) == z3.unsat, name


def pinned(value: Any, answered: Any, codes: Mapping[str, int]) -> Any:
    """That a fact is what somebody answered."""
    if answered is None:
        return no(value.known)
    if isinstance(value, Truth):
        return value.yes if answered else value.no
    assert isinstance(value, Number | Text)
    wanted = codes.get(answered, -1) if isinstance(value, Text) else z3.RealVal(str(answered))
    term = value.code if isinstance(value, Text) else value.value
    return z3.And(value.known, term == wanted)
