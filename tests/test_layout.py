"""What is packaged is what is there, and every dependency is pinned."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
INSIDE = {"plugins": "careplan.plugins", "rulesets": "careplan.rulesets", "templates": "careplan.templates"}
"""The folders that install inside the package."""
LONGEST = 400
"""Lines of a module; a longer one answers two questions."""


def modules() -> list[Path]:
    folders = ("careplan", "plugins", "scripts", "bench")
    return sorted(each for folder in folders for each in (ROOT / folder).rglob("*.py"))


def test_every_package_is_packaged() -> None:
    there = {".".join(each.parent.relative_to(ROOT).parts) for each in (ROOT / "careplan").rglob("__init__.py")}
    for folder in INSIDE:
        found = (each.parent.relative_to(ROOT).parts for each in (ROOT / folder).rglob("__init__.py"))
        there |= {".".join(("careplan", *parts)) for parts in found}
    assert sorted(PROJECT["tool"]["setuptools"]["packages"]) == sorted(there)


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {each.parent for folder in ("careplan", *INSIDE) for each in (ROOT / folder).rglob("*.py")}
    assert [str(each) for each in sorted(folders) if not (each / "__init__.py").is_file()] == []


def test_every_module_of_plugins_is_an_entry_point() -> None:
    names = [each.stem for each in (ROOT / "plugins").glob("*.py") if each.stem != "__init__"]
    names += [each.name for each in (ROOT / "plugins").iterdir() if (each / "__init__.py").is_file()]
    points = {name: f"careplan.plugins.{name}" for name in names}
    assert PROJECT["project"]["entry-points"]["careplan"] == points


@pytest.mark.parametrize("module", modules(), ids=lambda module: str(module.relative_to(ROOT)))
def test_a_module_answers_one_question(module: Path) -> None:
    lines = len(module.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST


def test_every_dependency_is_pinned_with_hashes() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+) \\\n    --hash=sha256:", text, re.MULTILINE))
    project = PROJECT["project"]
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    for requirement in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(requirement.name), "")
        assert version, f"{requirement.name} is not pinned; run: make requirements"
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement} is pinned to {version}"


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    here = "|".join(re.escape(f"{each}/") for each in (ROOT, ROOT.parent, Path.home()) if len(each.parts) > 1)
    secret = re.compile(rf"(?<![\w.])(?:{here}|/home/[a-z]+/)")
    files = [each for each in ROOT.rglob("*") if each.suffix in {".py", ".md", ".toml", ".yaml", ".html", ".css"}]
    hidden = {".venv", ".git", "build", "node_modules", "__pycache__"}
    shown = [each for each in files if not hidden & set(each.relative_to(ROOT).parts) and each != Path(__file__)]
    assert [str(each) for each in shown if secret.search(each.read_text(encoding="utf-8"))] == []
