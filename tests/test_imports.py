"""Imports go one way, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def imported_by(code: str) -> set[str]:
    """The modules that a fresh process has imported after ``code``."""
    shown = f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout.splitlines()[-1]))


def libraries(modules: set[str]) -> set[str]:
    tops = {each.partition(".")[0] for each in modules}
    return {each for each in tops if not each.startswith("_")} - sys.stdlib_module_names


def test_every_import_contract_holds() -> None:
    command = "import importlinter.cli as it; it.lint_imports_command()"
    run = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


MODULES = sorted(str(each.relative_to(ROOT)) for each in (ROOT / "plugins").rglob("*.py"))
ALLOWED = {"medication_review": "careplan.facts."}
"""What a plugin may import besides: the table of medicines reads the list line by line, as the facts do."""


@pytest.mark.parametrize("module", MODULES)
def test_a_built_in_plugin_uses_only_what_a_strangers_may(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    imports = [each for each in ast.walk(tree) if isinstance(each, ast.Import | ast.ImportFrom)]
    used = {each.module if isinstance(each, ast.ImportFrom) else each.names[0].name for each in imports}
    besides = ALLOWED.get(Path(module).parent.name, "careplan.hookspecs")
    own = {each for each in used if each and each.startswith("careplan") and not each.startswith(besides)}
    assert own <= {"careplan.hookspecs"}


def test_the_help_imports_nothing_that_it_does_not_need() -> None:
    found = imported_by('from careplan.cli.main import cli\ncli.main(["--help"], standalone_mode=False)')
    assert libraries(found) == {"attr", "attrs", "careplan", "click"}
    assert {each for each in found if each.startswith("careplan")} == {
        "careplan",
        "careplan.cli",
        "careplan.cli.main",
        "careplan.errors",
    }


def test_no_command_imports_a_renderer_before_it_prints() -> None:
    code = """
import importlib
from careplan.cli.main import COMMANDS
for module, _ in COMMANDS.values():
    importlib.import_module(module)
"""
    assert libraries(imported_by(code)) & {"jinja2", "rich", "weasyprint"} == set()


def test_the_library_never_imports_the_command_line() -> None:
    found = imported_by("import careplan.testing")
    assert {each for each in found if each.startswith("careplan.cli")} == set()
    assert "click" not in found
    assert "weasyprint" not in found
