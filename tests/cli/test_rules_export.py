"""``careplan rules export``: which files are written, that they are the same every time, and what is refused."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

from careplan.knowledge import Knowledge
from tests.cli.conftest import Run


def test_every_version_of_every_ruleset_is_written_in_both_formats(
    run: Run, knowledge: Knowledge, tmp_path: Path
) -> None:
    code, out, err = run("rules", "export", "--cql", "--fhir", "-o", tmp_path / "out")
    names = [each for versions in knowledge.versions.values() for each in versions]
    expected = []
    for each in names:
        resource = f"{each.id.replace('_', '-')}-{each.version}.json"
        expected += [f"{each.id}-{each.version}.cql", f"PlanDefinition-{resource}", f"Library-{resource}"]
    assert (code, err) == (0, "")
    assert out.splitlines() == [str(tmp_path / "out" / name) for name in expected]
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == sorted(expected)
    for each in names:
        plan = json.loads(
            (tmp_path / "out" / f"PlanDefinition-{each.id.replace('_', '-')}-{each.version}.json").read_bytes()
        )
        assert {rule.id for rule in each.rules} <= {action["id"] for action in plan["action"]}


def test_a_version_that_is_named_is_written_alone_and_its_library_holds_the_cql(run: Run, tmp_path: Path) -> None:
    base = "https://clinic.example/fhir"
    code, _, _ = run("rules", "export", "--cql", "--fhir", "--base", base, "-o", tmp_path, "sleep@2026.1")
    cql = (tmp_path / "sleep-2026.1.cql").read_text(encoding="utf-8")
    library = json.loads((tmp_path / "Library-sleep-2026.1.json").read_text(encoding="utf-8"))
    assert code == 0
    assert "library sleep version '2026.1'\n" in cql
    assert 'parameter "isi.total" Integer default null\n' in cql
    assert 'define "SLP-03":\n  "isi.total" >= 15 and "sleep.efficiency" < 85\n' in cql
    assert base64.b64decode(library["content"][0]["data"]).decode() == cql
    assert library["url"] == "https://clinic.example/fhir/Library/sleep"
    assert len(list(tmp_path.iterdir())) == 3


def test_the_same_rulesets_give_the_same_files_in_any_process(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "careplan",
            "rules",
            "export",
            "--cql",
            "--fhir",
            "-o",
            tmp_path / seed,
        ]
        done = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    for each in (tmp_path / "1").iterdir():
        assert each.read_bytes() == (tmp_path / "2" / each.name).read_bytes()


def test_a_format_must_be_named_and_what_does_not_exist_is_refused(run: Run, tmp_path: Path) -> None:
    refused = {
        (): "say in which format: --cql, --fhir, or both\n",
        ("--cql", "sleep@2025.1"): "there is no ruleset 'sleep@2025.1'; did you mean 'sleep@2026.1'?\n",
        ("--cql", "--base", "https://clinic.example"): "--base is for --fhir: CQL has no URLs\n",
    }
    for arguments, message in refused.items():
        assert run("rules", "export", "-o", tmp_path / "out", *arguments) == (2, "", message)
    assert not (tmp_path / "out").exists()
