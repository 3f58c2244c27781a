"""``careplan review`` and ``previous``: one person's files in the order of time, what changed, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from tests.cli.conftest import Run

VISITS = Path(__file__).parents[2] / "examples" / "follow-up"
MARCH, APRIL, JUNE = (VISITS / f"{month}.yaml" for month in ("march", "april", "june"))


def altered(folder: Path, visit: Path, *changes: tuple[str, str], name: str | None = None) -> Path:
    """A copy of a visit's file with some of its text replaced."""
    text = visit.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = folder / (name or visit.name)
    file.write_text(text, encoding="utf-8")
    return file


def test_what_changed_is_told_and_worse_is_a_no(run: Run) -> None:
    code, out, err = run("review", MARCH, APRIL, JUNE)
    assert code == 1
    assert out.startswith("Review of follow-up: 2026-03-02, 2026-04-20, 2026-06-08 (14 weeks)\n")
    assert "  worse:    PHQ-9 total\n" in out
    assert "  improved: GAS T-score (unverified); ISI total; PEG mean; PSEQ total\n" in out
    assert "(prorated)" in out
    assert "Walk the dog to the mill and back: reached (level 0: To the mill and back; -1 before)" in out
    assert "10 minutes then, 27.5 now" in out
    assert "follows follow-up of 2026-04-20" in err


def test_without_anything_worse_the_answer_is_yes(run: Run) -> None:
    code, out, _ = run("review", MARCH, APRIL)
    assert code == 0
    assert "  worse:    no score by more than matters\n" in out


def test_the_json_is_a_review_with_its_plan(run: Run) -> None:
    code, out, _ = run("review", MARCH, JUNE, "--json")
    found = json.loads(out)
    assert (code, found["careplan"], found["worse"]) == (1, "review/1", ["phq9.total"])
    assert found["plan"]["previous"] == {"case": "follow-up", "on": "2026-03-02", "read": True}
    pseq = next(each for each in found["trends"] if each["fact"] == "pseq.total")
    assert (pseq["direction"], pseq["since_last"]["verdict"]) == ("higher_better", "improved")


@pytest.mark.parametrize("form", ["html", "pdf", "text"])
def test_a_review_goes_to_a_file(run: Run, tmp_path: Path, form: str) -> None:
    suffix = {"html": ".html", "pdf": ".pdf", "text": ".txt"}[form]
    code, out, _ = run("review", MARCH, APRIL, JUNE, "--format", form, "-o", tmp_path / "reviews")
    file = tmp_path / "reviews" / f"follow-up-review{suffix}"
    assert (code, out) == (1, f"{file}\n")
    if form == "pdf":
        with pikepdf.open(file) as pdf:
            assert len(pdf.pages) >= 2
    else:
        text = file.read_text(encoding="utf-8")
        assert "Mood clearly worse than before" in text
        assert "Sam Pattern" in text or form == "text"


def test_a_withheld_plan_is_a_no(run: Run, tmp_path: Path) -> None:
    flagged = altered(tmp_path, APRIL, ("red_flags: {reviewed: true}", "red_flags: {present: [saddle_anaesthesia]}"))
    code, out, err = run("review", MARCH, flagged, "--json")
    assert (code, json.loads(out)["worse"], json.loads(out)["plan"]["status"]) == (1, [], "withheld")
    assert "WITHHELD" in err


def test_files_of_two_people_are_refused(run: Run, tmp_path: Path) -> None:
    other = altered(tmp_path, APRIL, ("birth_date: 1979-11-20", "birth_date: 1980-11-20"))
    code, out, err = run("review", MARCH, other)
    assert (code, out) == (2, "")
    assert f"{other}: the person was born on 1980-11-20, and that of 'follow-up' on 1979-11-20" in err


def test_files_out_of_the_order_of_time_are_refused(run: Run) -> None:
    code, _, err = run("review", JUNE, APRIL, MARCH)
    assert code == 2
    assert f"{APRIL}: the assessment is of 2026-04-20, before that of 2026-06-08" in err
    assert f"{MARCH}: the assessment is of 2026-03-02, before that of 2026-04-20" in err


def test_another_id_must_be_linked_by_its_previous(run: Run, tmp_path: Path) -> None:
    march = altered(tmp_path, MARCH)
    linked = altered(tmp_path, APRIL, ("id: follow-up", "id: visit-2"))
    assert run("review", march, linked)[0] == 0
    stray = altered(
        tmp_path, APRIL, ("id: follow-up", "id: visit-2"), ("previous: march.yaml ", "previous: case-9 "), name="c.yaml"
    )
    code, _, err = run("review", march, stray)
    assert code == 2
    assert "its id is 'visit-2' and the earlier one's 'follow-up'" in err


def test_every_problem_of_every_file_is_told_at_once(run: Run, tmp_path: Path) -> None:
    one = altered(tmp_path, MARCH, ("peg: [7, 6, 7]", "peg: [7, 6, 70]"))
    two = altered(tmp_path, APRIL, ("isi: [1,", "isi: [9,"))
    code, _, err = run("review", one, two)
    assert code == 2
    assert f"{one}:" in err
    assert f"{two}:" in err


def test_a_file_is_not_compared_with_itself(run: Run) -> None:
    code, _, err = run("review", MARCH, MARCH)
    assert (code, err) == (2, f"{MARCH}: the file is named twice; a visit is compared with another\n")


def test_a_review_needs_two_files(run: Run) -> None:
    assert run("review", MARCH)[0] == 2


def test_a_file_is_never_overwritten_by_another_format(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "notes.md"
    file.write_text("mine", encoding="utf-8")
    code, _, err = run("review", MARCH, APRIL, "--format", "html", "-o", file)
    assert (code, file.read_text(encoding="utf-8")) == (2, "mine")
    assert "does not end in .html" in err


def test_generate_follows_previous_from_file_to_file(run: Run) -> None:
    code, out, err = run("generate", JUNE, "--format", "json")
    plan = json.loads(out)
    assert code == 0
    assert plan["previous"] == {"case": "follow-up", "on": "2026-04-20", "read": True}
    assert plan["facts"]["followup.peg_change"] == pytest.approx(100 / 3)
    assert plan["facts"]["followup.phq9_change"] == 5
    assert plan["phases"] == []
    assert "  follows follow-up of 2026-04-20" in err.splitlines()


def test_generate_says_when_the_earlier_assessment_was_not_read(run: Run, tmp_path: Path) -> None:
    named = altered(tmp_path, APRIL, ("previous: march.yaml ", "previous: case-000 "))
    _, out, err = run("generate", named, "--format", "json")
    plan = json.loads(out)
    assert plan["previous"] == {"case": "case-000", "on": None, "read": False}
    assert "followup.peg_change" not in plan["facts"]
    assert "FUP-02" in {each["rule"] for each in plan["unknown"]}
    assert "  follows case-000, which was not read: what has changed since is not known" in err.splitlines()


def test_explain_knows_what_changed_too(run: Run) -> None:
    code, out, _ = run("explain", JUNE, "FUP-04")
    assert code == 0
    assert out.startswith("FUP-04 A clear improvement (coordination@2026.1): fires")


def test_a_previous_file_that_is_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    alone = altered(tmp_path, APRIL)
    code, _, err = run("generate", alone, "--format", "json")
    assert code == 2
    assert f"{alone}: 'previous' names 'march.yaml'; there is no file {tmp_path / 'march.yaml'}" in err


def test_a_previous_file_of_somebody_else_is_refused(run: Run, tmp_path: Path) -> None:
    altered(tmp_path, MARCH, ("birth_date: 1979-11-20", "birth_date: 1980-11-20"))
    code, _, err = run("generate", altered(tmp_path, APRIL), "--format", "json")
    assert code == 2
    assert "the person was born on 1979-11-20, and that of 'follow-up' on 1980-11-20" in err


def test_a_previous_that_goes_in_a_circle_is_refused(run: Run, tmp_path: Path) -> None:
    itself = altered(tmp_path, APRIL, ("previous: march.yaml ", "previous: april.yaml "))
    code, _, err = run("generate", itself, "--format", "json")
    assert code == 2
    assert f"'previous' leads back to {itself}, which stands in the row already" in err
