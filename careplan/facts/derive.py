"""One assessment → the facts known of the person, what follows from them, and what was assumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careplan.assessment import Assessment
from careplan.errors import IntakeError, Problem, nearest
from careplan.facts.completed import agree, complete, in_order, put
from careplan.facts.computed import Case
from careplan.facts.model import Facts
from careplan.facts.roads import Functions, Roads, roads
from careplan.instruments import Instrument, Scored
from careplan.scoring import score_assessment
from careplan.vocabulary.formulary import Formulary
from careplan.vocabulary.model import Value, Vocabulary

ASSUMPTIONS_SHOWN = ("diagnoses", "findings")
"""The lists whose assumed answers a plan names."""


def derive_facts(  # noqa: PLR0913 - everything that facts come from
    assessment: Assessment,
    vocabulary: Vocabulary,
    instruments: Mapping[str, Instrument],
    formulary: Formulary,
    functions: Functions,
    *,
    earlier: Assessment | None = None,
) -> Facts:
    """The facts of an assessment: scores, answers, lists, medicines, and what follows from them by CQL.

    ``earlier`` is the assessment that ``previous`` names, where it could be read. ``functions`` are those plugins
    bring for their facts, by name. Raises IntakeError with every value that a fact cannot have and every two that
    contradict each other.
    """
    problems: list[Problem] = []
    way = roads(vocabulary)
    scored = score_assessment(assessment, instruments)
    known = _scores(assessment, scored, way, problems)
    before = _scores(earlier, score_assessment(earlier, instruments), way, problems) if earlier else {}
    case = Case(assessment, instruments, formulary, earlier, dict(known), before)
    _walk(case, way, functions, known, problems)
    _given(assessment, vocabulary, known, problems)
    assumed = _assume(way, known)
    complete(known, vocabulary, problems)
    if problems:
        raise IntakeError(problems)
    return Facts(in_order(known, vocabulary), assumed, scored)


def _scores(
    assessment: Assessment, scored: Mapping[str, Scored], way: Roads, problems: list[Problem]
) -> dict[str, Value]:
    """The scores of the questionnaires answered, and those that were scored elsewhere."""
    known: dict[str, Value] = {}
    for fact, instrument, score in way.scores:
        result = scored.get(instrument)
        value = result.scores.get(score) if result else None
        if value is not None:
            put(known, fact, value, problems)
        if assessment.scores.get(fact.id) is not None:
            agree(known, fact, assessment.scores[fact.id], problems)
    return known


def _walk(case: Case, way: Roads, functions: Functions, known: dict[str, Value], problems: list[Problem]) -> None:
    """Note what the intake, its lists and the named functions say."""
    for fact, reads in way.intake:
        for read in reads:
            value = read(case)
            if value is not None:
                put(known, fact, value, problems)
                break
    for fact, compute in way.computed:
        if fact.id not in known and (value := compute(case)) is not None:
            put(known, fact, value, problems)
    for fact in way.brought:
        value = None if fact.id in known else functions[fact.compute or ""](case.assessment, **fact.arguments)
        if value is not None:
            put(known, fact, value, problems)
    for name, road in way.lists.items():
        road.walk(getattr(case.assessment, name), known, problems)


def _given(assessment: Assessment, vocabulary: Vocabulary, known: dict[str, Value], problems: list[Problem]) -> None:
    """Note the values that ``scores`` gives for facts which are no scores."""
    for name, value in assessment.scores.items():
        if name not in vocabulary:
            message = f"scores: there is no fact {name!r}{nearest(name, vocabulary.facts)}"
            problems.append(Problem(message, code="unknown_fact"))
        elif vocabulary[name].score is None and value is not None:
            agree(known, vocabulary[name], value, problems)


def _assume(way: Roads, known: dict[str, Any]) -> tuple[str, ...]:
    """Note as false what nobody asked about and that counts as absent; the ids a plan names, sorted."""
    assumed = []
    for fact in way.assumed:
        if fact.id not in known:
            known[fact.id] = False
            if fact.listed in ASSUMPTIONS_SHOWN:
                assumed.append(fact.id)
    return tuple(sorted(assumed))
