"""The command line as a user meets it: its exit code, what it prints and what it complains of."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from importlib import invalidate_caches
from pathlib import Path

import pytest

from careplan.cli.main import cli, main
from tests.cli.yoga import RULESET, TESTS, YOGA
from tests.distributions import distribution

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """The command line in this process, for a user without any configuration."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("CAREPLAN_CONFIG", raising=False)

    def call(*arguments: str | Path, stdin: str | bytes = b"") -> tuple[int, str, str]:
        invalidate_caches()
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "argv", ["careplan", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    yield call
    cli.commands.clear()


@pytest.fixture
def yoga(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with an installed plugin that nobody has locked yet."""
    distribution(tmp_path, "careplan-yoga", {"yoga": YOGA})
    (tmp_path / "yoga_rules").mkdir()
    (tmp_path / "yoga_rules" / "2026.1.yaml").write_text(RULESET, encoding="utf-8")
    (tmp_path / "yoga_rules" / "2026.1.test.yaml").write_text(TESTS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    invalidate_caches()
    yield tmp_path
    sys.modules.pop("careplan_yoga_yoga", None)
