"""The twelve clinical cases and the people of this folder together leave no part of the rule base untried."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from tests.people.events import all_events, possible
from tests.people.people import FOLDER, clinical_cases, engine, outcome, people


@cache
def wanted() -> frozenset[str]:
    return frozenset(possible(engine().base))


@cache
def happened() -> frozenset[str]:
    return frozenset(all_events((each, outcome(each)) for each in (*clinical_cases(), *people())))


@cache
def unreached() -> dict[str, Any]:
    """What can happen to nobody, each with the reason."""
    read: dict[str, Any] = yaml.safe_load((FOLDER / "unreached.yaml").read_text(encoding="utf-8"))
    return read


def test_everything_that_can_happen_happens_to_somebody() -> None:
    assert sorted(wanted() - happened()) == sorted(unreached())


def test_every_exception_has_a_reason() -> None:
    assert all(isinstance(why, str) and why.endswith(".") for why in unreached().values())


def test_every_rule_of_the_whole_base_fires_for_somebody() -> None:
    rules = engine().base.rules
    assert len(rules) == 184
    assert [rule for rule in rules if f"{rule} fires" not in happened()] == []
