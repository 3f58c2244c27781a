"""Made-up people for the tests of the built-in modalities, and what is computed for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from careplan.plan.editions import for_edition
from careplan.plan.model import Detail, Plan, SignOff
from careplan.testing import plan_for

DAY = "2026-03-02"
SIGNED = SignOff("Dr Bell", "GP")
NOTHING = {"present": [], "reviewed": True}


def intake(**answers: Any) -> str:
    """The intake of somebody in pain for two years, with every list gone through; ``answers`` replace or add keys."""
    person = {"birth_date": "1983-05-04", "sex": "female", "pregnant": False, "country": "GB"}
    whole = {
        "careplan": "intake/1",
        "id": "somebody",
        "date": DAY,
        "person": person,
        "measures": {"duration_months": 24, "fatigue": 4},
        "diagnoses": NOTHING,
        "red_flags": NOTHING,
        "findings": NOTHING,
        "medications_reviewed": True,
        "medications": [],
        "allergies": [],
    }
    whole |= {key: {**person, **each} if key == "person" else each for key, each in answers.items()}
    return json.dumps({key: each for key, each in whole.items() if each is not None})


def found(*present: str) -> dict[str, Any]:
    """A list that was gone through, with what is present."""
    return {"present": list(present), "reviewed": True}


def details(plan: Plan) -> dict[str, Mapping[str, Any]]:
    """What is computed for a plan, by id."""
    return {each.id: each.values for each in _details(plan)}


def details_for(**answers: Any) -> dict[str, Mapping[str, Any]]:
    """What is computed for the person with these answers, in a signed plan."""
    return details(plan_for(intake(**answers), sign_off=SIGNED))


def shown_to_patient(**answers: Any) -> dict[str, Mapping[str, Any]]:
    """What of that the person's own copy holds."""
    return details(for_edition(plan_for(intake(**answers), sign_off=SIGNED), "patient"))


def _details(plan: Plan) -> list[Detail]:
    given = [each.details for each in (*plan.safety, *plan.recommendations)]
    return [each for held in (*given, *(section.details for section in plan.sections)) for each in held]
