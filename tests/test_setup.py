"""The set-up says what is missing and what to do, and leaves nothing half done behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What the set-up reads, in a folder with a space in its name."""
    folder = tmp_path / "care plan"
    (folder / "scripts").mkdir(parents=True)
    for name in ("scripts/setup", "requirements.txt", "requirements-build.txt", "pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def command(folder: Path, name: str, script: str) -> None:
    """A command of that name, first on the path."""
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / "bin" / name).chmod(0o755)


def setup(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{folder / 'bin'}:/usr/bin:/bin"
    return subprocess.run(
        [folder / "scripts" / "setup"],
        env={
            "PATH": path,
            "HOME": str(folder),
            "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_where_packages_cannot_be_installed_the_one_line_to_run_is_printed(tree: Path) -> None:
    command(tree, "apt-get", "echo no network; exit 100")
    command(tree, "sudo", "exit 1")
    done = setup(tree, PYTHON=sys.executable, CC="no-such-compiler")
    line = "sudo apt-get update && sudo apt-get install --yes --no-install-recommends gcc libc6-dev"
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].strip().startswith(line)
    assert not (tree / ".venv").exists()


def test_packages_are_installed_where_that_is_allowed(tree: Path) -> None:
    command(tree, "apt-get", f'echo "$@" >> "{tree}/asked"; [ "$1" = update ]')
    command(tree, "sudo", '[ "$1" = -n ] && shift; "$@"')
    setup(tree, PYTHON=sys.executable, CC="no-such-compiler")
    asked = (tree / "asked").read_text(encoding="utf-8").splitlines()
    assert asked[0] == "update -qq"
    assert asked[1].startswith("install --yes --no-install-recommends gcc libc6-dev")


def test_a_python_that_is_too_old_is_refused_with_what_to_do(tree: Path) -> None:
    command(tree, "python2.7", "echo 2.7; exit 1")
    done = setup(tree, PYTHON="python2.7")
    assert done.returncode == 1
    assert "no Python 3.11, 3.12 or 3.13 was found as python2.7" in done.stderr
    assert "make setup PYTHON=/path/to/python3.12" in done.stderr


def test_a_python_that_does_not_run_is_passed_over(tree: Path) -> None:
    for version in ("3.12", "3.13"):
        command(tree, f"python{version}", "echo command not found >&2; exit 127")
    command(tree, "python3.11", f'exec "{sys.executable}" "$@"')
    command(tree, "apt-get", "exit 100")
    command(tree, "sudo", "exit 1")
    assert "no Python" not in setup(tree, CC="no-such-compiler").stderr


def test_a_set_up_that_was_broken_off_leaves_no_stamp_that_says_it_is_done(tree: Path) -> None:
    (tree / "requirements-build.txt").write_text("no-such-thing==1 --hash=sha256:00\n", encoding="utf-8")
    done = setup(tree, PYTHON=sys.executable, CC="sh", PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 1
    assert "ERROR: Could not find a version that satisfies the requirement no-such-thing==1" in done.stderr
    assert "setup: pip failed (above): pip install" in done.stderr
    assert list((tree / ".venv").glob("*.stamp")) == []
