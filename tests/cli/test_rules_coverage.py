"""``careplan rules test --coverage``: what no test makes of a clause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli import yoga as yoga_plugin
from tests.cli.conftest import Run
from tests.cli.yoga import TESTS

RULESET = yoga_plugin.RULESET.replace(">= 3", ">= 3 and dx.falls is not true")
FALLS = "  - {rule: YOG-01, name: does not fire after falls, facts: {dx.falls: true}, expect: false}\n"


@pytest.fixture
def yoga(tmp_path: Path) -> Path:
    folder = tmp_path / "yoga"
    folder.mkdir()
    (folder / "2026.1.yaml").write_text(RULESET, encoding="utf-8")
    (folder / "2026.1.test.yaml").write_text(TESTS, encoding="utf-8")
    return folder


def rows(out: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in out.splitlines() if line.startswith("│")]


def test_what_is_missing_is_a_table_and_the_exit_code_stays(run: Run, yoga: Path) -> None:
    code, out, _ = run("rules", "test", yoga, "--coverage")
    assert code == 0
    assert rows(out) == [
        ["YOG-01", "pain.duration_months >= 3 and dx.falls is not true", "unknown"],
        ["YOG-01", "pain.duration_months >= 3", "unknown"],
        ["YOG-01", "dx.falls is not true", "false"],
        ["YOG-01", "dx.falls", "true or false"],
    ]
    assert out.endswith(
        "yoga@2026.1: 4 clauses; true 75% (3 of 4), false 50% (2 of 4), unknown 33.3% (1 of 3); "
        "every outcome 0% (0 of 4)\n2 tests passed.\n"
    )


def test_one_more_test_covers_more(run: Run, yoga: Path) -> None:
    (yoga / "2026.1.test.yaml").write_text(TESTS + FALLS, encoding="utf-8")
    _, out, _ = run("rules", "test", yoga, "--coverage")
    assert rows(out) == [
        ["YOG-01", "pain.duration_months >= 3 and dx.falls is not true", "unknown"],
        ["YOG-01", "dx.falls", "false"],
    ]


def test_coverage_is_json_for_programs(run: Run, yoga: Path) -> None:
    code, out, _ = run("rules", "test", yoga, "--coverage", "--json")
    found = json.loads(out)
    assert (code, found["passed"], found["failed"], found["untested"]) == (0, 2, [], [])
    (ruleset,) = found["coverage"]["rulesets"]
    assert (ruleset["ruleset"], ruleset["total"]) == ("yoga@2026.1", found["coverage"]["total"])
    assert ruleset["total"]["true"] == {"seen": 3, "of": 4}
    assert ruleset["conditions"][0]["clauses"][2] == {
        "text": "dx.falls is not true", "seen": ["true"], "missing": ["false"],
    }  # fmt: skip


def test_a_failed_test_is_json_for_programs(run: Run, yoga: Path) -> None:
    (yoga / "2026.1.test.yaml").write_text(TESTS.replace("2.9}, expect: false", "4}, expect: false"), encoding="utf-8")
    code, out, _ = run("rules", "test", yoga, "--json")
    assert code == 1
    assert json.loads(out) == {
        "passed": 1,
        "failed": [
            {
                "ruleset": "yoga@2026.1",
                "rule": "YOG-01",
                "name": "does not fire at 2.9 months",
                "expected": "false",
                "outcome": "true",
                "location": f"{yoga / '2026.1.test.yaml'}:3:5",
            }
        ],
        "untested": [],
    }


def test_with_chosen_tests_only_their_conditions_are_shown(run: Run) -> None:
    _, out, _ = run("rules", "test", "-k", "SLP-03", "--coverage")
    assert {row[0] for row in rows(out)} <= {"SLP-03"}
    assert "sleep@2026.1: 3 clauses; true 100% (3 of 3), false " in out


def test_every_clause_that_we_release_is_made_true_by_a_test_but_for_a_few(run: Run) -> None:
    _, out, _ = run("rules", "test", "--coverage", "--json")
    total = json.loads(out)["coverage"]["total"]
    for outcome, lowest in (("true", 0.99), ("false", 0.98), ("unknown", 0.65)):
        assert total[outcome]["seen"] / total[outcome]["of"] > lowest
