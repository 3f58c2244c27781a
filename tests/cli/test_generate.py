"""``careplan generate``: documents whole or not at all, and an exit code that says what became of the cases."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from attrs import frozen

from tests.cli.conftest import Run

SIGNED = ("--sign-off", "Dr Bell, GP")
EXAMPLES = Path(__file__).parents[2] / "examples"
CASE = """
careplan: intake/1
id: {id}
date: 2026-03-02
person: {{birth_date: 1983-05-04, sex: female}}
answers: {{isi: [2, 3, 1, 3, 2, 2, 3]}}
red_flags: {{reviewed: true}}
diagnoses: {{reviewed: true}}
findings: {{reviewed: true}}
medications_reviewed: true
medications: []
"""


@pytest.fixture
def intake(tmp_path: Path) -> Path:
    """A folder with two good cases and one bad one between them."""
    folder = tmp_path / "intake"
    folder.mkdir()
    (folder / "a.yaml").write_text(CASE.format(id="first"))
    (folder / "b.yaml").write_text(CASE.format(id="second").replace("1983-05-04", "2012-05-04"))
    (folder / "c.yaml").write_text(CASE.format(id="third"))
    return folder


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_one_case_gives_both_editions_and_prints_their_paths(run: Run, tmp_path: Path) -> None:
    code, out, err = run("generate", EXAMPLES / "fibromyalgia.yaml", "-o", tmp_path / "plans")
    assert code == 0
    assert names(tmp_path / "plans") == ["fibromyalgia-clinician.pdf", "fibromyalgia-patient.pdf"]
    assert out.splitlines() == [
        str(tmp_path / "plans" / f"fibromyalgia-{each}.pdf") for each in ("patient", "clinician")
    ]
    assert err.startswith("fibromyalgia, plan of 2026-03-02: ready for sign-off")
    for path in out.splitlines():
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) >= 1


def test_a_bad_case_does_not_stop_the_others(run: Run, tmp_path: Path, intake: Path) -> None:
    code, out, err = run("generate", intake, "-o", tmp_path / "plans", "--format", "html", *SIGNED)
    assert code == 2
    assert names(tmp_path / "plans") == [
        f"{case}-{edition}.html" for case in ("first", "third") for edition in ("clinician", "patient")
    ]
    assert len(out.splitlines()) == 4
    assert f"{intake}/b.yaml:5:22: the person is 13 on 2026-03-02" in err
    assert err.splitlines()[-2:] == ["2 of 3 cases done", f"1 could not be done: {intake}/b.yaml"]


def test_json_goes_to_standard_output_and_is_the_clinicians(run: Run) -> None:
    code, out, _ = run("generate", EXAMPLES / "fibromyalgia.yaml", "--format", "json")
    assert code == 0
    plan = json.loads(out)
    assert (plan["careplan"], plan["case"], plan["status"]) == ("plan/1", "fibromyalgia", "ready_for_sign_off")
    assert plan["facts"]["isi.total"] == 17
    assert all(each["clinician"] for each in plan["recommendations"])


def test_the_patients_json_holds_no_clinicians_text_and_no_facts(run: Run) -> None:
    _, out, _ = run("generate", EXAMPLES / "fibromyalgia.yaml", "--format", "json", "--edition", "patient")
    plan = json.loads(out)
    assert plan["facts"] == {}
    assert {each["clinician"] for each in plan["recommendations"]} == {None}


def test_a_case_on_standard_input_is_read(run: Run) -> None:
    code, out, _ = run("generate", "-", "--format", "json", stdin=CASE.format(id="piped"))
    assert (code, json.loads(out)["case"]) == (0, "piped")


def test_one_document_goes_to_the_file_that_is_named(run: Run, tmp_path: Path) -> None:
    code, _, _ = run("generate", EXAMPLES / "minimal.yaml", "--edition", "clinician", "-o", tmp_path / "plan.pdf")
    assert (code, names(tmp_path)) == (0, ["plan.pdf"])


def test_a_withheld_plan_prints_its_urgent_page_alone_and_exits_1(run: Run, tmp_path: Path) -> None:
    code, out, err = run("generate", EXAMPLES / "emergency.yaml", "-o", tmp_path / "plans")
    assert code == 1
    assert "WITHHELD" in err
    for path in out.splitlines():
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) == 1


def test_nothing_signs_a_withheld_plan(run: Run) -> None:
    code, out, _ = run("generate", EXAMPLES / "emergency.yaml", "--format", "json", "--sign-off", "Dr Bell, GP")
    assert (code, json.loads(out)["status"]) == (1, "withheld")


def test_a_patient_edition_of_a_plan_to_be_reviewed_waits_for_a_signature(run: Run, tmp_path: Path) -> None:
    code, _, err = run("generate", EXAMPLES / "minimal.yaml", "--format", "html", "-o", tmp_path / "one")
    assert code == 1
    assert names(tmp_path / "one") == ["minimal-clinician.html"]
    assert '--sign-off "NAME, ROLE"' in err
    code, _, _ = run(
        "generate", EXAMPLES / "minimal.yaml", "--format", "html", "-o", tmp_path / "two", "--sign-off", "Dr Bell, GP"
    )
    assert code == 0
    assert names(tmp_path / "two") == ["minimal-clinician.html", "minimal-patient.html"]


def test_a_signature_needs_a_name_and_a_role(run: Run) -> None:
    code, _, err = run("generate", EXAMPLES / "minimal.yaml", "--sign-off", "Dr Bell")
    assert code == 2
    assert 'write the name and the role, such as "Dr Bell, GP"' in err


def test_a_day_before_every_version_is_an_error_naming_the_way_out(run: Run) -> None:
    code, _, err = run("generate", EXAMPLES / "fibromyalgia.yaml", "--format", "json", "--on", "2026-03-02")
    assert code == 0
    code, _, err = run("generate", EXAMPLES / "fibromyalgia.yaml", "--format", "json", "--ruleset", "sleep@2020.1")
    assert code == 2
    assert "there is no sleep@2020.1; there is sleep@2026.1" in err


def test_a_file_without_end_is_not_read_to_it(run: Run) -> None:
    assert run("generate", "/dev/zero") == (2, "", "/dev/zero: the file is larger than 1 MiB\n")


def test_two_cases_of_one_id_never_overwrite_each_other(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(CASE.format(id="same"))
    code, out, err = run(
        "generate", tmp_path / "a.yaml", tmp_path / "b.yaml", "-o", tmp_path / "plans", "--format", "html", *SIGNED
    )
    assert code == 2
    assert len(out.splitlines()) == 2
    assert f"{tmp_path}/b.yaml: another case of this run has the same id; it wrote" in err


def test_a_folder_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plans").write_text("in the way")
    code, out, err = run("generate", EXAMPLES / "fibromyalgia.yaml", "-o", tmp_path / "plans")
    assert (code, out) == (2, "")
    assert f"{tmp_path}/plans is a file" in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "pfd"], "there is no format 'pfd'; did you mean 'pdf'?"),
        (["-o", "-"], "standard output takes one document"),
        (["--edition", "nurse"], "'nurse' is not one of 'patient', 'clinician', 'both'"),
        (["--ruleset", "sleep"], "'sleep' is not ID@VERSION"),
        (["--on", "tomorrow"], "'tomorrow' does not match the format"),
    ],
)
def test_options_that_make_no_sense_are_refused(run: Run, options: list[str], said: str) -> None:
    code, out, err = run("generate", EXAMPLES / "fibromyalgia.yaml", *options)
    assert (code, out) == (2, "")
    assert said in err


@frozen
class Bad:
    content: bytes | None
    said: str


GOOD = CASE.format(id="bad")
BAD: dict[str, Bad] = {
    "no file": Bad(None, "there is no such file"),
    "empty": Bad(b"", "the file is empty"),
    "binary": Bad(b"\x89PNG\r\n\x1a\n\xff\xfe", "this is not UTF-8 text"),
    "YAML bomb": Bad(b"a: &a [x, x]\nb: [*a, *a]\n", "aliases are not read"),
    "Python tag": Bad(b"careplan: !!python/object/apply:os.system [id]\n", "tags are not read"),
    "2 MiB": Bad(b"#" * 2 * 1024 * 1024, "the file is larger than 1 MiB"),
    "duplicate key": Bad((GOOD + "id: again\n").encode(), "'id' stands twice"),
    "unknown key": Bad((GOOD + "medicatons: []\n").encode(), "did you mean 'medications'?"),
    "unknown instrument": Bad(GOOD.replace("{isi:", "{isii:").encode(), "did you mean 'isi'?"),
    "answer out of range": Bad(GOOD.replace("[2, 3, 1, 3", "[2, 9, 1, 3").encode(), "9"),
    "too few items": Bad(GOOD.replace("[2, 3, 1, 3, 2, 2, 3]", "[2, 3]").encode(), "7"),
    "text for a number": Bad(GOOD.replace("[2, 3, 1", "[two, 3, 1").encode(), "two"),
    "NaN": Bad((GOOD + "measures: {fatigue: .nan}\n").encode(), ".nan is not a number"),
    "date in the future": Bad(GOOD.replace("2026-03-02", "2096-03-02").encode(), "in the future"),
    "age 17": Bad(GOOD.replace("1983-05-04", "2009-02-01").encode(), "plans for adults, from 18 years on"),
    "total against items": Bad((GOOD + "scores: {isi: 3}\n").encode(), "16"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_its_place_and_leaves_nothing(name: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    if BAD[name].content is not None:
        file.write_bytes(BAD[name].content or b"")
    code, out, err = run("generate", file, "-o", tmp_path / "plans")
    assert (code, out) == (2, "")
    assert str(file) in err
    assert BAD[name].said in err
    assert "Traceback" not in err
    assert not (tmp_path / "plans").exists()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_several_processes_write_what_one_does(jobs: str, run: Run, tmp_path: Path, intake: Path) -> None:
    code, out, err = run("generate", intake, "-o", tmp_path / "plans", "--format", "html", *SIGNED, "--jobs", jobs)
    assert code == 2
    assert [Path(each).name for each in out.splitlines()] == [
        f"{case}-{edition}.html" for case in ("first", "third") for edition in ("patient", "clinician")
    ]
    for case, name in (("a", "first"), ("c", "third")):
        run("generate", intake / f"{case}.yaml", "-o", tmp_path / "alone", "--format", "html", *SIGNED)
        for edition in ("patient", "clinician"):
            alone, beside = (tmp_path / folder / f"{name}-{edition}.html" for folder in ("alone", "plans"))
            assert alone.read_bytes() == beside.read_bytes()
    assert err.splitlines()[-2:] == ["2 of 3 cases done", f"1 could not be done: {intake}/b.yaml"]


def test_a_folder_without_intake_files_is_refused(run: Run, tmp_path: Path) -> None:
    code, _, err = run("generate", tmp_path)
    assert code == 2
    assert err == f"{tmp_path}: this folder holds no intake file (.yaml, .yml, .json)\n"


def test_a_folder_without_intake_files_stops_no_other_case(run: Run, tmp_path: Path, intake: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = run("generate", tmp_path / "empty", intake / "a.yaml", "-o", tmp_path / "plans", "--format", "json")
    assert (code, names(tmp_path / "plans")) == (2, ["first-clinician.json"])
    assert f"1 could not be done: {tmp_path / 'empty'}" in err


def test_every_problem_of_a_file_is_listed_at_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(GOOD.replace("[2, 3, 1, 3", "[2, 9, 1, 8").replace("sex: female", "sex: femal"))
    code, _, err = run("generate", file)
    assert code == 2
    assert "3 problems; nothing was written." in err


@pytest.fixture
def interruptible() -> Iterator[None]:
    """What is started can be interrupted, even where these tests run in the background and cannot."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_run_says_so_and_leaves_whole_files_only(tmp_path: Path) -> None:
    folder = tmp_path / "intake"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:02}.yaml").write_text(CASE.format(id=f"case-{number:02}"))
    command = [sys.executable, "-m", "careplan", "generate", str(folder), "-o", str(tmp_path / "plans")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Interrupted." in err
    assert "not begun" in err
    written = names(tmp_path / "plans")
    assert 1 <= len(written) < 80
    for name in written:
        with pikepdf.open(tmp_path / "plans" / name) as pdf:
            assert len(pdf.pages) >= 1
