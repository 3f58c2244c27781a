"""A fact about medicines → the lines of the list that it rests on, so that a reason can name them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from careplan.facts.medicine_list import LINGERS, Line
from careplan.facts.medicines import Medicines
from careplan.vocabulary.model import FactDefinition

PREFIX = "medicines."
"""What the names of the functions that read the list begin with."""


def lines_behind(fact: FactDefinition, medicines: Medicines) -> tuple[Line, ...]:
    """The lines that a fact rests on, in the order of the list; none for one that is not about single medicines.

    Without these lines the list would not say what the fact says. A fact about the list as a whole, such as how many
    medicines there are, rests on no line more than on another.
    """
    name = (fact.compute or "").removeprefix(PREFIX)
    if not (fact.compute or "").startswith(PREFIX) or name not in _BEHIND:
        return ()
    found = {line.number: line for line in _BEHIND[name](medicines, **fact.arguments)}
    return tuple(found[number] for number in sorted(found))


def _taken(medicines: Medicines, selector: str) -> Iterable[Line]:
    found = medicines.list
    answering = [line for line in found.current if line.medicine and selector in line.medicine.selectors]
    if selector in LINGERS:
        answering += [line for line in found.lingering if line.medicine and selector in line.medicine.selectors]
    return answering


def _planned(medicines: Medicines, selectors: Iterable[str]) -> Iterable[Line]:
    wanted = frozenset(selectors)
    return [line for line in medicines.list.planned if line.medicine and wanted & line.medicine.selectors]


def _serotonergic(medicines: Medicines) -> Iterable[Line]:
    return [line for line in (*medicines.list.current, *medicines.list.lingering) if medicines.adds_serotonin(line)]


def _serotonergic_no_triptan(medicines: Medicines) -> Iterable[Line]:
    return [line for line in _serotonergic(medicines) if line.medicine and "triptan" not in line.medicine.classes]


def _serotonergic_planned(medicines: Medicines) -> Iterable[Line]:
    return [line for line in medicines.list.planned if medicines.adds_serotonin(line)]


def _qt(medicines: Medicines, level: str) -> Iterable[Line]:
    return [line for line in medicines.list.current if line.medicine and line.medicine.qt.value == level]


def _cns_active(medicines: Medicines) -> Iterable[Line]:
    load = medicines.formulary.load
    return [line for line in medicines.list.current if line.medicine and load(line.medicine).cns_active]


def _acb(medicines: Medicines) -> Iterable[Line]:
    load = medicines.formulary.load
    return [line for line in medicines.list.current if line.medicine and load(line.medicine).acb]


def _renal(medicines: Medicines) -> Iterable[Line]:
    return [line for line in _now_or_planned(medicines) if line.medicine and line.medicine.dosing_needs_renal]


def _implausible(medicines: Medicines) -> Iterable[Line]:
    return [line for line in _now_or_planned(medicines) if medicines.implausible(line)]


def _conflicting(medicines: Medicines) -> Iterable[Line]:
    return [line for line in _now_or_planned(medicines) if medicines.conflicts(line)]


def _unrecognised(medicines: Medicines) -> Iterable[Line]:
    return [line for line in _now_or_planned(medicines) if not line.recognised]


def _new(medicines: Medicines) -> Iterable[Line]:
    return [*medicines.list.planned, *(line for line in medicines.list.current if medicines.is_new(line))]


def _of_drug(medicines: Medicines, drug: str) -> Iterable[Line]:
    return [line for line in medicines.list.current if line.medicine and drug in line.medicine.ingredients]


def _acetaminophen(medicines: Medicines) -> Iterable[Line]:
    return _of_drug(medicines, "acetaminophen")


def _opioids(medicines: Medicines) -> Iterable[Line]:
    return medicines.list.of_class("opioid")


def _unconverted(medicines: Medicines) -> Iterable[Line]:
    unknown = [line for line in medicines.list.current if not line.recognised]
    return [*unknown, *(line for line in _opioids(medicines) if medicines.morphine(line) is None)]


def _muscle_relaxants(medicines: Medicines) -> Iterable[Line]:
    return medicines.list.of_class("muscle_relaxant")


def _corticosteroids(medicines: Medicines) -> Iterable[Line]:
    return medicines.list.of_class("corticosteroid")


def _now_or_planned(medicines: Medicines) -> tuple[Line, ...]:
    return (*medicines.list.current, *medicines.list.planned)


_BEHIND: Mapping[str, Callable[..., Iterable[Line]]] = {
    "takes": _taken,
    "plans": _planned,
    "serotonergic": _serotonergic,
    "serotonergic_at_least": _serotonergic,
    "serotonergic_no_triptan": _serotonergic_no_triptan,
    "serotonergic_no_triptan_at_least": _serotonergic_no_triptan,
    "serotonergic_planned": _serotonergic_planned,
    "qt": _qt,
    "qt_at_least": _qt,
    "cns_active": _cns_active,
    "cns_active_at_least": _cns_active,
    "acb": _acb,
    "acb_at_least": _acb,
    "renal_relevant": _renal,
    "dose_implausible": _implausible,
    "allergy_conflict": _conflicting,
    "unrecognised": _unrecognised,
    "new": _new,
    "daily_mg": _of_drug,
    "acetaminophen_daily": _acetaminophen,
    "acetaminophen_taken": _acetaminophen,
    "acetaminophen_regular": _acetaminophen,
    "mme": _opioids,
    "mme_at_least": _opioids,
    "mme_taken": _opioids,
    "mme_complete": _unconverted,
    "opioid_months": _opioids,
    "muscle_relaxant_weeks": _muscle_relaxants,
    "corticosteroid_long_term": _corticosteroids,
    "use_days": Medicines.counted_by_days,
}
