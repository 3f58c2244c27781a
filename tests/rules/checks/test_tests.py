"""Tests that are missing are found at what they should try."""

from __future__ import annotations

from careplan.rules.checks.tests import tests as untested
from tests.rules.written import file, rule, ruleset

WHOLE = """\
tests:
  - {rule: WLK-01, name: fires at 15, expect: true, facts: {isi.total: 15}}
  - {rule: WLK-01, name: does not fire at 14, expect: false, facts: {isi.total: 14}}
"""


def found(tests: str | None, *rules: str) -> list[str]:
    return [str(each) for each in untested(file(ruleset(*rules), tests))]


def test_a_ruleset_whose_limits_are_tried_has_no_findings() -> None:
    assert found(WHOLE, rule()) == []


def test_a_limit_that_no_test_tries_is_named_at_the_clause() -> None:
    assert found(WHOLE.replace("isi.total: 15", "isi.total: 20"), rule()) == [
        "walk.yaml:8:11: error: WLK-01 has no test on the limit of isi.total >= 15: at isi.total = 15 (untested_limit)"
    ]


def test_a_condition_without_a_test_in_which_it_fires() -> None:
    (finding,) = found(WHOLE.replace("fires at 15, expect: true", "at 15, expect: unknown"), rule())
    assert finding.endswith("WLK-01 has no test in which it fires (untested)")
    assert finding.startswith("walk.test.yaml:")


def test_a_ruleset_without_tests() -> None:
    assert found(None, rule()) == ["walk.yaml:1:1: error: walk@2026.1 has no file of tests (untested)"]
