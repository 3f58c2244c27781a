"""What a written medicine is: the medicines by name and route, and what each adds to the loads rules count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from attrs import define, field, frozen

from careplan.vocabulary.medicine import Maximum, Medicine, Route, fold, in_common
from careplan.vocabulary.read_medicines import read_medicines

__all__ = ["Formulary", "Load", "Medicine", "builtin_formulary", "fold", "read_formulary"]


IMPLAUSIBLE = 2
"""Times the largest labelled dose beyond which a dose is likely an error of unit."""


@frozen
class Load:
    """What a medicine adds, ingredient by ingredient: a combination adds what each of its ingredients does."""

    serotonergic: frozenset[str]
    cns_active: frozenset[str]
    acb: tuple[tuple[str, int], ...]
    maxima: tuple[Maximum | None, ...]
    """The largest labelled dose of each ingredient."""
    implausible: tuple[Fraction | None, ...]
    """Milligrams a day of each ingredient beyond which the dose is likely an error of unit."""
    morphine: tuple[int, Fraction] | None
    """The place of the opioid among the ingredients, and the oral morphine in mg that one mg of it a day comes to."""


@define(frozen=True, slots=False, eq=False)
class Formulary:
    """All medicines by name, in the order of the file."""

    medicines: Mapping[str, Medicine]
    routes: Mapping[str, Route]
    allergy_words: Mapping[str, tuple[str, ...]] = field(factory=dict)

    def find(self, name: str, route: str | None = None) -> Medicine | None:
        """The medicine of a name by a route; None when no entry has the name, or none has it by that route.

        Where a name stands for several entries and the route does not choose, what they have in common is given.
        """
        key = fold(name)
        own = self._own.get(key)
        variants = self._variants.get(own.name if own else key, ())
        if route is None:
            return own or (variants[0] if len(variants) == 1 else self._common.get(key))
        way = self.route(route)
        for each in variants:
            if way in each.routes:
                return each
        if own is None:
            return self._common.get(key)
        if own.routes:
            return own if way in own.routes else None
        return None if way in self.routes and self.routes[way].local else own

    def route(self, word: str) -> str:
        """The id of the route that a word means; the word itself when it is no route known here."""
        folded = fold(word)
        return self._ways.get(folded, folded)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name a medicine can be found by, as written, sorted."""
        generics = {each.generic for each in self.medicines.values() if each.generic}
        return tuple(sorted(generics.union(*(each.names for each in self.medicines.values()))))

    @cached_property
    def selectors(self) -> frozenset[str]:
        """Every selector that some medicine answers to."""
        return frozenset[str]().union(*(each.selectors for each in self.medicines.values()))

    @cached_property
    def longest_washout(self) -> int:
        """Days after which no stopped medicine counts any more."""
        return max((each.washout_days or 0 for each in self.medicines.values()), default=0)

    def load(self, medicine: Medicine) -> Load:
        """What a medicine adds to the loads that are counted over ingredients."""
        return self._loads.get(medicine.name) or self._load(medicine)

    def allergy(self, substance: str) -> tuple[frozenset[str], frozenset[str]]:
        """The substances and the classes of medicines that the text of an allergy names."""
        words = re.findall(r"[^\s,;:/()]+", fold(substance))
        runs = {" ".join(words[i : i + n]) for i in range(len(words)) for n in range(1, self._longest_name + 1)}
        found = [self._substances[run] for run in sorted(runs & self._substances.keys())]
        classes = {name for name, terms in self._allergy_words.items() if runs & terms}
        return frozenset[str]().union(*found), frozenset(classes)

    def substances_of_class(self, name: str) -> frozenset[str]:
        """The ingredients of the medicines of a class."""
        return self._by_class.get(name, frozenset())

    @cached_property
    def _by_class(self) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for each in self.medicines.values():
            for name in each.classes:
                found[name] = found.get(name, frozenset()).union(each.ingredients)
        return found

    @cached_property
    def _own(self) -> dict[str, Medicine]:
        return {fold(name): each for each in self.medicines.values() for name in each.names}

    @cached_property
    def _variants(self) -> dict[str, tuple[Medicine, ...]]:
        """The entries that share a generic name and differ by route, by that name."""
        found: dict[str, tuple[Medicine, ...]] = {}
        for each in self.medicines.values():
            if each.generic:
                found[each.generic] = (*found.get(each.generic, ()), each)
        return found

    @cached_property
    def _common(self) -> dict[str, Medicine]:
        """What the entries of a generic name agree on, where all act on the whole body and no entry stands for all."""
        return {
            name: in_common(name, several)
            for name, several in self._variants.items()
            if len(several) > 1
            and name not in self._own
            and not any(self.routes[way].local for each in several for way in each.routes)
        }

    @cached_property
    def _ways(self) -> dict[str, str]:
        return {fold(word): each.id for each in self.routes.values() for word in (each.id, *each.words)}

    @cached_property
    def _loads(self) -> dict[str, Load]:
        return {name: self._load(each) for name, each in self.medicines.items()}

    @cached_property
    def _substances(self) -> dict[str, frozenset[str]]:
        """What an allergy to a name is an allergy to."""
        found = {part: frozenset([part]) for each in self.medicines.values() for part in each.ingredients}
        return found | {name: each.substances for name, each in self._own.items()}

    @cached_property
    def _longest_name(self) -> int:
        """Words in the longest name an allergy may be written with."""
        names = [*self._substances, *(each for terms in self._allergy_words.values() for each in terms)]
        return max((len(each.split()) for each in names), default=0)

    @cached_property
    def _allergy_words(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(map(fold, terms)) for name, terms in self.allergy_words.items()}

    def _load(self, medicine: Medicine) -> Load:
        """Each ingredient adds what its own entry says; for the first that has none, the combination's entry speaks."""
        speakers: dict[str, Medicine] = {}
        for part in medicine.ingredients:
            own = medicine if len(medicine.ingredients) == 1 else self.medicines.get(part)
            if own or medicine not in speakers.values():
                speakers[part] = own or medicine
        parts = [speakers.get(part) for part in medicine.ingredients]
        maxima = tuple(each.max_daily_mg if each else None for each in parts)
        return Load(
            serotonergic=frozenset(part for part, each in speakers.items() if each.adds_serotonin),
            cns_active=frozenset(part for part, each in speakers.items() if each.cns_active.value),
            acb=tuple((part, each.acb.value) for part, each in speakers.items() if each.acb.value),
            maxima=maxima,
            implausible=tuple(IMPLAUSIBLE * Fraction(str(each.value)) if each else None for each in maxima),
            morphine=_morphine(medicine, parts),
        )


def _morphine(medicine: Medicine, parts: Iterable[Medicine | None]) -> tuple[int, Fraction] | None:
    if medicine.mme is None or medicine.mme.factor is None:
        return None
    place = next((place for place, each in enumerate(parts) if each and each.mme), 0)
    factor = Fraction(str(medicine.mme.factor))
    return place, factor * 1000 / 24 if medicine.mme.unit == "mcg/hour" else factor


@cache
def builtin_formulary() -> Formulary:
    """The medicines careplan brings itself."""
    return read_formulary(files("careplan.vocabulary") / "medicines.yaml")


def read_formulary(file: Traversable | Path) -> Formulary:
    """The formulary in a file; raises VocabularyError with every problem in it."""
    return Formulary(*read_medicines(file))
