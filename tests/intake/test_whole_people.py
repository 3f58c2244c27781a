"""The twelve people of the clinical cases, as JSON and as YAML."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from careplan.assessment import Clearance, Medication
from tests.intake.reading import read

CASES = Path(__file__).parents[1] / "data" / "cases.json"


@cache
def intakes() -> dict[str, dict[str, Any]]:
    return {each["id"]: each["intake"] for each in json.loads(CASES.read_text(encoding="utf-8"))}


def test_there_are_twelve_people() -> None:
    assert len(intakes()) == 12


@pytest.mark.parametrize("name", sorted(intakes()))
def test_a_person_is_the_same_in_json_and_yaml(name: str) -> None:
    intake = intakes()[name]
    from_json = read(json.dumps(intake), f"{name}.json")
    from_yaml = read(yaml.safe_dump(intake, allow_unicode=True, sort_keys=False), f"{name}.yaml")
    assert from_json == from_yaml
    assert from_json.id == name


@pytest.mark.parametrize("name", sorted(intakes()))
def test_all_that_a_person_answered_is_in_the_assessment(name: str) -> None:
    intake = intakes()[name]
    assessment = read(json.dumps(intake))
    answers = {key: list(each) if isinstance(each, tuple) else each for key, each in assessment.answers.items()}
    assert answers == intake.get("answers", {})
    assert len(assessment.scores) == len(intake.get("scores", {}))
    assert assessment.measures == intake["measures"]
    assert list(assessment.findings.present) == intake["findings"]["present"]
    assert [each.name for each in assessment.medications or ()] == [each["name"] for each in intake["medications"]]
    assert [each.text for each in assessment.goals or ()] == [each["text"] for each in intake.get("goals", [])]


def test_the_order_of_the_fields_changes_nothing() -> None:
    intake = intakes()["gardener"]
    turned = dict(reversed(intake.items()))
    assert read(json.dumps(turned)) == read(json.dumps(intake))


def test_a_clearance_and_a_medicine_are_read_whole() -> None:
    (clearance,) = read(json.dumps(intakes()["potter"])).cleared
    assert clearance == Clearance(
        "SAF-13",
        "Dr Alma Stone",
        "consultant rheumatologist",
        date(2026, 3, 2),
        "Seen today; ultrasound and biopsy negative, CRP 3",
    )
    (medicine,) = read(json.dumps(intakes()["gardener"])).medications or ()
    assert medicine == Medication("paracetamol", "500 mg", dose=1.0, times_per_day=4.0, months=24.0)
