"""Real distributions written to disk: what an installer leaves behind, without the installer."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

BUILT_IN = (
    "safety", "pain_profile", "education", "graded_exposure", "exercise", "sleep", "stress", "medication_review",
    "nutrition", "social_support", "goals", "self_management", "coordination",
)  # fmt: skip
"""The modalities careplan brings, in the order of their sections."""
MODALITY = """
from careplan.hookspecs import Modality, hookimpl

@hookimpl
def careplan_modality():
    return [Modality(id="{name}", title="{title}", purpose="To be tried.", order={order}, answers_for_it="Tests")]
"""
"""A plugin that brings a modality and nothing else."""


def with_stranger(name: str, after: str) -> tuple[str, ...]:
    """The built-in modalities and the stranger ``name``, in the order of a plan in which it stands after ``after``."""
    place = BUILT_IN.index(after) + 1
    return (*BUILT_IN[:place], name, *BUILT_IN[place:])


def modality(name: str, order: int = 500) -> str:
    """The source of a plugin that brings the modality ``name``."""
    return MODALITY.format(name=name, title=name.title(), order=order)


def distribution(
    site: Path,
    name: str,
    plugins: Mapping[str, str],
    version: str = "1.0",
    requires: Iterable[str] = (),
    python: str | None = None,
) -> Path:
    """Install a distribution in the folder ``site``: ``plugins`` are the sources of its modules, by plugin name.

    Each module is named after the distribution and the plugin, so that no two distributions share one.
    """
    site.mkdir(parents=True, exist_ok=True)
    points = ["[careplan]"]
    for plugin, source in plugins.items():
        module = f"{name}_{plugin}".replace("-", "_")
        (site / f"{module}.py").write_text(textwrap.dedent(source), encoding="utf-8")
        points.append(f"{plugin} = {module}")
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    metadata += [f"Requires-Dist: {each}" for each in requires]
    metadata += [f"Requires-Python: {python}"] if python else []
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("\n".join(metadata) + "\n", encoding="utf-8")
    (folder / "entry_points.txt").write_text("\n".join(points) + "\n", encoding="utf-8")
    return folder


def forget(site: Path) -> None:
    """Let the next import of a module of this folder find it anew."""
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(str(site)):
            del sys.modules[name]
