"""``careplan rules eval``: an expression over facts, in any engine."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ENGINES = ("reference", "durable", "columns")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("text", "shown"),
    [("isi.total >= 15", "true"), ("sleep.efficiency < 85", "null"), ("isi.total in Interval(16, 28]", "false")],
)
def test_a_condition_is_true_false_or_null_in_every_engine(
    run: Run, tmp_path: Path, engine: str, text: str, shown: str
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"on": "2026-03-02", "facts": {"isi.total": 16}}', encoding="utf-8")
    code, out, _ = run("rules", "eval", text, "--facts", facts, "--engine", engine)
    assert (code, out) == (0, f"{shown}\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("7 div 2", "3"), ("1 + 0.5", "1.5"), ("'it' + '\\'s'", "'it\\'s'"), ("{1, 2}", "{1, 2}"),
        ("Interval[1, 3)", "Interval[1, 3)"), ("1 / 0", "null"),
    ],
)  # fmt: skip
def test_any_other_value_is_written_as_cql_has_it(run: Run, text: str, shown: str) -> None:
    assert run("rules", "eval", text)[1] == f"{shown}\n"


def test_the_result_as_json(run: Run) -> None:
    found = json.loads(run("rules", "eval", "{1, 2}", "--json")[1])
    assert found == {"expression": "{1, 2}", "type": "List<Integer>", "engine": "reference", "value": [1, 2]}


def test_derived_facts_are_derived(run: Run, tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text("on: 2026-03-02\nfacts: {finding.heat_unsafe: true}\n", encoding="utf-8")
    assert run("rules", "eval", "safety.heat_unsafe", "--facts", facts)[1] == "true\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("isi.totl > 3",), "EXPR:1:1: there is no fact 'isi.totl'; did you mean 'isi.total'?"),
        (("Floor(1.5)",), "EXPR:1:6: the function 'Floor' is outside the CQL subset of conditions"),
        (("1 + 1", "--engine", "durable"), "durable-rules decides conditions, and this is Integer"),
        (("{1}", "--engine", "columns"), "a column holds single values, and this is List<Integer>"),
        (("true", "--facts", "nowhere.json"), "nowhere.json"),
    ],
)
def test_what_cannot_be_evaluated_is_said(run: Run, arguments: tuple[str, ...], message: str) -> None:
    code, out, err = run("rules", "eval", *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_without_polars_the_column_engine_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("careplan.rules.columns", "careplan.rules.column_values"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "polars", None)
    code, _, err = run("rules", "eval", "true", "--engine", "columns")
    assert code == 2
    assert "install careplan[replay]" in err
