"""What somebody has looked at is taken out with a reason, and a waiver for nothing is found itself."""

from __future__ import annotations

import pytest

from careplan.errors import RulesetError
from careplan.rules.proofs.prove import CODES
from careplan.rules.proofs.waivers import read_waivers
from tests.rules.proofs.proving import proofs, rule

WAIVER = "waivers:\n  - {code: duplicate, rule: WLK-02, other: [WLK-01], reason: Meant so.}\n"
TWINS = (rule("WLK-01", "isi.total > 14"), rule("WLK-02", "not (isi.total <= 14)"))


def test_a_waiver_takes_a_finding_out_with_its_reason() -> None:
    result = proofs(*TWINS, waivers=WAIVER)
    assert result.found == ()
    assert [each.waiver.reason for each in result.waived if each.waiver] == ["Meant so."]


def test_what_is_open_stays_a_warning() -> None:
    waivers = "waivers:\n  - {code: never_fires, rule: WLK-01, open: true, reason: 28 is the most there is.}\n"
    (proof,) = proofs(rule("WLK-01", "isi.total > 28"), waivers=waivers).found
    assert proof.finding.severity == "warning"
    assert proof.finding.message.endswith("true of nobody; open: 28 is the most there is.")


def test_a_waiver_for_nothing_is_a_finding_itself_unless_its_rule_is_not_here() -> None:
    (proof,) = proofs(TWINS[0], rule("WLK-02", "isi.total < 3"), waivers=WAIVER).found
    assert (proof.finding.code, proof.finding.severity) == ("unused_waiver", "error")
    assert (proof.finding.location.file, proof.finding.location.line) == ("waivers.yaml", 2)
    assert proofs(TWINS[0], waivers=WAIVER).found == ()


def test_a_waiver_that_names_a_rule_too_many_is_told_which() -> None:
    (proof,) = proofs(*TWINS, waivers=WAIVER.replace("[WLK-01]", "[WLK-01, WLK-09]")).found
    assert "names WLK-09, where nothing is found; take it out" in proof.finding.message


def test_a_waiver_needs_a_reason_and_a_code_there_is() -> None:
    with pytest.raises(RulesetError) as caught:
        read_waivers(b"waivers:\n  - {code: nothing, rule: WLK-01}\n", "waivers.yaml", CODES)
    assert sorted(each.message for each in caught.value.problems) == [
        "'code' should be one of never_fires, implied, duplicate, contraindication_unknown, gap",
        "a waiver needs 'reason'",
    ]
