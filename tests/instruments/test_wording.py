"""A service's own wording is taken only where it fits the definition; what does not fit is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from careplan.errors import InstrumentError
from careplan.instruments import builtin_instruments
from careplan.instruments.wording import Wording, definition_wording, read_wording, read_wordings

PSEQ2 = """\
instrument: pseq2
licence: Agreed with the author for this clinic
language: en-GB
stem: How sure are you now?
items:
  i1: First made-up question
  i2:
    text: >
      Second made-up
      question
    answers: {0: not at all, 6: wholly}
each_item:
  answers: {0: no, 6: yes}
"""


def written(folder: Path, text: str, name: str = "wording.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def read(folder: Path, text: str) -> Wording:
    return read_wording(written(folder, text), builtin_instruments())


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(InstrumentError) as refused:
        read(folder, text)
    return [str(each).removeprefix(f"{folder}/wording.yaml:") for each in refused.value.problems]


def test_a_wording_holds_what_the_file_says(tmp_path: Path) -> None:
    assert read(tmp_path, PSEQ2) == Wording(
        instrument="pseq2",
        items={"i1": "First made-up question", "i2": "Second made-up question"},
        licence="Agreed with the author for this clinic",
        language="en-GB",
        origin=str(tmp_path / "wording.yaml"),
        stem="How sure are you now?",
        answers={"i1": {"0": "no", "6": "yes"}, "i2": {"0": "not at all", "6": "wholly"}},
    )


def test_answers_of_all_items_are_for_those_that_are_chosen_from(tmp_path: Path) -> None:
    items = "".join(f'  "{each}": Question\n' for each in builtin_instruments()["psqi"].item)
    wording = read(
        tmp_path,
        f"instrument: psqi\nlicence: L\nlanguage: en\nitems:\n{items}each_item: {{answers: {{0: never}}}}\n",
    )
    assert "5a" in wording.answers
    assert {"1", "2", "3", "4"} & wording.answers.keys() == set()


def test_yes_and_no_may_have_words(tmp_path: Path) -> None:
    items = ", ".join(f"{each}: Question" for each in builtin_instruments()["dn4i"].item)
    shared = "each_item: {answers: {true: Oui, false: Non}}"
    wording = read(tmp_path, f"instrument: dn4i\nlicence: L\nlanguage: en\nitems: {{{items}}}\n{shared}\n")
    assert wording.answers["i1"] == {"true": "Oui", "false": "Non"}


FIRST = "First made-up question"
SHARED = "{0: no, 6: yes}"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("pseq2", "pseq3", ["1:13: there is no instrument 'pseq3'; did you mean 'pseq'?"]),
        ("instrument: pseq2\n", "", ["1:1: a wording needs 'instrument'"]),
        (
            "  i1: First",
            "  i3: First",
            [
                "6:3: pseq2 has no item 'i3'; its items are i1, i2",
                "6:3: the wording of item i1 (doing some work) is missing",
            ],
        ),
        (FIRST, "null", ["6:3: the wording of item i1 (doing some work) is missing"]),
        (FIRST, "3", ["6:7: this should be text, not 3; use quotation marks"]),
        (FIRST, "' '", ["6:7: this text is blank"]),
        (FIRST, r'"a\u0007b"', ["6:7: the control character U+0007 stands in this text; remove it"]),
        (SHARED, "{0: no, 7: yes}", ["13:20: pseq2 i1 has no answer '7'; it has 0, 1, 2, 3, 4, 5, 6"]),
        (SHARED, "no", ["13:12: 'answers' should be a mapping from answers to their words"]),
        ("each_item", "each_itm", ["12:1: a wording has no 'each_itm'; did you mean 'each_item'?"]),
        ("en-GB", "English", ["3:11: 'language' should be a code such as en, cy or pt-BR, not 'English'"]),
        ("language: en-GB\n", "", ["1:1: a wording needs 'language'"]),
        ("licence: Agreed with the author for this clinic\n", "", ["1:1: a wording needs 'licence'"]),
        (PSEQ2, "instrument: pseq2\nlicence: L\nlanguage: en\n", ["1:1: a wording needs 'items'"]),
        (PSEQ2, "instrument: pseq2\nlicence: L\nlanguage: en\nitems: [A, B]\n", ["4:8: 'items' should be a mapping"]),
        (PSEQ2, "- pseq2", ["1:1: a wording is a mapping with instrument, licence, language and items"]),
    ],
)
def test_what_does_not_fit_the_definition_is_refused_with_its_place(
    old: str, new: str, found: list[str], tmp_path: Path
) -> None:
    assert problems(tmp_path, PSEQ2.replace(old, new)) == found


def test_an_answer_that_is_a_number_has_no_words(tmp_path: Path) -> None:
    minutes = "minutes: {text: How long?, answers: {0: none}}"
    text = f"instrument: pavs\nlicence: L\nlanguage: en\nitems:\n  days: How often?\n  {minutes}\n"
    assert problems(tmp_path, text) == [
        "6:40: pavs minutes has no answer '0'; its answers are numbers and have no words"
    ]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "psqi.yaml"
    with pytest.raises(InstrumentError, match="psqi.yaml: it cannot be read: No such file or directory"):
        read_wording(file, builtin_instruments())


def test_every_problem_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    written(tmp_path, PSEQ2, "a.yaml")
    written(tmp_path, PSEQ2, "b.yml")
    written(tmp_path, PSEQ2.replace("pseq2", "pseq3"), "c.yaml")
    written(tmp_path, "not read", "notes.txt")
    with pytest.raises(InstrumentError) as refused:
        read_wordings([tmp_path, tmp_path / "none"], builtin_instruments())
    assert [str(each).removeprefix(f"{tmp_path}/") for each in refused.value.problems] == [
        f"b.yml: the wording of pseq2 in 'en-GB' stands in {tmp_path}/a.yaml already",
        "c.yaml:1:13: there is no instrument 'pseq3'; did you mean 'pseq'?",
        "none: this folder of wording cannot be read: No such file or directory",
    ]


def test_an_instrument_may_have_wordings_in_several_languages(tmp_path: Path) -> None:
    written(tmp_path, PSEQ2, "b.yaml")
    written(tmp_path, PSEQ2.replace("en-GB", "cy"), "a.yaml")
    assert [each.language for each in read_wordings([tmp_path], builtin_instruments())] == ["cy", "en-GB"]
    assert read_wordings([], builtin_instruments()) == ()


def test_only_free_wording_stands_in_a_definition() -> None:
    for name, instrument in builtin_instruments().items():
        wording = definition_wording(instrument)
        assert (wording is not None) == (instrument.licence.wording == "free"), name
        if wording:
            assert wording.items.keys() == instrument.item.keys()
            assert wording.licence == instrument.licence.note
