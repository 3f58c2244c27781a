"""People to derive facts of: an assessment with nothing in it but what a test says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from careplan.assessment import Assessment, Person
from careplan.facts import Facts, derive_facts
from careplan.instruments import builtin_instruments
from careplan.vocabulary.formulary import builtin_formulary
from careplan.vocabulary.read import builtin_vocabulary

DAY = date(2026, 3, 2)


def person(**fields: Any) -> Person:
    return Person(**{"birth_date": date(1983, 5, 4), **fields})


def assessment(**fields: Any) -> Assessment:
    return Assessment(**{"id": "case-001", "date": DAY, "person": person(), **fields})


def facts(earlier: Assessment | None = None, **fields: Any) -> Facts:
    """The facts of an assessment with these fields, by the built-in vocabulary."""
    return derive_facts(
        assessment(**fields),
        builtin_vocabulary(),
        builtin_instruments(),
        builtin_formulary(),
        {},
        earlier=earlier,
    )


def values(**fields: Any) -> Mapping[str, Any]:
    return facts(**fields).values
