"""Signatures over rulesets: who vouches for a version, and whether one that is trusted does.

A signature is Ed25519 (RFC 8032) over the id, the version and the digest, so it stands for the parsed content: a new
layout needs no new signature, any new content does. Keys are PEM files: ``openssl genpkey -algorithm ed25519``.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from hashlib import sha256

from attrs import field, frozen

from careplan.errors import Location, Problem, RulesetError
from careplan.rules.ruleset import Ruleset


@frozen
class Signature:
    """One key's word for one version of a ruleset; ``key`` is the key's fingerprint."""

    ruleset: str
    version: str
    key: str
    value: bytes = field(repr=False)

    def __str__(self) -> str:
        return f"{self.ruleset} {self.version} {self.key} {b64encode(self.value).decode()}"


@frozen
class Trust:
    """Public keys that a service trusts, raw by fingerprint, and the signatures it knows."""

    keys: Mapping[str, bytes]
    signatures: tuple[Signature, ...]


def fingerprint(public: bytes) -> str:
    """``ed25519:`` and the first 16 hexadecimal digits of the SHA-256 of the raw public key of 32 bytes."""
    return f"ed25519:{sha256(public).hexdigest()[:16]}"


def read_public_key(pem: bytes, name: str) -> bytes:
    """The raw public key in a PEM file; raises RulesetError for anything else."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise RulesetError("this is not an Ed25519 public key in PEM", Location(name))
    return key.public_bytes_raw()


class Locked(RulesetError):
    """A private key that only its passphrase opens."""


def signed(
    rulesets: Iterable[Ruleset], pem: bytes, name: str, passphrase: bytes | None = None
) -> tuple[Signature, ...]:
    """A signature for each ruleset with the private key in a PEM file.

    Raises Locked if the passphrase is missing or wrong, and RulesetError if it is no such key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, passphrase)
    except TypeError:
        raise Locked("this key needs a passphrase", Location(name)) from None
    except ValueError:
        if b"ENCRYPTED" in pem:
            raise Locked("the passphrase does not open this key", Location(name)) from None
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise RulesetError(
            "this is not an Ed25519 private key in PEM; make one: openssl genpkey -algorithm ed25519 -out key.pem",
            Location(name),
        )
    mine = fingerprint(key.public_key().public_bytes_raw())
    return tuple(Signature(each.id, each.version, mine, key.sign(_message(each))) for each in rulesets)


def read_signatures(text: str, name: str) -> tuple[Signature, ...]:
    """The signatures in a file, ``id version ed25519:… base64`` a line; raises RulesetError with every other line."""
    found, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        match line.split():
            case [ruleset, version, key, written] if key.startswith("ed25519:"):
                try:
                    found.append(Signature(ruleset, version, key, b64decode(written, validate=True)))
                    continue
                except NotBase64:
                    pass
            case []:
                continue
        problems.append(Problem("a line of signatures is: id version ed25519:… base64", Location(name, number, 1)))
    if problems:
        raise RulesetError(problems)
    return tuple(found)


def refuse_unsigned(rulesets: Iterable[Ruleset], trust: Trust) -> None:
    """Raise RulesetError for every ruleset that no trusted key vouches for as it is."""
    problems = []
    for each in rulesets:
        mine = [one for one in trust.signatures if (one.ruleset, one.version) == (each.id, each.version)]
        trusted = [one for one in mine if one.key in trust.keys]
        if not any(_fits(one, each, trust.keys[one.key]) for one in trusted):
            reason = "is not signed"
            if trusted:
                reason = f"is not what {', '.join(one.key for one in trusted)} signed"
            elif mine:
                reason = f"is signed by {', '.join(one.key for one in mine)}, which is not trusted"
            message = f"{each.name} {reason}; whoever answers for it signs it: careplan rules release --sign KEY"
            problems.append(Problem(message, Location(each.source), "unsigned"))
    if problems:
        raise RulesetError(problems)


def _fits(signature: Signature, ruleset: Ruleset, public: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature.value, _message(ruleset))
    except InvalidSignature:
        return False
    return True


def _message(ruleset: Ruleset) -> bytes:
    """What is signed; its first line keeps the signature from being taken for one of anything else."""
    return f"careplan ruleset/1\n{ruleset.id} {ruleset.version} {ruleset.digest}\n".encode()
