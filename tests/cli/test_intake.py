"""``careplan intake new``: a blank intake on standard output or in a file that is never overwritten by chance."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from careplan.instruments import builtin_instruments
from careplan.intake.blank import blank_intake, core_instruments
from careplan.vocabulary.read import builtin_vocabulary
from tests.cli.conftest import Run

PSEQ2 = """\
instrument: pseq2
licence: Agreed with the author for this clinic
language: LANGUAGE
items: {i1: LANGUAGE one, i2: LANGUAGE two}
"""


def blank(*names: str) -> str:
    vocabulary, instruments = builtin_vocabulary(), builtin_instruments()
    return blank_intake([instruments[each] for each in names or core_instruments(vocabulary)], vocabulary)


@pytest.fixture
def wording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A service's folder of wording in two languages, named in its configuration."""
    (tmp_path / "config.toml").write_text('[instruments]\nwording = ["ours"]\n', encoding="utf-8")
    folder = tmp_path / "ours"
    folder.mkdir()
    for language in ("cy", "en-GB"):
        (folder / f"{language}.yaml").write_text(PSEQ2.replace("LANGUAGE", language), encoding="utf-8")
    monkeypatch.setenv("CAREPLAN_CONFIG", str(tmp_path / "config.toml"))
    return folder


def test_it_asks_the_core_set_on_standard_output(run: Run) -> None:
    assert run("intake", "new") == (0, blank(), "")
    assert run("intake", "new", "-o", "-") == (0, blank(), "")


def test_it_asks_the_instruments_that_are_named_in_their_order(run: Run) -> None:
    assert run("intake", "new", "--instruments", "phq9, isi,cssrs,isi") == (0, blank("phq9", "isi", "cssrs"), "")


def test_every_unknown_instrument_is_named_at_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    code, out, err = run("intake", "new", "--instruments", "phq,isi,dass", "-o", file)
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "there is no instrument 'phq'; did you mean 'phq9'?",
        "there is no instrument 'dass'; did you mean 'dass21'?",
        "2 problems; nothing was written.",
    ]
    assert not file.exists()


def test_a_file_that_is_there_is_kept_unless_told_otherwise(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "intake" / "case.yaml"
    assert run("intake", "new", "-o", file) == (0, f"{file}\n", "")
    assert file.read_text(encoding="utf-8") == blank()
    file.write_text("id: filled in\n", encoding="utf-8")
    code, out, err = run("intake", "new", "-o", file)
    assert (code, out) == (2, "")
    assert err == f"{file} is there already; name another file, or write over it with --force\n"
    assert file.read_text(encoding="utf-8") == "id: filled in\n"
    assert run("intake", "new", "-o", file, "--force")[0] == 0
    assert file.read_text(encoding="utf-8") == blank()


def test_what_it_writes_is_refused_until_filled_in_and_then_makes_a_plan(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    run("intake", "new", "-o", file)
    code, out, err = run("generate", file, "--format", "json")
    assert (code, out) == (2, "")
    needs = [re.sub(r"^.*:\d+:\d+: ", "", line) for line in err.splitlines()]
    assert needs[:3] == ["an intake needs 'date'", "an intake needs 'id'", "the person needs 'birth_date'"]
    text = file.read_text(encoding="utf-8")
    for key, value in {"id": "a", "date": "2026-03-02", "  birth_date": "1983-05-04"}.items():
        text = text.replace(f"\n{key}: null", f"\n{key}: {value}", 1)
    file.write_text(text, encoding="utf-8")
    code, out, _ = run("generate", file, "--format", "json")
    assert code == 0
    assert '"case": "a"' in out


def test_the_services_wording_is_asked_in_the_language_that_is_named(run: Run, wording: Path) -> None:
    code, out, err = run("intake", "new", "--instruments", "pseq2,isi", "--language", "cy")
    assert (code, err) == (0, "isi: no wording in 'cy'; asked as its definition has it\n")
    assert "    i1: null  # cy one (0 to 6)\n" in out
    comments = " ".join(out.replace("\n  # ", " ").split())
    assert f"Wording (cy) from {wording}/cy.yaml: Agreed with the author for this clinic pseq2:" in comments


def test_a_language_has_to_be_chosen_among_several(run: Run, wording: Path) -> None:
    code, out, err = run("intake", "new", "--instruments", "pseq2")
    assert (code, out, err) == (2, "", "pseq2 has wordings in cy, en-GB; choose one with --language\n")
    (wording / "cy.yaml").unlink()
    assert "    i1: null  # en-GB one (0 to 6)\n" in run("intake", "new", "--instruments", "pseq2")[1]


def test_a_language_without_any_wording_is_refused(run: Run, wording: Path) -> None:
    assert wording.is_dir()
    message = "no wording is in the language 'fr'; there is cy, en-GB\n"
    assert run("intake", "new", "--language", "fr") == (2, "", message)
