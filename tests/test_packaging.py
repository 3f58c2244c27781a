"""The built wheel, installed where nothing else of careplan is, with strangers' plugins beside it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterable
from pathlib import Path
from sysconfig import get_path

import pytest

from tests.distributions import BUILT_IN, with_stranger

ROOT = Path(__file__).parent.parent
HYDROTHERAPY = ROOT / "tests" / "third_party" / "careplan-hydrotherapy"
BROKEN = ROOT / "tests" / "third_party" / "careplan-hydrotherapy-broken"
UNPACKED = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "dist", ".*", "tests", "docs")
AMONG_BUILT_IN = list(with_stranger("hydrotherapy", after="graded_exposure"))
SWIMMER = ROOT / "tests" / "data" / "swimmer.yaml"
MAIN = "from careplan.cli.main import main; main()"
pytestmark = pytest.mark.xdist_group("packaging")  # one worker builds the wheels, once


def run(*command: str | Path, cwd: Path, path: Iterable[Path] = (), code: int = 0) -> subprocess.CompletedProcess[str]:
    """The finished command, run away from the checkout with nothing of this environment; it must exit with ``code``."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    environment = {**kept, "HOME": str(cwd), "PYTHONPATH": os.pathsep.join(map(str, path))}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Copies of the projects, so that no build leaves anything behind in the checkout."""
    folder = tmp_path_factory.mktemp("sources")
    projects = {"careplan": ROOT, "hydrotherapy": HYDROTHERAPY, "broken": BROKEN}
    for name, project in projects.items():
        shutil.copytree(project, folder / name, ignore=UNPACKED)
    return {name: folder / name for name in projects}


@pytest.fixture(scope="module")
def wheels(sources: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for name, source in sources.items():
        out = tmp_path_factory.mktemp(name)
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, source, cwd=out)
        (found[name],) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def dependencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that is installed here but careplan."""
    folder = tmp_path_factory.mktemp("dependencies")
    for each in Path(get_path("platlib")).iterdir():
        if not each.name.startswith(("careplan", "__editable__")) and each.suffix != ".pth":
            (folder / each.name).symlink_to(each)
    return folder


class Environment:
    """A clean virtual environment that sees the dependencies and has the wheels given."""

    def __init__(self, folder: Path, dependencies: Path) -> None:
        self.folder = folder
        venv.create(folder / "venv", with_pip=False, symlinks=True)
        self.python = folder / "venv" / "bin" / "python"
        (self.site,) = (folder / "venv" / "lib").glob("python*/site-packages")
        (self.site / "dependencies.pth").write_text(f"{dependencies}\n", encoding="utf-8")
        shutil.copy(SWIMMER, folder / "swimmer.yaml")

    def install(self, *what: str | Path) -> None:
        options = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check")
        run(self.python, "-m", "pip", "install", *options, *what, cwd=self.folder)

    def careplan(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        return run(self.folder / "venv" / "bin" / "careplan", *arguments, cwd=self.folder, code=code)

    def plugins(self, code: int = 0) -> tuple[list[str], list[dict[str, str]]]:
        found = json.loads(self.careplan("plugins", "--json", code=code).stdout)
        return [each["name"] for each in found["plugins"]], found["failures"]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, dependencies: Path, wheels: dict[str, Path]) -> Environment:
    environment = Environment(tmp_path_factory.mktemp("clean place"), dependencies)
    environment.install(wheels["careplan"], wheels["hydrotherapy"])
    return environment


def test_the_wheel_holds_every_file_of_the_package(sources: dict[str, Path], wheels: dict[str, Path]) -> None:
    packed = set(zipfile.ZipFile(wheels["careplan"]).namelist())
    places = {"careplan": Path("careplan")}
    places |= {name: Path("careplan") / name for name in ("plugins", "rulesets", "templates")}
    there = {
        (place / each.relative_to(sources["careplan"] / folder)).as_posix()
        for folder, place in places.items()
        for each in (sources["careplan"] / folder).rglob("*")
        if each.is_file()
    }
    assert sorted(there - packed) == []
    assert sorted(each for each in packed - there if ".dist-info/" not in each) == []


def test_site_packages_gains_one_name(wheels: dict[str, Path]) -> None:
    packed = zipfile.ZipFile(wheels["careplan"]).namelist()
    assert {each.partition("/")[0] for each in packed} == {"careplan", "careplan-1.0.0.dist-info"}


def test_a_strangers_modality_stands_among_the_built_in_ones(clean: Environment) -> None:
    assert clean.plugins() == (AMONG_BUILT_IN, [])


def test_a_strangers_section_appears_in_a_plan(clean: Environment) -> None:
    clean.careplan("generate", "swimmer.yaml", "--format", "html", "-o", "plans", "--sign-off", "Dr Bell, GP")
    for edition in ("patient", "clinician"):
        page = (clean.folder / "plans" / f"swimmer-{edition}.html").read_text(encoding="utf-8")
        assert "In warm water" in page
        assert "Moving in warm water" in page
        if edition == "patient":  # its action waits for a later phase; what the section itself says does not
            _, _, section = page.partition('id="section-hydrotherapy"')
            own = section.partition("</section>")[0]
            assert re.search(
                '<strong>Later,</strong> in weeks \\d+ to \\d+: <a href="#HYD-01">Moving in warm water</a>', own
            )
            assert "ring the pool" in own
    plan = json.loads(clean.careplan("generate", "swimmer.yaml", "--format", "json").stdout)
    assert plan["plugins"] == dict.fromkeys(BUILT_IN, "1.0.0") | {"hydrotherapy": "1.2.0"}
    assert "HYD-01" in [each["rule"] for each in plan["recommendations"]]


def test_a_strangers_own_tests_pass_where_it_is_installed(clean: Environment) -> None:
    shutil.copytree(HYDROTHERAPY / "tests", clean.folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HYDROTHERAPY / "pyproject.toml", clean.folder)
    done = run(clean.python, "-m", "pytest", "-q", "tests", cwd=clean.folder)
    assert "6 passed" in done.stdout


def test_a_checkout_runs_beside_what_is_installed(clean: Environment) -> None:
    shown = (
        "import careplan; from careplan.registry import load_plugins as load; print(careplan.__file__, load().failures)"
    )
    assert run(clean.python, "-c", shown, cwd=ROOT).stdout == f"{ROOT / 'careplan' / '__init__.py'} ()\n"


def test_a_broken_plugin_is_named_and_the_plan_refused(
    tmp_path: Path, dependencies: Path, wheels: dict[str, Path]
) -> None:
    environment = Environment(tmp_path, dependencies)
    environment.install(*wheels.values())
    message = "ModuleNotFoundError: No module named 'pool_thermometer' (in careplan_hydrotherapy_broken, line 3)"
    failure = {"plugin": "hydrotherapy_broken", "stage": "import", "message": message}
    assert environment.plugins(code=1) == (AMONG_BUILT_IN, [failure])

    options = ("generate", "swimmer.yaml", "--format", "html", "-o", "plans", "--sign-off", "Dr Bell, GP")
    refused = environment.careplan(*options, code=2)
    assert "hydrotherapy_broken" in refused.stderr
    assert message in refused.stderr
    assert "--allow-incomplete" in refused.stderr
    assert not (tmp_path / "plans").exists()

    environment.careplan(*options, "--allow-incomplete")
    page = (tmp_path / "plans" / "swimmer-clinician.html").read_text(encoding="utf-8")
    assert "hydrotherapy_broken" in page


def test_a_built_in_plugin_that_is_missing_is_named(
    tmp_path: Path, dependencies: Path, wheels: dict[str, Path]
) -> None:
    environment = Environment(tmp_path, dependencies)
    environment.install(wheels["careplan"])
    (points,) = environment.site.glob("careplan-*.dist-info/entry_points.txt")
    points.write_text(
        points.read_text(encoding="utf-8").replace("sleep = careplan.plugins.sleep\n", ""), encoding="utf-8"
    )
    message = "the built-in plugin is not among the entry points of the installed careplan; install careplan again"
    failure = {"plugin": "sleep", "stage": "missing", "message": message}
    assert environment.plugins(code=1) == ([each for each in BUILT_IN if each != "sleep"], [failure])
    shutil.rmtree(environment.site / "careplan" / "templates" / "education")
    (environment.site / "careplan" / "plugins" / "sleep.py").unlink()
    names, failures = environment.plugins(code=1)
    assert names == [each for each in BUILT_IN if each not in {"education", "sleep"}]
    assert {each["plugin"] for each in failures} == {"education", "sleep"}


def test_wheels_work_without_being_unpacked(tmp_path: Path, dependencies: Path, wheels: dict[str, Path]) -> None:
    environment = Environment(tmp_path, dependencies)
    path = (wheels["careplan"], wheels["hydrotherapy"])
    generate = ("generate", "swimmer.yaml", "-o", "plans", "--sign-off", "Dr Bell, GP", "--edition", "patient")
    run(environment.python, "-c", MAIN, *generate, "--format", "html", cwd=tmp_path, path=path)
    assert "In warm water" in (tmp_path / "plans" / "swimmer-patient.html").read_text(encoding="utf-8")
    run(environment.python, "-c", MAIN, *generate, "--format", "pdf", cwd=tmp_path, path=path)
    assert (tmp_path / "plans" / "swimmer-patient.pdf").read_bytes().startswith(b"%PDF-")


def test_editable_installs_see_their_sources(tmp_path: Path, dependencies: Path) -> None:
    environment = Environment(tmp_path, dependencies)
    copies = [tmp_path / "my sources" / each.name for each in (ROOT, HYDROTHERAPY)]
    for project, copy in zip((ROOT, HYDROTHERAPY), copies, strict=True):
        shutil.copytree(project, copy, ignore=UNPACKED)
        environment.install("--editable", copy)
    assert environment.plugins() == (AMONG_BUILT_IN, [])
    plugin = copies[1] / "careplan_hydrotherapy" / "__init__.py"
    plugin.write_text(plugin.read_text(encoding="utf-8").replace("order=25", "order=999"), encoding="utf-8")
    assert environment.plugins() == ([*BUILT_IN, "hydrotherapy"], [])
