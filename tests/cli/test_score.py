"""``careplan score``: one questionnaire in the terminal, and a stream of them for services."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.distributions import distribution


def scored(run: Run, *arguments: str) -> dict[str, Any]:
    code, out, err = run("score", *arguments, "--json")
    assert (code, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    return answer


def refused(run: Run, *arguments: str) -> tuple[str, str]:
    code, out, err = run("score", *arguments, "--json")
    assert (code, err) == (2, "")
    error = json.loads(out)["error"]
    return error["code"], error["message"]


def lines(run: Run, instrument: str, *given: str | bytes, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    stdin = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in given)
    code, out, err = run("score", instrument, "-", *options, stdin=stdin)
    assert (code, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


def test_the_answer_is_what_the_contract_says(run: Run) -> None:
    assert scored(run, "phq9", "1,1,2,2,1,1,1,0,0") == {
        "instrument": "phq9",
        "scores": {"total": 9, "item9": 0},
        "bands": {"severity": "mild"},
        "answered": 9,
        "of": 9,
        "prorated": False,
    }


@pytest.mark.parametrize(
    ("answers", "answered"),
    [("1,1,1,1,1,1,1,1,", 8), ("1,1,1,1,1,1,1,1,,", 8), (",1,1,1,1,1,1,1,1", 8), ("1,,1, ,1,1,1,1,1", 7)],
)
def test_nothing_before_a_comma_is_an_unanswered_item(run: Run, answers: str, answered: int) -> None:
    answer = scored(run, "phq9", answers)
    assert (answer["answered"], answer["prorated"]) == (answered, True)


def test_json_answers_sites_times_and_minus_signs_are_read(run: Run) -> None:
    assert scored(run, "phq2", '{"i1": 1, "i2": 3}')["scores"] == {"total": 4}
    assert scored(run, "phq2", "[1, null]")["scores"] == {"total": None}
    assert scored(run, "fm2016", "neck+lower_back,2,3,2,1,0,0,72")["scores"]["wpi"] == 2
    assert scored(run, "psqi", "23:00,10,07:00,8,0,0,0,0,0,0,0,0,0,0,0,0,0,0")["scores"]["efficiency_percent"] == 100
    assert scored(run, "gas", "-1,,,,,,,,,")["scores"] == {"t": 40}


def test_sex_chooses_the_band(run: Run) -> None:
    assert scored(run, "auditc", "2,1,0", "--sex", "male")["bands"] == {"screen": "negative"}
    assert scored(run, "auditc", "2,1,0")["bands"] == {"screen": "positive"}


def test_errors_carry_a_code(run: Run) -> None:
    assert refused(run, "phq2", "1,4") == ("out_of_range", "phq2 i2 (low mood): 4 is above 3, the highest answer")
    assert refused(run, "phq2", "1,x") == ("not_integer", "phq2 i2 (low mood): 'x' is not a whole number")
    assert refused(run, "phq2", "1,1.5")[0] == "not_integer"
    assert refused(run, "phq2", "1,1,1")[0] == "wrong_count"
    assert refused(run, "phq2", "1,1,1,")[0] == "wrong_count"
    assert refused(run, "phq2", '{"i1": 1, "i1": 2}') == ("duplicate", "'i1' stands twice")
    assert refused(run, "phq2", "[NaN, 1]")[0] == "out_of_range"
    assert refused(run, "phq", "1,1") == ("unknown_instrument", "there is no instrument 'phq'; did you mean 'phq9'?")


def test_without_json_every_error_is_a_line_for_people(run: Run) -> None:
    assert run("score", "phq2", "1,1,1") == (2, "", "phq2 has 2 items; 3 answers came\n")
    code, out, err = run("score", "phq2", "4,x")
    assert (code, out) == (2, "")
    assert err.splitlines()[:2] == [
        "phq2 i1 (low interest): 4 is above 3, the highest answer",
        "phq2 i2 (low mood): 'x' is not a whole number",
    ]


def test_a_stream_gives_a_line_for_each_line_and_goes_on_after_bad_ones(run: Run) -> None:
    answers = lines(
        run,
        "auditc",
        "[2, 1, 0]",
        '{"i1": 2, "i2": 1, "i3": 0}',
        '{"answers": [2, 1, 0], "context": {"sex": "male"}}',
        "[2, 1]",
        "[2, 9, 0]",
        "not json",
        "",
        b"\xff",
        "7",
        '{"answers": [2, 1, 0], "context": {"sx": "male"}}',
        '{"answers": [2, 1, 0], "contxt": {}}',
        '{"answers": [2, 1, 0], "context": {"sex": "m"}}',
        '{"answers": [2, 1, 0], "context": []}',
        '{"answers": [2, 1, 0], "context": 5}',
        "[" * 100_000,
        "[0, 0, 0]",
    )
    told = [each.get("bands") or each["error"]["code"] for each in answers]
    positive, negative = {"screen": "positive"}, {"screen": "negative"}
    assert told[:3] == [positive, positive, negative]
    assert told[3:9] == ["wrong_count", "out_of_range", "not_json", "not_json", "not_text", "not_answers"]
    assert told[9:] == [
        "unknown_key", "unknown_key", "out_of_range", "not_context", "not_context", "not_json", negative
    ]  # fmt: skip
    assert answers[9]["error"]["message"] == "the context has no 'sx'; did you mean 'sex'?"


def test_the_sex_given_for_a_stream_stands_where_a_line_says_nothing(run: Run) -> None:
    lines_given = ("[2, 1, 0]", '{"answers": [2, 1, 0], "context": {"sex": "female"}}')
    answers = lines(run, "auditc", *lines_given, options=("--sex", "male"))
    assert [each["bands"]["screen"] for each in answers] == ["negative", "positive"]


def test_measured_values_may_stand_in_the_context_and_are_checked(run: Run) -> None:
    items = '{"s": 0, "t": 1, "o": 0, "p": 0}'
    context = '{"sex": "male", "age": 51, "bmi": 30, "neck_cm": 38}'
    known, wrong = lines(
        run,
        "stopbang",
        f'{{"answers": {items}, "context": {context}}}',
        f'{{"answers": {items}, "context": {{"age": 510}}}}',
    )
    assert known["scores"] == {"total": 3, "risk": "intermediate"}
    assert wrong["error"]["code"] == "out_of_range"


def test_the_table_says_value_band_and_how_missing_answers_were_dealt_with(run: Run) -> None:
    code, out, _ = run("score", "phq9", "1,1,2,,1,1,1,0,1")
    assert code == 0
    first, _, _, total, item9, *_, last = (" ".join(line.split()) for line in out.splitlines())
    assert first == "PHQ-9: 8 of 9 items answered"
    assert total == (
        "PHQ-9 total 9, prorated from the answered items mild (severity) "
        "up to 2 of 9 may be missing: the answered ones stand for all, rounded half up"
    )
    assert item9 == "Item 9: death or self-harm 1 needs its answer"
    assert last == "Due now: suicide-risk screen in the same contact, whatever the total"


def test_an_unknown_score_is_called_unknown(run: Run) -> None:
    _, out, _ = run("score", "cssrs", "0,1,,,,0,")
    assert "Triage unknown" in " ".join(out.split())


PLUGIN = """
from pathlib import Path
from careplan.hookspecs import InstrumentFile, hookimpl

@hookimpl
def careplan_instruments():
    return [InstrumentFile(Path(__file__).parent / "stiff.yaml")]
"""
STIFF = """\
id: stiff
title: Stiffness
version: "1"
licence: {wording: scoring_only, note: Ours.}
recall_period: past week
items: [{id: i1, type: ordinal, min: 0, max: 3, label: mornings}]
scores:
  - {id: total, title: Total, kind: sum, items: all, min: 0, max: 3, direction: higher_worse, missing: all_required}
"""


def test_an_instrument_of_a_plugin_is_scored_like_any_other(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(tmp_path, "careplan-stiff", {"stiff": PLUGIN})
    (tmp_path / "stiff.yaml").write_text(STIFF, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert scored(run, "stiff", "2")["scores"] == {"total": 2}
    assert refused(run, "stif", "2")[1] == "there is no instrument 'stif'; did you mean 'stiff'?"
    sys.modules.pop("careplan_stiff_stiff", None)
