"""One medicine: what it is called, what it adds to each load that is counted, and who says so."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, Literal
from unicodedata import normalize

from attrs import define, frozen

from careplan.errors import Location

Certainty = Literal["as_cited", "unverified"]
RISKS = ("known", "conditional", "possible")
"""How sure a risk of torsades is."""

_MARKS = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-"})


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """A name as names are compared: NFC, without case, one space between words, plain apostrophes and hyphens."""
    return " ".join(normalize("NFC", name).translate(_MARKS).casefold().split())


@frozen
class Sourced:
    """A value with who says so."""

    value: Any
    source: str | None = None
    certainty: Certainty = "as_cited"
    note: str | None = None


@frozen
class Conversion:
    """How a day's amount becomes oral morphine milligram equivalents, or the reason why there is no factor."""

    factor: float | None = None
    unit: Literal["mg/day", "mcg/hour"] | None = None
    source: str | None = None
    reason: str | None = None


@frozen
class Limit:
    """A lower maximum that holds when a condition (CQL over facts) does; ``otc_only`` is without prescription."""

    when: str
    max_daily_mg: float
    source: str | None = None
    certainty: Certainty = "as_cited"
    otc_only: bool = False


@frozen
class Maximum:
    """The largest labelled dose of a day, in mg."""

    value: float
    source: str | None = None
    certainty: Certainty = "as_cited"
    conditions: tuple[Limit, ...] = ()


@frozen
class Route:
    """A way into the body and the words for it; what is ``local`` stays where it is applied."""

    id: str
    words: tuple[str, ...] = ()
    local: bool = False
    location: Location | None = None


@define(frozen=True, slots=False, eq=False)
class Medicine:
    """One entry: a medicine, or a medicine by one route, with what it adds to each load.

    ``routes`` are empty where every route but the local ones will do; ``generic`` is the name it shares with its other
    routes. ``one_route`` is false for what two entries have in common when the route does not tell them apart.
    """

    name: str
    classes: tuple[str, ...]
    ingredients: tuple[str, ...]
    acb: Sourced
    serotonergic: Sourced
    qt: Sourced
    cns_active: Sourced
    beers_avoid: Sourced
    synonyms: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    generic: str | None = None
    routes: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    rxnorm: Sourced | None = None
    mme: Conversion | None = None
    renal: Sourced | None = None
    dosing_needs_renal: bool = False
    max_daily_mg: Maximum | None = None
    washout_days: int | None = None
    one_route: bool = True
    location: Location | None = None

    @cached_property
    def selectors(self) -> frozenset[str]:
        """How facts may ask for it: ``class:opioid``, ``drug:tramadol``; a combination answers for each ingredient."""
        drugs = {self.name, *self.ingredients}
        return frozenset([f"class:{each}" for each in self.classes] + [f"drug:{each}" for each in drugs])

    @cached_property
    def substances(self) -> frozenset[str]:
        """What somebody may be allergic to in it."""
        return frozenset({*self.ingredients, *self.allergens})

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, synonyms and brands as written."""
        return (self.name, *self.synonyms, *self.brands)

    @property
    def contains_acetaminophen(self) -> bool:
        """Whether it counts towards the day's acetaminophen."""
        return "acetaminophen" in self.ingredients

    @property
    def adds_serotonin(self) -> bool:
        """Whether it counts towards the serotonergic load, as MAO inhibitors do too."""
        return self.serotonergic.value or "maoi" in self.classes

    @property
    def needs_dose(self) -> bool:
        """Whether something is computed from its dose, so that a dose that cannot be read is a gap."""
        convertible = self.mme is not None and self.mme.factor is not None
        return convertible or self.max_daily_mg is not None or self.contains_acetaminophen or not self.one_route


def in_common(name: str, entries: tuple[Medicine, ...]) -> Medicine:
    """What several entries of one name agree on: enough to know the medicine, not enough to read its dose."""
    first = entries[0]

    def least(attribute: str) -> Sourced:
        found: list[Sourced] = [getattr(each, attribute) for each in entries]
        return min(found, key=lambda each: each.value)

    return Medicine(
        name=name,
        classes=tuple(each for each in first.classes if all(each in other.classes for other in entries)),
        ingredients=first.ingredients,
        acb=least("acb"),
        serotonergic=least("serotonergic"),
        qt=first.qt if all(each.qt.value == first.qt.value for each in entries) else Sourced(None),
        cns_active=least("cns_active"),
        beers_avoid=least("beers_avoid"),
        generic=name,
        mme=Conversion(reason="the factor depends on the route") if first.mme else None,
        dosing_needs_renal=all(each.dosing_needs_renal for each in entries),
        one_route=False,
    )
