"""The coded reasons for which a clinician may decide otherwise than a rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import frozen

from careplan.errors import Problem, VocabularyError
from careplan.fields import Fields
from careplan.located import read


@frozen
class OverrideReason:
    """A code, what it means to whoever reads the plan, and when to choose it."""

    code: str
    meaning: str
    when: str


def read_override_reasons(file: Traversable | Path) -> dict[str, OverrideReason]:
    """The reasons in a file, by code, in its order; raises VocabularyError with every problem in it."""
    root = read(file.read_bytes(), str(file), VocabularyError)
    problems: list[Problem] = []
    found: dict[str, OverrideReason] = {}
    top = Fields(root, problems, "the file of reasons")
    for fields in top.mappings("reasons", "a reason", required=True):
        reason = OverrideReason(
            code=fields.text("code", required=True) or "",
            meaning=fields.text("meaning", required=True) or "",
            when=fields.text("when", required=True) or "",
        )
        if reason.code in found:
            fields.report(f"the reason {reason.code!r} stands twice", fields.place("code"), "duplicate")
        fields.close()
        found[reason.code] = reason
    top.close()
    if problems:
        raise VocabularyError(problems)
    return found


@cache
def override_reasons() -> Mapping[str, OverrideReason]:
    """The reasons that ship with careplan, by code."""
    return read_override_reasons(files("careplan.vocabulary") / "override_reasons.yaml")
