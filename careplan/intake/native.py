"""An intake file in careplan's own format, ``intake/1`` in YAML or JSON → the assessment it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from careplan.assessment import Assessment
from careplan.errors import IntakeError, Problem
from careplan.fields import Fields
from careplan.instruments import Instrument
from careplan.intake.answers import read_answers, read_scores, refuse_disagreement
from careplan.intake.care import read_care_team, read_cleared
from careplan.intake.goals import read_activities, read_goals
from careplan.intake.limits import refuse_excess
from careplan.intake.lists import read_checklist
from careplan.intake.measures import read_measures
from careplan.intake.medicines import read_allergies, read_classes, read_medications
from careplan.intake.overrides import read_overrides
from careplan.intake.person import read_person
from careplan.intake.typed import line, lines, prose, word
from careplan.located import Node, read
from careplan.vocabulary.model import Vocabulary

FORMAT = "intake/1"

_ID = re.compile(r"\w[\w.@+ -]*")


def read_assessment(
    content: bytes, *, name: str, on: date, vocabulary: Vocabulary, instruments: Mapping[str, Instrument]
) -> Assessment:
    """The assessment in an intake file called ``name``, read on the day ``on``.

    Raises IntakeError with every problem in the file, each with its line and column. Nothing is guessed: what is not
    answered stays unanswered, and a value that is not as it should be is refused.
    """
    noted: list[Problem] = []
    root = read(content, name, IntakeError, noted)
    if not isinstance(root.value, dict):
        raise IntakeError(f"an intake is a mapping that begins with 'careplan: {FORMAT}'", root.location)
    refuse_excess(root, noted)
    _refuse_other_formats(root)
    fields = Fields(root, noted, "an intake")
    assessment = _assessment(fields, on, vocabulary, instruments)
    if not fields.problems:
        refuse_disagreement(fields, assessment, instruments)
    if fields.problems:
        raise IntakeError(sorted(fields.problems, key=lambda each: each.location or root.location))
    return assessment


def _refuse_other_formats(root: Node) -> None:
    """Another format or version means other things by its fields, so nothing else in it can be judged."""
    found = root.value.get("careplan")
    if found is not None and found.value is not None and found.value != FORMAT:
        message = f"'careplan' is {found.plain!r}; this version of careplan reads {FORMAT!r}"
        raise IntakeError(message, found.location)


def _assessment(fields: Fields, on: date, vocabulary: Vocabulary, instruments: Mapping[str, Instrument]) -> Assessment:
    fields.get("careplan", required=True)
    today = _day(fields, on)
    allowed = vocabulary.measures
    assessment = Assessment(
        id=_id(fields),
        date=today or on,
        person=read_person(fields.mapping("person", "the person"), vocabulary, today),
        answers=read_answers(fields, instruments),
        scores=read_scores(fields, vocabulary, instruments),
        measures=read_measures(fields, vocabulary, today),
        diagnoses=read_checklist(fields, "diagnoses", vocabulary),
        red_flags=read_checklist(fields, "red_flags", vocabulary),
        findings=read_checklist(fields, "findings", vocabulary),
        medications_reviewed=fields.truth("medications_reviewed"),
        medications=read_medications(fields, today),
        medications_denied=read_classes(fields, "medications_denied", vocabulary),
        medications_claimed=read_classes(fields, "medications_claimed", vocabulary),
        allergies=read_allergies(fields),
        nociplastic=word(fields, "nociplastic", allowed["nociplastic"]),
        goals=read_goals(fields),
        matters_most=prose(fields, "matters_most"),
        values=lines(fields, "values"),
        activities=read_activities(fields),
        work=word(fields, "work", allowed["work"]),
        care_team=read_care_team(fields),
        cleared=read_cleared(fields, today, on),
        overrides=read_overrides(fields),
        previous=line(fields, "previous"),
    )
    fields.close()
    return assessment


def _day(fields: Fields, on: date) -> date | None:
    """The day of the assessment."""
    found = fields.day("date")
    if found is not None and found > on:
        fields.report(
            f"'date' is {found}, after {on}: an assessment cannot lie in the future", fields.place("date"), "date"
        )
    return found


def _id(fields: Fields) -> str:
    """The case's name, fit to name its documents."""
    found = line(fields, "id", required=True)
    if found is not None and not _ID.fullmatch(found):
        message = f"'id' should be letters, digits, spaces and . _ - + @, not {found!r}: it names the documents"
        fields.report(message, fields.place("id"))
    return found or ""
