"""Which plugins are installed: every entry point of the group ``careplan``, with the distribution it comes from."""

from __future__ import annotations

import json
import platform
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distributions, version
from pathlib import Path
from urllib.parse import unquote, urlsplit

from attrs import frozen
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from careplan.border import border
from careplan.plan.model import Failure

GROUP = "careplan"
OURS = "careplan"
"""The distribution whose plugins are the built-in ones."""


@frozen
class Installed:
    """A plugin that can be imported: its name, its entry point, and the distribution that brings it."""

    name: str
    entry_point: EntryPoint
    distribution: str
    version: str

    @property
    def builtin(self) -> bool:
        """Whether careplan itself brings it."""
        return self.distribution == OURS

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}"


def installed() -> tuple[tuple[Installed, ...], tuple[Failure, ...]]:
    """The plugins that are installed, sorted by name, and a failure for each that must not be imported.

    Refused are: a distribution whose metadata cannot be read, one of two distributions of the same name in different
    places, and one whose requirements (``Requires-Dist``, ``Requires-Python``) the environment does not meet.
    """
    failures: list[Failure] = []
    plugins = []
    for name, copies in sorted(_by_name(failures).items()):
        if len(copies) > 1:
            places = ", ".join(f"{each.version} in {_place(each)}" for each in copies)
            message = f"two distributions are named {name}: {places}; uninstall one"
            claimed = sorted({plugin.name for copy in copies for plugin in _plugins(copy)})
            failures += [Failure(plugin, "distribution", message) for plugin in claimed]
            continue
        distribution = copies[0]
        unmet: list[str] = []
        failed: list[Failure] = []
        with border(name, "requirements", failed):
            unmet = _unmet(distribution)
        reasons = [*unmet, *(each.message for each in failed)]
        for plugin in _plugins(distribution):
            failures += [Failure(plugin.name, "requirements", reason) for reason in reasons]
            if not reasons:
                plugins.append(Installed(plugin.name, plugin, name, distribution.version))
    return tuple(sorted(plugins, key=lambda each: (each.name, each.distribution))), tuple(failures)


def _by_name(failures: list[Failure]) -> dict[str, list[Distribution]]:
    """The distributions that bring plugins, by name; several where different places hold the same name."""
    found: dict[str, list[Distribution]] = {}
    for distribution in distributions():
        place = _place(distribution)
        with border(str(place), "distribution", failures):
            if f"[{GROUP}]" in (distribution.read_text("entry_points.txt") or "") and _plugins(distribution):
                found.setdefault(_name(distribution), []).append(distribution)
    different: dict[str, list[Distribution]] = {}
    for name, copies in found.items():
        with border(name, "distribution", failures):
            different[name] = _different(name, copies)
    return different


def _name(distribution: Distribution) -> str:
    """The distribution's normalized name; raises ValueError when its metadata lacks name or version."""
    metadata = distribution.metadata
    if "Name" not in metadata or "Version" not in metadata:
        raise ValueError("the metadata of an installed distribution lacks its name or its version; install it again")
    return canonicalize_name(metadata["Name"])


def _plugins(distribution: Distribution) -> list[EntryPoint]:
    return sorted(each for each in distribution.entry_points if each.group == GROUP)


def _place(distribution: Distribution) -> Path:
    return Path(str(distribution.locate_file(""))).resolve()


def _different(name: str, copies: list[Distribution]) -> list[Distribution]:
    """The copies that are not the same thing seen twice.

    A folder that stands twice on the path, and the metadata that an editable install leaves beside its sources, are
    the same thing. So is a checkout of careplan beside an install of the same version with the same plugins: the
    tests run from a checkout.
    """
    kept: list[Distribution] = []
    checkouts = [root for root in map(_checkout, copies) if root]
    for copy in copies:
        place = _place(copy)
        beside = any(place.is_relative_to(root) for root in checkouts) and _checkout(copy) is None
        twice = any(
            (name == OURS or _place(other) == place)
            and other.version == copy.version
            and _plugins(other) == _plugins(copy)
            for other in kept
        )
        if not beside and not twice:
            kept.append(copy)
    return kept


def _checkout(distribution: Distribution) -> Path | None:
    """The folder an editable install points to."""
    url = json.loads(distribution.read_text("direct_url.json") or "{}")
    if not url.get("dir_info", {}).get("editable"):
        return None
    return Path(unquote(urlsplit(url["url"]).path)).resolve()


def _unmet(distribution: Distribution) -> list[str]:
    """What the distribution requires and the environment does not offer."""
    unmet = []
    python = next(iter(distribution.metadata.get_all("Requires-Python") or ()), None)
    if python and not SpecifierSet(python).contains(platform.python_version(), prereleases=True):
        unmet.append(f"needs Python {python}, and this is Python {platform.python_version()}")
    for text in distribution.requires or ():
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        wanted = f"needs {requirement.name}{requirement.specifier}"
        try:
            present = version(requirement.name)
        except PackageNotFoundError:
            unmet.append(f"{wanted}, which is not installed")
            continue
        if not requirement.specifier.contains(present, prereleases=True):
            unmet.append(f"{wanted}, and {present} is installed; install versions that fit")
    return unmet
