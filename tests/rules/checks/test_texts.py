"""A text names only what is known where it is shown; anything else is found at the placeholder."""

from __future__ import annotations

import pytest

from careplan.rules.checks.texts import texts
from tests.rules.written import found, rule

MAY_BE_UNKNOWN = "may be unknown where the rule fires; move it to a part that asks for it"


@pytest.mark.parametrize(
    ("fields", "place", "code", "message"),
    [
        (
            {"clinician": "The ISI is {isi.totl}."},
            "12:27",
            "fact",
            "WLK-01 clinician: there is no fact 'isi.totl'; did you mean 'isi.total'?",
        ),
        (
            {"clinician": "The PHQ is {phq9.total}."},
            "12:27",
            "not_read",
            "WLK-01 clinician: {phq9.total} is not read by the rule, and may be unknown there; read it or require it",
        ),
        (
            {"when": "isi.total >= 15 or phq9.total > 9", "clinician": "The PHQ is {phq9.total}."},
            "12:27",
            "may_be_unknown",
            f"WLK-01 clinician: {{phq9.total}} {MAY_BE_UNKNOWN}",
        ),
        (
            {"parts": "[{text: 'The PHQ is {phq9.total}.', when: phq9.total is null}]"},
            "15:32",
            "may_be_unknown",
            f"WLK-01 part 0: {{phq9.total}} {MAY_BE_UNKNOWN}",
        ),
    ],
)
def test_a_placeholder_that_may_have_no_value(fields: dict[str, str], place: str, code: str, message: str) -> None:
    assert found(texts, rule(**fields)) == [(place, code, message)]


@pytest.mark.parametrize(
    "fields",
    [
        {"clinician": "The ISI is {isi.total}."},
        {"clinician": "The PHQ is {phq9.total}.", "requires_known": "[phq9.total]"},
        {"parts": "[{text: 'The PHQ is {phq9.total}.', when: phq9.total > 9}]"},
        {"when": "isi.total + phq9.total > 30", "clinician": "Braces {} and { too } are no placeholders."},
    ],
)
def test_a_placeholder_that_has_a_value_is_left_alone(fields: dict[str, str]) -> None:
    assert found(texts, rule(**fields)) == []
