"""A blank intake asks everything and answers nothing: filled in it is read, and as it is it says what is missing."""

from __future__ import annotations

import json
import re
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.assessment import (
    Activity,
    Allergy,
    Assessment,
    CareTeamMember,
    Checklist,
    Clearance,
    Goal,
    Medication,
    Person,
)
from careplan.facts import derive_facts
from careplan.instruments import Instrument, builtin_instruments
from careplan.instruments.wording import Wording
from careplan.instruments.words import allowed
from careplan.intake.blank import blank_intake, core_instruments
from careplan.located import read as read_yaml
from careplan.vocabulary.formulary import builtin_formulary
from careplan.vocabulary.model import Vocabulary
from careplan.vocabulary.read import builtin_vocabulary
from tests.instruments.answers import given as answer_to
from tests.instruments.answers import within_form
from tests.intake.reading import BEGINNING, problems, read

VOCABULARY, INSTRUMENTS = builtin_vocabulary(), builtin_instruments()
EVERYTHING = blank_intake(INSTRUMENTS.values(), VOCABULARY)
CORE = ("peg", "fm2016", "phq9", "gad7", "isi", "pcs", "tsk11", "pseq", "pavs", "dsqpem")


def with_needed(blank: str) -> str:
    """A blank with the three answers without which there is no intake."""
    for key, value in {"id": "case-001", "date": "2026-03-02", "  birth_date": "1983-05-04"}.items():
        blank, count = re.subn(rf"^{key}: null", f"{key}: {value}", blank, flags=re.MULTILINE)
        assert count == 1
    return blank


def with_entries(blank: str) -> str:
    """A blank in which the entries that are shown took the place of the null above them."""
    blank = re.sub(r"^(\w+): null( +# .*\n)(?=#  - )", r"\1:\2", blank, flags=re.MULTILINE)
    return re.sub(r"^#(  (?:- |  )\"?\w+\"?:)", r"\1", blank, flags=re.MULTILINE)


def asking(*names: str, wordings: dict[str, Wording] | None = None) -> str:
    return blank_intake([INSTRUMENTS[name] for name in names], VOCABULARY, wordings)


def test_as_it_is_it_is_refused_with_what_is_missing() -> None:
    found = [re.sub(r"^case.yaml:\d+:\d+: ", "", each) for each in problems(EVERYTHING)]
    assert found == ["an intake needs 'date'", "an intake needs 'id'", "the person needs 'birth_date'"]


def test_with_what_is_needed_it_is_an_intake_in_which_nothing_was_asked() -> None:
    filled, least = read(with_needed(EVERYTHING)), read(BEGINNING)
    assert list(filled.answers) == list(INSTRUMENTS)
    assert attrs.evolve(filled, answers={}) == least
    told = [derive_facts(each, VOCABULARY, INSTRUMENTS, builtin_formulary(), {}) for each in (filled, least)]
    assert told[0] == told[1]


def test_every_item_is_asked_in_order_with_what_may_be_answered() -> None:
    tree = read_yaml(EVERYTHING, "blank.yaml").plain["answers"]
    assert {name: list(items) for name, items in tree.items()} == {
        name: [item.id for item in each.items] for name, each in INSTRUMENTS.items()
    }
    for instrument in INSTRUMENTS.values():
        lines = asking(instrument.id).splitlines()
        for item in instrument.items:
            (line,) = (each for each in lines if re.match(rf'    "?{item.id}"?: null ', each))
            assert allowed(item) in line
            assert " ".join((item.text or item.label).split()) in line


def test_meanings_of_answers_and_the_licence_stand_with_an_instrument() -> None:
    blank = asking("phq9", "isi", "fm2016")
    assert "  # 0 = Not at all; 1 = Several days; 2 = More than half the days; 3 = Nearly every day\n  phq9:" in blank
    assert "  # Free wording: Free (Pfizer; no permission required).\n" in blank
    assert "  # Labels, not the wording: Morin / Mapi licence.\n  isi:" in blank
    assert "jaw_l = left jaw;" in blank


def test_the_core_set_has_one_instrument_for_each_domain() -> None:
    assert core_instruments(VOCABULARY) == CORE
    rule = VOCABULARY["instruments.missing_core"].derive
    assert rule is not None
    assert len(CORE) == rule.text.count("then 1")


@pytest.mark.parametrize(
    "kind", [Assessment, Person, Checklist, Medication, Allergy, Goal, Activity, CareTeamMember, Clearance]
)
def test_every_field_of_an_intake_is_in_it(kind: type) -> None:
    fields = [each.name for each in attrs.fields(kind)]
    assert [name for name in fields if not re.search(rf'^[# -]*"?{name}"?:', EVERYTHING, re.MULTILINE)] == []


def test_every_measure_and_every_word_of_a_list_is_in_it() -> None:
    measures = [path.rpartition(".")[2] for path in VOCABULARY.measures if path.startswith("measures.")]
    assert [each for each in measures if f" {each}: null" not in EVERYTHING] == []
    words = [word for known in VOCABULARY.lists.values() for word in known]
    assert [each for each in words if f"  #   {each} " not in EVERYTHING] == []


def test_the_entries_that_are_shown_can_be_filled_in() -> None:
    shown = with_needed(with_entries(EVERYTHING))
    needed = {re.sub(r"^case.yaml:\d+:\d+: ", "", each) for each in problems(shown)}
    assert needed == {
        "a medicine needs 'name'",
        "an allergy needs 'substance'",
        "a goal needs 'text'",
        "an activity needs 'name'",
        "a member of the care team needs 'role'",
        *(f"a clearance needs '{key}'" for key in ("rule", "by", "role", "on", "reason")),
        *(f"an override needs '{key}'" for key in ("rule", "do", "by", "role", "on", "until", "reason")),
    }
    answers = {
        "name": "walking", "substance": "penicillin", "text": "Garden again", "role": "GP", "rule": "SAF-02",
        "by": "Dr Bell", '"on"': "2026-03-02", "until": "2026-06-02", "do": "decline",
    }  # fmt: skip
    for key, value in answers.items():
        shown = re.sub(rf"^(  [- ] {key}:) ", rf"\1 {value} ", shown, flags=re.MULTILINE)
    shown = re.sub(r"^(    reason:) +# what was found", r"\1 Seen today # ", shown, flags=re.MULTILINE)
    shown = re.sub(r"^(    reason:) +# \{code", r"\1 {code: other, text: Not now} # ", shown, flags=re.MULTILINE)
    filled = read(shown)
    assert filled.medications == (Medication("walking"),)
    assert filled.allergies == (Allergy("penicillin"),)
    assert filled.goals == (Goal("Garden again"),)
    assert filled.activities == (Activity("walking"),)
    assert [each.role for each in filled.care_team] == ["GP"]
    assert [(each.rule, each.reason) for each in filled.cleared] == [("SAF-02", "Seen today")]
    assert [(each.rule, each.do, each.code) for each in filled.overrides] == [("SAF-02", "decline", "other")]


@st.composite
def answered(draw: st.DrawFn) -> tuple[Instrument, dict[str, Any]]:
    instrument = draw(st.sampled_from(list(INSTRUMENTS.values())))
    answers = [draw(st.none() | answer_to(each)) for each in instrument.items]
    if instrument.forms:
        answers = within_form(instrument, answers)
    return instrument, dict(zip((each.id for each in instrument.items), answers, strict=True))


@settings(deadline=None, max_examples=60)
@given(answered())
def test_answers_that_take_the_place_of_null_are_read_as_they_are(filled: tuple[Instrument, dict[str, Any]]) -> None:
    instrument, answers = filled
    blank = with_needed(asking(instrument.id))
    for item, answer in answers.items():
        before, key, after = re.split(rf'^(    "?{item}"?:) null ', blank, flags=re.MULTILINE)
        blank = f"{before}{key} {json.dumps(answer)} {after}"
    assert read(blank).answers == {instrument.id: answers}


@settings(deadline=None, max_examples=100)
@given(st.text(), st.text(), st.text())
def test_no_wording_can_answer_for_the_person(text: str, stem: str, answer: str) -> None:
    wording = Wording(
        instrument="pseq2",
        items={"i1": f"{text}\n    i1: 3", "i2": text},
        licence=stem,
        language="en",
        origin="ours.yaml",
        stem=f"{stem}\n  pseq2: [1, 1]",
        answers={"i1": {"0": answer}, "i2": {"0": f"{answer}\n    i2: 6"}},
    )
    blank = asking("pseq2", wordings={"pseq2": wording})
    keys = [
        each
        for each in re.split(r"[\n\r\x85\u2028\u2029]", blank)
        if not each.lstrip().startswith("#") and each.strip()
    ]
    plain = [each for each in asking("pseq2").splitlines() if not each.lstrip().startswith("#") and each.strip()]
    assert [each.partition("#")[0].rstrip() for each in keys] == [each.partition("#")[0].rstrip() for each in plain]


def test_no_meaning_of_a_fact_can_answer_for_the_person() -> None:
    facts = {name: attrs.evolve(each, meaning=f"{each.meaning}\nid: x") for name, each in VOCABULARY.facts.items()}
    assert "\nid: x" not in blank_intake([INSTRUMENTS["pseq2"]], Vocabulary(facts))


def test_a_services_own_wording_is_asked_and_says_where_it_comes_from() -> None:
    wording = Wording(
        "pseq2",
        {"i1": "First made-up question", "i2": "Second made-up question"},
        "Agreed with the author",
        "en-GB",
        "/srv/wording/pseq2.yaml",
        answers={"i1": {"0": "no", "6": "yes"}},
    )
    blank = asking("pseq2", wordings={"pseq2": wording})
    assert "  # Wording (en-GB) from /srv/wording/pseq2.yaml: Agreed with the author\n" in blank
    assert "    i1: null  # First made-up question (0 to 6)\n      # 0 = no; 6 = yes\n    i2: null  # Second" in blank
