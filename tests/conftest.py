"""What several tests stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from careplan import testing
from careplan.knowledge import Knowledge
from tests.distributions import forget


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The knowledge of the installed plugins, loaded once."""
    loaded = testing.knowledge()
    assert loaded.failures == ()
    return loaded


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path for distributions; forgotten afterwards with every module it brought."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    yield folder
    forget(folder)
