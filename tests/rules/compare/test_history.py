"""What became of a rule from version to version."""

from __future__ import annotations

from careplan.rules.compare.history import history
from careplan.rules.ruleset import Ruleset
from tests.rules.written import file, rule, ruleset


def version(number: int, *rules: str) -> Ruleset:
    return file(ruleset(*rules, version=f"2026.{number}", effective=f"2026-0{number}-01")).ruleset


def told(name: str, *versions: Ruleset) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.ruleset.version, each.changed) for each in history(name, versions)]


def test_a_version_that_changes_nothing_is_left_out() -> None:
    versions = [version(1, rule()), version(2, rule(), rule("WLK-02")), version(3, rule(when="isi.total >= 8"))]
    assert told("WLK-01", *versions) == [("2026.1", ("new",)), ("2026.3", ("when",))]
    assert told("WLK-02", *versions) == [("2026.2", ("new",)), ("2026.3", ("taken out",))]


def test_the_order_is_that_of_the_days_and_not_that_of_the_list() -> None:
    versions = [version(2, rule(clinician="Walk.", tags="[heat]")), version(1, rule())]
    assert told("WLK-01", *versions) == [("2026.1", ("new",)), ("2026.2", ("tags", "clinician"))]
