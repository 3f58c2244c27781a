"""A service's configuration: what it allows and where its wording is, or every reason why it cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from careplan.configuration import Configuration, configuration_file, read_configuration
from careplan.errors import CareplanError
from careplan.permissions import Permissions


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("plugins = 3", "plugins should be tables, such as [plugins.hydrotherapy]"),
        ("[plugin.pool]\nmay = []", "there is no setting 'plugin'; did you mean 'plugins'?"),
        ("[plugins]\npool = true", 'plugins.pool should be a table with one setting, such as may = ["blocks heat"]'),
        (
            "[plugins.pool]\nmight = []",
            'plugins.pool should be a table with one setting, such as may = ["blocks heat"]',
        ),
        (
            "[plugins.pool]\nmay = 'everything'",
            "the setting \"may\" of plugins.pool should list effects as 'careplan plugins' shows them",
        ),
        (
            "instruments = []",
            'instruments should be a table with one setting, such as wording = ["/srv/careplan/wording"]',
        ),
        (
            "[instruments]\nwordings = []",
            'instruments should be a table with one setting, such as wording = ["/srv/careplan/wording"]',
        ),
        (
            "[instruments]\nwording = '/srv'",
            'the setting "wording" of instruments should list folders, such as ["/srv/careplan/wording"]',
        ),
        ("rulesets = 1", "rulesets should be a table with the settings trusted_keys, signatures, require_signed"),
        ("[rulesets]\ntrusted_key = []", "rulesets has no setting 'trusted_key'; did you mean 'trusted_keys'?"),
        ("[rulesets]\nsignatures = 'here'", 'the setting "signatures" of rulesets should list files'),
        ("[rulesets]\nrequire_signed = 'yes'", 'the setting "require_signed" of rulesets should be true or false'),
        ("[plugins", "the configuration is not readable as TOML: "),
    ],
)
def test_a_configuration_that_cannot_be_read_is_refused(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CareplanError) as caught:
        read_configuration(file)
    assert str(caught.value).startswith(f"{file}: {message}")


def test_a_configuration_that_is_named_and_not_there_is_an_error(tmp_path: Path) -> None:
    named = configuration_file({"CAREPLAN_CONFIG": str(tmp_path / "none.toml"), "HOME": str(tmp_path)})
    with pytest.raises(CareplanError, match="none.toml: the configuration cannot be read: No such file or directory"):
        read_configuration(named)


def test_without_a_configuration_nothing_is_allowed(tmp_path: Path) -> None:
    assert configuration_file({"HOME": str(tmp_path)}) is None
    assert configuration_file({}) is None
    assert read_configuration(None) == Configuration()


def test_the_users_own_configuration_counts_where_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".config" / "careplan" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[plugins.pool]\nmay = ["blocks heat"]\n', encoding="utf-8")
    assert configuration_file({"HOME": str(tmp_path)}) == file
    assert configuration_file({"HOME": "/nowhere", "XDG_CONFIG_HOME": str(tmp_path / ".config")}) == file
    assert read_configuration(file).permissions == Permissions({"pool": frozenset({"blocks heat"})})


def test_folders_of_wording_are_meant_from_where_the_file_is(tmp_path: Path) -> None:
    file = tmp_path / "etc" / "config.toml"
    file.parent.mkdir()
    file.write_text('[instruments]\nwording = ["../ours", "/srv/wording"]\n', encoding="utf-8")
    assert read_configuration(file).wording == (tmp_path / "ours", Path("/srv/wording"))


def test_whom_a_service_trusts_is_meant_from_where_the_configuration_is(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    settings = 'trusted_keys = ["keys/clinic.pub.pem"]\nsignatures = ["/srv/signatures"]\nrequire_signed = true\n'
    file.write_text(f"[rulesets]\n{settings}", encoding="utf-8")
    found = read_configuration(file)
    assert found.trusted_keys == (tmp_path / "keys" / "clinic.pub.pem",)
    assert found.signatures == (Path("/srv/signatures"),)
    assert found.require_signed
