"""Cases as the command line names them: files, folders, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from careplan.assessment import Assessment
from careplan.border import border
from careplan.configuration import Configuration, configuration_file, read_configuration
from careplan.errors import CareplanError, IntakeError, Location, Problem
from careplan.facts import Facts, complete_facts
from careplan.intake import FactFile, read_assessment, read_facts
from careplan.knowledge import Knowledge, load_knowledge
from careplan.located import LARGEST
from careplan.plan.model import Failure
from careplan.rules.signatures import Trust, fingerprint, read_public_key, read_signatures
from careplan.vocabulary.model import Vocabulary

SUFFIXES = (".yaml", ".yml", ".json")
STDIN = "-"


def configured() -> Configuration:
    """What the service has set in its configuration file."""
    return read_configuration(configuration_file(os.environ))


def load(*, locked: bool = True, signed: bool = False) -> Knowledge:
    """The knowledge of the installed plugins, with what the service's configuration allows them.

    With ``signed``, or where the configuration asks for it, only rulesets that a trusted key has signed make a plan.
    """
    service = configured()
    trust = trusted(service) if signed or service.require_signed else None
    return load_knowledge(service.permissions, locked=locked, trust=trust)


def trusted(service: Configuration) -> Trust:
    """The keys that the service trusts, and what is signed."""
    if not service.trusted_keys:
        raise CareplanError(
            'no key is trusted: name public keys in the configuration, [rulesets] trusted_keys = ["clinic.pub.pem"]'
        )
    public = [read_public_key(_read(each), str(each)) for each in service.trusted_keys]
    signatures = [
        one for each in service.signatures for one in read_signatures(_read(each).decode(errors="replace"), str(each))
    ]
    return Trust({fingerprint(each): each for each in public}, tuple(signatures))


def _read(file: Path) -> bytes:
    """The bytes of a file that the configuration names."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise CareplanError(
            f"this file, which the configuration names, cannot be read: {error.strerror}", Location(str(file))
        ) from None


def expand(cases: Iterable[str], knowledge: Knowledge) -> tuple[str, ...]:
    """The intake files named, folders replaced by the intake files in them, in the order of their names.

    A folder without any stays as it is named: it fails when its turn comes.
    """
    found: dict[str, None] = {}
    for case in cases:
        if not case:
            raise IntakeError("a case has an empty name; name a file, a folder, or - for standard input")
        path = Path(case)
        if case != STDIN and path.is_dir():
            suffixes = _suffixes(knowledge)
            inside = sorted(each for each in path.iterdir() if each.suffix in suffixes and each.is_file())
            found |= dict.fromkeys(str(each) for each in inside or [path])
        else:
            found[case] = None
    return tuple(found)


def _suffixes(knowledge: Knowledge) -> tuple[str, ...]:
    return (*SUFFIXES, *(suffix for each in knowledge.registry.readers for suffix in each.suffixes))


def read_case(case: str, knowledge: Knowledge, on: date | None) -> Assessment:
    """The assessment in a file, or on standard input for ``-``.

    The suffix of the file says whether a plugin's reader reads it; what is not a plugin's is careplan's own format.
    """
    if case != STDIN and Path(case).is_dir():
        message = f"this folder holds no intake file ({', '.join(_suffixes(knowledge))})"
        raise IntakeError(Problem(message, Location(case), "unreadable"))
    reader = next((each for each in knowledge.registry.readers if Path(case).suffix in each.suffixes), None)
    given: dict[str, Any] = {
        "name": "<stdin>" if case == STDIN else case,
        "on": on or date.today(),  # noqa: DTZ011 - the day where the clinician sits
        "vocabulary": knowledge.vocabulary,
        "instruments": knowledge.instruments,
    }
    if reader is None or Path(case).suffix in SUFFIXES:
        return read_assessment(content(case), **given)
    failures: list[Failure] = []
    with border(reader.id, "reader", failures):
        return reader.read(content(case, most=-1), **given)
    raise IntakeError(Problem(f"the reader {reader.id!r} failed: {failures[0].message}", Location(case)))


def read_fact_file(file: str, vocabulary: Vocabulary) -> tuple[FactFile, Facts]:
    """A file of facts, or standard input for ``-``, and its facts with all that follows from them."""
    name = "<stdin>" if file == STDIN else file
    given = read_facts(content(file), name=name, vocabulary=vocabulary)
    try:
        return given, complete_facts(given.facts, vocabulary)
    except IntakeError as error:
        raise IntakeError(each.at(Location(name)) for each in error.problems) from None


def content(case: str, most: int = LARGEST + 1) -> bytes:
    """The bytes of a file, or of standard input for ``-``; raises IntakeError saying what is wrong with the name.

    At most ``most`` of them, or all with -1: one more than careplan's own formats may have, so that what has no end is
    not read to it.
    """
    if case == STDIN:
        return sys.stdin.buffer.read(most)
    try:
        with Path(case).open("rb") as file:
            return file.read(most)
    except IsADirectoryError:
        problem = "this is a folder; name a file in it"
    except FileNotFoundError:
        problem = "there is no such file"
    except OSError as error:
        problem = f"it cannot be read: {error.strerror}"
    raise IntakeError(Problem(problem, Location(case), "unreadable"))
