"""What was gone through as a list: diagnoses, red flags and findings, present or denied, and how much was asked."""

from __future__ import annotations

from collections.abc import Mapping

from careplan.assessment import Checklist
from careplan.errors import nearest
from careplan.fields import Fields
from careplan.intake.typed import prose
from careplan.located import Node
from careplan.vocabulary.model import FactDefinition, Listed, Vocabulary

CODED = ("system", "code", "display")
OTHER = "other"
"""The word for what a list does not name; a text says what it is."""


def read_checklist(top: Fields, name: Listed, vocabulary: Vocabulary) -> Checklist:
    """One of the lists; problems are noted for ids it does not have, stand twice, or are both present and denied."""
    fields = top.mapping(name, name)
    known = vocabulary.lists[name]
    present = _words(fields, "present", name, known)
    denied = _words(fields, "denied", name, known)
    for found in present:
        if found in denied:
            fields.report(f"{found!r} is both present and denied", denied[found].location, "contradiction")
    checklist = Checklist(
        present=tuple(present),
        denied=tuple(denied),
        reviewed=_reviewed(fields, name, known),
        other_text=_other(fields, present) if OTHER in known else None,
    )
    fields.close()
    return checklist


def _words(fields: Fields, key: str, name: Listed, known: Mapping[str, FactDefinition]) -> dict[str, Node]:
    """The known ids in a list, each with its node."""
    found: dict[str, Node] = {}
    for item in fields.items(key):
        if name == "diagnoses" and isinstance(item.value, dict):
            _refuse_code(Fields(item, fields.problems, "a coded diagnosis"), known)
        elif not isinstance(item.value, str):
            fields.report(f"{key!r} should list ids, not {item.shown}", item.location, "type")
        elif item.value not in known:
            message = f"{name} has no {item.value!r}{nearest(item.value, known)}"
            fields.report(message, item.location, "unknown_id")
        elif item.value in found:
            fields.report(f"{item.value!r} stands twice in {key!r}", item.location, "duplicate")
        else:
            found[item.value] = item
    return found


def _refuse_code(fields: Fields, known: Mapping[str, FactDefinition]) -> None:
    """The vocabulary knows its diagnoses by id alone, and to guess one from a code would be unsafe."""
    written = {key: fields.text(key, required=key == "code") for key in CODED}
    names = {each.meaning.casefold(): word for word, each in known.items()} | {word: word for word in known}
    display = (written["display"] or "").casefold()
    close = nearest(display, names) if display else ""
    for meaning, word in names.items():
        close = close.replace(repr(meaning), repr(word)) if word != meaning else close
    code = " ".join(written[key] or "" for key in ("system", "code")).strip()
    message = f"the diagnosis {code} is mapped to no id; write an id of the vocabulary in its place{close}"
    fields.report(message, code="unknown_id")
    fields.close()


def _reviewed(fields: Fields, name: Listed, known: Mapping[str, FactDefinition]) -> bool | tuple[str, ...]:
    node = fields.get("reviewed")
    if node is None or isinstance(node.value, bool):
        return node is not None and node.value
    if name != "findings" or not isinstance(node.value, tuple):
        also = ", or a list of groups" if name == "findings" else ""
        fields.report(f"'reviewed' should be true or false{also}, not {node.shown}", node.location, "type")
        return False
    groups = {each.group: None for each in known.values()}
    reviewed: dict[str, None] = {}
    for item in node.value:
        if not isinstance(item.value, str):
            fields.report(f"'reviewed' should list groups, not {item.shown}", item.location, "type")
        elif item.value not in groups:
            hint = nearest(item.value, groups) or f"; the groups are {', '.join(groups)}"
            fields.report(f"{name} has no group {item.value!r}{hint}", item.location, "unknown_id")
        elif item.value in reviewed:
            fields.report(f"{item.value!r} stands twice in 'reviewed'", item.location, "duplicate")
        else:
            reviewed[item.value] = None
    return tuple(reviewed)


def _other(fields: Fields, present: Mapping[str, Node]) -> str | None:
    found = prose(fields, "other_text")
    if found is not None and OTHER not in present:
        message = f"'other_text' says what {OTHER!r} is, and {OTHER!r} is not listed as present"
        fields.report(message, fields.place("other_text"), "contradiction")
    return found
