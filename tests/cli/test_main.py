"""The command line as a whole: what it says of commands that are there, and of one that is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("genrate", "there is no command 'genrate'; did you mean 'generate'?"),
        ("Plugins", "there is no command 'Plugins'; did you mean 'plugins'?"),
        ("dig", "there is no command 'dig'"),
    ],
)
def test_an_unknown_command_is_refused_with_the_nearest(run: Run, name: str, said: str) -> None:
    code, out, err = run(name)
    assert (code, out, err.splitlines()[-1]) == (2, "", f"Error: {said}")


@pytest.mark.parametrize("group", ["rules", "intake"])
def test_the_line_of_a_command_is_whole_in_a_narrow_terminal(run: Run, group: str) -> None:
    code, out, _ = run(group, "--help")
    assert code == 0
    assert "..." not in out.partition("Commands:")[2]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_no_room_for_what_is_written_is_no_answer() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "careplan", "rules", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, "standard output cannot be written: No space left on device\n")


def test_an_empty_name_is_no_folder(run: Run) -> None:
    code, _, err = run("generate", "")
    assert (code, err) == (2, "a case has an empty name; name a file, a folder, or - for standard input\n")


def test_a_bug_shows_its_traceback_and_is_no_answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careplan.cli.score.score_answers", lambda *_, **__: 1 // 0, raising=True)
    code, out, err = run("score", "phq9", "1,1,2,2,1,1,1,0,0")
    assert (code, out) == (70, "")
    assert err.startswith("Traceback")
    assert err.endswith("ZeroDivisionError: integer division or modulo by zero\n")
