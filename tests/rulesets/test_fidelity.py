"""Our rulesets say what the clinical rule base says: the same rules, and no dose or threshold lost in the wording."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from attrs import fields

from careplan.rules.ruleset import Contradiction, Part, Rule
from tests.rulesets.source import MODALITIES, VERSION, ruleset, source_ruleset, source_tags, tags

RULES = [
    pytest.param(ours, given, id=given.id)
    for modality in MODALITIES
    for ours, given in zip(ruleset(modality).rules, source_ruleset(modality).rules, strict=True)
]
WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {"half": "½", **{word: str(number) for number, word in enumerate(WORDS, 2)}}
_WORD = rf"\b(?:{'|'.join(NUMBERS)})\b"
_NUMBER = re.compile(rf"\d+(?:[.:]\d+)*|{_WORD}")
_AMOUNT = re.compile(rf"(?<![a-z0-9])(?<![a-z]-)\d+(?:[.:]\d+)*|{_WORD}")


def numbers(*texts: str | None, pattern: re.Pattern[str] = _NUMBER) -> Counter[str]:
    """Every number in the texts, written in digits or as a word; how often it stands there."""
    found = (match for text in texts for match in pattern.findall((text or "").lower()))
    return Counter(NUMBERS.get(each, each) for each in found)


def amounts(*texts: str | None) -> set[str]:
    """The numbers in the texts that are no part of a name, such as PHQ-9."""
    return set(numbers(*texts, pattern=_AMOUNT))


def without(value: Rule | Contradiction, *names: str) -> dict[str, Any]:
    """The fields of a rule or a detector but the named ones."""
    return {each.name: getattr(value, each.name) for each in fields(type(value)) if each.name not in names}


def structure(rule: Rule) -> dict[str, Any]:
    """A rule but its wording, its condition and its place."""
    return without(rule, "title", "patient", "clinician", "because", "parts", "when", "location")


def part_structure(parts: Iterable[Part]) -> list[tuple[str | None, str, tuple[str, ...]]]:
    return [(part.when.text if part.when else None, part.edition, part.tags) for part in parts]


@pytest.mark.parametrize("modality", MODALITIES)
def test_every_rule_is_there_in_its_order(modality: str) -> None:
    ours, given = ruleset(modality), source_ruleset(modality)
    assert [rule.id for rule in ours.rules] == [rule.id for rule in given.rules]
    assert (ours.version, ours.effective, ours.title) == (VERSION, given.effective, given.title)


@pytest.mark.parametrize(("ours", "given"), RULES)
def test_a_rule_has_the_condition_it_was_given(ours: Rule, given: Rule) -> None:
    assert ours.when.text == given.when.text


@pytest.mark.parametrize(("ours", "given"), RULES)
def test_everything_but_the_wording_of_a_rule_is_as_given(ours: Rule, given: Rule) -> None:
    assert structure(ours) == structure(given)
    assert part_structure(ours.parts) == part_structure(given.parts)


@pytest.mark.parametrize(("ours", "given"), RULES)
def test_no_number_is_lost_from_the_wording(ours: Rule, given: Rule) -> None:
    assert numbers(given.patient) <= numbers(ours.patient)
    assert numbers(given.clinician) <= numbers(ours.clinician)
    assert numbers(given.because) <= numbers(ours.because, ours.clinician)
    for mine, part in zip(ours.parts, given.parts, strict=True):
        assert numbers(part.text) == numbers(mine.text)


@pytest.mark.parametrize(("ours", "given"), RULES)
def test_no_dose_or_threshold_is_invented(ours: Rule, given: Rule) -> None:
    known = amounts(given.patient, given.clinician, given.because, given.when.text, given.notes, given.uncertain)
    assert amounts(ours.patient, ours.clinician, ours.because) <= known


def test_the_contradiction_detectors_are_as_given() -> None:
    ours, given = ruleset("safety").contradictions, source_ruleset("safety").contradictions
    assert [each.when.text for each in ours] == [each.when.text for each in given]
    assert [without(each, "when", "location") for each in ours] == [without(each, "when", "location") for each in given]
    assert [each.id for each in ours] == [f"C{number}" for number in range(1, 13)]


def test_the_tags_are_as_given() -> None:
    assert tags() == source_tags()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20 to 45 minutes, before 15:00", ["15:00", "20", "45"]),
        ("never under five and a half hours", ["5", "½"]),
        ("Two to four sessions at 5.5 h (≤2 weeks)", ["2", "2", "4", "5.5"]),
        ("the PHQ-9 at 10", ["10", "9"]),
        ("Someone tenderly weighs nothing", []),
    ],
)
def test_numbers_are_found_in_digits_and_in_words(text: str, expected: list[str]) -> None:
    assert sorted(numbers(text).elements()) == expected


def test_a_number_in_a_name_is_no_amount() -> None:
    assert amounts("the PHQ-9 at 10, phq9.item9 >= 1, in 1-2 weeks") == {"1", "2", "10"}
