"""A plan and the assessment it rests on → the document of one edition: all that a template sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any

from attrs import evolve, frozen

from careplan.assessment import Allergy, Assessment, CareTeamMember, Goal, Medication, Person
from careplan.errors import RenderError
from careplan.followup.review import Review
from careplan.followup.trends import Trend
from careplan.instruments import Instrument, Scored
from careplan.plan.editions import Edition, for_edition
from careplan.plan.model import Detail, Plan, Recommendation, Section
from careplan.plan.phases import WEEKS_PER_PHASE
from careplan.render.look import USUAL, Look
from careplan.render.repeats import Told, told
from careplan.render.scores import InstrumentLine, Picture, by_instrument, pictures, score_lines
from careplan.vocabulary.contacts import Contacts
from careplan.vocabulary.model import Vocabulary

OTHER_RED_FLAG = "red_flag.other"
LANGUAGE = "en-GB"
"""The language of every text that ships; the person's own words may be in any."""


@frozen
class Phase:
    """Actions that begin together: from week ``first`` to week ``last`` of the plan, and to the day ``until``."""

    number: int
    first: int
    last: int
    until: date
    recommendations: tuple[Recommendation, ...]


@frozen
class Document:
    """One edition of one plan. What only a clinician may read is not in the patient's: not even for a template.

    ``sections`` are those to print in order; in the patient's edition they hold what begins now, ``later`` the rest.
    ``short_forms`` are scores of instruments whose answers were taken from a longer one. ``meanings`` are the labels of
    facts by id, ``measures`` their units; ``told`` is what the patient's copy says of each rule; ``draft`` is true
    until somebody has signed; ``review`` is the day of the next look at the plan, where a detail of it says one.
    ``trends`` are the scores over all visits by fact, where the plan follows an earlier one; ``followup`` is what has
    become of the person since, for the clinician. ``look`` is how it is set.
    """

    edition: Edition
    plan: Plan
    title: str
    language: str
    person: Person
    age: int
    assessed: date
    review: date | None
    contacts: Contacts
    sections: tuple[Section, ...]
    phases: tuple[Phase, ...]
    scores: tuple[InstrumentLine, ...]
    short_forms: tuple[InstrumentLine, ...]
    pictures: tuple[Picture, ...]
    trends: Mapping[str, Trend]
    followup: Review | None
    goals: tuple[Goal, ...] | None
    matters_most: str | None
    values: tuple[str, ...]
    care_team: tuple[CareTeamMember, ...]
    medications: tuple[Medication, ...] | None
    allergies: tuple[Allergy, ...] | None
    problems: tuple[str, ...]
    meanings: Mapping[str, str]
    measures: Mapping[str, str]
    told: Mapping[str, Told]
    version: str
    look: Look

    @property
    def withheld(self) -> bool:
        """Whether only the urgent page may be printed."""
        return self.plan.status == "withheld"

    @property
    def draft(self) -> bool:
        """Whether a clinician has still to sign."""
        return self.plan.status in ("review_first", "ready_for_sign_off")

    @property
    def open_emergencies(self) -> tuple[Recommendation, ...]:
        """Emergency findings that nobody has cleared."""
        return tuple(each for each in self.plan.emergency if each.cleared is None)

    @property
    def cleared_emergencies(self) -> tuple[Recommendation, ...]:
        """Emergency findings dealt with by a named clinician."""
        return tuple(each for each in self.plan.emergency if each.cleared is not None)

    @property
    def now(self) -> tuple[Recommendation, ...]:
        """The next steps: the actions of the first phase."""
        return self.phases[0].recommendations if self.phases else ()

    @property
    def unplaced(self) -> tuple[Recommendation, ...]:
        """What stands beside the safety advice and begins in no phase: information, and what has begun before."""
        placed = {rule for phase in self.plan.phases for rule in phase} | {each.rule for each in self.plan.safety}
        return tuple(each for each in self.plan.recommendations if each.rule not in placed)

    @property
    def going_on(self) -> tuple[Recommendation, ...]:
        """The actions that stand and are not new: the person has begun them since an earlier plan."""
        return tuple(each for each in self.unplaced if each.kind == "action" and each.audience == "both")

    @property
    def apart(self) -> tuple[Detail, ...]:
        """What has a page of its own behind all sections."""
        other = "patient" if self.edition == "clinician" else "clinician"
        details = (detail for section in self.sections for detail in section.details)
        return tuple(each for each in details if each.apart and each.edition != other)

    def later(self, section: Section) -> tuple[Recommendation, ...]:
        """What of a section waits for a later phase, in the order in which it begins."""
        own = {each.rule for whole in self.plan.sections if whole.id == section.id for each in whole.recommendations}
        return tuple(each for phase in self.phases[1:] for each in phase.recommendations if each.rule in own)

    def unit(self, fact: str, value: Any) -> str:
        """The unit behind a value of the fact, with the space before it; empty where it has none."""
        if fact not in self.measures:
            return ""
        first, space, rest = self.measures[fact].partition(" ")
        return f"\N{NO-BREAK SPACE}{first.removesuffix('s') if value == 1 else first}{space}{rest}"

    def meaning(self, fact: str) -> str:
        """What a fact means, in words; its id where the vocabulary has none."""
        return self.meanings.get(fact, fact)


def document(  # noqa: PLR0913 - everything a document is made of, once
    plan: Plan,
    assessment: Assessment,
    scored: Mapping[str, Scored],
    *,
    edition: Edition,
    instruments: Mapping[str, Instrument],
    vocabulary: Vocabulary,
    contacts: Contacts,
    followup: Review | None = None,
    look: Look = USUAL,
) -> Document:
    """The document of one edition. ``plan`` is the whole plan: what the edition may not show is left out here.

    Raises RenderError for the patient's edition of a plan that a clinician must review first.
    """
    if edition == "patient" and plan.status == "review_first":
        message = f"{plan.case}: a clinician must review and sign this plan before there is a patient's edition"
        raise RenderError(f'{message}; sign it with --sign-off "NAME, ROLE"')
    view = for_edition(plan, edition)
    clinician = edition == "clinician"
    person = assessment.person
    lines = score_lines(instruments, scored, assessment.scores, person.sex)
    rows = by_instrument(lines, instruments) if clinician else {}
    short = _short_forms(assessment, scored, instruments)
    pictured = pictures(lines, instruments, person.sex)
    shown = {each.fact for each in pictured}
    trends = {each.fact: each for each in (followup.trends if followup else ()) if clinician or each.fact in shown}
    return Document(
        edition=edition,
        plan=view,
        title=_title(plan, edition, person),
        language=LANGUAGE,
        person=person,
        age=person.age(plan.on),
        assessed=assessment.date,
        review=min(_review_days(view), default=None),
        contacts=contacts,
        sections=view.sections if clinician else tuple(_begun(view.sections)),
        phases=tuple(_phases(view)),
        scores=tuple(row for name, row in rows.items() if name not in short),
        short_forms=tuple(row for name, row in rows.items() if name in short),
        pictures=pictured,
        trends=trends,
        followup=followup if clinician else None,
        goals=assessment.goals,
        matters_most=assessment.matters_most,
        values=assessment.values,
        care_team=assessment.care_team,
        medications=assessment.medications,
        allergies=assessment.allergies,
        problems=tuple(_problems(assessment, vocabulary)) if clinician else (),
        meanings=_meanings(vocabulary, assessment) if clinician else {},
        measures={each.id: each.measure for each in vocabulary if each.measure} if clinician else {},
        told={} if clinician else told(_as_printed(view)),
        version=version("careplan"),
        look=look,
    )


def _title(plan: Plan, edition: Edition, person: Person) -> str:
    if plan.status == "withheld":
        return "Get help today" if edition == "patient" else "Urgent: plan withheld"
    of = f": {person.name}" if person.name else ""
    return f"My plan for living with pain{of}" if edition == "patient" else f"Care plan, clinician edition{of}"


def _short_forms(
    assessment: Assessment, scored: Mapping[str, Scored], instruments: Mapping[str, Instrument]
) -> frozenset[str]:
    """The instruments that nobody answered as such: their answers come from a longer one."""
    longer = {name: instruments[name].derived_from for name in scored if name not in assessment.answers}
    return frozenset(name for name, source in longer.items() if source and source.instrument in scored)


def _begun(sections: Iterable[Section]) -> Iterable[Section]:
    """The sections with what begins now; actions of later phases stand among the later steps.

    One in which nothing begins now stays: its template may say what no recommendation says.
    """
    for section in sections:
        yield evolve(
            section, recommendations=tuple(each for each in section.recommendations if each.phase in (None, 1))
        )


def _phases(plan: Plan) -> Iterable[Phase]:
    recommendations = {each.rule: each for each in plan.recommendations}
    for number, rules in enumerate(plan.phases, 1):
        last = number * WEEKS_PER_PHASE
        until = plan.on + timedelta(weeks=last)
        yield Phase(number, last - WEEKS_PER_PHASE + 1, last, until, tuple(recommendations[rule] for rule in rules))


def _as_printed(plan: Plan) -> Iterable[Recommendation]:
    """Every recommendation of the patient's copy in the order of printing: by section, then what begins later."""
    for section in _begun(plan.sections):
        yield from section.recommendations
    for phase in list(_phases(plan))[1:]:
        yield from phase.recommendations


def _review_days(plan: Plan) -> Iterable[date]:
    """The days on which details say that the plan is looked at again."""
    holders: tuple[Recommendation | Section, ...] = (*plan.safety, *plan.recommendations, *plan.sections)
    for detail in (detail for each in holders for detail in each.details):
        if detail.values.get("review") is not None:
            yield date.fromisoformat(detail.values["review"])


def _meanings(vocabulary: Vocabulary, assessment: Assessment) -> Mapping[str, str]:
    """The label of every fact; a red flag that is in no list is called what the clinician wrote of it."""
    found = {each.id: each.label for each in vocabulary}
    if said := assessment.red_flags.other_text:
        found[OTHER_RED_FLAG] += f": “{said}”"
    return found


def _problems(assessment: Assessment, vocabulary: Vocabulary) -> Iterable[str]:
    words = {each.word: each.meaning for each in vocabulary if each.listed == "diagnoses"}
    yield from (words.get(each, each) for each in assessment.diagnoses.present)
    if assessment.nociplastic is not None:
        yield f"Nociplastic pain (IASP): {assessment.nociplastic}"
