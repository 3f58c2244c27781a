"""``careplan rules release``: what is checked, tested, locked and signed, and what a plan is then made of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.cli.conftest import Run
from tests.cli.yoga import RULESET, TESTS
from tests.distributions import BUILT_IN

MINIMAL = Path(__file__).parents[2] / "examples" / "minimal.yaml"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A private key, its public key beside it."""
    made, file = Ed25519PrivateKey.generate(), tmp_path / "clinic.pem"
    file.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "clinic.pub.pem").write_bytes(public)
    return file


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration of a service that trusts the key."""
    file = tmp_path / "config.toml"
    file.write_text('[rulesets]\ntrusted_keys = ["clinic.pub.pem"]\nsignatures = ["signed"]\n', encoding="utf-8")
    monkeypatch.setenv("CAREPLAN_CONFIG", str(file))
    return file


def test_a_new_version_is_locked_when_nothing_is_amiss(run: Run, yoga: Path) -> None:
    code, out, _ = run("rules", "release")
    assert code == 0
    assert f"{yoga / 'yoga.lock'}: added yoga@2026.1\n" in out
    assert "nothing to add" in run("rules", "release")[1]


def test_a_version_with_an_error_or_a_failing_test_is_not_released(run: Run, yoga: Path) -> None:
    ruleset, tests = yoga / "yoga_rules" / "2026.1.yaml", yoga / "yoga_rules" / "2026.1.test.yaml"
    ruleset.write_text(RULESET.replace("Try gentle yoga", "Utilise gentle yoga"), encoding="utf-8")
    tests.write_text(TESTS.replace("2.9}, expect: false", "3.9}, expect: false"), encoding="utf-8")
    code, out, _ = run("rules", "release")
    assert code == 1
    assert f"{ruleset}:11:" in out
    assert "✘ yoga@2026.1 YOG-01 does not fire at 2.9 months; see careplan rules test" in out
    assert out.endswith("Nothing was released.\n")
    assert not (yoga / "yoga.lock").exists()


def test_a_version_that_makes_conditions_wait_for_each_other_is_not_released(
    run: Run, yoga: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ring goes through a detector of the safety ruleset, and is told there."""
    ring = RULESET.replace("when: pain.duration_months >= 3", "when: contradiction.any\n    derive: dsqpem.step1")
    (yoga / "yoga_rules" / "2026.1.yaml").write_text(ring, encoding="utf-8")
    (yoga / "config.toml").write_text('[plugins.yoga]\nmay = ["decides dsqpem.step1"]\n', encoding="utf-8")
    monkeypatch.setenv("CAREPLAN_CONFIG", str(yoga / "config.toml"))
    code, out, err = run("rules", "release")
    assert (code, err) == (1, "")
    assert "conditions that wait for each other: " in out
    assert not (yoga / "yoga.lock").exists()


def test_a_version_that_was_edited_after_its_release_is_an_error(run: Run, yoga: Path) -> None:
    assert run("rules", "release")[0] == 0
    (yoga / "yoga_rules" / "2026.1.yaml").write_text(RULESET.replace("once", "twice"), encoding="utf-8")
    code, _, err = run("rules", "release")
    assert code == 2
    assert "yoga@2026.1 was edited after its release" in err


def test_a_plan_is_made_of_signed_rulesets_alone(run: Run, tmp_path: Path, key: Path, service: Path) -> None:
    signed = tmp_path / "signed"
    signed.touch()
    code, _, err = run("generate", MINIMAL, "--format", "json", "--require-signed")
    assert code == 2
    assert err.count("is not signed; whoever answers for it signs it: careplan rules release --sign KEY") == len(
        BUILT_IN
    )

    code, out, _ = run("rules", "release", "--sign", key, "--signatures", signed)
    assert code == 0
    assert f"{signed}: {len(BUILT_IN)} signed by ed25519:" in out
    assert f"{signed}: 0 signed by ed25519:" in run("rules", "release", "--sign", key, "--signatures", signed)[1]
    _, out, err = run("generate", MINIMAL, "--format", "json", "--require-signed")
    assert json.loads(out)["case"] == "minimal"

    signed.write_text("\n".join(each for each in signed.read_text().splitlines() if not each.startswith("sleep ")))
    service.write_text(service.read_text() + "require_signed = true\n")
    code, _, err = run("evaluate", "-", stdin='{"on": "2026-03-02", "facts": {}}')
    assert code == 2
    assert "sleep@2026.1 is not signed" in err


def test_a_key_behind_a_passphrase_is_opened_by_the_variable(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked, signed = tmp_path / "locked.pem", tmp_path / "signed"
    encrypted = BestAvailableEncryption(b"sesame")
    locked.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encrypted))
    release = ("rules", "release", "--sign", locked, "--signatures", signed)
    code, _, err = run(*release)
    assert (code, err) == (2, f"{locked}: this key needs a passphrase; set CAREPLAN_KEY_PASSPHRASE\n")
    monkeypatch.setenv("CAREPLAN_KEY_PASSPHRASE", "barley")
    code, _, err = run(*release)
    assert (code, err) == (2, f"{locked}: the passphrase does not open this key\n")
    monkeypatch.setenv("CAREPLAN_KEY_PASSPHRASE", "sesame")
    assert run(*release)[0] == 0


def test_without_a_trusted_key_the_configuration_is_named(run: Run) -> None:
    code, _, err = run("generate", MINIMAL, "--require-signed")
    assert code == 2
    assert err.startswith("no key is trusted: name public keys in the configuration, [rulesets] trusted_keys = ")


def test_a_key_file_that_is_not_there_is_named(run: Run, service: Path) -> None:
    code, _, err = run("generate", MINIMAL, "--require-signed")
    assert code == 2
    assert err.startswith(
        f"{service.parent / 'clinic.pub.pem'}: this file, which the configuration names, cannot be read"
    )
