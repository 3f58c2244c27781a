"""Tests of rules under pytest: one item a test, named and placed, and a failure that explains itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_rules_coverage import RULESET
from tests.cli.yoga import TESTS

pytest_plugins = ["pytester"]


@pytest.fixture
def yoga(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that names the plugin, with a ruleset and its tests."""
    monkeypatch.delenv("CAREPLAN_CONFIG", raising=False)
    pytester.makeconftest('pytest_plugins = ["careplan.pytest_rules"]\n')
    folder = pytester.mkdir("rules")
    (folder / "2026.1.yaml").write_text(RULESET, encoding="utf-8")
    (folder / "2026.1.test.yaml").write_text(TESTS, encoding="utf-8")
    return folder


def test_every_test_is_an_item_named_after_its_rule(pytester: pytest.Pytester, yoga: Path) -> None:
    items, _ = pytester.inline_genitems(yoga)
    assert [item.nodeid for item in items] == [
        "rules/2026.1.test.yaml::YOG-01 fires at 3 months",
        "rules/2026.1.test.yaml::YOG-01 does not fire at 2.9 months",
    ]
    assert [(item.reportinfo()[0], item.reportinfo()[1]) for item in items] == [
        (yoga / "2026.1.test.yaml", 1), (yoga / "2026.1.test.yaml", 2),
    ]  # fmt: skip


def test_what_decides_as_it_should_passes(pytester: pytest.Pytester, yoga: Path) -> None:
    pytester.inline_run(yoga).assertoutcome(passed=2)


def test_a_failure_is_explained_clause_by_clause(pytester: pytest.Pytester, yoga: Path) -> None:
    file = yoga / "2026.1.test.yaml"
    file.write_text(TESTS.replace("months: 2.9}", "months: 4}"), encoding="utf-8")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "* YOG-01 does not fire at 2.9 months *",
            f"✘ yoga@2026.1 YOG-01 does not fire at 2.9 months: expected false, came out true ({file}:3:5)",
            "    ✔ true     pain.duration_months >= 3 and dx.falls is not true",
            "    ✔ true       pain.duration_months >= 3 * [[]pain.duration_months = 4[]]",
        ]
    )


def test_one_test_is_chosen_by_its_name(pytester: pytest.Pytester, yoga: Path) -> None:
    one = f"{yoga / '2026.1.test.yaml'}::YOG-01 fires at 3 months"
    pytester.inline_run(one).assertoutcome(passed=1)


def test_a_file_that_cannot_be_read_is_an_error_with_its_place(pytester: pytest.Pytester, yoga: Path) -> None:
    (yoga / "2026.1.test.yaml").write_text(TESTS.replace("YOG-01, name: fires", "YOG-1, name: fires"), encoding="utf-8")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*2026.1.test.yaml:2:12: there is no rule, part or contradiction 'YOG-1'; did you mean 'YOG-01'?"]
    )


def test_a_test_file_without_a_ruleset_beside_it_is_left_alone(pytester: pytest.Pytester, yoga: Path) -> None:
    (yoga / "compose.test.yaml").write_text("services: []\n", encoding="utf-8")
    pytester.inline_run(yoga).assertoutcome(passed=2)


def test_nothing_is_collected_unless_the_plugin_is_named(pytester: pytest.Pytester, yoga: Path) -> None:
    pytester.makeconftest("")
    assert pytester.inline_genitems(yoga)[0] == []
