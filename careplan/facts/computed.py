"""The named functions behind ``compute:``, each from one case to the value of a fact, or None while it is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, wraps
from typing import Any

from attrs import define, field

from careplan.assessment import Assessment
from careplan.errors import IntakeError, Problem
from careplan.facts.medicines import Medicines
from careplan.instruments import Instrument
from careplan.vocabulary.formulary import Formulary
from careplan.vocabulary.model import Value

CREATININE_UNITS = {"umol/L": 1.0, "mg/dL": 88.4}
"""What a creatinine in a unit is multiplied by to be in µmol/L."""


@define(slots=False)
class Case:
    """One assessment with what it is read by. ``scores`` are the scores known now, ``before`` those of ``earlier``."""

    assessment: Assessment
    instruments: Mapping[str, Instrument]
    formulary: Formulary
    earlier: Assessment | None = None
    scores: Mapping[str, Value] = field(factory=dict)
    before: Mapping[str, Value] = field(factory=dict)

    @cached_property
    def medicines(self) -> Medicines:
        """The medicine list, read once."""
        return Medicines(self.assessment, self.formulary)

    def answers(self, instrument: str) -> Mapping[str, Any]:
        """The answers to an instrument by item id, unanswered ones as None; empty when it was not given."""
        given = self.assessment.answers.get(instrument, {})
        if isinstance(given, Mapping):
            return given
        known = self.instruments.get(instrument)
        return dict(zip((item.id for item in known.items), given, strict=False)) if known else {}


def age(case: Case) -> int:
    """Completed years on the day of the assessment."""
    return case.assessment.person.age(case.assessment.date)


def goals_stated(case: Case) -> int | None:
    """How many goals are stated; unknown when nobody asked."""
    return None if case.assessment.goals is None else len(case.assessment.goals)


def answered(case: Case, instrument: str) -> int:
    """How many items of an instrument have an answer; 0 when it was not given."""
    return sum(answer is not None for answer in case.answers(instrument).values())


def cssrs_q2_to_q6(case: Case) -> bool | None:
    """Whether any of C-SSRS questions 2 to 6 is a yes; behaviour longer ago than three months does not count.

    No only if every question that had to be asked is a no: 3 to 5 are not asked after a no to 2, nor the past three
    months after a no to behaviour ever.
    """
    answers = case.answers("cssrs")
    gates = {"q2": None, "q3": "q2", "q4": "q2", "q5": "q2", "q6_3_months": "q6_lifetime"}
    if any(answers.get(question) for question in gates):
        return True
    for question, gate in gates.items():
        spared = gate is not None and answers.get(gate) is not None and not answers[gate]
        if answers.get(question) is None and not spared:
            return None
    return False


def straight_lined(case: Case, instruments: tuple[str, ...]) -> bool | None:
    """Whether one of the instruments has one and the same answer throughout, other than 0; they have reversed items.

    Unknown when none was given, or none is answered so far that it could be told.
    """
    found: bool | None = None
    for name in instruments:
        answers = list(case.answers(name).values())
        values = {answer for answer in answers if answer is not None}
        complete = bool(answers) and None not in answers
        if complete and len(values) == 1 and values != {0}:
            return True
        if complete or len(values) > 1:
            found = False
    return found


def creatinine(case: Case) -> float | None:
    """Serum creatinine in µmol/L."""
    measures = case.assessment.measures
    value, unit = measures.get("creatinine.value"), measures.get("creatinine.unit")
    if value is None:
        return None
    if unit not in CREATININE_UNITS:
        message = f"creatinine has the unit {unit!r}, and it should be one of {', '.join(CREATININE_UNITS)}"
        raise IntakeError(Problem(message, code="unit"))
    return float(value) * CREATININE_UNITS[unit]


def followup_present(case: Case) -> bool:
    """Whether the assessment follows an earlier one: it names one, or one was read."""
    return case.assessment.previous is not None or case.earlier is not None


def followup_weeks(case: Case) -> float | None:
    """Weeks since the earlier assessment; unknown while that cannot be read."""
    return None if case.earlier is None else (case.assessment.date - case.earlier.date).days / 7


def followup_change(case: Case, score: str) -> Value | None:
    """A score now minus its earlier value, in its points."""
    now, before = case.scores.get(score), case.before.get(score)
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return None
    return now - before


def followup_change_percent(case: Case, score: str) -> float | None:
    """By how much of its earlier value a score fell, in percent; unknown where that was 0."""
    now, before = case.scores.get(score), case.before.get(score)
    if not isinstance(now, int | float) or not isinstance(before, int | float) or not before:
        return None
    return 100 * (before - now) / before


_OWN: tuple[Callable[..., Value | None], ...] = (
    age, answered, creatinine, cssrs_q2_to_q6, followup_change, followup_change_percent, followup_present,
    followup_weeks, goals_stated, straight_lined,
)  # fmt: skip
_OF_MEDICINES = (
    "acb", "acb_at_least", "acetaminophen_daily", "acetaminophen_regular", "acetaminophen_taken", "allergy_conflict",
    "allergy_nsaid", "cns_active", "cns_active_at_least", "corticosteroid_long_term", "count", "daily_mg",
    "dose_implausible", "mme", "mme_at_least", "mme_complete", "mme_taken", "muscle_relaxant_weeks", "new",
    "opioid_months", "plans", "qt", "qt_at_least", "renal_relevant", "serotonergic", "serotonergic_at_least",
    "serotonergic_no_triptan", "serotonergic_no_triptan_at_least", "serotonergic_planned", "takes", "unrecognised",
    "use_days",
)  # fmt: skip


def _of_medicines(name: str) -> Callable[..., Value | None]:
    method: Callable[..., Value | None] = getattr(Medicines, name)

    @wraps(method)
    def read(case: Case, **arguments: Any) -> Value | None:
        return method(case.medicines, **arguments)

    return read


COMPUTED: Mapping[str, Callable[..., Value | None]] = {
    **{function.__name__: function for function in _OWN},
    **{f"medicines.{name}": _of_medicines(name) for name in _OF_MEDICINES},
}
"""The built-in functions by the names that ``compute:`` uses."""
