"""``careplan plugins`` shows what is loaded, what it may do to others, and every failure with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.distributions import BUILT_IN, distribution, modality

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(run: Callable[..., tuple[int, str, str]]) -> Run:
    """The exit code and the output of ``careplan plugins``."""
    return lambda *options: run("plugins", *options)[:2]


def account(output: str, plugin: str) -> Any:
    return next(each for each in json.loads(output)["plugins"] if each["name"] == plugin)


RULES = """
id: pool
version: "2026.1"
effective: 2026-01-01
title: Pool
rules:
  - id: POO-01
    title: Cold water
    when: pain.duration_months >= 3
    priority: core
    kind: action
    patient: Swim.
    because: It helps.
    evidence: [{id: x, cite: X, grade: low}]
    effects: {blocks: [sleep_restriction]}
"""


def pool_with_rules(site: Path) -> None:
    source = modality("pool") + (
        "from pathlib import Path\n"
        "from careplan.hookspecs import RulesetFolder\n"
        "@hookimpl\n"
        "def careplan_rulesets():\n"
        "    return [RulesetFolder('pool', Path(__file__).parent / 'pool_rules')]\n"
    )
    distribution(site, "careplan-pool", {"pool": source})
    (site / "pool_rules").mkdir()
    (site / "pool_rules" / "2026.1.yaml").write_text(RULES, encoding="utf-8")


def test_what_is_built_in_is_listed_with_its_rulesets_and_what_it_does_to_others(run: Run) -> None:
    code, output = run("--json")
    assert code == 0
    assert [each["name"] for each in json.loads(output)["plugins"]] == list(BUILT_IN)
    safety = account(output, "safety")
    assert (safety["distribution"], safety["builtin"], safety["modality"]["title"]) == ("careplan", True, "Safety")
    assert [(each["id"], each["version"]) for each in safety["rulesets"]] == [("safety", "2026.1")]
    blocked = {each["does"]: each["touches"] for each in safety["does_to_others"]}
    assert "SLP-03" in blocked["blocks sleep_restriction"]
    does = {each["does"]: each["touches"] for each in account(output, "sleep")["does_to_others"]}
    assert list(does) == ["blocks new_sedative"]
    assert account(output, "education")["does_to_others"] == []


def test_a_failure_is_named_with_what_to_do(site: Path, run: Run) -> None:
    distribution(site, "careplan-pool", {"pool": "import nowhere_at_all"})
    code, output = run()
    assert code == 1
    assert "pool failed (import): ModuleNotFoundError: No module named 'nowhere_at_all'" in output
    assert "uninstall its distribution" in output
    assert "--allow-incomplete" in output
    code, output = run("--json")
    assert code == 1
    assert [(each["plugin"], each["stage"]) for each in json.loads(output)["failures"]] == [("pool", "import")]


def test_a_command_that_cannot_be_added_is_named(site: Path, run: Run) -> None:
    source = (
        "from careplan.hookspecs import hookimpl\n@hookimpl\ndef careplan_commands(cli):\n    raise OSError('dry')\n"
    )
    distribution(site, "careplan-pool", {"pool": source})
    code, output = run("--json")
    assert code == 1
    (failure,) = json.loads(output)["failures"]
    assert (failure["plugin"], failure["stage"]) == ("pool", "careplan_commands")
    assert failure["message"].startswith("OSError: dry")


def test_what_a_stranger_would_do_to_others_is_refused_until_the_service_allows_it(
    site: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool_with_rules(site)
    code, output = run("--json")
    assert code == 1
    (failure,) = json.loads(output)["failures"]
    assert (failure["plugin"], failure["stage"]) == ("pool", "permissions")
    assert "POO-01 blocks sleep_restriction (SLP-03)" in failure["message"]
    assert failure["message"].endswith('[plugins.pool] may = ["blocks sleep_restriction"]')

    file = tmp_path / "careplan.toml"
    file.write_text('[plugins.pool]\nmay = ["blocks sleep_restriction"]\n', encoding="utf-8")
    monkeypatch.setenv("CAREPLAN_CONFIG", str(file))
    code, output = run("--json")
    assert code == 0
    assert account(output, "pool")["does_to_others"] == [
        {
            "does": "blocks sleep_restriction",
            "ruleset": "pool@2026.1",
            "rule": "POO-01",
            "touches": ["SLP-03"],
        }
    ]
