"""Reading vocabulary files: every error of all files at once, in its place; plugins add facts and redefine none."""

from __future__ import annotations

from pathlib import Path

import pytest

from careplan.cql import Type
from careplan.errors import VocabularyError
from careplan.vocabulary.model import Vocabulary
from careplan.vocabulary.read import builtin_vocabulary, read_vocabulary

BOOLEAN = "type: Boolean\nmeaning: It"
INTEGER = "type: Integer\nmeaning: It"
GOOD = """\
group: sleep
facts:
  sleep.slept_hours:
    type: Decimal
    unit: hours
    range: [0, 24]
    meaning: Mean time asleep
    intake: measures.sleep_diary.slept_hours
  sleep.quality:
    type: String
    values: [good, bad]
    meaning: Sleep quality
    intake: [measures.sleep_quality, answers.psqi.6]
  isi.total:
    type: Integer
    group: scores
    range: [0, 28]
    meaning: Insomnia Severity Index
    score: isi.total
  finding.nightmares:
    type: Boolean
    meaning: Distressing nightmares
    not_recorded: assumed_no
    listed: findings
  sleep.short:
    type: Boolean
    meaning: Short sleep
    derive: sleep.slept_hours < 6
"""


@pytest.fixture
def vocabulary(tmp_path: Path) -> Vocabulary:
    return read_vocabulary([written(tmp_path, GOOD)])


def written(folder: Path, text: str, name: str = "sleep.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def problems(folder: Path, text: str, known: Vocabulary | None = None) -> list[tuple[int, int, str]]:
    with pytest.raises(VocabularyError) as error:
        read_vocabulary([written(folder, text)], known)
    return [(p.location.line, p.location.column, p.message) for p in error.value.problems if p.location]


def one_fact(lines: str) -> str:
    """A file with one fact whose fields are given."""
    return "group: sleep\nfacts:\n  sleep.it:\n" + "".join(f"    {line}\n" for line in lines.strip().splitlines())


def test_facts_are_read_with_their_types_ranges_and_roads(vocabulary: Vocabulary) -> None:
    slept, quality, isi, nightmares, short = vocabulary
    assert (slept.type, slept.range, slept.unit) == (Type.DECIMAL, (0, 24), "hours")
    assert slept.intake == ("measures.sleep_diary.slept_hours",)
    assert quality.intake == ("measures.sleep_quality", "answers.psqi.6")
    assert quality.values == ("good", "bad")
    assert (isi.score, isi.group) == ("isi.total", "scores")
    assert (nightmares.listed, nightmares.word, nightmares.not_recorded) == ("findings", "nightmares", "assumed_no")
    assert short.derived
    assert short.derive is not None
    assert short.derive.text == "sleep.slept_hours < 6"


def test_the_vocabulary_knows_its_groups_and_the_words_of_its_lists(vocabulary: Vocabulary) -> None:
    assert vocabulary.groups == ("scores", "sleep")
    assert list(vocabulary.lists["findings"]) == ["nightmares"]
    assert vocabulary.lists["diagnoses"] == {}
    assert vocabulary.types["isi.total"] == Type.INTEGER
    assert vocabulary.measures["answers.psqi.6"].id == "sleep.quality"


def test_every_error_of_all_files_is_reported_at_once_with_its_place(tmp_path: Path) -> None:
    text = (
        GOOD.replace("type: Integer", "type: Intger")
        .replace("range: [0, 24]", "range: [24, 0]")
        .replace("intake: measures.sleep_diary.slept_hours", "intake: slept_hours")
        .replace("sleep.slept_hours < 6", "sleep.slept_hour < 6")
        .replace("not_recorded: assumed_no", "not_recorded: no")
        .replace("    listed: findings", "    listed: findings\n    colour: red")
    )
    assert problems(tmp_path, text) == [
        (6, 12, "'range' should be two numbers, the lower one first"),
        (8, 13, "'slept_hours' is no path of the intake, such as measures.fatigue"),
        (15, 11, "'type' should be one of Boolean, Integer, Decimal, String; did you mean 'Integer'?"),
        (23, 19, "'not_recorded' should be one of unknown, assumed_no"),
        (25, 5, "finding.nightmares has no 'colour'"),
        (29, 13, "there is no fact 'sleep.slept_hour'; did you mean 'sleep.slept_hours'?"),
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (BOOLEAN, "sleep.it needs one of intake, listed, score, derive, compute, decided_by"),
        ("type: Boolean\nlisted: findings", "sleep.it needs 'meaning'"),
        (BOOLEAN + "\nlisted: findings\nscore: isi.it", "sleep.it has 'listed' and 'score'; keep one"),
        (
            BOOLEAN + "\nintake: work\notherwise: 1 = 1\ncompute: it",
            "sleep.it has both 'otherwise' and 'compute'; keep one",
        ),
        (BOOLEAN + "\notherwise: 1 = 1", "sleep.it has 'otherwise' without 'intake'; write 'derive'"),
        (
            BOOLEAN + "\nlisted: findings\narguments: {a: b}",
            "sleep.it has 'arguments' and no 'compute' to take them",
        ),
        (INTEGER + "\nlisted: findings", "what is listed is yes or no, and sleep.it is Integer"),
        (
            INTEGER + "\nintake: measures.it\nnot_recorded: assumed_no",
            "only a Boolean can be assumed to be no, and sleep.it is Integer",
        ),
        (
            BOOLEAN + "\nintake: measures.it\nrange: [0, 1]",
            "'range' is for numbers, and sleep.it is Boolean",
        ),
        (
            INTEGER + "\nintake: measures.it\nrange: [0, 1.5]",
            "the range of an Integer is two whole numbers",
        ),
        (
            INTEGER + "\nintake: measures.it\nvalues: [a]",
            "'values' is for a String, and sleep.it is Integer",
        ),
        ("type: String\nmeaning: It\nintake: measures.it\nvalues: [a, b, a]", "'values' lists 'a' twice"),
        (
            "type: String\nmeaning: It\nintake: measures.it\npattern: '[0-9]'",
            "'pattern' needs a 'unit' that names the format, such as HH:MM",
        ),
        (BOOLEAN + "\nscore: total", "'total' is no score of an instrument, such as phq9.total"),
        (INTEGER + "\nderive: 1.5 + 1", "this should be Integer, and it is Decimal"),
        (BOOLEAN + "\nderive: 1 +", "the condition ends too early"),
        (BOOLEAN + "\ndecided_by: me", "'decided_by' should be one of rules"),
    ],
)
def test_a_fact_that_makes_no_sense_is_refused(tmp_path: Path, fields: str, message: str) -> None:
    assert [text for *_, text in problems(tmp_path, one_fact(fields))] == [message]


def test_an_integer_may_be_the_value_of_a_decimal(tmp_path: Path) -> None:
    text = one_fact("type: Decimal\nmeaning: It\nderive: 1 + 1")
    assert read_vocabulary([written(tmp_path, text)])["sleep.it"].type == Type.DECIMAL


def test_facts_that_follow_from_each_other_are_refused_and_named(tmp_path: Path) -> None:
    text = (
        GOOD
        + "    note: and yet\n"
        + (
            "  sleep.a:\n    type: Boolean\n    meaning: A\n    derive: sleep.b\n"
            "  sleep.b:\n    type: Boolean\n    meaning: B\n    derive: not sleep.c\n"
            "  sleep.c:\n    type: Boolean\n    meaning: C\n    intake: measures.c\n    otherwise: sleep.a\n"
        )
    )
    ((line, column, message),) = problems(tmp_path, text)
    assert message.startswith("facts that follow from each other: ")
    ring = message.removeprefix("facts that follow from each other: ").split(" → ")
    assert ring[0] == ring[-1]
    assert set(ring) == {"sleep.a", "sleep.b", "sleep.c"}
    assert (line, column) > (28, 0)


def test_an_id_in_two_files_is_refused_naming_both_places(tmp_path: Path) -> None:
    one, two = written(tmp_path, GOOD, "one.yaml"), written(tmp_path, GOOD, "two.yaml")
    with pytest.raises(VocabularyError) as error:
        read_vocabulary([one, two])
    first = error.value.problems[0]
    assert str(first) == f"{two}:3:3: sleep.slept_hours is a fact already, defined at {one}:3:3"
    assert len(error.value.problems) == 5


def test_a_plugin_adds_facts_over_the_built_in_ones(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = (
        "group: hydrotherapy\nfacts:\n  hydro.ready:\n    type: Boolean\n    meaning: May go in the pool\n"
        "    derive: sleep.short is not true\n"
        "  finding.fears_water:\n    type: Boolean\n    meaning: Afraid of water\n    listed: findings\n"
        "  hydro.open_wound:\n    type: Boolean\n    meaning: Open wound\n    listed: findings\n"
    )
    more = read_vocabulary([written(tmp_path, text, "pool.yaml")], vocabulary)
    assert [each.id for each in more][-3:] == ["hydro.ready", "finding.fears_water", "hydro.open_wound"]
    assert list(more.lists["findings"]) == ["nightmares", "fears_water", "hydro.open_wound"]
    assert len(vocabulary) == 5


def test_a_plugin_may_not_redefine_a_built_in_fact(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = one_fact(BOOLEAN + "\nlisted: findings").replace("sleep.it", "sleep.short")
    ((line, column, message),) = problems(tmp_path, text, vocabulary)
    assert (line, column) == (3, 3)
    assert message == (
        f"sleep.short is a fact already, defined at {vocabulary['sleep.short'].location}; "
        "what is built in may not be redefined"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("facts: {}\n", "a vocabulary file needs 'group'"),
        ("group: sleep\n", "a vocabulary file needs 'facts'"),
        ("group: sleep\nfacts: {Sleep: {}}\n", "'Sleep' is not the id of a fact, such as sleep.efficiency"),
        ("group: sleep\nfacts: {sleep.it: 5}\n", "sleep.it should be a mapping with type, meaning and how it is known"),
        ("group: sleep\nfacts: [1]\n", "'facts' should be a mapping"),
    ],
)
def test_a_file_that_holds_no_facts_is_refused(tmp_path: Path, text: str, message: str) -> None:
    assert [found for *_, found in problems(tmp_path, text)] == [message]


def test_the_built_in_vocabulary_has_every_fact_the_clinical_rules_were_written_for() -> None:
    vocabulary = builtin_vocabulary()
    assert len(vocabulary) == 374
    assert sum(each.derived for each in vocabulary) == 34
    assert {name: len(facts) for name, facts in vocabulary.lists.items()} == {
        "diagnoses": 28,
        "red_flags": 25,
        "findings": 71,
    }
    assert vocabulary.groups == (
        "activity", "diagnoses", "follow_up", "goals", "medicines", "mood", "pain", "person", "safety", "scores",
        "sleep", "social",
    )  # fmt: skip


def test_contradictions_are_decided_by_rules_and_follow_from_no_other_fact() -> None:
    found = [each for each in builtin_vocabulary() if each.id.startswith("contradiction.")]
    assert len(found) == 13
    assert all(each.decided_by == "rules" and not each.derived for each in found)


def test_what_is_assumed_to_be_no_is_never_a_derived_fact() -> None:
    assert not [each.id for each in builtin_vocabulary() if each.not_recorded == "assumed_no" and each.derived]
