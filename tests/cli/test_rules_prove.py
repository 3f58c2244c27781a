"""``careplan rules prove``: ours prove clean but for what is waived or open, and versions are compared."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from careplan.facts import complete_facts
from careplan.vocabulary.read import builtin_vocabulary
from tests.cli.conftest import Run


@pytest.fixture
def sleep(tmp_path: Path) -> Path:
    """A copy of the sleep ruleset, to be written in, in a folder of its own without waivers."""
    (tmp_path / "rulesets").mkdir()
    with as_file(files("careplan.rulesets") / "sleep" / "2026.1.yaml") as file:
        return Path(shutil.copy(file, tmp_path / "rulesets" / "2026.1.yaml"))


def edit(file: Path, old: str, new: str) -> int:
    """Write one text in place of another; the line where that stands."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def proved(run: Run, *arguments: str | Path) -> tuple[int, Any]:
    code, out, _ = run("rules", "prove", *arguments, "--json")
    return code, json.loads(out)


def test_what_is_installed_proves_clean_but_for_what_is_waived_or_known_to_be_open(run: Run) -> None:
    code, account = proved(run)
    print(f"{account['questions']} questions in {account['seconds']} s")  # noqa: T201 - seen with pytest -rP
    assert code == 0
    assert account["proved_over"] == "the reals"
    assert {(each["severity"], each["code"]) for each in account["findings"]} == {
        ("warning", "contraindication_unknown")
    }
    assert all("; open: " in each["message"] and each["witness"] for each in account["findings"])
    assert {(each["code"], bool(each["reason"])) for each in account["waived"]} == {
        ("contraindication_unknown", True),
        ("implied", True),
    }
    assert ["SLP-03", "SLP-02"] in account["implications"]
    assert ["SLP-02", "SLP-03"] not in account["implications"]


def test_a_ruleset_file_is_proved_alone_and_says_how_long_it_took(run: Run, sleep: Path) -> None:
    code, out, err = run("rules", "prove", sleep)
    assert (code, out) == (0, "0 errors, 0 warnings in 1 ruleset.\n")
    assert " questions, proved over the reals, in " in err


def test_a_finding_has_its_place_and_exit_code(run: Run, sleep: Path) -> None:
    line = edit(sleep, "isi.total >= 15 and sleep.efficiency < 85", "isi.total >= 29 and sleep.efficiency < 85")
    code, out, _ = run("rules", "prove", sleep)
    assert code == 1
    assert out == (
        f"{sleep}:{line}:11: error: SLP-03 never fires: its condition is true of nobody (never_fires)\n"
        "1 error, 0 warnings in 1 ruleset.\n"
    )


def test_waivers_stand_beside_the_rulesets_or_above_them(run: Run, sleep: Path) -> None:
    edit(sleep, "isi.total >= 15 and sleep.efficiency < 85", "isi.total >= 29 and sleep.efficiency < 85")
    waiver = "waivers:\n  - {code: never_fires, rule: SLP-03, reason: The scale is to be extended.}\n"
    for folder in (sleep.parent, sleep.parent.parent):
        file = folder / "waivers.yaml"
        file.write_text(waiver, encoding="utf-8")
        assert run("rules", "prove", sleep)[:2] == (0, "0 errors, 0 warnings in 1 ruleset. 1 waived.\n")
        assert run("rules", "prove", sleep.parent)[0] == 0
        file.unlink()


def test_a_version_with_other_words_is_the_same_as_before(run: Run, sleep: Path) -> None:
    edit(sleep, "isi.total >= 15 and sleep.efficiency < 85", "not (sleep.efficiency >= 85) and isi.total > 14")
    assert run("rules", "prove", sleep, "--against", "sleep@2026.1")[:2] == (0, "0 errors, 0 warnings in 1 ruleset.\n")


def test_a_version_that_decides_otherwise_comes_with_somebody(run: Run, sleep: Path) -> None:
    edit(sleep, '"2026.1"', '"2026.2"')
    line = edit(sleep, "isi.total >= 15 and sleep.efficiency < 85", "isi.total >= 15 and sleep.efficiency <= 85")
    code, account = proved(run, sleep, "--against", "sleep@2026.1")
    (found,) = account["findings"]
    assert code == 1
    assert (found["line"], found["code"], found["rule"]) == (line, "differs", "SLP-03")
    assert found["message"].startswith("SLP-03 is false in sleep@2026.1 and true in sleep@2026.2, for isi.total ")
    assert complete_facts(found["witness"], builtin_vocabulary()).values["sleep.efficiency"] == 85.0
    code, account = proved(run, "--against", sleep)
    assert [each["message"][:44] for each in account["findings"]] == ["SLP-03 is true in sleep@2026.2 and false in "]


def test_what_cannot_be_compared_or_read_is_said(run: Run, sleep: Path) -> None:
    code, _, err = run("rules", "prove", "--against", "sleep@2026.9")
    nowhere = "there is no file or folder 'sleep@2026.9', and no installed ruleset of that name"
    assert (code, err) == (2, f"{nowhere}; did you mean 'sleep@2026.1'?\n")
    edit(sleep, "isi.total >= 15", "isi.totel >= 15")
    code, _, err = run("rules", "prove", sleep)
    assert code == 2
    assert "did you mean 'isi.total'?" in err


def test_without_z3_it_says_what_to_install(run: Run, sleep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    code, out, err = run("rules", "prove", sleep)
    assert (code, out) == (2, "")
    assert err == "proofs need z3, which is not installed: pip install 'careplan[prove]'\n"


def test_the_commands_on_rules_start_without_z3() -> None:
    program = "import sys, careplan.cli.rules; sys.exit('z3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
