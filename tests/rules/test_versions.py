"""Which version answers on a day, and the lock on released versions."""

from __future__ import annotations

from datetime import date

import pytest

from careplan.errors import RulesetError
from careplan.rules.ruleset import Ruleset
from careplan.rules.versions import check_lock, choose, lock_lines

FIRST = Ruleset("sleep", "2026.1", date(2026, 1, 1), "Sleep", (), digest="sha256:aa", source="sleep/2026.1.yaml")
SECOND = Ruleset("sleep", "2026.2", date(2026, 7, 1), "Sleep", (), digest="sha256:bb", source="sleep/2026.2.yaml")
VERSIONS = {"sleep": (FIRST, SECOND)}


@pytest.mark.parametrize(
    ("on", "version"),
    [(date(2026, 1, 1), FIRST), (date(2026, 6, 30), FIRST), (date(2026, 7, 1), SECOND), (date(2030, 1, 1), SECOND)],
)
def test_the_latest_version_in_effect_on_the_day_answers(on: date, version: Ruleset) -> None:
    assert choose(VERSIONS, on, {}) == (version,)


def test_a_day_that_no_version_covers_is_an_error_naming_the_earliest_and_the_two_options() -> None:
    with pytest.raises(RulesetError) as error:
        choose(VERSIONS, date(2025, 12, 31), {})
    assert str(error.value) == (
        "no version of ruleset 'sleep' is in effect on 2025-12-31: the earliest is sleep@2026.1, from 2026-01-01; "
        "use --on with a later date, or --ruleset sleep@2026.1"
    )


def test_a_pin_wins_over_the_date() -> None:
    assert choose(VERSIONS, date(2025, 1, 1), {"sleep": "2026.2"}) == (SECOND,)


def test_a_pin_that_names_nothing_is_an_error() -> None:
    with pytest.raises(RulesetError, match="there is no sleep@2027.1; there is sleep@2026.1, sleep@2026.2"):
        choose(VERSIONS, date(2026, 1, 1), {"sleep": "2027.1"})
    with pytest.raises(RulesetError, match="there is no ruleset 'slep'; did you mean 'sleep'?"):
        choose(VERSIONS, date(2026, 1, 1), {"slep": "2026.1"})


def test_a_released_version_that_was_edited_or_not_locked_is_refused() -> None:
    lock = lock_lines([SECOND, FIRST])
    assert lock == "sleep 2026.1 sha256:aa\nsleep 2026.2 sha256:bb\n"
    check_lock(lock, [FIRST, SECOND], "rulesets.lock")
    with pytest.raises(RulesetError) as error:
        check_lock("sleep 2026.1 sha256:xx\n", [FIRST, SECOND], "rulesets.lock")
    assert [problem.code for problem in error.value.problems] == ["edited", "unlocked"]
    assert "write a new version instead" in str(error.value)
