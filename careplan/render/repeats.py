"""Advice that two modalities give in the same words → said once, with where the other says it."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from careplan.plan.model import Recommendation
from careplan.rules.checks.readability import sentences

ALWAYS_WHOLE = ("emergency", "safety")
"""Priorities whose advice is never cut short."""


@frozen
class Told:
    """What the patient's copy says of a recommendation: sentences of its own, and which others say the rest."""

    sentences: tuple[str, ...]
    rest: tuple[Recommendation, ...] = ()


def told(recommendations: Iterable[Recommendation]) -> dict[str, Told]:
    """By rule what is said of each, in the order of printing.

    A sentence that a recommendation of another modality has said before, word for word, is not said again. Safety
    advice, a clinician's own words and the first sentence of any advice always are.
    """
    first: dict[str, Recommendation] = {}
    found: dict[str, Told] = {}
    for each in recommendations:
        own: list[str] = []
        rest: dict[str, Recommendation] = {}
        whole = each.priority in ALWAYS_WHOLE or each.override is not None
        for sentence in sentences(each.patient or ""):
            before = first.setdefault(sentence, each)
            if own and not whole and before.modality != each.modality:
                rest[before.rule] = before
            else:
                own.append(sentence)
        found[each.rule] = Told(tuple(own), tuple(rest.values()))
    return found
