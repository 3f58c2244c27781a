"""Two versions that say the same in other words are equivalent; others come with somebody who parts them."""

from __future__ import annotations

import pytest

from careplan.rules.proofs.equivalent import compare
from tests.rules.proofs.proving import TAGS, file, rule, vocabulary


def differing(before: str, after: str) -> list[tuple[str, str]]:
    old, new = file(rule("WLK-01", before)), file(rule("WLK-01", after), version="2026.2")
    result = compare([old], [new], TAGS, vocabulary(), 5)
    return [(each.finding.code, each.finding.message) for each in result.found]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("isi.total > 14", "isi.total >= 15"),
        ("sleep.insomnia >= 2 and isi.total is not null", "isi.total is not null and not (sleep.insomnia < 2)"),
        ("dx.ibs or dx.osa", "not (not dx.osa and not dx.ibs)"),
        ("opioid.mme >= 50 and med.opioid", "med.opioid and opioid.mme > 49 and opioid.mme >= 50"),
    ],
)
def test_versions_that_say_the_same_in_other_words_are_equivalent(before: str, after: str) -> None:
    assert differing(before, after) == []


def test_versions_that_differ_come_with_somebody_who_parts_them() -> None:
    ((code, message),) = differing("peg.mean >= 4", "peg.mean > 4")
    assert (code, message) == ("differs", "WLK-01 is true in walk@2026.1 and false in walk@2026.2, for peg.mean 4.0")
    ((_, message),) = differing("dx.epilepsy", "dx.epilepsy is true")
    assert message == (
        "WLK-01 is unknown in walk@2026.1 and false in walk@2026.2, for somebody of whom nothing is known"
    )


def test_rules_that_only_one_version_has_are_named() -> None:
    old, new = file(rule("WLK-01", "dx.ibs"), rule("WLK-02", "dx.osa")), file(rule("WLK-01", "dx.ibs"), version="2")
    for pair, code in (([old], [new]), "only_before"), (([new], [old]), "only_after"):
        (proof,) = compare(*pair, TAGS, vocabulary(), 5).found
        assert (proof.finding.code, proof.rule) == (code, "WLK-02")
