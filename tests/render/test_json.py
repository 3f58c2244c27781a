"""The plan as JSON keeps the contract plan/1."""

from __future__ import annotations

import json

import pytest

from careplan.errors import RenderError
from careplan.plan.editions import for_edition
from careplan.render.formats import FORMATS
from careplan.render.json import plan_json
from tests.render.whole_documents import SIGNED, cases, document_of, templates

CONTRACT = (
    "careplan", "case", "on", "status", "minimal", "emergency", "safety", "recommendations", "ask_first", "blocked",
    "adapted", "unknown", "review_modalities", "contradictions", "assumed_no", "phases", "facts", "rulesets", "plugins",
    "engine", "failures",
)  # fmt: skip


@pytest.mark.parametrize("name", ["gardener", "harbour-worker", "bookkeeper", "potter", "churchgoer", "footballer"])
def test_the_json_of_a_whole_person_gives_what_was_reasoned_out(name: str) -> None:
    expected = cases()[name]["expected"]
    found = plan_json(document_of(name, "clinician").plan)
    assert set(CONTRACT) <= set(found)
    assert (found["careplan"], found["case"], found["status"], found["minimal"]) == (
        "plan/1", name, expected["status"], expected["minimal"],
    )  # fmt: skip
    assert [each["rule"] for each in found["emergency"]] == expected["emergency"]
    assert [each["rule"] for each in found["emergency"] if each["cleared"]] == expected["cleared"]
    assert [each["rule"] for each in found["safety"]] == expected["safety"]
    assert sorted(each["rule"] for each in found["recommendations"]) == sorted(expected["released"])
    assert {each["rule"]: each["missing"] for each in found["ask_first"]} == expected["ask_first"]
    assert {each["rule"]: each["by"] for each in found["blocked"]} == expected["blocked"]
    assert {each["rule"]: each["by"] for each in found["adapted"]} == expected["adapted"]
    assert len(found["unknown"]) == expected["unknown_count"]
    assert found["review_modalities"] == expected["review_modalities"]
    assert found["phases"] == expected["phases"]


def test_a_recommendation_says_why_where_from_and_when() -> None:
    found = {each["rule"]: each for each in plan_json(document_of("gardener", "clinician").plan)["recommendations"]}
    sleep = found["SLP-01"]
    assert sleep["ruleset"] == "sleep@2026.1"
    assert (sleep["modality"], sleep["priority"], sleep["kind"], sleep["audience"]) == (
        "sleep", "core", "action", "both",
    )  # fmt: skip
    assert sleep["phase"] == 2
    assert sleep["triggered_by"] == {"isi.total": 16}
    assert sleep["evidence"][0].keys() == {"id", "cite", "grade"}


def test_a_cleared_emergency_says_who_cleared_it_when_and_why() -> None:
    (emergency,) = plan_json(document_of("potter", "clinician").plan)["emergency"]
    wanted = cases()["potter"]["intake"]["cleared"][0]
    assert emergency["cleared"] == {key: wanted[key] for key in ("by", "role", "on", "reason")}
    (shown,) = plan_json(document_of("potter", "patient", signed=SIGNED).plan)["emergency"]
    assert shown["cleared"]["reason"] == ""


def test_every_value_is_json_and_the_order_of_keys_is_fixed() -> None:
    plan = document_of("churchgoer", "clinician").plan
    text = json.dumps(plan_json(plan), allow_nan=False)
    assert list(json.loads(text)) == list(plan_json(for_edition(plan, "patient")))
    assert text == json.dumps(plan_json(document_of("churchgoer", "clinician").plan), allow_nan=False)


def test_the_patients_json_is_of_the_patients_edition() -> None:
    made = document_of("gardener", "patient", facts={"finding.abuse_current": True}, signed=SIGNED)
    text = FORMATS["json"].render(made, templates()).decode()
    assert '"facts": {}' in text
    assert "SAF-23" not in text
    assert "abuse" not in text


def test_a_plan_to_review_first_has_no_patients_edition_until_it_is_signed() -> None:
    with pytest.raises(RenderError, match="churchgoer: a clinician must review and sign this plan"):
        document_of("churchgoer", "patient")
    assert document_of("churchgoer", "patient", signed=SIGNED).plan.status == "signed"
