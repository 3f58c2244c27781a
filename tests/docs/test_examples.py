"""Every session that the documentation shows runs, ends with the exit code it shows and prints what it shows."""

from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import invalidate_caches
from pathlib import Path

import pytest

from careplan.cli.main import cli, main
from tests.distributions import distribution, forget
from tests.docs.pages import PAGES, ROOT, Block, Step, blocks, fits, steps

SESSIONS = [page for page in PAGES if any(each.language == "console" for each in blocks(page))]


class Reader:
    """Somebody who follows a page in a folder of their own: writes the files it names and types its commands."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.site, self.monkeypatch = folder, folder / "site", monkeypatch
        for each in ("examples", "rulesets"):
            shutil.copytree(ROOT / each, folder / each, ignore=shutil.ignore_patterns("__pycache__"))
        self.site.mkdir()
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        monkeypatch.syspath_prepend(self.site)
        for name, value in {"HOME": str(folder), "COLUMNS": "100"}.items():
            monkeypatch.setenv(name, value)
        for name in ("XDG_CONFIG_HOME", "CAREPLAN_CONFIG"):
            monkeypatch.delenv(name, raising=False)

    def follow(self, block: Block) -> Iterator[tuple[Step, int, str]]:
        """Write the file that a block is, or run its session: each step with its exit code and what it printed."""
        if block.file:
            file = self.folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        for step in steps(block) if block.language == "console" else ():
            yield (step, *self.type(step.command))

    def type(self, command: str) -> tuple[int, str]:
        """The exit code of a command and what it printed to both streams."""
        words = shlex.split(command)
        match words:
            case ["careplan", *arguments]:
                return self.careplan(arguments)
            case ["pip", "install", "-e", project]:
                return self.install(project)
            case ["pytest", *arguments]:
                return self.pytest(arguments)
        raise AssertionError(f"nobody tests the command {command!r}; show careplan, pip install -e or pytest")

    def careplan(self, arguments: list[str]) -> tuple[int, str]:
        given = b""
        if "<" in arguments:
            *arguments, _, file = arguments
            given = (self.folder / file).read_bytes()
        printed = io.BytesIO()
        terminal = io.TextIOWrapper(printed, encoding="utf-8", write_through=True)
        self.begin_anew()
        with self.monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["careplan", *arguments])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
            patch.setattr(sys, "stdout", terminal)
            patch.setattr(sys, "stderr", terminal)
            with pytest.raises(SystemExit) as stopped:
                main()
        return int(stopped.value.code or 0), printed.getvalue().decode()

    def begin_anew(self) -> None:
        """Let nothing be left of an earlier command, as in a new process."""
        invalidate_caches()
        forget(self.folder)
        cli.commands.clear()

    def install(self, project: str) -> tuple[int, str]:
        """Leave behind what an installer would, and let the next import find the project where it is."""
        about = tomllib.loads((self.folder / project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        left = distribution(self.site, about["name"], {}, about["version"], about.get("dependencies", ()))
        points = [f"{name} = {module}\n" for name, module in about["entry-points"]["careplan"].items()]
        (left / "entry_points.txt").write_text("".join(["[careplan]\n", *points]), encoding="utf-8")
        self.monkeypatch.syspath_prepend(self.folder / project)
        return 0, ""

    def pytest(self, arguments: list[str]) -> tuple[int, str]:
        path = os.pathsep.join(each for each in sys.path if each.startswith(str(self.folder)))
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    reader = Reader(tmp_path, monkeypatch)
    yield reader
    reader.begin_anew()


@pytest.mark.parametrize("page", SESSIONS, ids=lambda page: page.stem)
def test_the_sessions_of_a_page_are_what_happens(page: Path, reader: Reader) -> None:
    for block in blocks(page):
        for step, code, printed in reader.follow(block):
            place = f"{page.name}:{step.line}: {step.command}\n{printed}"
            assert code == step.code, place
            assert fits(step.shown, printed), place


def test_the_plugin_of_the_readme_is_whole_and_its_recommendation_is_in_the_plan(reader: Reader) -> None:
    for block in blocks(ROOT / "README.md"):
        if (block.file or "").startswith("pool/"):
            assert list(reader.follow(block)) == []
    reader.install("pool")
    code, printed = reader.careplan(["generate", "examples/fibromyalgia.yaml", "--format", "json", "-o", "plan.json"])
    assert code == 0, printed
    plan = json.loads((reader.folder / "plan.json").read_text(encoding="utf-8"))
    assert plan["plugins"]["pool"] == "1.0"
    (found,) = (each for each in plan["recommendations"] if each["rule"] == "POOL-01")
    assert (found["ruleset"], found["triggered_by"]) == ("pool@2026.1", {"finding.likes_heat": True})
    (section,) = (each for each in plan["sections"] if each["id"] == "pool")
    assert (section["heading"], section["rules"]) == ("Our warm pool", ["POOL-01"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_command_stands_only_where_it_is_tried(page: Path) -> None:
    untried = [
        f"{page.name}:{block.line}: {line}"
        for block in blocks(page)
        if block.language not in ("console", "text")
        for line in block.text.splitlines()
        if line.removeprefix("$ ").startswith("careplan ")
    ]
    assert untried == []


def test_a_session_may_leave_out_lines_and_ends_of_lines_and_nothing_else() -> None:
    printed = "one\ntwo three\nfour\n"
    assert fits(("one", "two…", "four"), printed)
    assert fits(("one", "…"), printed)
    assert fits(("…", "four"), printed)
    assert not fits(("one", "four"), printed)
    assert not fits(("one", "two", "four"), printed)
    assert not fits((), printed)
