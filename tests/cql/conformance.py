"""The public CQL conformance suite, and what becomes of each of its expressions here."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen

from careplan.cql import Expression, expression
from careplan.errors import ConditionError

SUITE = Path(__file__).parents[1] / "data" / "cql_conformance.json"


@frozen
class Case:
    """One expression of the suite: what it should come to, and the typed expression or the message that refuses it."""

    id: str
    text: str
    expected: Any
    read: Expression | None
    refusal: str

    @property
    def construct(self) -> str:
        """What the refusal names, without places: ``the function `Floor` ``, ``powers``."""
        said = self.refusal.partition("\n")[0].removeprefix("condition:").partition(": ")[2]
        if said.startswith("the function"):
            return "the function `" + said.split("'")[1] + "`"
        for mark, name in _NAMES.items():
            if mark in said:
                return name
        return said.rpartition(": ")[2]


_NAMES = {
    "a null written in a list": "a `null` written in a list",
    "written precision": "`~` on decimals, which depends on their written precision",
    "without a known end": "an interval without a known end",
    "powers": "powers (`^`)",
    "case … end": "`case … end`",
}


@cache
def cases() -> tuple[Case, ...]:
    """Every expression of the suite."""
    suite = json.loads(SUITE.read_text(encoding="utf-8"))
    return tuple(_case(each) for each in suite["tests"])


def _case(test: dict[str, Any]) -> Case:
    expected = float(test["expected"]) if test["expected_kind"] == "decimal" else test["expected"]
    try:
        return Case(test["id"], test["expression"], expected, expression(test["expression"], {}), "")
    except ConditionError as error:
        return Case(test["id"], test["expression"], expected, None, str(error))
