"""A file of facts, as ``careplan evaluate`` takes it → the values in it, typed and in range, and what stands beside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import frozen

from careplan.assessment import Clearance, Goal
from careplan.errors import IntakeError, Problem, nearest
from careplan.fields import Fields
from careplan.intake.care import read_cleared
from careplan.intake.goals import read_goals
from careplan.intake.limits import refuse_excess
from careplan.intake.typed import checked, line
from careplan.located import read
from careplan.vocabulary.model import Value, Vocabulary


@frozen
class FactFile:
    """Facts given directly: no questionnaire is scored and no assumption is made."""

    on: date
    facts: Mapping[str, Value]
    case: str | None = None
    goals: tuple[Goal, ...] = ()
    cleared: tuple[Clearance, ...] = ()


def read_facts(content: bytes, *, name: str, vocabulary: Vocabulary) -> FactFile:
    """The facts in a file called ``name``; raises IntakeError with every problem in it, each with its place.

    A fact that is null is unknown.
    """
    noted: list[Problem] = []
    root = read(content, name, IntakeError, noted)
    if not isinstance(root.value, dict):
        raise IntakeError("a file of facts is a mapping with 'on' and 'facts'", root.location)
    refuse_excess(root, noted, entries=len(vocabulary))
    fields = Fields(root, noted, "a file of facts")
    on = fields.day("on")
    found = FactFile(
        on=on or date.min,
        facts=_facts(fields, vocabulary),
        case=line(fields, "case"),
        goals=read_goals(fields) or (),
        cleared=read_cleared(fields, on, date.max),
    )
    fields.close()
    if fields.problems:
        raise IntakeError(sorted(fields.problems, key=lambda each: each.location or root.location))
    return found


def _facts(top: Fields, vocabulary: Vocabulary) -> dict[str, Value]:
    top.get("facts", required=True)
    fields = top.mapping("facts", "facts")
    found: dict[str, Value] = {}
    for name, place in fields.node.keys.items():
        if name not in vocabulary:
            fields.report(f"there is no fact {name!r}{nearest(name, vocabulary.facts)}", place, "unknown_fact")
            continue
        node = fields.get(name)
        value = checked(fields, name, node, vocabulary[name]) if node is not None else None
        if value is not None:
            found[name] = value
    return found
