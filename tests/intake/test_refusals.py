"""What an intake must not hold, one problem at a time and all at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from careplan.errors import IntakeError
from tests.intake.reading import BEGINNING, added, problems, problems_with

REFUSED = Path(__file__).parents[1] / "data" / "refused_intakes.yaml"


def refused_intakes() -> list[Any]:
    cases = yaml.safe_load(REFUSED.read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["title"]) for case in cases]


@pytest.mark.parametrize("case", refused_intakes())
def test_refused(case: dict[str, Any]) -> None:
    content = BEGINNING + case["lines"] if "lines" in case else case["whole"]
    assert [problem.removeprefix("case.yaml").lstrip(": ") for problem in problems(content)] == case["refused"]


def test_binary_is_refused() -> None:
    assert problems(b"%PDF-1.7\x00\xff\xfe") == ["case.yaml:1:1: this is not UTF-8 text"]


def test_a_file_of_two_mebibytes_is_refused() -> None:
    assert problems_with("#" * 2 * 1024 * 1024) == ["case.yaml: the file is larger than 1 MiB"]


def test_depth_is_refused() -> None:
    assert problems_with("values: " + "[" * 50 + "]" * 50) == ["case.yaml:5:48: nested more than 40 levels deep"]


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        (f"matters_most: {'x' * 2001}\n", "5:15: a text of 2,001 characters; at most 2,000 are read"),
        (f"previous: {'x' * 201}\n", "5:11: 'previous' has 201 characters; at most 200 are read"),
        (f"{'x' * 201}: 1\n", "5:1: a text of 201 characters; at most 200 are read"),
        (f"values: [{', '.join('x' * 201)}]\n", "5:9: 201 entries; at most 200 are read"),
        (f"medications: [{'{name: aspirin}, ' * 101}]\n", "5:14: 101 entries in 'medications'; at most 100 are read"),
        (f"goals: [{'{text: Walk}, ' * 51}]\n", "5:8: 51 entries in 'goals'; at most 50 are read"),
        (
            f"goals: [{'{text: Walk, gas: {attained: 0}}, ' * 6}]\n",
            "5:8: gas scores 5 goals at most, and 6 are weighted or rated",
        ),
    ],
)
def test_what_no_document_can_hold_is_refused(lines: str, refused: str) -> None:
    assert problems_with(lines) == [f"case.yaml:{refused}"]


@pytest.mark.parametrize(
    "lines",
    [
        f"matters_most: {'x' * 2000}\n",
        f"previous: {'x' * 200}\n",
        f"values: [{', '.join('x' * 200)}]\n",
        f"medications: [{'{name: aspirin}, ' * 100}]\n",
        f"goals: [{'{text: Walk}, ' * 50}]\n",
    ],
)
def test_what_a_document_can_just_hold_is_read(lines: str) -> None:
    assert added(lines).id == "case-001"


def test_problems_carry_the_code_of_what_is_wrong() -> None:
    with pytest.raises(IntakeError) as refused:
        added("answers: {phq9: [1], gad7: [4, 1, 1, 1, 1, 1, a], nope: [1]}\n")
    assert [each.code for each in refused.value.problems] == [
        "wrong_count",
        "out_of_range",
        "not_integer",
        "unknown_instrument",
    ]


def test_a_hostile_file_is_refused_quickly() -> None:
    lines = "".join(f"unknown_key_{number}: 1\n" for number in range(40_000))
    assert problems_with(lines) == ["case.yaml:1:1: 40,004 entries; at most 200 are read"]
