"""The table of a person's medicines for the clinician: lines, totals, what fired because of which, what to ask."""

from collections.abc import Iterable, Iterator
from typing import Any

from careplan.facts.medicine_lines import lines_behind
from careplan.facts.medicine_list import Line
from careplan.facts.medicines import Medicines
from careplan.hookspecs import Situation

from .loads import loads
from .rows import LOADS, dose_checks, numbers, row
from .totals import overuse, totals

WHOLE_LIST = "medication.count"
"""The fact that speaks of every medicine alike."""
PRIORITIES = ("emergency", "safety", "core", "adjunct")
"""From the most urgent to the least."""
REVIEWING = ("safety", "medication_review")
"""The modalities that say what to do about a medicine; others only take it into account."""


def medicines_table(situation: Situation) -> dict[str, Any] | None:
    """The table, in JSON values; None where no medicine is listed."""
    medicines = Medicines(situation.assessment, situation.formulary)
    if not medicines.list.lines:
        return None
    found = list(findings(medicines, situation))
    own = [each for each in found if each["modality"] in REVIEWING]
    rows = [row(line, medicines, situation) | {"discuss": _about(line, own)} for line in medicines.list.lines]
    unverified = {load for each in rows if each["loads"] for load in each["loads"]["unverified"]}
    return {
        "confirmed": medicines.list.reviewed,
        "rows": rows,
        "unverified": [load for load in LOADS if load in unverified],
        "doses": dose_checks(medicines, situation),
        "totals": totals(medicines, situation),
        "against_limits": loads(situation),
        "findings": [each for each in own if each["lines"]],
        "elsewhere": [each for each in found if each["modality"] not in REVIEWING],
        "whole_list": [each["rule"] for each in own if not each["lines"]],
        "overuse": overuse(medicines, situation),
        "allergies_asked": medicines.allergies is not None,
        "questions": list(questions(medicines)),
    }


def findings(medicines: Medicines, situation: Situation) -> Iterator[dict[str, Any]]:
    """The recommendations that stand because of medicines: the lines behind each, and all the answers.

    Confidential ones are left out: what names them may stand in no table that is passed on.
    """
    for each in urgent_first(situation):
        if each.audience == "confidential":
            continue
        lines = touched(each.triggered_by, medicines, situation)
        facts = [name for name, value in each.triggered_by.items() if value is not None]
        if lines or WHOLE_LIST in facts:
            yield {
                "rule": each.rule,
                "title": each.title,
                "modality": each.modality,
                "priority": each.priority,
                "audience": each.audience,
                "certainty": each.certainty,
                "lines": lines,
                "because": [
                    answer | {"of_medicines": bool(touched([answer["fact"]], medicines, situation))}
                    for answer in situation.because(*(name for name in facts if name not in situation.confidential))
                ],
            }


def urgent_first(situation: Situation) -> list[Any]:
    """The recommendations that stand, the most urgent ones first."""
    return sorted(situation.recommendations, key=lambda each: PRIORITIES.index(each.priority))


def _about(line: Line, found: list[dict[str, Any]]) -> list[str]:
    """The rules of what stands because of a line."""
    return [each["rule"] for each in found if line.number in each["lines"]]


def touched(answers: Iterable[str], medicines: Medicines, situation: Situation) -> list[int]:
    """The lines that answers rest on, by their places on the list."""
    return numbers(line for name in answers for line in lines_behind(situation.vocabulary[name], medicines))


def questions(medicines: Medicines) -> Iterator[dict[str, Any]]:
    """What the list leaves open, each with the lines it is about and what is done until it is answered."""
    for line in medicines.list.lines:
        if line.medicine is None and (line.entry.status != "stopped" or medicines.list.lingers(line) is None):
            yield _question([line], "name not in the formulary", "Which medicine is it? Not assessed until then.")
        elif line.entry.status == "stopped" and medicines.list.lingers(line) is None:
            yield _question([line], "the day of the last dose is not recorded", "When was it? It may still act.")
        elif line.entry.status != "stopped" and not line.recognised:
            yield _question([line], "the dose is not read", "How much, and how often? It is in no total of doses.")
        elif line.entry.status != "stopped" and medicines.implausible(line):
            yield _question(
                [line],
                "the dose is more than twice the largest on the label, or above 5,000 MME",
                "Is the unit right? It stands as the higher reading until it is corrected (C11).",
            )
    for lines in medicines.list.repeated:
        counted = "Every dose is counted" if all(line.dose for line in lines) else "They are counted"
        yield _question(
            list(lines),
            "the same medicine, strength and route",
            f"One medicine or {len(lines)}? {counted} until then, as the higher reading.",
        )
    if medicines.allergies is None:
        yield _question([], "nobody asked for allergies", "Are there any?")


def _question(lines: list[Line], finding: str, ask: str) -> dict[str, Any]:
    return {"lines": numbers(lines), "finding": finding, "ask": ask}
