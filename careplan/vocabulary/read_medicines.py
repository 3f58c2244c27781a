"""The medicines file → medicines, routes and the words of allergies: every error at once, with its place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_args

from careplan.errors import Location, Problem, VocabularyError, nearest
from careplan.fields import Fields
from careplan.located import Node, read
from careplan.vocabulary.medicine import (
    RISKS,
    Certainty,
    Conversion,
    Limit,
    Maximum,
    Medicine,
    Route,
    Sourced,
    fold,
)

UNITS = ("mg/day", "mcg/hour")
"""What a factor of conversion multiplies."""


def read_medicines(
    file: Traversable | Path,
) -> tuple[dict[str, Medicine], dict[str, Route], dict[str, tuple[str, ...]]]:
    """The medicines by name, the routes by id, and what allergies to a class are called, in the order of the file.

    Raises VocabularyError with every problem in it; a name that two entries claim is one.
    """
    root = read(file.read_bytes(), str(file), VocabularyError)
    if not isinstance(root.value, dict):
        raise VocabularyError("a medicines file is a mapping with provenance, routes and medicines", root.location)
    return _Reader(Fields(root, [], "the medicines file")).content()


class _Reader:
    def __init__(self, fields: Fields) -> None:
        self.fields, self.problems = fields, fields.problems
        self.provenance: dict[str, Sourced] = {}
        self.routes: dict[str, Route] = {}

    def content(self) -> tuple[dict[str, Medicine], dict[str, Route], dict[str, tuple[str, ...]]]:
        fields = self.fields
        self.provenance = {name: self.source(None, each) for name, each in self.mappings("provenance")}
        self.routes = {name: self.route(name, each) for name, each in self.mappings("routes")}
        fields.get("medicines", required=True)
        medicines = {name: self.medicine(name, each) for name, each in self.mappings("medicines")}
        words = self.allergy_words({name for each in medicines.values() for name in each.classes})
        fields.close()
        self.same_words()
        self.same_names(medicines.values())
        self.same_routes(medicines.values())
        if self.problems:
            raise VocabularyError(sorted(self.problems, key=lambda each: each.location or Location("")))
        return medicines, self.routes, words

    def mappings(self, key: str) -> Iterator[tuple[str, Fields]]:
        """The entries of a mapping of mappings."""
        outer = self.fields.mapping(key, key)
        for name, node in outer.node.value.items():
            if isinstance(node.value, dict):
                yield name, Fields(node, self.problems, name)
            else:
                outer.report(f"{name!r} should be a mapping", node.location, "type")

    def allergy_words(self, classes: Collection[str]) -> dict[str, tuple[str, ...]]:
        fields = self.fields.mapping("allergy_words", "the words of allergies")
        for name in fields.node.value:
            if name not in classes:
                fields.report(f"no medicine is of the class {name!r}{nearest(name, classes)}", fields.node.keys[name])
        return {name: fields.words(name) for name in fields.node.value}

    def route(self, name: str, fields: Fields) -> Route:
        route = Route(name, fields.words("words"), fields.truth("local"), fields.node.location)
        fields.close()
        return route

    def medicine(self, name: str, fields: Fields) -> Medicine:
        medicine = Medicine(
            name=name,
            classes=fields.words("classes"),
            ingredients=fields.words("ingredients") or (name,),
            acb=self.sourced(fields, "acb", int) or self.source(0, None, "acb_unlisted"),
            serotonergic=self.sourced(fields, "serotonergic", bool) or Sourced(False),
            qt=self.risk(fields),
            cns_active=self.sourced(fields, "cns_active", bool) or Sourced(False),
            beers_avoid=self.sourced(fields, "beers_avoid", bool) or Sourced(False),
            synonyms=fields.words("synonyms"),
            brands=fields.words("brands"),
            generic=fields.text("generic"),
            routes=self.known_routes(fields),
            allergens=fields.words("allergens"),
            rxnorm=self.sourced(fields, "rxnorm", str),
            mme=self.conversion(fields),
            renal=self.sourced(fields, "renal", str),
            dosing_needs_renal=fields.truth("dosing_needs_renal"),
            max_daily_mg=self.maximum(fields),
            washout_days=self.days(fields),
            location=fields.node.location,
        )
        if not medicine.classes:
            fields.report(f"{name} needs 'classes'", code="missing")
        for word in dict.fromkeys([name, medicine.generic or "", *medicine.ingredients, *medicine.allergens]):
            if word != fold(word):
                fields.report(f"{word!r} should be written {fold(word)!r}")
        if bool(medicine.generic) != bool(medicine.routes):
            fields.report(f"{name} needs both 'generic' and 'routes', or neither", code="missing")
        fields.close()
        return medicine

    def known_routes(self, fields: Fields) -> tuple[str, ...]:
        found = fields.words("routes")
        for each in found:
            if each not in self.routes:
                fields.report(f"there is no route {each!r}{nearest(each, self.routes)}", fields.place("routes"))
        return found

    def sourced(self, fields: Fields, key: str, kind: type) -> Sourced | None:
        """A plain value with the provenance of its property, or a mapping that brings its own."""
        node = fields.get(key)
        if node is None:
            return None
        if not isinstance(node.value, dict):
            return self.source(self.value(fields, key, node, kind), None, key)
        inner = fields.mapping(key, f"{fields.what}: {key}")
        value = inner.get("value", required=True)
        return self.source(value and self.value(fields, key, value, kind), inner)

    def value(self, fields: Fields, key: str, node: Node, kind: type) -> Any:
        """The value of a node that must be of one type."""
        if type(node.value) is kind:
            return node.value
        should = {int: "a whole number", bool: "true or false", str: "text; put it in quotation marks"}[kind]
        fields.report(f"{key!r} should be {should}", node.location, "type")
        return kind()

    def source(self, value: Any, fields: Fields | None, key: str = "") -> Sourced:
        """A value with the provenance that its own mapping states, or that of its property."""
        if fields is None:
            known = self.provenance.get(key, Sourced(None))
            return Sourced(value, known.source, known.certainty, known.note)
        certainty: Certainty = fields.choice("certainty", get_args(Certainty), "as_cited")
        found = Sourced(value, fields.text("source"), certainty, fields.text("note"))
        fields.close()
        return found

    def risk(self, fields: Fields) -> Sourced:
        found = self.sourced(fields, "qt", str) or self.source(None, None, "qt")
        if found.value is not None and found.value not in RISKS:
            fields.report(f"'qt' should be one of {', '.join(RISKS)}{nearest(found.value, RISKS)}", fields.place("qt"))
        return found

    def conversion(self, fields: Fields) -> Conversion | None:
        if fields.get("mme") is None:
            return None
        inner = fields.mapping("mme", f"{fields.what}: mme")
        factor = self.number(inner, "factor")
        reason = inner.text("reason")
        if (factor is None) == (reason is None):
            inner.report("'mme' needs either a 'factor' or a 'reason' why there is none", code="missing")
        unit = None if factor is None else inner.choice("unit", UNITS)
        source = inner.text("source") or (self.source(None, None, "mme").source if factor is not None else None)
        inner.close()
        return Conversion(factor, unit, source, reason)

    def maximum(self, fields: Fields) -> Maximum | None:
        node = fields.get("max_daily_mg")
        if node is None:
            return None
        if not isinstance(node.value, dict):
            known = self.source(None, None, "max_daily_mg")
            return Maximum(self.number(fields, "max_daily_mg") or 0, known.source, known.certainty)
        inner = fields.mapping("max_daily_mg", f"{fields.what}: max_daily_mg")
        value = self.number(inner, "value", required=True) or 0
        conditions = tuple(self.limit(each) for each in inner.mappings("conditions", "a limit"))
        found = self.source(value, inner)
        return Maximum(value, found.source, found.certainty, conditions)

    def limit(self, fields: Fields) -> Limit:
        when = fields.text("when", required=True) or ""
        value = self.number(fields, "max_daily_mg", required=True, least=0)
        otc_only = fields.truth("otc_only")
        found = self.source(value, fields)
        return Limit(when, found.value or 0, found.source, found.certainty, otc_only)

    def number(self, fields: Fields, key: str, *, required: bool = False, least: float | None = None) -> float | None:
        """A number above zero, or from ``least`` on."""
        node = fields.get(key, required=required)
        if node is None:
            return None
        value = node.value
        if type(value) not in (int, float) or value < (least or 0) or (least is None and value == 0):
            fields.report(f"{key!r} should be a number above 0", node.location, "type")
            return None
        number: float = value
        return number

    def days(self, fields: Fields) -> int | None:
        node = fields.get("washout_days")
        if node is None:
            return None
        if type(node.value) is not int or node.value < 1:
            fields.report("'washout_days' should be a whole number of days", node.location, "type")
            return None
        return node.value

    def same_words(self) -> None:
        """Note words that mean two routes."""
        owners: dict[str, str] = {}
        for route in self.routes.values():
            for word in map(fold, (route.id, *route.words)):
                if owners.setdefault(word, route.id) != route.id:
                    message = f"the word {word!r} means the route {owners[word]} already"
                    self.problems.append(Problem(message, route.location, "taken"))

    def same_names(self, medicines: Iterable[Medicine]) -> None:
        """Note names that two entries claim: which was meant could not be told."""
        owners: dict[str, Medicine] = {}
        generics = {each.generic for each in medicines}
        for medicine in medicines:
            for name in map(fold, medicine.names):
                owner = owners.setdefault(name, medicine)
                if owner is not medicine:
                    message = f"{name!r} is a name of {owner.name} already, at {owner.location}"
                    self.problems.append(Problem(message, medicine.location, "taken"))
                elif name in generics and (medicine.name != name or medicine.routes):
                    message = f"{name!r} is the generic name of other entries; only an entry without routes may have it"
                    self.problems.append(Problem(message, medicine.location, "taken"))

    def same_routes(self, medicines: Iterable[Medicine]) -> None:
        """Note entries that share a generic name and a route."""
        owners: dict[tuple[str, str], str] = {}
        for medicine in medicines:
            for way in medicine.routes if medicine.generic else ():
                owner = owners.setdefault((medicine.generic or "", way), medicine.name)
                if owner != medicine.name:
                    message = f"{owner} is {medicine.generic} by the route {way} already"
                    self.problems.append(Problem(message, medicine.location, "taken"))
