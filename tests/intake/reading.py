"""Reading intakes with what careplan itself brings."""

from __future__ import annotations

from datetime import date

import pytest

from careplan.assessment import Assessment
from careplan.errors import IntakeError
from careplan.instruments import builtin_instruments
from careplan.intake import read_assessment
from careplan.vocabulary.model import Vocabulary
from careplan.vocabulary.read import builtin_vocabulary

TODAY = date(2026, 3, 20)
BEGINNING = """\
careplan: intake/1
id: case-001
date: 2026-03-02
person: {birth_date: 1983-05-04}
"""
"""The least an intake holds, in four lines; what a test adds begins at line 5."""


def read(
    content: str | bytes, name: str = "case.yaml", on: date = TODAY, vocabulary: Vocabulary | None = None
) -> Assessment:
    """The assessment in a text."""
    return read_assessment(
        content.encode() if isinstance(content, str) else content,
        name=name,
        on=on,
        vocabulary=vocabulary or builtin_vocabulary(),
        instruments=builtin_instruments(),
    )


def added(lines: str) -> Assessment:
    """The assessment in the beginning of an intake with further lines."""
    return read(BEGINNING + lines)


def problems(content: str | bytes) -> list[str]:
    """What is wrong with an intake, each problem with its place."""
    with pytest.raises(IntakeError) as refused:
        read(content)
    return [str(problem) for problem in refused.value.problems]


def problems_with(lines: str) -> list[str]:
    """What is wrong with the beginning of an intake and further lines."""
    return problems(BEGINNING + lines)
