"""Reading definitions: every error of a file at once, in its place; what contradicts itself is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from careplan.cql import Type
from careplan.errors import InstrumentError
from careplan.instruments import read_instrument, score
from careplan.instruments.read import instrument_from_text

GOOD = """\
id: stiff
title: Stiffness
version: "1"
licence: {wording: scoring_only, note: Ours.}
recall_period: past week
each_item: {type: ordinal, min: 0, max: 3}
items:
  - {id: i1, label: mornings}
  - {id: i2, label: evenings}
  - {id: i3, type: numeric, min: 0, max: 24, label: hours}
scores:
  - id: total
    title: Total
    kind: sum
    items: [i1, i2]
    min: 0
    max: 6
    direction: higher_worse
    missing: {rule: prorate, n: 1}
  - id: long
    title: Long and stiff
    kind: algorithm
    value: boolean
    items: all
    direction: higher_worse
    missing: bounds
    cql: i1 >= 2 and i3 > 1.5
bands:
  - scale: severity
    score: total
    source: Ours
    certainty: unverified
    ranges:
      - {id: low, label: low, from: 0, to: 2}
      - {id: high, label: high, from: 3, to: 6}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(InstrumentError) as refused:
        instrument_from_text(text, "stiff.yaml")
    return [str(problem) for problem in refused.value.problems]


def test_an_instrument_is_read_from_its_file_and_scores_at_once(tmp_path: Path) -> None:
    file = tmp_path / "stiff.yaml"
    file.write_text(GOOD, encoding="utf-8")
    stiff = read_instrument(file)
    assert [each.type for each in stiff.scores] == [Type.INTEGER, Type.BOOLEAN]
    scored = score(stiff, [2, None, 1.6])
    assert (scored.scores, scored.bands) == ({"total": 4, "long": True}, {"severity": "high"})
    assert scored.prorated == {"total": True, "long": False}


def test_every_error_is_reported_at_once_with_its_place() -> None:
    text = GOOD.replace("label: mornings", "lable: mornings").replace("missing: bounds", "missing: bound")
    assert problems(text) == [
        "stiff.yaml:8:5: an item needs 'label'",
        "stiff.yaml:8:14: an item has no 'lable'; did you mean 'label'?",
        (
            "stiff.yaml:26:14: 'missing' should be one of all_required, prorate, prorate_by_form, min_answered, "
            "of_scores, bounds, goals_set; did you mean 'bounds'?"
        ),
    ]


def test_an_expression_that_reads_what_is_not_there_is_refused_at_its_column() -> None:
    text = GOOD.replace("i3 > 1.5", "i4 > 1.5")
    assert problems(text)[0] == "stiff.yaml:27:22: there is no fact 'i4'"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("max: 6", "max: 7", "stiff.yaml:12:5: total can be 0 to 6, and 'min' and 'max' say otherwise"),
        ("to: 2}", "to: 1}", "stiff.yaml:29:5: low is 0 to 1: the next band should begin at 2"),
        ("to: 2}", "to: 3}", "stiff.yaml:29:5: low is 0 to 3: the next band should begin at 4"),
        ("from: 3, to: 6", "from: 3, to: 5", "stiff.yaml:29:5: the bands should go from 0 to 6"),
        ("items: [i1, i2]", "items: [i1, i9]", "stiff.yaml:15:12: there is no item 'i9'"),
        ("id: i2", "id: i1", "stiff.yaml:9:5: the item i1 stands twice"),
        ("id: long", "id: i1", "stiff.yaml:20:5: the id i1 stands 2 times"),
        ("score: total\n    source", "score: totl\n    source", "stiff.yaml:29:5: there is no score 'totl'"),
        ("label: mornings", 'label: mornings, text: "How stiff?"', "stiff.yaml:8:5: the wording of stiff is not free"),
        ("prorate, n: 1", "prorate, n: 2", "'n' of prorate should be at least 1, and less than the 2 items"),
        ("{rule: prorate, n: 1}", "bounds", "a score of kind sum cannot have missing answers by bounds"),
        ("    cql: i1 >= 2 and i3 > 1.5\n", "", "an algorithm has either 'cql' or a 'method', and no other kind has"),
        ("i3 > 1.5", "i3 * 2 > 3", "i3 is no whole number: it can only be tried where it is compared with numbers"),
        ("i3 > 1.5", "total > 1", "open answers cannot be tried through the score total; read its items"),
        (
            "{rule: prorate, n: 1}",
            "of_scores\n    of_scores: [long]",
            "stiff.yaml:12:5: total needs the score 'long', which does not stand above it",
        ),
        ("kind: sum", "kind: weighted", "a weighted score has 'weights' or a 'factor', and no other kind has"),
        ("value: boolean", "value: category", "this should be String, and it is Boolean"),
        ("min: 0, max: 3}", "min: 0}", "stiff.yaml:8:5: an item of type ordinal needs 'max'"),
        ("max: 3}", "max: three}", "stiff.yaml:6:41: 'max' should be a whole number"),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(old: str, new: str, message: str) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new))
    assert any(message in problem for problem in found), found


def test_a_file_that_is_no_mapping_is_refused() -> None:
    assert problems("[1, 2]") == ["stiff.yaml:1:1: an instrument is a mapping with id, title, items and scores"]


def test_a_table_must_know_every_raw_score() -> None:
    text = GOOD.replace(
        "bands:\n",
        """\
  - id: t
    title: T
    kind: t_table
    items: [i1, i2]
    of_score: total
    min: 30.5
    max: 60
    direction: higher_worse
    missing: all_required
    table: {0: 30.5, 1: 35, 2: 40, 3: 45, 5: 55, 6: 60}
bands:
""",
    )
    assert problems(text) == ["stiff.yaml:28:5: the table lacks 4"]
