"""``careplan rules new``: what it writes passes as it is, and nothing that exists is replaced."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from careplan.knowledge import Knowledge
from careplan.rules.read import read_ruleset
from tests.cli.conftest import Run


def test_what_is_written_passes_the_checks_and_its_tests(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "yoga"
    code, out, err = run("rules", "new", "yoga", "-o", folder, "--effective", "2027-02-03")
    assert (code, err) == (0, "")
    assert out == f"{folder / '2027.1.yaml'}\n{folder / '2027.1.test.yaml'}\n"
    code, out, err = run("rules", "check", folder)
    assert (code, err) == (0, "")
    assert out.endswith("0 errors, 0 warnings in 1 ruleset.\n")
    assert run("rules", "test", folder) == (0, "3 tests passed.\n", "")


def test_the_names_follow_from_the_modality(run: Run, knowledge: Knowledge, tmp_path: Path) -> None:
    assert run("rules", "new", "warm_water", "-o", tmp_path, "--effective", "2026-06-01")[0] == 0
    found = read_ruleset(tmp_path / "2026.1.yaml", knowledge.vocabulary.types, knowledge.tags)
    assert (found.name, found.title, found.effective) == ("warm_water@2026.1", "Warm water", date(2026, 6, 1))
    assert [each.id for each in found.rules] == ["WAR-01"]
    (rule,) = found.rules
    assert rule.certainty == "unverified"


def test_the_beginning_of_the_ids_is_chosen(run: Run, tmp_path: Path) -> None:
    assert run("rules", "new", "warm_water", "-o", tmp_path, "--id-prefix", "POOL", "--effective", "2026-06-01")[0] == 0
    for name in ("2026.1.yaml", "2026.1.test.yaml"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "POOL-01" in text
        assert "WAR-" not in text


def test_without_a_day_the_version_is_that_of_this_year(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = date.today()  # noqa: DTZ011 - as the command takes it
    code, out, _ = run("rules", "new", "yoga")
    after = date.today()  # noqa: DTZ011 - the same
    assert code == 0
    (year,) = {int(found) for found in re.findall(r"^yoga/(\d{4})\.1(?:\.test)?\.yaml$", out, re.MULTILINE)}
    assert before.year <= year <= after.year
    effective = re.search(r"^effective: (\S+)", (tmp_path / f"yoga/{year}.1.yaml").read_text("utf-8"), re.MULTILINE)
    assert effective is not None
    assert before <= date.fromisoformat(effective[1]) <= after


@pytest.mark.parametrize("existing", ["2026.1.yaml", "2026.1.test.yaml"])
def test_nothing_that_exists_is_replaced_and_then_nothing_is_written(run: Run, tmp_path: Path, existing: str) -> None:
    (tmp_path / existing).write_text("mine", encoding="utf-8")
    code, out, err = run("rules", "new", "yoga", "-o", tmp_path, "--effective", "2026-06-01")
    assert (code, out) == (2, "")
    assert err == f"{tmp_path / existing}: it exists already; name another folder\n"
    assert [(each.name, each.read_text("utf-8")) for each in tmp_path.iterdir()] == [(existing, "mine")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Warm Water"], "'Warm Water' is not the id of a modality: small letters, such as warm_water\n"),
        (["warm__water"], "'warm__water' is not the id of a modality: small letters, such as warm_water\n"),
        (["sleep"], "there is a ruleset sleep already; copy sleep@2026.1 to a new version instead\n"),
        (["yoga", "--id-prefix", "yo-"], "'yo-' is no beginning of rule ids, such as ABC; name one by --id-prefix\n"),
        (["y"], "'Y' is no beginning of rule ids, such as ABC; name one by --id-prefix\n"),
        (["yoga", "--id-prefix", "SLP"], "SLP-01 is a rule of sleep already; name others by --id-prefix\n"),
    ],
)
def test_a_name_that_cannot_be_or_is_taken_is_refused(
    run: Run, tmp_path: Path, arguments: list[str], message: str
) -> None:
    assert run("rules", "new", *arguments, "-o", tmp_path / "out") == (2, "", message)
    assert not (tmp_path / "out").exists()
