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
NEVER_WORSE_AFTER_EFFORT = {f"{part}{item}": 0 for part in "fs" for item in range(1, 6)}
WORSE_AFTER_EFFORT = dict.fromkeys(NEVER_WORSE_AFTER_EFFORT, 3)


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


def walker(**changed: Any) -> str:
    """The intake of somebody whose days are made small by pain and who was asked everything that effort turns on.

    ``diagnoses``, ``red_flags`` and ``findings`` are what is present of those lists; ``answers`` and ``person`` change
    some (None: not given), other keys replace or add.
    """
    lists = {name: found(*changed.pop(name, ())) for name in ("diagnoses", "red_flags", "findings")}
    answers = {
        "peg": [7, 6, 6],
        "pavs": {"days": 2, "minutes": 20},
        "dsqpem": NEVER_WORSE_AFTER_EFFORT,
        **changed.pop("answers", {}),
    }
    person = {"birth_date": "1983-05-04", **changed.pop("person", {})}
    whole = {
        "careplan": "intake/1",
        "id": "walker",
        "date": DAY,
        "person": person,
        "answers": {name: each for name, each in answers.items() if each is not None},
        "measures": {"duration_months": 72, "fatigue": 5},
        "medications_reviewed": True,
        "medications": [],
    }
    return json.dumps({**whole, **lists, **changed})


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


def details_of(modality: str, plan: Plan) -> dict[str, Mapping[str, Any]]:
    """What one modality computes beside its recommendations, by id without its name."""
    given = (detail for each in (*plan.safety, *plan.recommendations) for detail in each.details)
    return {each.id.removeprefix(f"{modality}."): each.values for each in given if each.id.startswith(f"{modality}.")}


def _details(plan: Plan) -> list[Detail]:
    given = [each.details for each in (*plan.safety, *plan.recommendations)]
    return [each for held in (*given, *(section.details for section in plan.sections)) for each in held]
