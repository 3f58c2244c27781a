"""To whom the person is referred, why, and how urgent that is: what the released rules say, nothing more."""

from collections.abc import Iterator, Mapping
from typing import Any

from careplan.hookspecs import Recommendation, Situation

TO: Mapping[str, tuple[str, str | None]] = {
    "SAF-03": ("behavioural health", "within 7 days"),
    "SAF-09": ("cancer work-up per local pathway", "urgent (≤2 weeks)"),
    "SAF-11": ("imaging for fracture", "on the same day or within 24 h"),
    "SAF-12": ("rheumatology", "synovitis: within 3 working days"),
    "SAF-18": ("pain or addiction specialist", None),
    "SAF-20": ("obstetrics", None),
    "CLS-05": ("CRPS or pain rehabilitation", None),
    "ACT-01": ("a physiotherapist or occupational therapist trained in ME/CFS", None),
    "ACT-08": ("occupational health or vocational rehabilitation", None),
    "EXR-07": ("a physiotherapist skilled in hypermobility spectrum disorder", None),
    "SLP-05": ("a home sleep apnoea test or PSG", None),
    "SLP-06": ("sleep referral", "urgent"),
    "SLP-08": ("PTSD therapy", None),
    "SLP-09": ("occupational health", None),
    "STR-04": ("pain psychology", None),
    "STR-05": ("trauma therapy (PE, CPT or EMDR)", None),
    "STR-09": ("psychiatry", None),
    "MED-25": ("a specialist review and a pregnancy prevention programme", None),
    "NUT-03": ("an eating disorder service", None),
    "NUT-07": ("social work", None),
    "SOC-02": ("a vocational case manager", None),
    "SOC-03": ("a social worker", None),
    "TEM-01": ("an interdisciplinary pain programme", None),
    "TEM-02": ("an ME/CFS service", None),
    "TEM-03": ("a pharmacist and the pain or addiction team", None),
    "TEM-04": ("behavioural health", None),
    "TEM-05": ("rheumatology for a one-off opinion", None),
    "TEM-06": ("occupational therapy (OT) and hand therapy", None),
    "TEM-07": ("a clinical pharmacist", None),
    "TEM-08": ("one course of acupuncture", None),
    "FUP-03": ("an interdisciplinary programme", None),
}
"""To whom a rule refers or whom it involves, and by when, in the words of its text for clinicians."""

OWN_APPOINTMENTS = ("TEM-08",)
"""What the person goes to without being referred."""


def referrals(situation: Situation) -> Mapping[str, Any] | None:
    """Everybody whom what was released refers to or involves, safety first; None for nobody.

    An emergency stands alone: it has a place of its own in the plan. ``when`` is None where the rule sets no time, and
    ``to`` where neither a rule listed here nor its text, which a clinician may have changed, says to whom.
    """
    found = [_referral(each, situation) for each in referring(situation)]
    return {"referrals": found} if found else None


def referring(situation: Situation) -> Iterator[Recommendation]:
    """The released recommendations that refer to somebody or involve them, safety first."""
    for priority in ("safety", "core", "adjunct"):
        for each in situation.recommendations:
            if each.priority == priority and (each.kind == "referral" or said(each)[0] is not None):
                yield each


def said(recommendation: Recommendation) -> tuple[str | None, str | None]:
    """To whom and by when, where its text still says so."""
    to, when = TO.get(recommendation.rule, (None, None))
    text = (recommendation.clinician or "").casefold()
    return (to if to and to.casefold() in text else None, when if when and when.casefold() in text else None)


def _referral(recommendation: Recommendation, situation: Situation) -> dict[str, Any]:
    to, when = said(recommendation)
    return {
        "rule": recommendation.rule,
        "title": recommendation.title,
        "to": to,
        "when": when,
        "priority": recommendation.priority,
        "confidential": recommendation.audience == "confidential",
        "because": situation.because(*recommendation.triggered_by),
    }


def appointments(situation: Situation) -> Mapping[str, Any] | None:
    """The visits elsewhere that the person's own copy speaks of, to write the day down; None for none."""
    found = [
        {"rule": each.rule, "title": each.title, "why": each.because}
        for each in situation.recommendations
        if each.rule in situation.shown and (each.kind == "referral" or each.rule in OWN_APPOINTMENTS)
    ]
    return {"appointments": found, "because": [each["rule"] for each in found]} if found else None
