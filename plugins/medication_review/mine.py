"""The person's own list of medicines: what they take, and which of them to talk about, and with whom."""

import re
from collections.abc import Iterator
from typing import Any

from careplan.facts.medicine_list import Line
from careplan.facts.medicines import Medicines
from careplan.hookspecs import Situation

from .review import touched, urgent_first

MODALITY = "medication_review"
PRESCRIBING = frozenset({"gp", "doctor", "physician", "prescriber", "pharmacist", "clinician"})
"""Words in the role of somebody to talk to about a medicine."""


def my_medicines(situation: Situation) -> dict[str, Any]:
    """The list in JSON values, with nothing that only a clinician may read; ``lines`` is None where nobody asked."""
    medicines = Medicines(situation.assessment, situation.formulary)
    asked = situation.assessment.medications is not None
    twice = frozenset(line.number for lines in medicines.list.repeated for line in lines)
    allergies = situation.assessment.allergies
    return {
        "confirmed": medicines.list.reviewed,
        "lines": [_line(line, twice) for line in medicines.list.lines] if asked else None,
        "talk": list(_to_talk_about(medicines, situation)),
        "allergies": None if allergies is None else [[each.substance, each.reaction] for each in allergies],
        "people": [
            {"role": each.role, "name": each.name, "phone": each.phone}
            for each in situation.assessment.care_team
            if PRESCRIBING.intersection(re.findall(r"\w+", each.role.casefold()))
        ],
    }


def _line(line: Line, twice: frozenset[int]) -> dict[str, Any]:
    entry = line.entry
    note = None
    if line.medicine is None and entry.status != "stopped":
        note = "name"
    elif entry.status != "stopped" and not line.recognised:
        note = "dose"
    return {
        "line": line.number,
        "name": entry.name,
        "strength": entry.strength,
        "status": entry.status,
        "note": note,
        "twice": line.number in twice,
    }


def _to_talk_about(medicines: Medicines, situation: Situation) -> Iterator[dict[str, Any]]:
    """The advice of this modality that the patient's copy shows, with the medicines it is about."""
    names = {line.number: line.entry.name for line in medicines.list.lines}
    for each in urgent_first(situation):
        if each.modality == MODALITY and each.rule in situation.shown:
            lines = touched(each.triggered_by, medicines, situation)
            if lines:
                called = list(dict.fromkeys(names[number] for number in lines))
                yield {"rule": each.rule, "title": each.title, "lines": lines, "names": called}
