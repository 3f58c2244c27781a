"""``--override``: each file to the case it names, said in the summary, and refused before anything is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

EXAMPLES = Path(__file__).parents[2] / "examples"
SIGNED = ("--sign-off", "Dr Bell, GP")
BEGINNING = "careplan: overrides/1\ncase: {case}\noverrides:\n"
ENTRY = """\
  - rule: {rule}
    do: {do}
    by: Dr Ola Example
    role: GP
    on: {on}
    until: {until}
    reason: {{code: patient_choice, text: Talked through on the telephone.}}
"""


def file_of(folder: Path, case: str, *entries: dict[str, str], name: str = "overrides.yaml") -> Path:
    path = folder / name
    filled = []
    for entry in entries:
        texts = "".join(f"    {key}: {entry[key]}\n" for key in ("patient", "title") if key in entry)
        filled.append(ENTRY.format(**{"do": "decline", "on": "2026-03-02", "until": "2027-03-01", **entry}) + texts)
    path.write_text(BEGINNING.format(case=case) + "".join(filled), encoding="utf-8")
    return path


def plan(run: Run, *arguments: str | Path, code: int = 0) -> tuple[dict[str, Any], str]:
    found, out, err = run("generate", *arguments, "--format", "json")
    assert found == code, err
    return json.loads(out), err


def rules(found: dict[str, Any]) -> set[str]:
    return {each["rule"] for each in (*found["safety"], *found["recommendations"])}


def test_an_override_is_followed_and_counted(run: Run, tmp_path: Path) -> None:
    case = EXAMPLES / "fibromyalgia.yaml"
    before, _ = plan(run, case)
    declined = file_of(tmp_path, "fibromyalgia", {"rule": "SLP-01"})
    found, err = plan(run, case, "--override", declined)
    assert rules(found) == rules(before) - {"SLP-01"}
    assert (before["overrides"], [each["outcome"] for each in found["overrides"]]) == ([], ["applied"])
    assert "1 overridden" in err


def test_several_files_are_followed_and_one_that_does_not_apply_is_said(run: Run, tmp_path: Path) -> None:
    ended = file_of(
        tmp_path, "fibromyalgia", {"rule": "SLP-01", "on": "2026-01-05", "until": "2026-02-01"}, name="1.yaml"
    )
    idle = file_of(tmp_path, "fibromyalgia", {"rule": "SLP-05"}, name="2.yaml")
    case = EXAMPLES / "fibromyalgia.yaml"
    found, err = plan(run, case, "--override", ended, "--override", idle)
    assert [each["outcome"] for each in found["overrides"]] == ["returns", "idle"]
    assert found["status"] == "review_first"
    assert "override not applied: SLP-01 Sleep basics (comes back for decision): its last day was 2026-02-01" in err
    assert "(had nothing to do): the rule does not apply" in err


def test_overrides_in_the_intake_itself_are_followed(run: Run, tmp_path: Path) -> None:
    intake = (EXAMPLES / "fibromyalgia.yaml").read_text(encoding="utf-8")
    entry = ENTRY.format(rule="SLP-01", do="change", on="2026-03-02", until="2026-06-01")
    case = tmp_path / "case.yaml"
    case.write_text(intake + "\noverrides:\n" + entry + "    patient: Get up at seven.\n", encoding="utf-8")
    found, _ = plan(run, case, "--edition", "patient")
    assert {each["rule"]: each["patient"] for each in found["recommendations"]}["SLP-01"] == "Get up at seven."
    assert found["overrides"] == []
    assert "telephone" not in json.dumps(found)


def test_a_safety_rule_is_overridden_by_a_signature_alone(run: Run, tmp_path: Path) -> None:
    case = EXAMPLES / "shift-worker.yaml"
    file = file_of(tmp_path, "shift-worker", {"rule": "SLP-04", "on": "2026-04-13"})
    code, out, err = run("generate", case, "--override", file, "-o", tmp_path / "plans")
    assert (code, out) == (2, "")
    assert f'{file}:4:11: SLP-04 is a safety rule; declining it needs a signature: --sign-off "NAME, ROLE"' in err
    assert not (tmp_path / "plans").exists()
    found, _ = plan(run, case, "--override", file, *SIGNED)
    assert "SLP-04" not in rules(found)
    assert {each["rule"]: each["by"] for each in found["blocked"]}["SLP-03"] == ["SLP-04"]


def test_an_emergency_is_not_overridden_and_the_urgent_page_waits_for_no_signature(run: Run, tmp_path: Path) -> None:
    case = EXAMPLES / "emergency.yaml"
    emergency = file_of(tmp_path, "emergency", {"rule": "SAF-02", "on": "2026-03-09"})
    code, _, err = run("generate", case, "--override", emergency, "--format", "json", *SIGNED)
    assert code == 2
    assert "SAF-02 withholds plans, and nothing overrides that" in err
    withheld, _ = plan(run, case, code=1)
    safety = withheld["safety"][0]["rule"]
    other = file_of(tmp_path, "emergency", {"rule": safety, "on": "2026-03-09"})
    found, _ = plan(run, case, "--override", other, code=1)
    assert (found["status"], found["overrides"][0]["outcome"]) == ("withheld", "returns")


def test_a_file_for_a_case_that_is_not_there_is_refused_before_anything_is_written(run: Run, tmp_path: Path) -> None:
    file = file_of(tmp_path, "fibromyalgi", {"rule": "SLP-01"})
    code, out, err = run(
        "generate", EXAMPLES / "fibromyalgia.yaml", "--override", file, "-o", tmp_path / "plans", "--format", "html"
    )
    assert (code, out) == (2, "")
    assert f"{file}:2:7: no case that could be read is called 'fibromyalgi'; did you mean 'fibromyalgia'?" in err
    assert not (tmp_path / "plans").exists()


def test_of_several_cases_each_gets_its_own_and_a_bad_one_stops_no_other(run: Run, tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    for each in ("fibromyalgia", "shift-worker"):
        (cases / f"{each}.yaml").write_bytes((EXAMPLES / f"{each}.yaml").read_bytes())
    (cases / "bad.yaml").write_text("careplan: intake/1\nid: bad\n")
    changed = {"rule": "SLP-01", "do": "change", "patient": "Get up at seven."}
    file = file_of(tmp_path, "fibromyalgia", changed)
    code, _, err = run("generate", cases, "--override", file, "-o", tmp_path / "plans", "--format", "json")
    assert code == 2
    assert f"{cases / 'bad.yaml'}:" in err
    texts = {
        each.name: each.read_text(encoding="utf-8").count('"patient": "Get up at seven."')
        for each in sorted((tmp_path / "plans").iterdir())
    }
    assert texts == {"fibromyalgia-clinician.json": 1, "shift-worker-clinician.json": 0}


@pytest.mark.parametrize("given", ["stdin", "file"])
def test_the_case_may_come_from_standard_input(given: str, run: Run, tmp_path: Path) -> None:
    case = EXAMPLES / "fibromyalgia.yaml"
    file = file_of(tmp_path, "fibromyalgia", {"rule": "SLP-01"})
    stdin = case.read_bytes() if given == "stdin" else file.read_bytes()
    named = ("-", "--override", file) if given == "stdin" else (case, "--override", "-")
    code, out, _ = run("generate", *named, "--format", "json", stdin=stdin)
    assert code == 0
    assert "SLP-01" not in rules(json.loads(out))


def test_every_problem_of_every_file_is_said_at_once(run: Run, tmp_path: Path) -> None:
    one = file_of(tmp_path, "fibromyalgia", {"rule": "SLP-01", "do": "drop"}, name="1.yaml")
    two = file_of(tmp_path, "fibromyalgia", {"rule": "SLP-01", "until": "soon"}, name="2.yaml")
    code, _, err = run("generate", EXAMPLES / "fibromyalgia.yaml", "--override", one, "--override", two)
    assert code == 2
    assert f"{one}:5:9: 'do' cannot be the text 'drop'" in err
    assert f"{two}:9:12: 'until' should be a date such as 2026-03-02" in err
