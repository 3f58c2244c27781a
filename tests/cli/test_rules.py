"""``careplan rules``: what is listed and shown, which tests fail and why, and a lock that never forgets."""

from __future__ import annotations

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.yoga import RULESET, TESTS, YOGA
from tests.distributions import BUILT_IN

CHECK = """
from careplan.hookspecs import Check, Finding

def notes(file):
    if file.ruleset.id == "safety":
        raise KeyError("safety")
    for rule, node in file.rules:
        if rule.notes is None:
            yield Finding(f"{rule.id} has no notes", node.location, "no_notes")

@hookimpl
def careplan_checks():
    return [Check("yoga_notes", notes)]
"""


@pytest.fixture
def sleep(tmp_path: Path) -> Path:
    """A copy of the sleep ruleset and its tests, to be written in."""
    with as_file(files("careplan.rulesets") / "sleep") as folder:
        return Path(shutil.copytree(folder, tmp_path / "sleep"))


def loaded(run: Run, *arguments: str) -> Any:
    code, out, _ = run("rules", *arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_every_version_is_listed_with_its_day_its_digest_and_its_rules(run: Run) -> None:
    found = {each["id"]: each for each in loaded(run, "list")}
    assert list(found) == list(BUILT_IN)
    assert found["sleep"]["version"] == "2026.1"
    assert found["sleep"]["effective"] == "2026-01-01"
    assert found["sleep"]["rules"] == ["GAP-07", *(f"SLP-{number:02}" for number in range(1, 11))]
    lock = (files("careplan.rulesets") / "rulesets.lock").read_text(encoding="utf-8")
    assert f"sleep 2026.1 {found['sleep']['digest']}\n" in lock


def test_the_list_is_a_table_for_people(run: Run) -> None:
    code, out, _ = run("rules", "list")
    assert code == 0
    (line,) = (line for line in out.splitlines() if "sleep@2026.1" in line)
    assert [cell.strip() for cell in line.strip("│").split("│")][:4] == ["sleep@2026.1", "Sleep", "2026-01-01", "11"]


def test_a_narrow_terminal_cuts_no_version_and_no_digest(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _, listed, _ = run("rules", "list", "--json")
    monkeypatch.setenv("COLUMNS", "60")
    _, out, _ = run("rules", "list")
    columns = zip(*(line.split("│")[1:-1] for line in out.splitlines() if line.startswith("│")), strict=True)
    names, _, _, _, digests = ("".join(cell.strip() for cell in column) for column in columns)
    assert names == "".join(f"{each['id']}@{each['version']}" for each in json.loads(listed))
    assert digests == "".join(each["digest"][:19] for each in json.loads(listed))


def test_a_rule_is_shown_whole(run: Run) -> None:
    code, out, _ = run("rules", "show", "SLP-03")
    assert code == 0
    assert out.startswith("SLP-03 A set sleep window (sleep@2026.1)\ncore action, in both editions\n")
    for line in (
        "unverified: floor of 5.5 h is a convention, protocols use 5 h",
        "When\n  isi.total >= 15 and sleep.efficiency < 85\n",
        "Must be known\n  sleep.restriction_unsafe\n",
        "Waits for\n  SLP-01\n",
        "For the patient\n  Set a sleep window as long as your mean time asleep",
        "Evidence\n  AASM 2021 SRT conditional (moderate)\n",
        "  SLP-03 fires at ISI 15 with efficiency 84.9: true\n",
    ):
        assert line in out


def test_the_effects_and_parts_of_a_rule_are_shown(run: Run) -> None:
    _, out, _ = run("rules", "show", "SAF-01")
    assert "Effects\n  withholds the plan\n  blocks new_sedative, opioid_taper_start, tca_start\n" in out
    assert "  Call or text 988 at any time. Call 911 if you are in danger. [when person.country = 'US']\n" in out
    _, out, _ = run("rules", "show", "SAF-21")
    assert "Effects\n  these modalities wait for a clinician's review: medication_review\n" in out
    _, out, _ = run("rules", "show", "GAP-02")
    assert "  the plan waits for a clinician's review\n" in out
    assert "  adapts flex: Only inside your energy window. Lie or sit if that is easier." in out


def test_a_confidential_rule_says_who_may_read_it(run: Run) -> None:
    _, out, _ = run("rules", "show", "SAF-23")
    assert "safety action, confidential: in the clinician's own edition only\n" in out
    assert "For the patient" not in out


def test_a_rule_is_shown_as_json_with_its_tests(run: Run) -> None:
    found = loaded(run, "show", "SLP-04")
    assert found["when"] == "(sleep.insomnia >= 1) and sleep.restriction_unsafe"
    assert found["effects"]["blocks"] == ["sleep_restriction"]
    assert found["evidence"][0] == {"id": "aasm_2021", "cite": "AASM 2021 text", "grade": "consensus"}
    assert found["tests"][0] == {
        "rule": "SLP-04",
        "name": "fires at ISI 8 with epilepsy",
        "facts": {"isi.total": 8, "dx.epilepsy": True},
        "expect": True,
    }


def test_a_contradiction_detector_is_shown_like_a_rule(run: Run) -> None:
    _, out, _ = run("rules", "show", "C4")
    assert out.startswith("C4 More sleep than time in bed (safety@2026.1)\n")
    assert "Holds the rules\n  SLP-02, SLP-03\n" in out
    assert loaded(run, "show", "C12")["holds"] == {"tags": ["opioid_taper_start", "tca_start"], "rules": ["MED-05"]}


def test_a_version_is_shown_with_every_rule_and_its_condition(run: Run) -> None:
    _, out, _ = run("rules", "show", "sleep@2026.1")
    assert out.startswith("sleep@2026.1 Sleep, in effect from 2026-01-01\nsha256:")
    assert "\nSLP-03 A set sleep window (core action, unverified)\n  isi.total >= 15 and sleep.efficiency < 85\n" in out
    assert loaded(run, "show", "sleep@2026.1")["id"] == "sleep"


def test_a_name_that_is_nothing_names_the_nearest(run: Run) -> None:
    code, out, err = run("rules", "show", "SLP-3")
    assert (code, out) == (2, "")
    assert err == "there is no rule or ruleset 'SLP-3'; did you mean 'SLP-03'?\n"


def test_what_is_installed_is_plain_to_read(run: Run) -> None:
    assert run("rules", "check") == (0, f"0 errors, 0 warnings in {len(BUILT_IN)} rulesets.\n", "")
    assert loaded(run, "check") == []


@pytest.mark.parametrize("name", ["", "2026.1.yaml"])
def test_what_is_hard_to_read_is_listed_with_its_place(run: Run, sleep: Path, name: str) -> None:
    file = sleep / "2026.1.yaml"
    text = file.read_text(encoding="utf-8").replace(
        "How you sleep affects your pain", "Insomnia hygiene affects your pain"
    )
    file.write_text(text, encoding="utf-8")
    code, out, _ = run("rules", "check", str(sleep / name))
    line = text[: text.index("Insomnia hygiene")].count("\n") + 1
    assert code == 1
    assert out == (
        f"{file}:{line}:16: error: GAP-07 because: 'hygiene' is jargon; say instead: habits (jargon)\n"
        "1 error, 0 warnings in 1 ruleset.\n"
    )


def test_findings_are_json_for_programs(run: Run, sleep: Path) -> None:
    file = sleep / "2026.1.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("title: Sleep basics", "title: Sleep hygiene"), "utf-8")
    code, out, _ = run("rules", "check", str(sleep), "--json")
    (found,) = json.loads(out)
    assert code == 1
    assert (found["file"], found["column"], found["severity"], found["code"]) == (str(file), 18, "error", "jargon")
    assert found["message"].startswith("SLP-01 title: 'hygiene' is jargon")


def test_a_file_that_cannot_be_read_is_a_finding_beside_the_others(run: Run, sleep: Path) -> None:
    shutil.copy(sleep / "2026.1.yaml", sleep / "2026.2.yaml")
    file = sleep / "2026.1.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("isi.total >= 15", "isi.totel >= 15"), encoding="utf-8")
    code, out, _ = run("rules", "check", str(sleep))
    assert code == 1
    assert f"{file}:" in out
    assert "did you mean 'isi.total'?" in out
    assert out.endswith(", 0 warnings in 1 ruleset.\n")


def test_where_no_ruleset_stands_there_is_nothing_to_check(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    tests = tmp_path / "2026.1.test.yaml"
    tests.write_text(TESTS, encoding="utf-8")
    for path in (tmp_path / "empty", tests):
        code, _, err = run("rules", "check", str(path))
        assert (code, err) == (2, f"{path}: there is no ruleset <version>.yaml here\n")


def test_warnings_alone_are_no_no(run: Run, yoga: Path) -> None:
    hard = "Regular movement can ease your pain. Your prescriber or pharmacist can answer questions about medicines."
    file = yoga / "yoga_rules" / "2026.1.yaml"
    file.write_text(RULESET.replace("Try gentle yoga once a week.", hard), encoding="utf-8")
    code, out, _ = run("rules", "check")
    assert code == 0
    assert f"{file}:11:14: warning: YOG-01 patient and because: reading grade " in out
    assert out.endswith(f"0 errors, 1 warning in {len(BUILT_IN) + 1} rulesets.\n")


def test_a_plugin_s_check_runs_over_every_ruleset_and_harms_nobody_when_it_fails(run: Run, yoga: Path) -> None:
    (yoga / "careplan_yoga_yoga.py").write_text(YOGA + CHECK, encoding="utf-8")
    code, out, err = run("rules", "check", str(yoga / "yoga_rules"))
    assert (code, err) == (1, "")
    assert out == (
        f"{yoga / 'yoga_rules' / '2026.1.yaml'}:6:5: error: YOG-01 has no notes (no_notes)\n"
        "1 error, 0 warnings in 1 ruleset.\n"
    )
    code, out, err = run("rules", "check")
    assert code == 2
    assert "SLP-01 has no notes" in out
    assert "YOG-01 has no notes" in out
    assert err.startswith("plugin yoga failed (check yoga_notes of safety@2026.1): KeyError: 'safety'")


def test_a_plugin_s_check_that_gives_no_findings_is_named(run: Run, yoga: Path) -> None:
    (yoga / "careplan_yoga_yoga.py").write_text(YOGA + CHECK.replace("yield Finding(", "yield ("), encoding="utf-8")
    code, _, err = run("rules", "check", str(yoga / "yoga_rules"))
    assert code == 2
    assert err.startswith("plugin yoga failed (check yoga_notes of yoga@2026.1): the check 'yoga_notes' gave (")
    assert err.endswith("; it should give findings\n")


def test_all_tests_of_what_is_installed_pass(run: Run) -> None:
    code, out, _ = run("rules", "test")
    assert code == 0
    assert out.endswith(" tests passed.\n")


def test_tests_are_chosen_by_a_text_in_their_rule_or_name(run: Run) -> None:
    assert run("rules", "test", "-k", "slp-03")[:2] == (0, "6 tests passed.\n")
    assert run("rules", "test", "-k", "efficiency 85")[:2] == (0, "1 test passed.\n")
    assert run("rules", "test", "-k", "efficiency 86") == (2, "", "no test has 'efficiency 86' in its rule or name\n")


def test_a_failing_test_is_explained_clause_by_clause(run: Run, sleep: Path) -> None:
    file = sleep / "2026.1.yaml"
    file.write_text(file.read_text().replace("sleep.efficiency < 85\n", "sleep.efficiency <= 85\n"))
    code, out, _ = run("rules", "test", str(sleep), "-k", "SLP-03")
    assert code == 1
    place = f"{sleep / '2026.1.test.yaml'}:"
    assert "✘ sleep@2026.1 SLP-03 does not fire at efficiency 85: expected false, came out true (" + place in out
    assert "    ✔ true       sleep.efficiency <= 85\n" in out
    assert out.endswith("5 of 6 tests passed.\n")


@pytest.mark.parametrize("name", ["", "2026.1.yaml", "2026.1.test.yaml"])
def test_tests_are_found_by_folder_ruleset_or_test_file(run: Run, sleep: Path, name: str) -> None:
    code, out, _ = run("rules", "test", str(sleep / name))
    assert (code, out) == (0, "46 tests passed.\n")


def test_a_ruleset_without_tests_fails(run: Run, sleep: Path) -> None:
    (sleep / "2026.1.test.yaml").unlink()
    code, out, _ = run("rules", "test", str(sleep / "2026.1.yaml"))
    assert (code, out) == (1, "✘ sleep@2026.1 has no tests\n0 tests passed.\n")


def test_tests_without_their_ruleset_and_a_folder_without_tests_are_errors(run: Run, sleep: Path) -> None:
    (sleep / "2026.1.yaml").unlink()
    code, _, err = run("rules", "test", str(sleep))
    assert (code, err) == (2, f"{sleep / '2026.1.test.yaml'}: there is no ruleset 2026.1.yaml beside it\n")
    (sleep / "2026.1.test.yaml").unlink()
    code, _, err = run("rules", "test", str(sleep))
    assert (code, err) == (2, f"{sleep}: there is no test file *.test.yaml in this folder\n")


def test_what_the_project_releases_is_locked(run: Run) -> None:
    code, out, _ = run("rules", "lock", "--check")
    assert code == 0
    assert out.endswith(f"rulesets.lock: {len(BUILT_IN)} versions, all as released\n")


def test_a_new_version_is_tested_and_locked_and_then_never_edited(run: Run, yoga: Path) -> None:
    lock, ruleset = yoga / "yoga.lock", yoga / "yoga_rules" / "2026.1.yaml"
    assert run("rules", "test", "-k", "YOG-01")[:2] == (0, "2 tests passed.\n")
    code, out, _ = run("rules", "lock", "--check")
    assert code == 1
    assert f"✘ {ruleset}: yoga@2026.1 is not in the lock file" in out

    code, out, _ = run("rules", "lock")
    assert code == 0
    assert f"{lock}: added yoga@2026.1\n" in out
    assert run("rules", "lock", "--check")[0] == 0
    assert f"{lock}: nothing to add\n" in run("rules", "lock")[1]

    locked = lock.read_text()
    ruleset.write_text(RULESET.replace("once a week", "twice a week"))
    code, out, _ = run("rules", "lock", "--check")
    assert code == 1
    assert f"✘ {ruleset}: yoga@2026.1 was edited after its release ({lock}:1); write a new version instead\n" in out
    code, _, err = run("rules", "lock")
    assert code == 2
    assert "was edited after its release" in err
    assert lock.read_text() == locked


def test_locking_keeps_every_version_that_was_released(run: Run, yoga: Path) -> None:
    old = f"yoga 2025.1 sha256:{'0' * 64}\n"
    (yoga / "yoga.lock").write_text(old)
    assert run("rules", "lock")[0] == 0
    lines = (yoga / "yoga.lock").read_text().splitlines(keepends=True)
    assert lines[0] == old
    assert lines[1].startswith("yoga 2026.1 sha256:")


def test_rules_are_neither_tested_nor_locked_while_a_plugin_is_broken(run: Run, yoga: Path) -> None:
    (yoga / "yoga_rules" / "2026.1.yaml").write_text(RULESET.replace("duration_months", "duration_month"))
    for command in ("test", "lock"):
        code, out, err = run("rules", command)
        assert (code, out) == (2, "")
        assert "plugin yoga failed (files): " in err
        assert "did you mean 'pain.duration_months'?" in err
    code, out, err = run("rules", "list")
    assert (code, "yoga" in out) == (0, False)
    assert err.startswith("✘ yoga failed (files): ")


def test_findings_are_sarif_for_editors(run: Run, sleep: Path) -> None:
    file = sleep / "2026.1.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("isi.total >= 15", "isi.total >= 51", 1), encoding="utf-8")
    code, out, _ = run("rules", "check", str(sleep), "--sarif")
    assert code == 1
    log = json.loads(out)
    (done,) = log["runs"]
    codes = [each["id"] for each in done["tool"]["driver"]["rules"]]
    found = [each for each in done["results"] if each["ruleId"] == "never_met"]
    assert log["version"] == "2.1.0"
    assert [(each["level"], codes[each["ruleIndex"]]) for each in found] == [("error", "never_met")]
    (place,) = (each["physicalLocation"] for each in found[0]["locations"])
    assert place["artifactLocation"]["uri"] == file.as_uri()
    assert place["region"]["startLine"] > 1
    assert found[0]["message"]["text"].startswith("SLP-")


def test_a_released_version_that_was_edited_is_a_finding(run: Run, sleep: Path) -> None:
    file = sleep / "2026.1.yaml"
    (sleep.parent / "rulesets.lock").write_text(f"sleep 2026.1 sha256:{64 * '0'}\n", encoding="utf-8")
    code, out, _ = run("rules", "check", str(sleep))
    assert code == 1
    assert f"{file}: error: sleep@2026.1 was edited after its release" in out
    assert out.endswith("1 error, 0 warnings in 1 ruleset.\n")
