"""The fields of an intake → values of the type, range and form they should have; nothing is coerced or clamped."""

from __future__ import annotations

from datetime import date
from typing import Any

from careplan.cql import Type
from careplan.errors import nearest
from careplan.fields import Fields
from careplan.intake.limits import LONGEST_LINE
from careplan.located import Node
from careplan.vocabulary.model import FactDefinition, Value


def number(low: float, high: float, unit: str | None = None, *, whole: bool = False) -> FactDefinition:
    """What a number of the intake that is no fact by itself may be."""
    kind = Type.INTEGER if whole else Type.DECIMAL
    return FactDefinition(id="", type=kind, meaning="", group="", unit=unit, range=(low, high))


def value(fields: Fields, key: str, definition: FactDefinition) -> Value | None:
    """The value of a field as its definition wants it; None where it is absent."""
    node = fields.get(key)
    return None if node is None else checked(fields, key, node, definition)


def checked(fields: Fields, called: str, node: Node, definition: FactDefinition) -> Value | None:
    """The value of a node as its definition wants it; None, and a problem, where it is another."""
    try:
        return definition.checked(node.value)
    except ValueError:
        hint = nearest(node.value, definition.values or ()) if isinstance(node.value, str) else ""
        message = f"{called!r} should be {definition.allowed}, not {node.shown}{hint}"
        fields.report(message, node.location, _code(node.value, definition.type))
        return None


def decimal(fields: Fields, key: str, definition: FactDefinition) -> float | None:
    """The number in a field; None where it is absent."""
    found = value(fields, key, definition)
    return None if found is None else float(found)


def truth(fields: Fields, key: str) -> bool | None:
    """true or false; None where it is absent, which is not "no"."""
    return fields.truth(key) if fields.get(key) is not None else None


def word(fields: Fields, key: str, definition: FactDefinition) -> Any:
    """One of the words a fact may have; None where it is absent."""
    return value(fields, key, definition)


def prose(fields: Fields, key: str, *, required: bool = False) -> str | None:
    """A text of several lines; None where it is absent or blank."""
    found = fields.text(key, required=required)
    if found == "" and required:
        fields.report(f"{fields.what} needs {key!r}, and it is blank", fields.place(key), "missing")
    return found or None


def line(fields: Fields, key: str, *, required: bool = False) -> str | None:
    """A text of one line; None where it is absent or blank."""
    found = prose(fields, key, required=required)
    return None if found is None else one_line(fields, key, Node(found, fields.place(key)))


def one_line(fields: Fields, called: str, node: Node) -> str | None:
    """The text of a node, if it is one line."""
    if not isinstance(node.value, str):
        fields.report(f"{called!r} should be text, not {node.shown}; use quotation marks", node.location, "type")
        return None
    if len(node.value) > LONGEST_LINE:
        message = f"{called!r} has {len(node.value):,} characters; at most {LONGEST_LINE} are read"
        fields.report(message, node.location, "too_long")
        return None
    if node.value.splitlines() not in ([], [node.value]) or "\t" in node.value:
        fields.report(f"{called!r} should be one line, without tabs", node.location, "lines")
        return None
    return node.value.strip() or None


def lines(fields: Fields, key: str) -> tuple[str, ...]:
    """A list of texts of one line each."""
    found = (one_line(fields, key, item) for item in fields.items(key))
    return tuple(text for text in found if text is not None)


def choice(fields: Fields, key: str, choices: tuple[str, ...]) -> Any:
    """One of a few words; None where it is absent or another."""
    node = fields.get(key)
    if node is None or node.value in choices:
        return None if node is None else node.value
    hint = nearest(node.value, choices) if isinstance(node.value, str) else ""
    known = f"; it may be {', '.join(choices)}"
    fields.report(f"{key!r} cannot be {node.shown}{hint or known}", node.location, "unknown_word")
    return None


def past(fields: Fields, key: str, today: date | None, *, required: bool = False) -> date | None:
    """A date no later than the day of the assessment."""
    found = fields.day(key, required=required)
    if found is not None and today is not None and found > today:
        fields.report(f"{key!r} is {found}, after the assessment on {today}", fields.place(key), "date")
        return None
    return found


def _code(found: Any, wanted: Type) -> str:
    counts = isinstance(found, int | float) and not isinstance(found, bool)
    if wanted.numeric and counts:
        return "not_integer" if wanted == Type.INTEGER and isinstance(found, float) else "out_of_range"
    return "unknown_word" if wanted == Type.STRING and isinstance(found, str) else "type"
