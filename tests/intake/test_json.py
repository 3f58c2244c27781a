"""JSON is read by the YAML reader; what the two write differently comes out the same."""

from __future__ import annotations

import json
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careplan.errors import CareplanError, IntakeError, Location
from careplan.located import read as read_located
from tests.intake.reading import TODAY, problems, read

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('\u2028\u0085😀\\"')).map(
    lambda text: normalize("NFC", text)
)
KEYS = TEXTS.filter(lambda text: len(text) < 80)  # libyaml reads keys of up to 1,024 bytes, escapes included
WHOLE: dict[str, Any] = {
    "careplan": "intake/1",
    "id": "case-001",
    "date": "2026-03-02",
    "person": {"birth_date": "1983-05-04"},
}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('"caf\\u00e9"', "café"),
        ('"cafe\\u0301"', "café"),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\uD83D\\uDE00\\ud83d\\udc4d\\ud83c\\udffd"', "😀👍🏽"),
        ('"😀 \\ud83d\\ude00"', "😀 😀"),
        ('"\ue000 \\ud83d\\ude00"', "\ue000 😀"),
        ('"a \\\\ud83d b"', "a \\ud83d b"),
        ('"a\\/b \\"c\\" \\\\ \\n d"', 'a/b "c" \\ \n d'),
    ],
)
def test_json_escapes_mean_what_json_says(written: str, text: str) -> None:
    whole = json.dumps(WHOLE)[:-1]
    assert read(f'{whole}, "matters_most": {written}}}').matters_most == text


@given(
    st.dictionaries(TEXTS.filter(lambda text: len(text) < 80), TEXTS, max_size=3),
    st.booleans(),
    st.sampled_from([None, 1, "\t"]),
)
@settings(deadline=None)
def test_json_is_read_as_json_reads_it(texts: dict[str, str], escaped: bool, indent: int | str | None) -> None:
    content = json.dumps(texts, ensure_ascii=escaped, indent=indent)
    assert read_located(content, "case.json").plain == texts


def test_an_escape_in_halves_moves_no_column() -> None:
    node = read_located('{"a": "\\ud83d\\ude00", "b": 7}', "case.json")
    assert node.value["b"].location == Location("case.json", 1, 28)


def test_half_an_escape_is_refused() -> None:
    with pytest.raises(CareplanError, match=r"case\.json:1:\d+: not readable as YAML: found invalid Unicode"):
        read_located('{"a": "\\ud83d"}', "case.json")


def test_tabs_indent_json() -> None:
    assert read(json.dumps(WHOLE, indent="\t")) == read(json.dumps(WHOLE))


def test_a_problem_in_json_has_its_place() -> None:
    content = json.dumps(WHOLE | {"measures": {"fatigue": 11}}, indent=1)
    assert problems(content) == [
        "case.yaml:9:14: 'fatigue' should be a number from 0 to 10 (0-10), not 11",
    ]


def test_json_that_is_not_a_number_is_refused() -> None:
    content = json.dumps(WHOLE | {"measures": {"fatigue": float("nan")}})
    assert problems(content) == [
        "case.yaml:1:130: 'fatigue' should be a number from 0 to 10 (0-10), not the text 'NaN'"
    ]


def test_a_file_of_one_mebibyte_is_read() -> None:
    note = json.dumps(WHOLE)
    padded = note + " " * (1024 * 1024 - len(note))
    assert read(padded).id == "case-001"
    with pytest.raises(IntakeError, match="the file is larger than 1 MiB"):
        read(padded + " ", on=TODAY)
