"""Overrides are read whole, from an intake or a file of their own, and every misfit is named with its place."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from careplan.assessment import Override
from careplan.errors import IntakeError, Location, VocabularyError
from careplan.intake import OverrideFile, read_override_file, with_overrides
from careplan.vocabulary.override_reasons import override_reasons, read_override_reasons
from tests.intake.reading import BEGINNING, added, problems_with, read

WHO = "by: Dr Ola Example, role: GP, on: 2026-03-02, until: 2026-06-01"
REASON = "reason: {code: already_tried, text: Tried it for three months.}"
FILE = "careplan: overrides/1\ncase: case-001\noverrides:\n"


def line(fields: str) -> str:
    """An override in one line of an intake; its fields begin in column 6."""
    return f"  - {{{fields}}}\n"


def wrong(fields: str) -> list[tuple[str, str]]:
    """What is wrong with the one override of an intake: the text that stands at each place, and the message."""
    written = line(fields)
    found = []
    for problem in problems_with("overrides:\n" + written):
        place, message = problem.removeprefix("case.yaml:6:").split(": ", 1)
        found.append((re.split("[,}:] ?", written[int(place) - 1 :])[0], message))
    return found


def test_a_decline_says_what_who_when_and_why() -> None:
    assessment = added("overrides:\n" + line(f"rule: SLP-03, do: decline, {WHO}, {REASON}"))
    assert assessment.overrides == (
        Override(
            rule="SLP-03",
            do="decline",
            by="Dr Ola Example",
            role="GP",
            on=date(2026, 3, 2),
            until=date(2026, 6, 1),
            code="already_tried",
            reason="Tried it for three months.",
        ),
    )
    assert assessment.overrides[0].location == Location("case.yaml", 6, 12)


def test_a_change_has_new_texts() -> None:
    (found,) = added(
        "overrides:\n" + line(f"rule: SLP-01, do: change, {WHO}, {REASON}, patient: Up at seven.")
    ).overrides
    assert (found.do, found.title, found.patient, found.clinician) == ("change", None, "Up at seven.", None)


def test_a_recommendation_of_ones_own_says_where_it_stands_and_what_rules_must_know_it_by() -> None:
    own = "title: Chair class, patient: Go., modality: exercise, kind: referral, tags: [flex], helps: [activity]"
    (found,) = added("overrides:\n" + line(f"rule: ADD-01, do: add, {WHO}, {REASON}, {own}")).overrides
    assert (found.modality, found.kind, found.tags, found.helps) == ("exercise", "referral", ("flex",), ("activity",))


def test_an_intake_without_overrides_has_none() -> None:
    assert added("").overrides == ()


def test_everything_that_is_missing_is_named_at_once() -> None:
    assert wrong("rule: SLP-03") == [
        ("{rule", f"an override needs {key!r}") for key in ("do", "reason", "by", "role", "on", "until")
    ]
    assert wrong(f"rule: SLP-03, do: decline, {WHO}, reason: {{note: No}}") == [
        ("{note", "the reason of an override needs 'code'"),
        ("{note", "the reason of an override needs 'text'"),
        ("note", "the reason of an override has no 'note'"),
    ]
    assert wrong(f"rule: SLP-03, do: decline, {WHO}, reason: {{}}") == [
        ("{", "the reason of an override needs 'code'"),
        ("{", "the reason of an override needs 'text'"),
    ]


CODES = ", ".join(override_reasons())
IS_A_RULE = "has no place here: SLP-03 is a rule; a recommendation of your own is called ADD-01"
MISFITS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a decision that is none": (
        f"rule: SLP-03, do: declin, {WHO}, {REASON}",
        [("declin", "'do' cannot be the text 'declin'; did you mean 'decline'?")],
    ),
    "a code that is nearly one": (
        f"rule: SLP-03, do: decline, {WHO}, reason: {{code: patients_choice, text: No.}}",
        [("patients_choice", "there is no reason 'patients_choice'; did you mean 'patient_choice'?")],
    ),
    "a code and no words": (
        f"rule: SLP-03, do: decline, {WHO}, reason: {{code: because, text: ' '}}",
        [
            ("because", f"there is no reason 'because'; the codes are {CODES}"),
            ("' '", "the reason of an override needs 'text', and it is blank"),
        ],
    ),
    "a code alone": (
        f"rule: SLP-03, do: decline, {WHO}, reason: harm",
        [("harm", "'reason' should be a mapping")],
    ),
    "a decline with a text": (
        f"rule: SLP-03, do: decline, {WHO}, {REASON}, patient: Not now.",
        [("Not now.", "SLP-03 is declined, so 'patient' has no place here")],
    ),
    "a change without a text": (
        f"rule: SLP-03, do: change, {WHO}, {REASON}",
        [("{rule", "SLP-03 is changed, and no new text is given: write title, patient, clinician")],
    ),
    "words of one's own without words": (
        f"rule: ADD-01, do: add, {WHO}, {REASON}",
        [
            ("{rule", "ADD-01 is a recommendation of your own and needs 'title'"),
            ("{rule", "ADD-01 is a recommendation of your own and needs 'modality'"),
            ("{rule", "ADD-01 says nothing: write 'patient', 'clinician' or both"),
        ],
    ),
    "words of one's own declined": (
        f"rule: ADD-01, do: decline, {WHO}, {REASON}",
        [("decline", "ADD-01 is a recommendation of your own: add it, or leave it out")],
    ),
    "a rule in another modality": (
        f"rule: SLP-03, do: add, {WHO}, {REASON}, modality: exercise, tags: [flex]",
        [("exercise", f"'modality' {IS_A_RULE}"), ("[flex]", f"'tags' {IS_A_RULE}")],
    ),
    "an end before the beginning": (
        f"rule: SLP-03, do: decline, by: A, role: B, on: 2026-03-02, until: 2026-03-01, {REASON}",
        [("2026-03-01", "SLP-03 holds until 2026-03-01, before it was decided on 2026-03-02")],
    ),
    "a key that is nearly one": (
        f"rule: SLP-03, do: decline, {WHO}, {REASON}, untill: 2026-06-02",
        [("untill", "an override has no 'untill'; did you mean 'until'?")],
    ),
}


@pytest.mark.parametrize("misfit", MISFITS)
def test_what_does_not_fit_is_refused_with_its_place(misfit: str) -> None:
    fields, said = MISFITS[misfit]
    assert wrong(fields) == said


def test_a_file_of_overrides_names_its_case() -> None:
    content = FILE + line(f"rule: SLP-03, do: decline, {WHO}, {REASON}")
    file = read_override_file(content.encode(), name="o.yaml")
    assert file.case == "case-001"
    assert with_overrides(read(BEGINNING), file).overrides == file.overrides


def test_overrides_of_a_file_come_after_those_of_the_intake() -> None:
    intake = added("overrides:\n" + line(f"rule: SLP-01, do: decline, {WHO}, {REASON}"))
    file = read_override_file((FILE + line(f"rule: SLP-03, do: decline, {WHO}, {REASON}")).encode(), name="o.yaml")
    assert [each.rule for each in with_overrides(intake, file).overrides] == ["SLP-01", "SLP-03"]


def test_overrides_for_somebody_else_are_never_added() -> None:
    file = OverrideFile("case-002", (), Location("o.yaml", 2, 7))
    with pytest.raises(IntakeError, match="o.yaml:2:7: these overrides are for the case 'case-002', not 'case-001'"):
        with_overrides(read(BEGINNING), file)


BEGUN = "careplan: overrides/1\ncase: a\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]", "1:1: a file of overrides is a mapping that begins with 'careplan: overrides/1'"),
        (
            BEGUN.replace("overrides/1", "intake/1") + "overrides: []",
            "1:11: 'careplan' is 'intake/1'; a file of overrides is 'overrides/1'",
        ),
        ("careplan: overrides/1\noverrides: []", "1:1: a file of overrides needs 'case'"),
        (BEGUN, "1:1: a file of overrides needs 'overrides'"),
        (BEGUN + "overrides: {}", "3:12: 'overrides' should be a list"),
        (BEGUN + "overrides: []\ncleared: []", "4:1: a file of overrides has no 'cleared'"),
    ],
)
def test_a_file_that_is_no_file_of_overrides_is_refused(content: str, said: str) -> None:
    with pytest.raises(IntakeError) as refused:
        read_override_file(content.encode(), name="o.yaml")
    assert [str(each) for each in refused.value.problems] == [f"o.yaml:{said}"]


def test_every_reason_says_what_it_means_and_when_to_choose_it() -> None:
    for code, reason in override_reasons().items():
        assert reason.code == code
        assert reason.meaning[0].isupper()
        assert reason.when.endswith(".")
    assert {"patient_choice", "already_tried", "not_available", "harm", "other"} <= set(override_reasons())


def test_a_file_of_reasons_with_a_code_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "reasons.yaml"
    file.write_text("reasons:\n" + "  - {code: a, meaning: A, when: B., why: c}\n" * 2)
    with pytest.raises(VocabularyError) as refused:
        read_override_reasons(file)
    assert [str(each).removeprefix(f"{file}:") for each in refused.value.problems] == [
        "2:37: a reason has no 'why'",
        "3:12: the reason 'a' stands twice",
        "3:37: a reason has no 'why'",
    ]
