from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from careplan.assessment import Assessment
from tests.intake.reading import read

FOLDER = Path(__file__).parents[2] / "examples"
NAMES = ("emergency", "fibromyalgia", "minimal", "shift-worker")
FICTIONAL_PHONES = re.compile(r"01632 960\d{3}|202-555-01\d\d")
"""Numbers set aside for stories: Ofcom's in Britain, 555-0100 to 555-0199 in North America."""


def example(name: str) -> Assessment:
    return read((FOLDER / f"{name}.yaml").read_bytes(), name, on=date(2026, 12, 31))


def test_every_example_is_among_these() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_read_under_its_own_name(name: str) -> None:
    assert example(name).id == name


@pytest.mark.parametrize("name", NAMES)
def test_nobody_in_an_example_can_be_called(name: str) -> None:
    phones = [member.phone for member in example(name).care_team]
    assert all(FICTIONAL_PHONES.fullmatch(phone or "") for phone in phones)


def test_the_emergency_is_a_positive_last_phq9_item_and_no_screener() -> None:
    assessment = example("emergency")
    assert assessment.answers["phq9"] == (3, 3, 2, 3, 2, 3, 2, 1, 2)
    assert "cssrs" not in assessment.answers
    assert assessment.cleared == ()


def test_the_minimal_example_holds_what_nobody_asked_as_unknown() -> None:
    assessment = example("minimal")
    assert assessment.medications is None
    assert assessment.allergies is None
    assert assessment.person.sex is None
    assert assessment.red_flags.reviewed is False
    assert assessment.findings.reviewed == ("sleep",)
