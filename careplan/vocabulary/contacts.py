"""A country → whom its people call in an emergency, in a crisis, and for advice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import frozen

from careplan.errors import Problem, VocabularyError
from careplan.fields import Fields
from careplan.located import read


@frozen
class Line:
    """A line to call or to text: who answers, where and when; ``source`` publishes the number, ``checked`` says when.

    ``choose`` is what to pick in a menu; ``word`` is the text message to send, any when None.
    """

    name: str
    source: str
    checked: date
    call: str | None = None
    choose: str | None = None
    text: str | None = None
    word: str | None = None
    where: str | None = None
    hours: str | None = None


@frozen
class Contacts:
    """The lines of one country; without ``emergency`` the country is not known."""

    country: str | None = None
    name: str | None = None
    emergency: Line | None = None
    crisis: tuple[Line, ...] = ()
    advice: tuple[Line, ...] = ()


def read_contacts(file: Traversable | Path) -> dict[str, Contacts]:
    """The contacts in a file, by country code; raises VocabularyError with every problem in it."""
    root = read(file.read_bytes(), str(file), VocabularyError)
    problems: list[Problem] = []
    found: dict[str, Contacts] = {}
    top = Fields(root, problems, "the contacts file")
    for fields in top.mappings("contacts", "the contacts of a country", required=True):
        country = fields.text("country", required=True) or ""
        emergency = fields.mapping("emergency", "a line")
        contacts = Contacts(
            country,
            fields.text("name", required=True),
            _line(emergency) if fields.get("emergency", required=True) else None,
            tuple(_line(each) for each in fields.mappings("crisis", "a line", required=True)),
            tuple(_line(each) for each in fields.mappings("advice", "a line")),
        )
        if country in found:
            fields.report(f"the country {country!r} stands twice", fields.place("country"), "duplicate")
        fields.close()
        found[country] = contacts
    top.close()
    if problems:
        raise VocabularyError(problems)
    return found


def _line(fields: Fields) -> Line:
    text = fields.mapping("text", "text")
    line = Line(
        name=fields.text("name", required=True) or "",
        source=fields.text("source", required=True) or "",
        checked=fields.day("checked") or date.min,
        call=fields.text("call"),
        choose=fields.text("choose"),
        text=text.text("to", required=fields.get("text") is not None),
        word=text.text("word"),
        where=fields.text("where"),
        hours=fields.text("hours"),
    )
    if line.call is None and line.text is None:
        fields.report("a line needs 'call' or 'text'", code="missing")
    text.close()
    fields.close()
    return line


@cache
def builtin_contacts() -> Mapping[str, Contacts]:
    """The contacts that ship with careplan, by country code."""
    return read_contacts(files("careplan.vocabulary") / "contacts.yaml")


def contacts_for(country: str | None, known: Mapping[str, Contacts] | None = None) -> Contacts:
    """The contacts of a country; without any line where the country is not known."""
    known = builtin_contacts() if known is None else known
    return known.get(country or "", Contacts(country))
