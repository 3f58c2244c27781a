"""What adds up over the whole list, beside the amounts from which the rules speak."""

from typing import Any

from attrs import frozen

from careplan.hookspecs import Situation


@frozen
class Limit:
    """An amount from which a rule speaks; ``only`` says for whom or beside what."""

    at: int
    rule: str
    only: str | None = None


@frozen
class Load:
    """A load: the fact that holds it, the fact that holds what is at least known, and its limits, lowest first."""

    id: str
    title: str
    fact: str
    limits: tuple[Limit, ...]


LOADS_OF_THE_LIST = (
    Load("acb", "Anticholinergic (ACB)", "medication.acb", (Limit(3, "MED-12"),)),
    Load(
        "serotonergic",
        "Serotonergic, no triptans",
        "medication.serotonergic_no_triptan",
        (Limit(3, "MED-10", "with an SSRI, SNRI or TCA"),),
    ),
    Load("cns", "Sedative (CNS-active)", "medication.cns_active", (Limit(3, "MED-13", "from age 65"),)),
    Load("qt", "QT, known risk", "medication.qt_known", (Limit(2, "MED-11"),)),
    Load("mme", "Opioid, MME a day", "opioid.mme", (Limit(50, "SAF-17"), Limit(90, "SAF-18"))),
)
"""The loads with thresholds in the rules; a test holds each against the condition of its rule."""


def loads(situation: Situation) -> list[dict[str, Any]]:
    """Each load with its limits; ``exact`` is false for a lower bound, ``value`` None where nothing is known."""
    return [_load(each, situation) for each in LOADS_OF_THE_LIST]


def _load(load: Load, situation: Situation) -> dict[str, Any]:
    exact = situation.facts.get(load.fact)
    value = situation.facts.get(f"{load.fact}_at_least") if exact is None else exact
    reached = [each for each in load.limits if value is not None and value >= each.at]
    return {
        "id": load.id,
        "title": load.title,
        "value": value,
        "exact": exact is not None,
        "limits": [{"at": each.at, "rule": each.rule, "only": each.only} for each in load.limits],
        "reached": reached[-1].rule if reached else None,
    }
