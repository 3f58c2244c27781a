"""A signature stands for one version as it is, by one key; anything else is refused by name."""

from __future__ import annotations

import pytest
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from careplan.errors import RulesetError
from careplan.rules.signatures import (
    Locked,
    Trust,
    fingerprint,
    read_public_key,
    read_signatures,
    refuse_unsigned,
    signed,
)
from tests.rules.written import file, rule, ruleset

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
WALK = file(ruleset(rule())).ruleset


def pem(key: Ed25519PrivateKey, how: KeySerializationEncryption = NoEncryption()) -> bytes:  # noqa: B008 - a value
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def trust(*keys: Ed25519PrivateKey, by: Ed25519PrivateKey = KEY) -> Trust:
    """Some keys, and what one key signed."""
    raw = [each.public_key().public_bytes_raw() for each in keys]
    return Trust({fingerprint(each): each for each in raw}, signed([WALK], pem(by), "key.pem"))


def refusal(*arguments: object) -> str:
    with pytest.raises(RulesetError) as caught:
        refuse_unsigned(*arguments)  # type: ignore[arg-type]
    return str(caught.value)


def test_what_a_trusted_key_signed_is_accepted() -> None:
    refuse_unsigned([WALK], trust(KEY, OTHER))


def test_a_new_layout_needs_no_new_signature_and_any_new_content_does() -> None:
    again = file(ruleset(rule()).replace("title: Walk", 'title:   "Walk"')).ruleset
    refuse_unsigned([again], trust(KEY))
    changed = file(ruleset(rule(when="isi.total >= 16"))).ruleset
    assert "walk@2026.1 is not what ed25519:" in refusal([changed], trust(KEY))


def test_what_another_key_signed_is_refused_and_the_key_named() -> None:
    mine = fingerprint(OTHER.public_key().public_bytes_raw())
    assert f"walk@2026.1 is signed by {mine}, which is not trusted; " in refusal([WALK], trust(KEY, by=OTHER))


def test_what_nobody_signed_is_refused_with_every_other() -> None:
    others = [evolve(WALK, version="2026.2"), evolve(WALK, id="swim")]
    said = refusal(others, trust(KEY))
    assert "walk@2026.2 is not signed; " in said
    assert "swim@2026.1 is not signed; " in said


def test_a_signature_of_another_version_is_no_signature_of_this_one() -> None:
    moved = tuple(evolve(each, version="2026.2") for each in trust(KEY).signatures)
    assert "is not what" in refusal([evolve(WALK, version="2026.2")], evolve(trust(KEY), signatures=moved))


def test_signatures_written_and_read_are_the_same() -> None:
    made = signed([WALK, evolve(WALK, id="swim")], pem(KEY), "key.pem")
    assert read_signatures("".join(f"{each}\n" for each in made), "signatures") == made


def test_lines_that_are_no_signatures_are_all_named() -> None:
    good = str(signed([WALK], pem(KEY), "key.pem")[0])
    with pytest.raises(RulesetError) as caught:
        read_signatures(f"{good}\n\nwalk 2026.1 rsa:1 aaaa\nwalk 2026.1 ed25519:1 !!\n", "signatures")
    assert [str(each.location) for each in caught.value.problems] == ["signatures:3:1", "signatures:4:1"]


def test_a_key_behind_a_passphrase_is_opened_by_it_alone() -> None:
    locked = pem(KEY, BestAvailableEncryption(b"open sesame"))
    assert signed([WALK], locked, "key.pem", b"open sesame") == signed([WALK], pem(KEY), "key.pem")
    with pytest.raises(Locked, match="needs a passphrase"):
        signed([WALK], locked, "key.pem")
    with pytest.raises(Locked, match="does not open"):
        signed([WALK], locked, "key.pem", b"open barley")


def test_what_is_no_ed25519_key_is_refused() -> None:
    other = X25519PrivateKey.generate()
    raw = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (raw, b"nothing"):
        with pytest.raises(RulesetError, match="not an Ed25519 private key"):
            signed([WALK], content, "key.pem")
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for content in (public, b"nothing", pem(KEY)):
        with pytest.raises(RulesetError, match="not an Ed25519 public key"):
            read_public_key(content, "key.pem")
