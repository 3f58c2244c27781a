"""Located nodes → the scores and bands of an instrument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import get_args

from attrs import define

from careplan.cql import Type
from careplan.errors import Location
from careplan.fields import Fields
from careplan.instruments.methods import METHODS
from careplan.instruments.model import (
    Band,
    Certainty,
    Direction,
    Gate,
    Item,
    Kind,
    Missing,
    MissingRule,
    Rounding,
    Score,
    Sex,
)
from careplan.instruments.numbers import fraction, known, number, whole, whole_keys

ALL = "all"
"""What ``items`` of a score says when it takes every item."""


@define
class ScoreReader:
    """Reads scores one after another: ``types`` grows with each, so that the next may read it in CQL."""

    items: Mapping[str, Item]
    types: dict[str, Type]
    places: dict[str, Location]

    def score(self, fields: Fields) -> Score:
        kind = fields.choice("kind", get_args(Kind))
        value = fields.choice("value", ("number", "boolean", "category"), "number")
        items = self.score_items(fields)
        decimals, factor, weights = whole(fields, "decimals"), self.factor(fields), self.weights(fields)
        parts = fields.words("of_scores")
        if parts:
            integral = all(self.types.get(name) == Type.INTEGER for name in parts)
        else:
            multiples = (factor, *(each for sex in weights.values() for each in sex))
            integral = all(each.denominator == 1 for each in multiples) and (
                kind == "algorithm" or all(self.items[name].whole for name in items)
            )
        plain = Type.DECIMAL if decimals or kind == "t_table" or not integral else Type.INTEGER
        kind_of_value = {"boolean": Type.BOOLEAN, "category": Type.STRING, "number": plain}[value]
        score = Score(
            id=fields.text("id", required=True) or "",
            title=fields.text("title", required=True) or "",
            kind=kind,
            items=items,
            missing=self.missing(fields),
            type=kind_of_value,
            direction=fields.choice("direction", get_args(Direction)),
            min=number(fields, "min"),
            max=number(fields, "max"),
            decimals=decimals,
            factor=factor,
            weights=weights,
            of_score=fields.text("of_score"),
            of_scores=parts,
            tables=self.tables(fields),
            table_by=fields.text("table_by"),
            gate=self.gate(fields),
            value=value,
            options=fields.words("options"),
            cql=fields.condition("cql", self.types, kind_of_value),
            method=self.method(fields),
            algorithm=fields.words("algorithm"),
            safety=fields.truth("safety"),
            certainty=fields.choice("certainty", get_args(Certainty), "sourced"),
            location=fields.node.location,
        )
        self.places.setdefault(f"score {score.id}", fields.node.location)
        self.types.setdefault(score.id, score.type)
        fields.close()
        return score

    def score_items(self, fields: Fields) -> tuple[str, ...]:
        found = fields.get("items", required=True)
        if found is not None and found.value == ALL:
            return tuple(self.items)
        return tuple(name for name in fields.words("items") if known(name, self.items, "item", fields, "items"))

    def missing(self, fields: Fields) -> Missing:
        found = fields.get("missing", required=True)
        if found is None or isinstance(found.value, str):
            return Missing(fields.choice("missing", get_args(MissingRule)))
        each = fields.mapping("missing", "missing")
        least = each.mapping("min_answered", "min_answered")
        missing = Missing(
            rule=each.choice("rule", get_args(MissingRule)),
            n=whole(each, "n") or 0,
            rounding=each.choice("rounding", get_args(Rounding), "half_up"),
            min_answered={form: whole(least, form) or 0 for form in least.node.value},
            certainty=each.choice("certainty", get_args(Certainty), "sourced"),
        )
        each.close()
        return missing

    def factor(self, fields: Fields) -> Fraction:
        found = fields.get("factor")
        return fraction(fields, found) if found else Fraction(1)

    def weights(self, fields: Fields) -> dict[str, tuple[Fraction, ...]]:
        found = fields.get("weights")
        if found is None:
            return {}
        by_sex = found.value if isinstance(found.value, dict) else {"": found}
        lists = {sex: each.value if isinstance(each.value, tuple) else () for sex, each in by_sex.items()}
        return {sex: tuple(fraction(fields, each) for each in nodes) for sex, nodes in lists.items()}

    def tables(self, fields: Fields) -> dict[str, dict[int, float]]:
        table, tables = fields.mapping("table", "a table"), fields.mapping("tables", "tables")
        found = {"": table} if table.node.value else {}
        found |= {form: tables.mapping(form, "a table") for form in tables.node.value}
        return {
            form: {key: number(each, text) or 0.0 for text, key in whole_keys(each)} for form, each in found.items()
        }

    def gate(self, fields: Fields) -> Gate | None:
        if fields.get("gate") is None:
            return None
        each = fields.mapping("gate", "a gate")
        name = each.text("item", required=True) or ""
        known(name, self.items, "item", each, "item")
        gate = Gate(name, whole(each, "equals", required=True) or 0, whole(each, "score", required=True) or 0)
        each.close()
        return gate

    def method(self, fields: Fields) -> str | None:
        name = fields.text("method")
        return name if name is not None and known(name, METHODS, "method", fields, "method") else None

    def scale(self, fields: Fields) -> Iterator[Band]:
        name, score = fields.text("scale", required=True) or "", fields.text("score", required=True) or ""
        source = fields.text("source", required=True) or ""
        certainty = fields.choice("certainty", get_args(Certainty))
        self.places[f"scale {name}"] = fields.node.location
        for each in fields.mappings("ranges", "a range", required=True):
            yield Band(
                name,
                score,
                id=each.text("id", required=True) or "",
                label=each.text("label", required=True) or "",
                low=number(each, "from", required=True) or 0,
                high=number(each, "to", required=True) or 0,
                source=each.text("source") or source,
                certainty=each.choice("certainty", get_args(Certainty), certainty),
                sex=each.choice("sex", get_args(Sex)) if each.get("sex") else None,
            )
            each.close()
        fields.close()
