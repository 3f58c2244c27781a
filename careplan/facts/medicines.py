"""The medicine list → every fact about medicines: what is taken and planned, its loads, its doses, its conflicts.

Something found is known whatever else the list holds. Not found is "no", or 0, only if the list is confirmed complete
and every entry was recognised; else it is unknown (None). ``…_at_least`` are lower bounds that hold for any list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cached_property

from careplan.assessment import Allergy, Assessment, Medication
from careplan.errors import VocabularyError, nearest
from careplan.facts.doses import Dose
from careplan.facts.durations import days_a_month, months_taken, taken_regularly, weeks_taken
from careplan.facts.medicine_list import Line, MedicineList, named
from careplan.vocabulary.formulary import Formulary, fold
from careplan.vocabulary.medicine import RISKS
from careplan.vocabulary.model import Value

USE_CLASSES = {
    "triptan": ("triptan",),
    "ergot": ("ergot",),
    "opioid": ("opioid",),
    "combination": ("combination_analgesic",),
    "simple": ("simple_analgesic", "nsaid"),
}
"""Classes of medicine whose days of use are counted, by kind."""
NEW_DAYS = 28
NEW_MONTHS = 1
"""How long a medicine that was started or changed is new."""
LONG_TERM_STEROID_MONTHS = 3
IMPLAUSIBLE_MME = 5000
"""Oral morphine equivalents a day beyond which an opioid, also one without a largest dose on its label, is in doubt."""


class Medicines:
    """The medicines and allergies of one assessment."""

    def __init__(self, assessment: Assessment, formulary: Formulary) -> None:
        self.formulary = formulary
        self.allergies = assessment.allergies
        self.list = MedicineList(assessment, formulary)

    # What is taken, planned, new

    def takes(self, selector: str) -> Value | None:
        """Whether a current medicine answers to ``class:opioid`` or ``drug:tramadol``.

        An MAO inhibitor, and fluoxetine, count until their washout is over.
        """
        self._check(selector)
        if selector in self.list.taken:
            return True
        return False if self.list.complete and selector not in self.list.doubtful else None

    def plans(self, selectors: Iterable[str]) -> Value | None:
        """Whether a planned medicine answers to one of the selectors; unknown while a planned one is not recognised."""
        wanted = tuple(selectors)
        for selector in wanted:
            self._check(selector)
        if not self.list.to_be_taken.isdisjoint(wanted):
            return True
        return False if named(self.list.planned) else None

    def count(self) -> Value | None:
        """How many entries are current."""
        return len(self.list.current) if self.list.reviewed else None

    def unrecognised(self) -> Value | None:
        """How many entries, current or planned, are not in the formulary or need a dose that cannot be read."""
        return self.list.unrecognised

    def new(self) -> Value | None:
        """Whether a medicine is planned, or was started or changed in the last 28 days."""
        if self.list.planned or any(self.is_new(line) for line in self.list.current):
            return True
        return False if self.list.reviewed else None

    def is_new(self, line: Line) -> bool:
        """Whether a current medicine was started or changed in the last 28 days."""
        entry = line.entry
        if entry.months is not None and entry.months < NEW_MONTHS:
            return True
        days = (entry.started_on, entry.changed_on)
        return any(day is not None and (self.list.on - day).days <= NEW_DAYS for day in days)

    # Loads

    def serotonergic(self) -> Value | None:
        """How many distinct serotonergic ingredients are taken, or not yet washed out."""
        return self.serotonergic_at_least() if self._washed_out else None

    def serotonergic_at_least(self) -> Value | None:
        """As ``serotonergic``, of what the list shows so far."""
        return len(self._serotonergic((*self.list.current, *self.list.lingering)))

    def serotonergic_no_triptan(self) -> Value | None:
        """As ``serotonergic``, triptans left out."""
        return self.serotonergic_no_triptan_at_least() if self._washed_out else None

    def serotonergic_no_triptan_at_least(self) -> Value | None:
        """As ``serotonergic_no_triptan``, of what the list shows so far."""
        lines = (*self.list.current, *self.list.lingering)
        return len(
            self._serotonergic(line for line in lines if line.medicine and "triptan" not in line.medicine.classes)
        )

    def serotonergic_planned(self) -> Value | None:
        """How many distinct serotonergic ingredients are planned; unknown if none is and an entry is not recognised."""
        found = len(self._serotonergic(self.list.planned))
        return found if found or named(self.list.planned) else None

    def adds_serotonin(self, line: Line) -> bool:
        """Whether a line counts towards the serotonergic load while it acts."""
        return bool(self._serotonergic([line]))

    def _serotonergic(self, lines: Iterable[Line]) -> set[str]:
        return {part for line in lines if line.medicine for part in self.formulary.load(line.medicine).serotonergic}

    @property
    def _washed_out(self) -> bool:
        """Whether everything that may still act is known."""
        return self.list.complete and not self.list.doubtful

    def qt(self, level: str) -> Value | None:
        """How many current entries have a ``known``, ``conditional`` or ``possible`` risk of torsades."""
        return self.qt_at_least(level) if self.list.complete else None

    def qt_at_least(self, level: str) -> Value | None:
        """As ``qt``, of what the list shows so far."""
        _choose("risk of torsades", level, RISKS)
        return len([line for line in self.list.current if line.medicine and line.medicine.qt.value == level])

    def cns_active(self) -> Value | None:
        """How many distinct CNS-active ingredients are taken."""
        return self.cns_active_at_least() if self.list.complete else None

    def cns_active_at_least(self) -> Value | None:
        """As ``cns_active``, of what the list shows so far."""
        current = (line.medicine for line in self.list.current if line.medicine)
        return len({part for medicine in current for part in self.formulary.load(medicine).cns_active})

    def acb(self) -> Value | None:
        """The anticholinergic burden, summed over distinct ingredients."""
        return self.acb_at_least() if self.list.complete else None

    def acb_at_least(self) -> Value | None:
        """As ``acb``, of what the list shows so far."""
        current = (line.medicine for line in self.list.current if line.medicine)
        return sum(dict(points for medicine in current for points in self.formulary.load(medicine).acb).values())

    # Doses

    def renal_relevant(self) -> Value | None:
        """Whether the kidneys matter for the dose of a current or planned medicine."""
        lines = (*self.list.current, *self.list.planned)
        if any(line.medicine and line.medicine.dosing_needs_renal for line in lines):
            return True
        return False if self.list.reviewed and named(lines) else None

    def dose_implausible(self) -> Value | None:
        """Whether a day's dose is more than twice the largest on the label, or comes to more than 5,000 MME."""
        if any(self.implausible(line) for line in (*self.list.current, *self.list.planned)):
            return True
        return False if self.list.complete else None

    def implausible(self, line: Line) -> bool:
        """Whether the day's dose of a line is likely an error of unit."""
        if line.medicine is None or line.dose is None:
            return False
        if (morphine := self.morphine(line)) is not None and morphine > IMPLAUSIBLE_MME:
            return True
        limits = self.formulary.load(line.medicine).implausible
        pairs = zip(line.dose.daily, limits, strict=True)
        return any(limit is not None and amount > limit for amount, limit in pairs)

    def daily_mg(self, drug: str) -> Value | None:
        """Milligrams a day of a drug from all current entries, as needed at their maximum."""
        self._check(f"drug:{drug}")
        return self._total(drug, lambda dose: dose.daily)

    def acetaminophen_daily(self) -> Value | None:
        """Milligrams of acetaminophen a day from all sources: the allowed maximum, or what is taken if that is more."""
        return self._total("acetaminophen", lambda dose: dose.daily)

    def acetaminophen_taken(self) -> Value | None:
        """As ``acetaminophen_daily``, but what is taken where that is said."""
        return self._total("acetaminophen", lambda dose: dose.daily if dose.taken is None else dose.taken)

    def acetaminophen_regular(self) -> Value | None:
        """Whether acetaminophen is taken on 4 or more days a week; unknown if a source as needed has no days."""
        current = self.list.current
        days = [
            taken_regularly(each.entry) for each in current if each.medicine and each.medicine.contains_acetaminophen
        ]
        if True in days:
            return True
        return False if self.list.none_else and None not in days else None

    def _total(self, drug: str, of: Callable[[Dose], tuple[Fraction, ...]]) -> Value | None:
        """The sum over current sources of a drug; unknown while the dose of one cannot be read."""
        amounts = []
        for line in self.list.current:
            if line.medicine and drug in line.medicine.ingredients:
                if line.dose is None:
                    return None
                amounts.append(of(line.dose)[line.medicine.ingredients.index(drug)])
        return float(sum(amounts)) if amounts or self.list.none_else else None

    # Opioids

    def mme(self) -> Value | None:
        """Oral morphine milligram equivalents a day, when every opioid converts; 0 when there is none."""
        return self._at_least if self.mme_complete() else None

    def mme_at_least(self) -> Value | None:
        """As ``mme``, over the opioids that convert; unknown when opioids are listed and none does."""
        return self._at_least

    def mme_complete(self) -> Value | None:
        """Whether every opioid has a dose and a factor, and nothing unrecognised could be an opioid."""
        if any(each is None for each in self._converted):
            return False
        return True if self.list.reviewed and all(line.recognised for line in self.list.current) else None

    def mme_taken(self) -> Value | None:
        """As ``mme``, from what is taken as needed; unknown while that is not said."""
        if not self.mme_complete():
            return None
        lines = self.list.of_class("opioid")
        if not any(line.entry.as_needed for line in lines):
            return self._at_least
        taken = [self.morphine(line, taken=line.entry.as_needed) for line in lines]
        known = [each for each in taken if each is not None]
        return float(sum(known)) if len(known) == len(taken) else None

    def opioid_months(self) -> Value | None:
        """Months on the opioid that is taken longest, of those where it is said."""
        return _longest(months_taken(line.entry, self.list.on) for line in self.list.of_class("opioid"))

    @cached_property
    def _converted(self) -> tuple[Fraction | None, ...]:
        return tuple(self.morphine(line) for line in self.list.of_class("opioid"))

    @cached_property
    def _at_least(self) -> float | None:
        known = [each for each in self._converted if each is not None]
        if known or (not self._converted and self.list.reviewed):
            return float(sum(known))
        return None

    def morphine(self, line: Line, *, taken: bool = False) -> Fraction | None:
        """The day's oral morphine; None without a dose or a factor, or by a route the factor is not for."""
        if line.medicine is None or line.dose is None:
            return None
        converts = self.formulary.load(line.medicine).morphine
        amounts = line.dose.taken if taken else line.dose.daily
        if converts is None or amounts is None or not (line.medicine.routes or self._by_mouth(line.entry)):
            return None
        place, factor = converts
        return amounts[place] * factor

    def _by_mouth(self, entry: Medication) -> bool:
        return entry.route is None or self.formulary.route(entry.route) == "oral"

    # How long and how often

    def muscle_relaxant_weeks(self) -> Value | None:
        """Weeks on the muscle relaxant that is taken longest, of those where it is said."""
        lines = self.list.of_class("muscle_relaxant")
        if not lines and self.list.none_else:
            return 0.0
        return _longest(weeks_taken(line.entry, self.list.on) for line in lines)

    def corticosteroid_long_term(self) -> Value | None:
        """Whether an oral corticosteroid is taken for 3 months or longer; unknown if one is taken, and not how long."""
        entries = [line.entry for line in self.list.of_class("corticosteroid")]
        months = [months_taken(each, self.list.on) for each in entries if self._by_mouth(each)]
        if any(each is not None and each >= LONG_TERM_STEROID_MONTHS for each in months):
            return True
        return False if self.list.none_else and all(each is not None for each in months) else None

    def use_days(self, kind: str) -> Value | None:
        """Days a month with a ``triptan``, ``ergot``, ``opioid``, ``combination`` or ``simple`` analgesic."""
        lines = self.counted_by_days(kind)
        if not lines and self.list.none_else:
            return 0.0
        return _longest(days_a_month(line.entry) for line in lines)

    def counted_by_days(self, kind: str) -> list[Line]:
        """The current lines of a kind of analgesic."""
        return self.list.of_class(*USE_CLASSES[_choose("kind of analgesic", kind, USE_CLASSES)])

    # Allergies

    def allergy_nsaid(self) -> Value | None:
        """Whether an allergy to an NSAID or aspirin is recorded; unknown when nobody asked for allergies."""
        if self.allergies is None:
            return None
        nsaids = self.formulary.substances_of_class("nsaid")
        return any(nsaids & substances or "nsaid" in classes for substances, classes in self._allergic)

    def allergy_conflict(self) -> Value | None:
        """Whether a current or planned medicine is, or is of a class, that an allergy names."""
        if self.allergies is None:
            return None
        lines = (*self.list.current, *self.list.planned)
        if any(self.conflicts(line) for line in lines):
            return True
        return False if not self.allergies or (self.list.reviewed and named(lines)) else None

    @cached_property
    def _allergic(self) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
        return tuple(self.formulary.allergy(each.substance) for each in self.allergies or ())

    def conflicts(self, line: Line) -> bool:
        """Whether a recorded allergy names a line, or a class that it is of."""
        return bool(self.allergies_met(line))

    def allergies_met(self, line: Line) -> tuple[Allergy, ...]:
        """The recorded allergies that name a line, or a class that it is of."""
        pairs = zip(self.allergies or (), self._allergic, strict=True)
        return tuple(allergy for allergy, named in pairs if self._meets(line, allergy, *named))

    @staticmethod
    def _meets(line: Line, allergy: Allergy, substances: frozenset[str], classes: frozenset[str]) -> bool:
        if line.medicine is None:
            return fold(line.entry.name) == fold(allergy.substance)
        return bool(line.medicine.substances & substances or classes.intersection(line.medicine.classes))

    def _check(self, selector: str) -> None:
        if selector not in self.formulary.selectors:
            _choose("class or drug of the formulary", selector, self.formulary.selectors)


def _choose(what: str, name: str, known: Iterable[str]) -> str:
    """The name, if it is known; a wrong one in a vocabulary would otherwise be a "no" for everybody."""
    if name not in known:
        raise VocabularyError(f"there is no {what} {name!r}{nearest(name, sorted(known))}")
    return name


def _longest(times: Iterable[Fraction | None]) -> float | None:
    return max((float(each) for each in times if each is not None), default=None)
