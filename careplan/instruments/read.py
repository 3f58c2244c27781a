"""Instrument files → instruments: every error of a file at once, with its place."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_args

from attrs import evolve

from careplan.cql import Expression, Type
from careplan.errors import InstrumentError, Location
from careplan.fields import Fields
from careplan.instruments.check import check
from careplan.instruments.expressions import readable
from careplan.instruments.model import (
    Certainty,
    Change,
    Derive,
    DerivedFrom,
    Flag,
    Forms,
    Input,
    Instrument,
    Item,
    ItemType,
    Licence,
    Loinc,
    Option,
    Unanswered,
)
from careplan.instruments.numbers import known, number, whole, whole_keys
from careplan.instruments.read_scores import ScoreReader
from careplan.located import Node, read

ALL = "all"
"""What ``items`` of a score says when it takes every item."""


def read_instrument(file: Traversable | Path) -> Instrument:
    """The instrument in a file; raises InstrumentError with every problem in it."""
    return instrument_from_text(file.read_bytes(), str(file))


def instrument_from_text(content: str | bytes, name: str) -> Instrument:
    """The instrument in a text that stands in the file ``name``; raises InstrumentError with every problem in it."""
    root = read(content, name, InstrumentError)
    if not isinstance(root.value, dict):
        raise InstrumentError("an instrument is a mapping with id, title, items and scores", root.location)
    return _Reader(Fields(root, [], "an instrument")).instrument()


class _Reader:
    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.items: dict[str, Item] = {}
        self.types: dict[str, Type] = {}
        self.places: dict[str, Location] = {}

    def instrument(self) -> Instrument:
        fields = self.fields
        self.read_items()
        terms = self.terms(fields.mapping("terms", "terms"))
        scores = ScoreReader(self.items, self.types, self.places)
        instrument = Instrument(
            id=fields.text("id", required=True) or "",
            title=fields.text("title", required=True) or "",
            version=fields.text("version", required=True) or "",
            licence=self.licence(fields.mapping("licence", "the licence")),
            recall_period=fields.text("recall_period", required=True) or "",
            items=tuple(self.items.values()),
            terms=terms,
            scores=tuple(scores.score(each) for each in fields.mappings("scores", "a score", required=True)),
            bands=tuple(band for each in fields.mappings("bands", "a scale") for band in scores.scale(each)),
            change=tuple(self.change(each) for each in fields.mappings("change", "a change")),
            flags=tuple(self.flag(each) for each in fields.mappings("flags", "a flag")),
            loinc=self.loinc(fields),
            sources=fields.words("sources"),
            notes=fields.words("notes"),
            stem=fields.text("stem"),
            labels_certainty=fields.choice("labels_certainty", get_args(Certainty), "sourced"),
            derived_from=self.derived_from(fields),
            inputs=tuple(self.input(each) for each in fields.mappings("inputs", "an input")),
            derive=self.derive(fields.mapping("derive", "derive")),
            forms=self.forms(fields),
            location=fields.node.location,
        )
        fields.close()
        if not fields.problems:
            check(instrument, self.places, fields.problems)
        if fields.problems:
            raise InstrumentError(dict.fromkeys(fields.problems))  # what stands under each_item is read many times
        return instrument

    def licence(self, fields: Fields) -> Licence:
        licence = Licence(fields.choice("wording", ("free", "scoring_only")), fields.text("note", required=True) or "")
        fields.close()
        return licence

    def read_items(self) -> None:
        """Read the items, each upon what stands under ``each_item``; then what open ones count as."""
        common = self.fields.get("each_item")
        shared = common if common and isinstance(common.value, dict) else Node({}, self.fields.node.location)
        open_items: dict[str, Fields] = {}
        for each in self.fields.mappings("items", "an item", required=True):
            node = Node(shared.value | each.node.value, each.node.location, {**shared.keys, **each.node.keys})
            fields = Fields(node, each.problems, "an item")
            item = self.item(fields)
            if item.id in self.items:
                fields.report(f"the item {item.id} stands twice", code="duplicate")
            self.items[item.id] = item
            self.places[f"item {item.id}"] = fields.node.location
            if fields.get("unanswered"):
                open_items[item.id] = fields.mapping("unanswered", "unanswered")
            fields.close()
        self.types = readable(self.items.values())
        for name, fields in open_items.items():
            counts_as = whole(fields, "counts_as", required=True) or 0
            when = fields.condition("when", self.types, Type.BOOLEAN)
            self.items[name] = evolve(self.items[name], unanswered=Unanswered(counts_as, when))
            fields.close()

    def item(self, fields: Fields) -> Item:
        return Item(
            **self.question(fields),
            reversed=fields.truth("reversed"),
            text=fields.text("text"),
            points=self.points(fields),
            optional=fields.truth("optional"),
            counts=fields.truth("counts", default=True),
            weighs=fields.text("weighs"),
        )

    def question(self, fields: Fields) -> dict[str, Any]:
        """What items and inputs have in common."""
        kind = fields.choice("type", get_args(ItemType))
        lowest, highest = (0, 1) if kind == "boolean" else (whole(fields, "min"), whole(fields, "max"))
        for end in ("min", "max") if kind in ("ordinal", "numeric") else ():
            if fields.get(end) is None:
                fields.report(f"an item of type {kind} needs {end!r}", code="missing")
        return {
            "id": fields.text("id", required=True) or "",
            "type": kind,
            "label": fields.text("label", required=True) or "",
            "min": lowest,
            "max": highest,
            "whole": kind != "time" and (kind != "numeric" or fields.truth("integer")),
            "options": tuple(self.option(each) for each in fields.mappings("options", "an option")),
        }

    def option(self, fields: Fields) -> Option:
        value = fields.get("value", required=True)
        if value is not None and (isinstance(value.value, bool) or not isinstance(value.value, int | str)):
            fields.report("the value of an option is a whole number or a word", value.location, "type")
        option = Option(
            value.value if value else "",
            fields.text("label", required=True) or "",
            fields.text("region"),
            counts_for_region=fields.truth("counts_for_region", default=True),
        )
        fields.close()
        return option

    def points(self, fields: Fields) -> dict[int, int]:
        table = fields.mapping("points", "points")
        return {key: whole(table, text) or 0 for text, key in whole_keys(table)}

    def input(self, fields: Fields) -> Input:
        found = Input(**self.question(fields), source=fields.text("from", required=True))
        self.places[f"input {found.id}"] = fields.node.location
        fields.close()
        return found

    def derive(self, fields: Fields) -> dict[str, Derive]:
        found = {}
        for name in fields.node.value:
            each = fields.mapping(name, "a derived answer")
            value = each.get("value")
            limits = each.mapping("by_sex", "by_sex")
            found[name] = Derive(
                op=each.choice("op", ("gt", "ge", "lt", "le", "eq")),
                input=each.text("input", required=True) or "",
                value=value.value if value else None,
                by_sex={sex: whole(limits, sex) or 0 for sex in limits.node.value},
            )
            self.places[f"derive {name}"] = fields.place(name)
            each.close()
        return found

    def terms(self, fields: Fields) -> dict[str, Expression]:
        found: dict[str, Expression] = {}
        for name in fields.node.value:
            self.places[f"term {name}"] = fields.node.keys[name]
            expression = fields.condition(name, self.types)
            if expression is not None:
                found[name] = expression
                self.types[name] = expression.type
        return found

    def change(self, fields: Fields) -> Change:
        score = fields.text("score", required=True) or ""
        self.places[f"change {score}"] = fields.node.location
        change = Change(
            score,
            mcid=number(fields, "mcid", required=True) or 0,
            kind=fields.choice("kind", ("absolute", "percent")),
            improvement=fields.choice("improvement", ("decrease", "increase")),
            source=fields.text("source", required=True) or "",
            certainty=fields.choice("certainty", get_args(Certainty)),
            note=fields.text("note"),
        )
        fields.close()
        return change

    def flag(self, fields: Fields) -> Flag:
        flag = Flag(
            id=fields.text("id", required=True) or "",
            when=fields.condition("when", self.types, Type.BOOLEAN),
            action=fields.text("action"),
            items=tuple(name for name in fields.words("items") if known(name, self.items, "item", fields, "items")),
            note=fields.text("note"),
        )
        fields.close()
        return flag

    def loinc(self, fields: Fields) -> Loinc | None:
        if fields.get("loinc") is None:
            return None
        each = fields.mapping("loinc", "loinc")
        panel = each.get("panel")
        panels = each.mapping("panel", "panel") if panel and isinstance(panel.value, dict) else None
        loinc = Loinc(
            {form: panels.text(form) or "" for form in panels.node.value} if panels else each.text("panel"),
            each.text("total"),
            tuple(node.value for node in each.items("items")),
        )
        each.close()
        return loinc

    def derived_from(self, fields: Fields) -> DerivedFrom | None:
        if fields.get("derived_from") is None:
            return None
        each = fields.mapping("derived_from", "derived_from")
        items, given = each.mapping("items", "items"), each.get("set")
        for name in items.node.value:
            known(name, self.items, "item", each, "items")
        derived = DerivedFrom(
            each.text("instrument", required=True) or "",
            {name: items.text(name, required=True) or "" for name in items.node.value},
            given.plain if given else {},
        )
        each.close()
        return derived

    def forms(self, fields: Fields) -> Forms | None:
        if fields.get("forms") is None:
            return None
        each = fields.mapping("forms", "forms")
        sizes = each.mapping("sizes", "sizes")
        name = each.text("item", required=True) or ""
        known(name, self.items, "item", each, "item")
        each.close()
        return Forms(name, {form: whole(sizes, form) or 0 for form in sizes.node.value})
