"""The people the benches decide over: the whole cases of the tests, as facts and as intake files."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from careplan.assessment import Assessment
from careplan.intake import read_assessment
from careplan.knowledge import Knowledge, load_knowledge

CASES = Path(__file__).parents[1] / "tests" / "data" / "cases.json"


@cache
def knowledge() -> Knowledge:
    """The knowledge of the installed plugins."""
    return load_knowledge()


@cache
def cases() -> tuple[dict[str, Any], ...]:
    """Every case with its intake and its facts."""
    return tuple(json.loads(CASES.read_text(encoding="utf-8")))


def facts() -> list[dict[str, Any]]:
    """The facts of every case, without what the rules write themselves."""
    return [
        {name: value for name, value in case["facts"].items() if not name.startswith("contradiction.")}
        for case in cases()
    ]


def assessments() -> list[Assessment]:
    """The intake of every case."""
    return [
        read_assessment(
            json.dumps(case["intake"]).encode(),
            name=case["id"],
            on=date(2026, 12, 31),
            vocabulary=knowledge().vocabulary,
            instruments=knowledge().instruments,
        )
        for case in cases()
    ]
