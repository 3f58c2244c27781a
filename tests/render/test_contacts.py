"""Whom people call is data by country, each line with its source and the day it was checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from careplan.errors import VocabularyError
from careplan.vocabulary.contacts import builtin_contacts, contacts_for, read_contacts


@pytest.mark.parametrize(
    ("country", "emergency", "crisis"),
    [
        ("GB", "999", "116 123"),
        ("US", "911", "988"),
        ("IE", "112 or 999", "116 123"),
        ("CA", "911", "988"),
        ("AU", "000", "13 11 14"),
        ("NZ", "111", "1737"),
    ],
)
def test_a_known_country_has_its_emergency_number_and_a_crisis_line(country: str, emergency: str, crisis: str) -> None:
    contacts = contacts_for(country)
    assert contacts.emergency
    assert contacts.emergency.call == emergency
    assert crisis in {line.call for line in contacts.crisis}


def test_every_line_says_who_publishes_it_and_when_it_was_checked() -> None:
    for contacts in builtin_contacts().values():
        assert contacts.emergency
        for line in (contacts.emergency, *contacts.crisis, *contacts.advice):
            assert line.source
            assert line.checked >= date(2026, 1, 1)


@pytest.mark.parametrize("country", ["FR", "", None])
def test_an_unknown_country_has_no_number_that_could_be_wrong(country: str | None) -> None:
    contacts = contacts_for(country)
    assert (contacts.emergency, contacts.crisis, contacts.advice) == (None, (), ())


def test_every_mistake_in_a_contacts_file_is_named_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "contacts.yaml"
    file.write_text(
        "contacts:\n"
        "  - country: XX\n"
        "    name: Nowhere\n"
        "    emergency: {name: Police, call: 112, source: State, checked: 2026-11-25}\n"
        "    crisis:\n"
        "      - {name: Line, source: Us, checked: yesterday, calls: '1'}\n"
        "  - {country: XX, name: Again, crisis: []}\n"
    )
    with pytest.raises(VocabularyError) as error:
        read_contacts(file)
    found = [str(each).removeprefix(f"{file}:") for each in error.value.problems]
    wanted = [
        "4:37: 'call' should be text",
        "4:16: a line needs 'call' or 'text'",
        "6:43: 'checked' should be a date",
        "6:9: a line needs 'call' or 'text'",
        "6:54: a line has no 'calls'; did you mean 'call'?",
        "7:5: the contacts of a country needs 'emergency'",
        "7:15: the country 'XX' stands twice",
    ]
    assert [text for text, begins in zip(found, wanted, strict=True) if not text.startswith(begins)] == []
