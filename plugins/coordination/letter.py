"""A letter to the GP: what was found and what is asked. It is shared, so nothing confidential may show in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from careplan.hookspecs import Recommendation, Situation

from .follow_up import review_day
from .referrals import referring, said

GP = {"gp", "general practitioner", "family doctor", "family physician", "primary care physician"}
"""What a GP is called in a care team."""

MOST_POINTS = 100
"""The highest total of points a questionnaire has; what goes beyond is a measure with a unit of its own."""

COMPLETE = ("incomplete", False)
"""A score of this id that says only that nothing is missing."""

PROFILE = "pain_profile"
"""The modality whose information says what kind of pain it is."""


def letter(situation: Situation) -> Mapping[str, Any]:
    """What the letter says beside who the person is; its template takes the medicines from the document."""
    shared = [each for each in situation.recommendations if _may_be_shared(each, situation)]
    asked = [each for each in referring(situation) if each in shared]
    gp = next((each for each in situation.assessment.care_team if each.role.strip().casefold() in GP), None)
    return {
        "to": gp.name if gp else None,
        "assessed": situation.assessment.date.isoformat(),
        "follows": situation.assessment.previous,
        "duration_months": _open_fact(situation, "pain.duration_months"),
        "matters_most": situation.assessment.matters_most,
        "goals": [each.text for each in situation.assessment.goals or ()],
        "diagnoses": list(_diagnoses(situation)),
        "findings": [
            _said(each, situation) | {"text": each.clinician}
            for each in shared
            if each.modality == PROFILE and each.kind == "information"
        ],
        "scores": list(_scores(situation)),
        "cleared": [
            _said(each, situation)
            | {"by": each.cleared.by, "role": each.cleared.role, "on": each.cleared.on.isoformat()}
            for each in shared
            if each.cleared is not None
        ],
        "safety": [_said(each, situation) for each in shared if each.priority == "safety"],
        "discuss": [
            _said(each, situation)
            for each in shared
            if "medicines" in each.helps and each.priority in ("core", "adjunct") and each not in asked
        ],
        "asks": [_said(each, situation) | dict(zip(("to", "when"), said(each), strict=True)) for each in asked],
        "review": review_day(situation),
    }


def _may_be_shared(recommendation: Recommendation, situation: Situation) -> bool:
    """Whether a recommendation is not confidential and does not rest on confidential answers alone."""
    if recommendation.audience == "confidential":
        return False
    answers = recommendation.triggered_by.keys()
    return not answers or not answers <= situation.confidential


def _said(recommendation: Recommendation, situation: Situation) -> dict[str, Any]:
    answers = (each for each in recommendation.triggered_by if each not in situation.confidential)
    return {
        "rule": recommendation.rule,
        "title": recommendation.title,
        "because": [each for each in situation.because(*answers) if each["value"] is not None],
    }


def _open_fact(situation: Situation, fact: str) -> Any:
    return None if fact in situation.confidential else situation.facts.get(fact)


def _diagnoses(situation: Situation) -> Iterator[str]:
    known = situation.vocabulary.lists["diagnoses"]
    for word in situation.assessment.diagnoses.present:
        if known[word].id not in situation.confidential:
            yield known[word].meaning


def _scores(situation: Situation) -> Iterator[dict[str, Any]]:
    """The scores that have a band or a result in words, of questionnaires that were answered as such or given."""
    sex = situation.assessment.person.sex
    for name, instrument in situation.instruments.items():
        longer = instrument.derived_from
        if name not in situation.assessment.answers and longer and longer.instrument in situation.scored:
            continue
        found = []
        for score in instrument.scores:
            fact = instrument.fact(score.id)
            value = _open_fact(situation, fact)
            band = instrument.band(score.id, value, sex)
            if value is not None and (band or (score.value != "number" and (score.id, value) != COMPLETE)):
                title, label = score.title, band.label if band else None
                found.append({"fact": fact, "title": title, "value": value, "of": _points(score.max), "band": label})
        if found:
            yield {"instrument": instrument.title, "alone": len(instrument.scores) == 1, "scores": found}


def _points(highest: float | None) -> float | None:
    """The highest total of a score that is made of points."""
    return highest if highest is not None and highest <= MOST_POINTS else None
