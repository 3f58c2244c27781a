"""What counts as installed: one distribution a name, with metadata that can be read, seen once."""

from __future__ import annotations

import json
from importlib import invalidate_caches
from pathlib import Path

import pytest

from careplan.installed import installed
from careplan.plan.model import Failure
from tests.distributions import BUILT_IN, distribution, modality


def strangers() -> tuple[list[str], tuple[Failure, ...]]:
    invalidate_caches()
    found, failures = installed()
    return [f"{each.name} of {each}" for each in found if not each.builtin], failures


def test_the_built_in_plugins_are_of_careplan_itself() -> None:
    found, failures = installed()
    assert [each.name for each in found if each.builtin] == sorted(BUILT_IN)
    assert failures == ()


def test_a_distribution_without_plugins_is_none_of_our_business(site: Path) -> None:
    folder = distribution(site, "other", {}, python=">=99")
    (folder / "entry_points.txt").write_text("[console_scripts]\ncareplan-x = other:main\n", encoding="utf-8")
    assert strangers() == ([], ())


def test_two_distributions_of_one_name_are_both_refused(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(site, "careplan-pool", {"pool": modality("pool")}, version="1.0")
    distribution(tmp_path / "other", "Careplan_Pool", {"pool": modality("pool"), "bath": ""}, version="2.0")
    monkeypatch.syspath_prepend(tmp_path / "other")
    message = f"two distributions are named careplan-pool: 2.0 in {tmp_path / 'other'}, 1.0 in {site}; uninstall one"
    failures = (Failure("bath", "distribution", message), Failure("pool", "distribution", message))
    assert strangers() == ([], failures)


def test_two_versions_left_in_one_place_are_refused(site: Path) -> None:
    distribution(site, "careplan-pool", {"pool": modality("pool")}, version="1.0")
    distribution(site, "careplan-pool", {"pool": modality("pool")}, version="2.0")
    found, (failure,) = strangers()
    assert (found, failure.plugin, failure.stage) == ([], "pool", "distribution")
    assert "two distributions are named careplan-pool" in failure.message


def test_a_folder_that_stands_twice_on_the_path_is_seen_once(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(site, "careplan-pool", {"pool": modality("pool")})
    (tmp_path / "link").symlink_to(site)
    monkeypatch.syspath_prepend(tmp_path / "link")
    assert strangers() == (["pool of careplan-pool 1.0"], ())


def test_what_an_editable_install_leaves_beside_its_sources_is_the_same_thing(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "sources with a space"
    folder = distribution(site, "careplan-pool", {"pool": modality("pool")})
    editable = {"url": sources.as_uri(), "dir_info": {"editable": True}}
    (folder / "direct_url.json").write_text(json.dumps(editable), encoding="utf-8")
    distribution(sources, "careplan-pool", {"pool": modality("pool")}, version="0.9")
    monkeypatch.syspath_prepend(sources)
    assert strangers() == (["pool of careplan-pool 1.0"], ())


@pytest.mark.parametrize("lost", ["Name: careplan-pool\n", "Version: 1.0\n"])
def test_metadata_without_name_or_version_is_named_by_its_place(lost: str, site: Path) -> None:
    metadata = distribution(site, "careplan-pool", {"pool": modality("pool")}) / "METADATA"
    metadata.write_text(metadata.read_text(encoding="utf-8").replace(lost, ""), encoding="utf-8")
    found, (failure,) = strangers()
    assert (found, failure.plugin, failure.stage) == ([], str(site), "distribution")
    assert "lacks its name or its version" in failure.message


def test_entry_points_that_cannot_be_read_are_a_failure_and_not_a_crash(site: Path) -> None:
    folder = distribution(site, "careplan-pool", {"pool": modality("pool")})
    (folder / "entry_points.txt").write_bytes(b"[careplan]\n\xff\xfe = x\n")
    found, (failure,) = strangers()
    assert (found, failure.plugin, failure.stage) == ([], str(site), "distribution")
    assert failure.message.startswith("UnicodeDecodeError: ")
