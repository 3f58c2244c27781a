"""Reading rulesets: every error of a file at once, in its place; the digest is over content, not layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from careplan.cql import Type
from careplan.errors import RulesetError
from careplan.rules.read import read_ruleset, ruleset_from_text

TYPES = {"isi.total": Type.INTEGER, "sleep.unsafe": Type.BOOLEAN}
TAGS = ("sleep_restriction",)
GOOD = """\
id: sleep
version: "2026.1"
effective: 2026-01-01
title: Sleep
rules:
  - id: SLP-01
    title: Sleep basics
    priority: core
    kind: action
    when: isi.total >= 8
    patient: Get up at the same time each day.
    because: It helps.
    evidence:
      - {id: aasm_2021, cite: AASM 2021, grade: strong}
"""


def read(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(RulesetError) as error:
        ruleset_from_text(text, "sleep.yaml", TYPES, TAGS)
    return [(p.location.line, p.location.column, p.message) for p in error.value.problems if p.location]


def test_a_ruleset_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "2026.1.yaml"
    file.write_text(GOOD)
    ruleset = read_ruleset(file, TYPES, TAGS)
    assert ruleset.name == "sleep@2026.1"
    (rule,) = ruleset.rules
    assert (rule.id, rule.when.text, rule.audience, rule.certainty) == ("SLP-01", "isi.total >= 8", "both", "as_cited")
    assert rule.evidence[0].cite == "AASM 2021"


def test_every_error_of_a_file_is_reported_at_once_with_its_place() -> None:
    text = (
        GOOD.replace("isi.total >= 8", "isi.totl >= 8")
        .replace("kind: action", "kind: actoin")
        .replace("    because: It helps.\n", "    tags: [sleep_restricton]\n    colour: red\n")
    )
    assert read(text) == [
        (6, 5, "a rule needs 'because'"),
        (9, 11, "'kind' should be one of action, information, caution, referral; did you mean 'action'?"),
        (10, 11, "there is no fact 'isi.totl'; did you mean 'isi.total'?"),
        (12, 11, "there is no tag 'sleep_restricton'; did you mean 'sleep_restriction'?"),
        (13, 5, "a rule has no 'colour'"),
    ]


@pytest.mark.parametrize(
    ("written", "line", "column"),
    [
        ("isi.total >= 8 and isi.totl > 2", 10, 30),
        ("'isi.total >= 8 and isi.totl > 2'", 10, 31),
        ("|\n      isi.total >= 8\n      and isi.totl > 2", 12, 11),
        (">-\n      isi.total >= 8\n      and isi.totl > 2", 12, 11),
        ("isi.total >= 8\n      and isi.totl > 2", 11, 11),
    ],
    ids=["plain", "quoted", "literal block", "folded block", "plain on two lines"],
)
def test_a_condition_s_error_is_placed_in_the_file_however_it_is_written(written: str, line: int, column: int) -> None:
    assert read(GOOD.replace("isi.total >= 8", written)) == [
        (line, column, "there is no fact 'isi.totl'; did you mean 'isi.total'?")
    ]


def test_a_condition_that_is_not_boolean_is_refused() -> None:
    problem = (10, 11, "this should be Boolean, and it is Integer")
    assert read(GOOD.replace("isi.total >= 8", "isi.total + 8")) == [problem]


def test_an_id_that_stands_twice_is_refused() -> None:
    rule = GOOD[GOOD.index("  - id: SLP-01") :]
    assert read(GOOD + rule) == [(1, 1, "the id SLP-01 stands 2 times")]


def test_rules_that_come_after_each_other_are_refused() -> None:
    rule = GOOD[GOOD.index("  - id: SLP-01") :]
    ring = GOOD + "    after: [SLP-02]\n" + rule.replace("SLP-01", "SLP-02") + "    after: [SLP-01]\n"
    assert [message for *_, message in read(ring)] == [
        "SLP-01 comes after itself through 'after'",
        "SLP-02 comes after itself through 'after'",
    ]


def test_a_rule_for_both_editions_needs_a_patient_text_and_a_confidential_one_may_have_none() -> None:
    assert [m for *_, m in read(GOOD.replace("    patient: Get up at the same time each day.\n", ""))] == [
        "SLP-01 is for both editions and has no patient text"
    ]
    confidential = GOOD.replace("    kind: action\n", "    kind: action\n    audience: confidential\n")
    assert [m for *_, m in read(confidential)] == ["SLP-01 has a patient text that its audience never prints"]


def test_the_digest_is_over_content_and_not_layout() -> None:
    reordered = GOOD.replace("id: sleep\n", "").replace("title: Sleep\n", "title:   Sleep   # a comment\nid: sleep\n")
    assert reordered != GOOD
    one, two = (ruleset_from_text(text, "sleep.yaml", TYPES, TAGS).digest for text in (GOOD, reordered))
    assert one == two
    assert ruleset_from_text(GOOD.replace("same", "very same"), "sleep.yaml", TYPES, TAGS).digest != one


def test_the_same_text_is_read_once_and_any_other_anew() -> None:
    ruleset = ruleset_from_text(GOOD, "sleep.yaml", TYPES, TAGS)
    assert ruleset_from_text(GOOD, "sleep.yaml", dict(TYPES), list(TAGS)) is ruleset
    assert ruleset_from_text(GOOD, "other.yaml", TYPES, TAGS).source == "other.yaml"
    assert ruleset_from_text(GOOD.replace(">= 8", ">= 9"), "sleep.yaml", TYPES, TAGS).digest != ruleset.digest
    with pytest.raises(RulesetError, match="'isi.total'"):
        ruleset_from_text(GOOD, "sleep.yaml", {"sleep.unsafe": Type.BOOLEAN}, TAGS)
