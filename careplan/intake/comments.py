"""What a blank intake says beside each of its fields: a line of words for whoever fills it in."""

from __future__ import annotations

from collections.abc import Mapping

from careplan.intake.goals import FEAR, LEVEL, MINUTES, RATING, WEIGHT
from careplan.intake.medicines import NUMBERS, STATUSES, UNITS
from careplan.intake.native import FORMAT
from careplan.intake.overrides import DOINGS, KINDS
from careplan.vocabulary.model import Listed
from careplan.vocabulary.needs import NEEDS
from careplan.vocabulary.override_reasons import override_reasons

Comments = Mapping[str, str]

BEGINNING = f"""\
# An intake for careplan: one person on one day.
#
# null is "not asked", and careplan never takes it for "no". An answer that is no, nought or none is false, 0 or [].
# 'id', 'date' and 'birth_date' are needed; everything else may stay null.
# Lines that begin with "#  " show an entry of a list: take away the null above them and the # before each, and copy the
# entry as often as needed. A field of an entry that has nothing after its colon is not asked either.
careplan: {FORMAT}
"""

CASE: Comments = {
    "id": "needed: names the case and its documents; letters, digits, spaces and . _ - + @",
    "date": "needed: the day of the assessment, such as 2026-03-02; ages and rule versions are taken on it",
}
PREVIOUS = "an earlier assessment of the same person: its id, or its file"
PERSON: Comments = {
    "birth_date": "needed: a date such as 1983-05-04",
    "name": "as the documents print it",
    "country": "two letters such as GB or US; chooses the crisis lines",
    "language": "a code such as en, cy or pt-BR",
    "identifiers": 'numbers in other systems, such as {mrn: "0018"}',
}
"""Beside what the vocabulary says of the person's facts."""
CREATININE = "with its unit and day, such as {value: 80, unit: umol/L, on: 2026-02-20}; or mg/dL"
CHECKLIST: Comments = {
    "present": "a list of ids: what the person has",
    "denied": "a list of ids: asked, and the answer is no",
    "reviewed": "true when the whole list was gone through: what is not present is then no",
    "other_text": "what it is, when 'other' is present",
}
GROUPS_REVIEWED = "true when the whole list was gone through, or a list of the groups that were: not present is then no"

MEDICATION: Comments = {
    "name": "generic or brand name",
    "strength": "as on the box: 500 mg, 30/500 mg, 25 mcg/h, 5%",
    "dose": f"units at a time, {NUMBERS['dose'].allowed}; 1 unless said",
    "unit": f"what the dose counts: {', '.join(UNITS)}",
    "times_per_day": f"{NUMBERS['times_per_day'].allowed}; or every_hours",
    "every_hours": f"{NUMBERS['every_hours'].allowed}; or times_per_day",
    "route": "oral, transdermal, topical, …",
    "as_needed": "true or false; false unless said",
    "max_per_day": f"units a day allowed at most, {NUMBERS['max_per_day'].allowed}",
    "taken_per_day": f"units a day really taken, {NUMBERS['taken_per_day'].allowed}",
    "days_per_week": f"on how many days, {NUMBERS['days_per_week'].allowed}",
    "days_per_month": f"on how many days, {NUMBERS['days_per_month'].allowed}",
    "months": f"for how long, {NUMBERS['months'].allowed}",
    "started_on": "a date, such as 2026-03-02",
    "changed_on": "a date, such as 2026-03-02",
    "stopped_on": "a date, such as 2026-03-02",
    "status": f"{', '.join(STATUSES)}; current unless said",
}
ALLERGY: Comments = {"substance": "what it was", "reaction": "what it did"}
GOAL: Comments = {
    "text": "the goal in the person's own words",
    "activity": "what it is about",
    "baseline_minutes": f"how long that works now, {MINUTES.allowed}",
    "helps": f"a list of what the goal needs help with: {', '.join(NEEDS)}",
    "gas": f"goal attainment scaling: {{importance: …, difficulty: …, attained: …, levels: {{-2: …, 0: …, 2: …}}}}, "
    f"the first two {WEIGHT.allowed}, attained {LEVEL.allowed}",
}
ACTIVITY: Comments = {
    "name": "such as walking",
    "minutes": f"a list of minutes, one for each day of the log: each {MINUTES.allowed}",
    "difficulty": f"how hard it is, {RATING.allowed}",
    "fear": f"how much fear it causes, {FEAR.allowed}",
}
MEMBER: Comments = {"role": "such as GP", "name": "who it is", "phone": 'in quotation marks, such as "01632 960001"'}
CLEARANCE: Comments = {
    "rule": "the id of the emergency rule that fired",
    "by": "the clinician's name",
    "role": "the clinician's role",
    "on": "a date: the day it was dealt with",
    "reason": "what was found and done",
}
ANSWERS = "Questionnaires. An answer that was not given stays null."
MEASURES = "What was measured or rated."
LISTS: Mapping[Listed, str] = {
    "diagnoses": "Diagnoses.",
    "red_flags": "Signs of something serious.",
    "findings": "What came up in the conversation and the examination.",
}
SCORES = "scores made elsewhere, such as {isi.total: 16}; the name of an instrument alone means its total"
MEDICATIONS = "[] when nothing is taken; else an entry for each medicine and strength:"
CLASSES: Comments = {
    "medications_denied": "a list of classes that the person says they do not take, of",
    "medications_claimed": "a list of classes that the person says they take, whatever the list holds, of",
}
WISHES: Comments = {
    "matters_most": "what matters most to the person, in their own words",
    "values": "a list, such as [family, learning]",
}


def entries() -> dict[str, tuple[str, Comments]]:
    """The lists of entries: what stands beside each list, and beside the fields of an entry."""
    override = {
        "rule": "the id of the rule; for a recommendation in the clinician's own words an id such as ADD-01",
        "do": ", ".join(DOINGS),
        "by": "the clinician's name",
        "role": "the clinician's role",
        "on": "a date: the day it was decided",
        "until": "a date: the last day it holds",
        "reason": f"{{code: …, text: …}}; the code is one of {', '.join(override_reasons())}",
        "title": "another title",
        "patient": "another text for the patient",
        "clinician": "another text for the clinician",
        "modality": "only for a recommendation in the clinician's own words: where it belongs",
        "kind": f"only for that: {', '.join(KINDS)}",
        "tags": "only for that: a list of tags by which safety rules know it",
    }
    return {
        "allergies": ("[] when there is none; else an entry each:", ALLERGY),
        "goals": ("[] when there is none; else an entry each, what matters most first:", GOAL),
        "activities": ("what the person does, with a log in minutes:", ACTIVITY),
        "care_team": ("who cares for the person:", MEMBER),
        "cleared": ("emergency findings of an earlier plan that a clinician has dealt with:", CLEARANCE),
        "overrides": ("recommendations that a clinician declines, changes or adds:", override),
    }
