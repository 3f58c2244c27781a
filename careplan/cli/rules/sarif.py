"""Findings as SARIF 2.1.0, the format in which editors and CI read what linters find."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from careplan.errors import Location
from careplan.rules.checks.finding import Finding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(findings: Sequence[Finding]) -> dict[str, Any]:
    """A log with one run: the checks that found something, and a result for each finding in its order."""
    codes = sorted({each.code for each in findings})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "careplan rules check",
                        "version": version("careplan"),
                        "rules": [{"id": code, "name": _name(code)} for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, codes) for each in findings],
            }
        ],
    }


def _result(finding: Finding, codes: list[str]) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": finding.severity,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": _place(finding.location)}],
    }


def _place(place: Location) -> dict[str, Any]:
    """A place as SARIF has it; a file as a whole has no region."""
    found: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line:
        found["region"] = {"startLine": place.line, "startColumn": place.column or 1}
    return found


def _uri(file: str) -> str:
    """A file as a URI: relative as it was named, or ``file:``."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _name(code: str) -> str:
    """``long_sentence`` as ``LongSentence``."""
    return "".join(word.capitalize() for word in code.split("_"))
