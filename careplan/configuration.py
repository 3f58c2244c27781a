"""A service's configuration file → what it allows plugins to do, its own wording of questionnaires, whom it trusts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from os.path import normpath
from pathlib import Path
from typing import Any

from attrs import frozen

from careplan.errors import CareplanError, Location, Problem, nearest
from careplan.permissions import NOTHING, Permissions

TABLES = ("plugins", "instruments", "rulesets")


@frozen
class Configuration:
    """What a service sets: its permissions, and the folders with its own wording, in its order.

    ``trusted_keys`` are files with the public keys that it trusts to sign rulesets, ``signatures`` files with what they
    signed; with ``require_signed`` only such rulesets answer.
    """

    permissions: Permissions = NOTHING
    wording: tuple[Path, ...] = ()
    trusted_keys: tuple[Path, ...] = ()
    signatures: tuple[Path, ...] = ()
    require_signed: bool = False


def read_configuration(file: Path | None) -> Configuration:
    """What stands in a service's configuration file; nothing is set where there is no file.

    A folder or file is meant from where the configuration is. Raises CareplanError with every problem in it::

        [plugins.hydrotherapy]
        may = ["blocks heat"]

        [instruments]
        wording = ["/srv/careplan/wording"]

        [rulesets]
        trusted_keys = ["clinic.pub.pem"]
        signatures = ["rulesets.signatures"]
        require_signed = true
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
    rulesets = content.get("rulesets", {})
    return Configuration(
        Permissions({name: frozenset(each["may"]) for name, each in content.get("plugins", {}).items()}),
        _paths(file, content.get("instruments", {}).get("wording", ())),
        _paths(file, rulesets.get("trusted_keys", ())),
        _paths(file, rulesets.get("signatures", ())),
        rulesets.get("require_signed", False),
    )


def _paths(file: Path, named: Iterable[str]) -> tuple[Path, ...]:
    return tuple(Path(normpath(file.parent / each)) for each in named)


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
    yield from _misfits_of_rulesets(content.get("rulesets", {}))


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


def _misfits_of_rulesets(rulesets: Any) -> Iterator[str]:
    settings = ("trusted_keys", "signatures", "require_signed")
    if not isinstance(rulesets, dict):
        yield f"rulesets should be a table with the settings {', '.join(settings)}"
        return
    for key in sorted(rulesets.keys() - set(settings)):
        yield f"rulesets has no setting {key!r}{nearest(key, settings)}"
    for key in settings[:2]:
        if not _texts(rulesets.get(key, [])):
            yield f'the setting "{key}" of rulesets should list files'
    if not isinstance(rulesets.get("require_signed", False), bool):
        yield 'the setting "require_signed" of rulesets should be true or false'


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
