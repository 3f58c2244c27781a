"""A service's configuration file → what it allows plugins to do, and where its own wording of questionnaires is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from os.path import normpath
from pathlib import Path
from typing import Any

from attrs import frozen

from careplan.errors import CareplanError, Location, Problem, nearest
from careplan.permissions import NOTHING, Permissions

TABLES = ("plugins", "instruments")


@frozen
class Configuration:
    """What a service sets: its permissions, and the folders with its own wording, in its order."""

    permissions: Permissions = NOTHING
    wording: tuple[Path, ...] = ()


def read_configuration(file: Path | None) -> Configuration:
    """What stands in a service's configuration file; nothing is set where there is no file.

    A folder is meant from where the file is. Raises CareplanError with every problem in it::

        [plugins.hydrotherapy]
        may = ["blocks heat"]

        [instruments]
        wording = ["/srv/careplan/wording"]
    """
    if file is None:
        return Configuration()
    place = Location(str(file))
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CareplanError(f"the configuration cannot be read: {error.strerror}", place) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CareplanError(f"the configuration is not readable as TOML: {error}", place) from None
    problems = [Problem(message, place, "configuration") for message in _misfits(content)]
    if problems:
        raise CareplanError(problems)
    return Configuration(
        Permissions({name: frozenset(each["may"]) for name, each in content.get("plugins", {}).items()}),
        tuple(Path(normpath(file.parent / each)) for each in content.get("instruments", {}).get("wording", ())),
    )


def configuration_file(environment: Mapping[str, str]) -> Path | None:
    """The service's configuration file: what ``CAREPLAN_CONFIG`` names, else the user's own if there is one."""
    if named := environment.get("CAREPLAN_CONFIG"):
        return Path(named)
    home = environment.get("XDG_CONFIG_HOME") or (f"{environment['HOME']}/.config" if environment.get("HOME") else None)
    own = Path(home) / "careplan" / "config.toml" if home else None
    return own if own and own.is_file() else None


def _misfits(content: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(content.keys() - set(TABLES)):
        yield f"there is no setting {key!r}{nearest(key, TABLES)}"
    yield from _misfits_of_plugins(content.get("plugins", {}))
    yield from _misfits_of_instruments(content.get("instruments", {}))


def _misfits_of_plugins(plugins: Any) -> Iterator[str]:
    if not isinstance(plugins, dict):
        yield "plugins should be tables, such as [plugins.hydrotherapy]"
        return
    for name, table in plugins.items():
        if not isinstance(table, dict) or table.keys() != {"may"}:
            yield f'plugins.{name} should be a table with one setting, such as may = ["blocks heat"]'
        elif not _texts(table["may"]):
            yield f"the setting \"may\" of plugins.{name} should list effects as 'careplan plugins' shows them"


def _misfits_of_instruments(instruments: Any) -> Iterator[str]:
    if not isinstance(instruments, dict) or instruments.keys() - {"wording"}:
        yield 'instruments should be a table with one setting, such as wording = ["/srv/careplan/wording"]'
    elif not _texts(instruments.get("wording", [])):
        yield 'the setting "wording" of instruments should list folders, such as ["/srv/careplan/wording"]'


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
