"""``careplan rules diff``: what differs between two versions, and for whom."""

from __future__ import annotations

import json
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from tests.cli.conftest import Run

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the released sleep ruleset."""
    with as_file(files("careplan.rulesets") / "sleep" / "2026.1.yaml") as file:
        return written(tmp_path / "old" / "2026.1.yaml", file.read_text(encoding="utf-8"))


def written(file: Path, text: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def changed(old: Path, *pairs: tuple[str, str]) -> Path:
    """The next version: the old text with each first word replaced by the second."""
    text = old.read_text(encoding="utf-8")
    for before, after in (('version: "2026.1"', 'version: "2026.2"'), *pairs):
        assert before in text
        text = text.replace(before, after, 1)
    return written(old.parent.parent / "new" / "2026.2.yaml", text)


STRICTER = ("isi.total >= 15 and sleep.efficiency < 85", "isi.total >= 23 and sleep.efficiency < 85")
ADDED = ("isi.total >= 15 and sleep.efficiency < 85", "isi.total >= 15 and sleep.efficiency < 85 and dx.osa is true")
REWORDED = ("Rise at the same time every day", "Get up at the same time every day")


def test_nothing_differs_from_itself_however_it_is_named(run: Run, old: Path) -> None:
    for one, other in ((old, old), ("sleep@2026.1", old), (old.parent, "sleep@2026.1")):
        assert run("rules", "diff", one, other) == (0, "No difference.\n", "")


def test_another_layout_is_no_difference(run: Run, old: Path) -> None:
    text = old.read_text(encoding="utf-8").replace(STRICTER[0], f'"{STRICTER[0]}"   # as AASM has it')
    assert run("rules", "diff", old, written(old.parent.parent / "other.yaml", text))[0] == 0


def test_a_changed_threshold_is_told_and_decides(run: Run, old: Path) -> None:
    code, out, err = run("rules", "diff", "sleep@2026.1", changed(old, STRICTER, REWORDED))
    assert (code, err) == (1, "")
    assert out == (
        "sleep@2026.1 → sleep@2026.2\n"
        "  the version is 2026.2 and was 2026.1\n"
        "  SLP-01 Sleep basics (only wording)\n"
        "    patient: [-Rise-]{+Get up+} at the same time every day, …\n"
        "  SLP-03 A set sleep window\n"
        "    the threshold of isi.total rose from >= 15 to >= 23\n"
        "\n"
        "Decisions or plans can differ.\n"
    )


def test_new_words_alone_decide_nothing(run: Run, old: Path) -> None:
    code, out, _ = run("rules", "diff", old, changed(old, REWORDED))
    assert code == 0
    assert out.endswith("Only wording changed, sources and dates included: no decision can differ.\n")


def test_a_removed_rule_keeps_its_id(run: Run, old: Path) -> None:
    code, out, _ = run("rules", "diff", old, changed(old, ("id: SLP-10", "id: SLP-11")))
    assert code == 1
    assert "  SLP-10 Your sleeping pill: removed; its id stays taken and is never given to another rule\n" in out
    assert "  SLP-11 Your sleeping pill: added\n" in out


def test_a_difference_is_json_for_programs(run: Run, old: Path) -> None:
    code, out, _ = run("rules", "diff", old, changed(old, ADDED), "--json")
    found = json.loads(out)
    assert (code, found["verdict"]) == (1, "meaning")
    (ruleset,) = found["rulesets"]
    (rule,) = ruleset["rules"]
    (field,) = rule["fields"]
    assert (ruleset["old"], ruleset["new"], rule["id"], field["field"]) == (
        "sleep@2026.1", "sleep@2026.2", "SLP-03", "when",
    )  # fmt: skip
    assert field["clauses"] == [
        {
            "change": "added",
            "old": None,
            "new": "dx.osa is true",
            "words": "the clause dx.osa is true was added",
        }
    ]


def test_cases_are_decided_by_both_and_the_first_explained(run: Run, old: Path) -> None:
    new = changed(old, STRICTER)
    code, out, err = run("rules", "diff", old, new, "--cases", EXAMPLES / "fibromyalgia.yaml")
    assert (code, err) == (1, "")
    assert (
        "Of 1 case:\n"
        "  SLP-03 A set sleep window\n"
        "    1 lose it: fibromyalgia\n"
        "    fibromyalgia: fires by the old version, does not fire by the new\n"
    ) in out
    lines = [line.strip() for line in out.splitlines()]
    assert [line.split("    [")[0] for line in lines if line.startswith(("old  ", "new  "))] == [
        "old  ✔ true     isi.total >= 15",
        "new  ✘ false    isi.total >= 23",
    ]


def test_nobody_is_decided_otherwise_for_new_words(run: Run, old: Path) -> None:
    code, out, _ = run("rules", "diff", old, changed(old, REWORDED), "--cases", EXAMPLES)
    assert code == 0
    assert "\nOf 4 cases, none is decided otherwise.\n" in out


def test_who_moves_is_json_for_programs(run: Run, old: Path) -> None:
    _, out, _ = run("rules", "diff", old, changed(old, STRICTER), "--cases", EXAMPLES, "--json")
    found = json.loads(out)["effect"]
    rule = next(each for each in found["rules"] if each["rule"] == "SLP-03")
    assert (found["cases"], found["failed"], rule["loses"]) == (4, [], ["fibromyalgia", "shift-worker"])
    explained = next(each for each in rule["explained"] if each["case"] == "fibromyalgia")
    assert explained["clauses"][0]["after"]["text"] == "isi.total >= 23"


def test_a_bad_case_is_named_and_does_not_stop_the_rest(run: Run, old: Path, tmp_path: Path) -> None:
    bad = written(tmp_path / "cases" / "bad.yaml", "careplan: intake/1\nid: bad\n")
    shown = (EXAMPLES / "fibromyalgia.yaml").read_text(encoding="utf-8")
    written(tmp_path / "cases" / "good.yaml", shown)
    code, out, err = run("rules", "diff", old, changed(old, STRICTER), "--cases", bad.parent)
    assert code == 2
    assert f"✘ {bad}:" in err
    assert "Of 1 case:\n" in out
    assert "1 lose it: fibromyalgia" in out


def test_of_many_cases_it_is_said_how_many_are_done_and_the_first_are_named(
    run: Run, old: Path, tmp_path: Path
) -> None:
    shown = (EXAMPLES / "fibromyalgia.yaml").read_text(encoding="utf-8")
    for number in range(201):
        named = shown.replace("id: fibromyalgia", f"id: p{number:03}")
        written(tmp_path / "cases" / f"p{number:03}.yaml", named)
    _, out, err = run("rules", "diff", old, changed(old, STRICTER), "--cases", tmp_path / "cases")
    assert err == "200 of 201 cases\n201 of 201 cases\n"
    assert "    201 lose it: p000, p001, p002, " in out
    assert ", p019 and 181 more (--json names all)\n" in out


def test_folders_are_compared_ruleset_by_ruleset(run: Run, old: Path) -> None:
    changed(old, STRICTER)
    written(old.parent / "tags.yaml", "tags: [{id: nights, meaning: Of nights}]")
    written(old.parent / "2026.1.test.yaml", "tests: []")
    code, out, _ = run("rules", "diff", old.parent, old.parent.parent / "new")
    assert code == 1
    assert out.startswith("sleep@2026.1 → sleep@2026.2\n")


def test_a_name_that_is_nothing_names_the_nearest(run: Run, old: Path) -> None:
    code, out, err = run("rules", "diff", "sleep@2026.11", old)
    assert (code, out) == (2, "")
    assert err == (
        "there is no file or folder 'sleep@2026.11', and no installed ruleset of that name; "
        "did you mean 'sleep@2026.1'?\n"
    )


def test_a_ruleset_that_cannot_be_read_is_an_error_with_its_place(run: Run, old: Path) -> None:
    code, out, err = run("rules", "diff", old, changed(old, ("isi.total >= 15", "isi.totel >= 15")))
    assert (code, out) == (2, "")
    assert "2026.2.yaml:" in err
    assert "did you mean 'isi.total'?" in err
