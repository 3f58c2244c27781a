"""Assessment → the scores of every questionnaire that was answered, or that follows from a longer one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from careplan.assessment import Answers, Assessment, Goal
from careplan.errors import AnswerError, Problem, nearest
from careplan.instruments import Instrument, Scored, score
from careplan.instruments.answers import exact

GOALS = "gas"
"""The instrument whose answers may stand in ``goals[].gas``."""


def score_assessment(assessment: Assessment, instruments: Mapping[str, Instrument]) -> dict[str, Scored]:
    """The result of every instrument that can be scored, by id, in the order of the instruments.

    Nobody asked an instrument of which no item is answered. A short form is taken from the longer one unless it was
    answered or scored itself. Measured values answer items left open (STOP-BANG); of an instrument nobody asked they
    count only where they alone decide a score. Raises AnswerError with every answer that cannot be scored, naming
    instrument and item.
    """
    problems: list[Problem] = []
    given = {name: answers for name, answers in assessment.answers.items() if _any_answer(answers)}
    try:
        given |= _goals(assessment, instruments)
    except AnswerError as error:
        problems += error.problems
    results: dict[str, Scored] = {}
    for name, answers in given.items():
        if name not in instruments:
            message = f"there is no instrument {name!r}{nearest(name, instruments)}"
            problems.append(Problem(message, code="unknown_instrument"))
            continue
        try:
            results[name] = score(instruments[name], answers, _context(instruments[name], assessment))
        except AnswerError as error:
            problems += error.problems
    if problems:
        raise AnswerError(problems)
    for name, instrument in instruments.items():
        if name not in given and (scored := _unasked(instrument, assessment, instruments)):
            results[name] = scored
    return {name: results[name] for name in instruments if name in results}


def _any_answer(answers: Answers) -> bool:
    """Whether any item is answered: a questionnaire on a form is not asked before somebody answers it."""
    given = answers.values() if isinstance(answers, Mapping) else answers
    return any(each is not None for each in given)


def _unasked(instrument: Instrument, assessment: Assessment, instruments: Mapping[str, Instrument]) -> Scored | None:
    """The result of an instrument that was not answered itself: from a longer one, or where measures alone decide."""
    if instrument.derived_from is None and not instrument.inputs:
        return None
    if any(instrument.fact(each.id) in assessment.scores for each in instrument.scores):
        return None
    context = _context(instrument, assessment)
    answers = _derived(instrument, assessment, instruments)
    if answers is not None:
        return score(instrument, answers, context)
    if any(value is not None for value in (context[each.id] for each in instrument.inputs)):
        scored = score(instrument, {}, context)
        return scored if any(value is not None for value in scored.scores.values()) else None
    return None


def _derived(instrument: Instrument, assessment: Assessment, instruments: Mapping[str, Instrument]) -> Answers | None:
    """The answers of a short form among those of the longer one; None when there are none."""
    source = instrument.derived_from
    if source is None or source.instrument not in assessment.answers:
        return None
    longer = assessment.answers[source.instrument]
    if not isinstance(longer, Mapping):
        longer = dict(zip((item.id for item in instruments[source.instrument].items), longer, strict=True))
    answers = {item: longer.get(theirs) for item, theirs in source.items.items()}
    if all(answer is None for answer in answers.values()):
        return None
    return answers | dict(source.set)


def _goals(assessment: Assessment, instruments: Mapping[str, Instrument]) -> dict[str, Answers]:
    """The answers of goal attainment scaling from the goals, when any is weighted or rated."""
    rated = [(goal.gas.get("attained"), _weight(goal)) for goal in assessment.goals or () if goal.gas]
    rated = [(rating, weight) for rating, weight in rated if rating is not None or weight is not None]
    if not rated or GOALS not in instruments:
        return {}
    if _any_answer(assessment.answers.get(GOALS, ())):
        message = f"{GOALS} stands both in the answers and with the goals; keep one of them"
        raise AnswerError(Problem(message, code="given_twice"))
    pairs = [(item.weighs, item.id) for item in instruments[GOALS].items if item.weighs]
    if len(rated) > len(pairs):
        message = f"{GOALS} scores {len(pairs)} goals at most, and {len(rated)} are weighted or rated"
        raise AnswerError(Problem(message, code="wrong_count"))
    answers: dict[str, Any] = {}
    for (rating_item, weight_item), (rating, weight) in zip(pairs, rated, strict=False):
        answers |= {str(rating_item): rating, weight_item: weight}
    return {GOALS: answers}


def _weight(goal: Goal) -> int | None:
    """Importance times difficulty; None when either is missing."""
    found = goal.gas or {}
    importance, difficulty = found.get("importance"), found.get("difficulty")
    return None if importance is None or difficulty is None else importance * difficulty


def _context(instrument: Instrument, assessment: Assessment) -> dict[str, Any]:
    """Sex, and what the inputs of an instrument ask of the assessment."""
    inputs = {each.id: _known(assessment, each.source or "") for each in instrument.inputs}
    return {"sex": assessment.person.sex} | inputs


def _known(assessment: Assessment, path: str) -> Any:
    """What an assessment says at a path such as ``measures.neck_cm`` or ``dx.hypertension``; None when it does not."""
    group, _, name = path.partition(".")
    if group == "measures":
        return assessment.measures.get(name)
    if group == "dx":
        return _diagnosed(assessment, name)
    if name == "age":
        return assessment.person.age(assessment.date)
    if name == "bmi":
        return _bmi(assessment.person.height_cm, assessment.person.weight_kg)
    return assessment.person.sex


def _diagnosed(assessment: Assessment, name: str) -> bool | None:
    listed = assessment.diagnoses
    if name in listed.present:
        return True
    reviewed: bool | Sequence[str] = listed.reviewed
    if name in listed.denied or reviewed is True or (reviewed and "diagnoses" in reviewed):
        return False
    return None


def _bmi(height_cm: float | None, weight_kg: float | None) -> Fraction | None:
    if not height_cm or weight_kg is None:
        return None
    height = Fraction(exact(height_cm)) / 100
    return exact(weight_kg) / (height * height)
