"""Every version of our rulesets is locked and is still what it was when it was released."""

from __future__ import annotations

from careplan.rules.versions import check_lock, lock_lines
from tests.rulesets.source import RULESETS, released, ruleset

LOCK = RULESETS / "rulesets.lock"


def test_every_released_version_is_locked_and_unchanged() -> None:
    found = [ruleset(name, version) for name, version in released()]
    check_lock(LOCK.read_text(encoding="utf-8"), found, "rulesets.lock")
    assert LOCK.read_text(encoding="utf-8") == lock_lines(found)
