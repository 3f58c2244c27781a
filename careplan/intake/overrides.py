"""What a clinician decided otherwise than the rules: in the intake itself, or in a file of its own."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from attrs import evolve, frozen

from careplan.assessment import Assessment, Override
from careplan.errors import IntakeError, Location, Problem, nearest
from careplan.fields import Fields
from careplan.intake.goals import read_helps
from careplan.intake.limits import refuse_excess
from careplan.intake.typed import choice, line, lines, prose
from careplan.located import read
from careplan.vocabulary.override_reasons import override_reasons

FORMAT = "overrides/1"
DOINGS = ("decline", "change", "add")
KINDS = ("action", "information", "caution", "referral")
TEXTS = ("title", "patient", "clinician")
OF_ITS_OWN = ("modality", "kind", "tags", "helps")
"""Fields that only a recommendation in the clinician's own words has."""

_OWN = re.compile(r"ADD-[0-9]{2}")


@frozen
class OverrideFile:
    """A file of overrides: whose case they are for, and where it says so."""

    case: str
    overrides: tuple[Override, ...]
    location: Location


def read_override_file(content: bytes, *, name: str) -> OverrideFile:
    """The overrides in a file called ``name``; raises IntakeError with every problem in it, each with its place.

    The file names its case, so that nobody's plan follows what was decided for somebody else.
    """
    noted: list[Problem] = []
    root = read(content, name, IntakeError, noted)
    if not isinstance(root.value, dict):
        raise IntakeError(f"a file of overrides is a mapping that begins with 'careplan: {FORMAT}'", root.location)
    refuse_excess(root, noted)
    fields = Fields(root, noted, "a file of overrides")
    found = fields.get("careplan", required=True)
    if found is not None and found.value != FORMAT:
        fields.report(f"'careplan' is {found.plain!r}; a file of overrides is {FORMAT!r}", found.location, "format")
    case = line(fields, "case", required=True) or ""
    fields.get("overrides", required=True)
    file = OverrideFile(case, read_overrides(fields), fields.place("case"))
    fields.close()
    if fields.problems:
        raise IntakeError(sorted(fields.problems, key=lambda each: each.location or root.location))
    return file


def with_overrides(assessment: Assessment, file: OverrideFile) -> Assessment:
    """The assessment with the overrides of a file after its own; raises IntakeError if they are for another case."""
    if file.case != assessment.id:
        raise IntakeError(f"these overrides are for the case {file.case!r}, not {assessment.id!r}", file.location)
    return evolve(assessment, overrides=(*assessment.overrides, *file.overrides))


def read_overrides(top: Fields) -> tuple[Override, ...]:
    """The overrides in their order. Whether they fit the rules and the day of the plan, the plan says."""
    return tuple(_override(each) for each in top.mappings("overrides", "an override"))


def _override(fields: Fields) -> Override:
    fields.get("do", required=True)
    code, reason = _reason(fields)
    override = Override(
        rule=line(fields, "rule", required=True) or "",
        do=choice(fields, "do", DOINGS) or "decline",
        by=line(fields, "by", required=True) or "",
        role=line(fields, "role", required=True) or "",
        on=fields.day("on") or date.min,
        until=fields.day("until") or date.max,
        code=code,
        reason=reason,
        title=line(fields, "title"),
        patient=prose(fields, "patient"),
        clinician=prose(fields, "clinician"),
        modality=line(fields, "modality"),
        kind=choice(fields, "kind", KINDS) or "action",
        tags=lines(fields, "tags"),
        helps=read_helps(fields),
        location=fields.place("rule"),
    )
    fields.close()
    if override.until < override.on:
        message = f"{override.rule} holds until {override.until}, before it was decided on {override.on}"
        fields.report(message, fields.place("until"), "date")
    if fields.get("do") is not None:
        _refuse_misfits(fields, override)
    return override


def _reason(fields: Fields) -> tuple[str, str]:
    """The coded reason and the same in words; both must be there."""
    node = fields.get("reason", required=True)
    reason = fields.mapping("reason", "the reason of an override")
    if node is None or node is not reason.node:
        return "", ""
    known = override_reasons()
    code = line(reason, "code", required=True) or ""
    if code and code not in known:
        hint = nearest(code, known) or f"; the codes are {', '.join(known)}"
        reason.report(f"there is no reason {code!r}{hint}", reason.place("code"), "unknown_word")
    text = prose(reason, "text", required=True) or ""
    reason.close()
    return code, text


def _refuse_misfits(fields: Fields, override: Override) -> None:
    """Note what a decision of this sort lacks, and what has no place in it."""
    rule, texts = override.rule, [key for key in TEXTS if fields.get(key) is not None]
    if override.do == "decline":
        for key in texts:
            fields.report(f"{rule} is declined, so {key!r} has no place here", fields.place(key), "misfit")
    if override.do == "change" and not texts:
        fields.report(f"{rule} is changed, and no new text is given: write {', '.join(TEXTS)}", code="missing")
    if not _OWN.fullmatch(rule):
        for key in OF_ITS_OWN:
            if fields.get(key) is not None:
                message = f"{key!r} has no place here: {rule} is a rule; a recommendation of your own is called ADD-01"
                fields.report(message, fields.place(key), "misfit")
    elif override.do != "add":
        fields.report(f"{rule} is a recommendation of your own: add it, or leave it out", fields.place("do"), "misfit")
    else:
        _require_words(fields, rule, texts)


def _require_words(fields: Fields, rule: str, texts: Collection[str]) -> None:
    for key in ("title", "modality"):
        if fields.get(key) is None:
            fields.report(f"{rule} is a recommendation of your own and needs {key!r}", code="missing")
    if not {"patient", "clinician"} & set(texts):
        fields.report(f"{rule} says nothing: write 'patient', 'clinician' or both", code="missing")
