"""What was measured or rated: the paths that the vocabulary reads, typed and in range as their facts are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from careplan.fields import Fields
from careplan.intake.typed import checked, choice, decimal, number, past
from careplan.vocabulary.model import FactDefinition, Vocabulary

CREATININE = {"umol/L": number(10, 2500, "umol/L"), "mg/dL": number(0.12, 28, "mg/dL")}
"""What a serum creatinine may be in the two units, the same range within rounding."""

PREFIX = "measures."


def read_measures(top: Fields, vocabulary: Vocabulary, today: date | None) -> dict[str, Any]:
    """The measures by dotted path, ``sleep_diary.slept_hours``; those that are null are left out."""
    fields = top.mapping("measures", "measures")
    found: dict[str, Any] = {}
    node = fields.get("creatinine")
    if node is not None and isinstance(node.value, dict):
        found |= _creatinine(Fields(node, fields.problems, "creatinine"), today)
    elif node is not None:
        fields.report("'creatinine' should be a mapping of value, unit and on", node.location, "type")
    known = {path.removeprefix(PREFIX): each for path, each in vocabulary.measures.items() if path.startswith(PREFIX)}
    _read(fields, "", known, found)
    return found


def _read(fields: Fields, before: str, known: Mapping[str, FactDefinition], found: dict[str, Any]) -> None:
    """Read the mapping at a path that ends with a dot, or at the top, and those inside it."""
    inside = [path.removeprefix(before) for path in known if path.startswith(before)]
    for key in dict.fromkeys(path.partition(".")[0] for path in inside):
        node, path = fields.get(key), before + key
        if node is None:
            continue
        deeper = [each.removeprefix(f"{key}.") for each in inside if each.startswith(f"{key}.")]
        if deeper and isinstance(node.value, dict):
            _read(Fields(node, fields.problems, path), f"{path}.", known, found)
        elif path not in known:
            fields.report(f"{path!r} should be a mapping of {', '.join(deeper)}", node.location, "type")
        elif (value := checked(fields, path, node, known[path])) is not None:
            found[path] = value
    fields.close()


def _creatinine(fields: Fields, today: date | None) -> dict[str, Any]:
    """The serum creatinine with its unit; one without the other would be a guess."""
    unit = choice(fields, "unit", tuple(CREATININE))
    fields.get("unit", required=True)
    fields.get("value", required=True)
    found: dict[str, Any] = {
        "creatinine.value": decimal(fields, "value", CREATININE[unit or "umol/L"]),
        "creatinine.unit": unit,
        "creatinine.on": past(fields, "on", today),
    }
    fields.close()
    return {path: value for path, value in found.items() if value is not None}
