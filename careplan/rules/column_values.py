"""Values of every case at once: Polars expressions with their types, and the numbers that may be made of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

import numpy as np
import polars as pl
from attrs import frozen

from careplan.cql import Type
from careplan.cql.arithmetic import LARGEST, fold

DTYPES: dict[Type, Any] = {
    Type.BOOLEAN: pl.Boolean,
    Type.INTEGER: pl.Int64,
    Type.DECIMAL: pl.Float64,
    Type.STRING: pl.String,
    Type.ANY: pl.Boolean,
}
"""The column type that holds the values of each type."""


@frozen(eq=False)
class Column:
    """A value of every case: the expression, its size, and how many layers of columns must exist before it."""

    expression: pl.Expr
    type: Type = Type.BOOLEAN
    size: int = 1
    layer: int = 0


@frozen(eq=False)
class Elements:
    """A list as it is written: one column an element."""

    columns: tuple[Column, ...]


@frozen(eq=False)
class Ends:
    """An interval as it is written; an end is None where it is written as ``null``."""

    low: Column | None
    high: Column | None
    low_closed: bool
    high_closed: bool


@frozen(eq=False)
class Holder:
    """A list or an interval that may depend on the case: the first whose test is true, else the last; None is null."""

    choices: tuple[tuple[Column | None, Elements | Ends | None], ...]


def choices(holder: Holder | Column) -> tuple[tuple[Column | None, Any], ...]:
    """The lists or intervals there may be; a ``null`` is none."""
    return holder.choices if isinstance(holder, Holder) else ((None, None),)


def made_of(columns: Iterable[Column], expression: pl.Expr, kind: Type = Type.BOOLEAN) -> Column:
    """A column made of others."""
    columns = tuple(columns)
    size = 1 + sum(each.size for each in columns)
    return Column(expression, kind, size, max((each.layer for each in columns), default=0))


def constant(value: Any) -> Column:
    """The same value in every case."""
    kinds = {bool: Type.BOOLEAN, int: Type.INTEGER, float: Type.DECIMAL, str: Type.STRING, type(None): Type.ANY}
    kind = kinds[type(value)]
    return Column(pl.lit(value, dtype=DTYPES[kind]), kind)


def null(kind: Type) -> pl.Expr:
    """Unknown in every case."""
    return pl.lit(None, dtype=DTYPES[kind])


def typed(column: Column, kind: Type) -> pl.Expr:
    """The column in the type it is taken in."""
    if column.type == Type.ANY:
        return null(kind)
    widens = (column.type, kind) == (Type.INTEGER, Type.DECIMAL)
    return column.expression.cast(pl.Float64) if widens else column.expression


def alike(columns: Iterable[Column]) -> tuple[pl.Expr, pl.Expr]:
    """Two sides in one type; integers within 2^53 are decimals without loss."""
    left, right = columns
    mixed = {left.type, right.type} == {Type.INTEGER, Type.DECIMAL}
    return typed(left, Type.DECIMAL if mixed else left.type), typed(right, Type.DECIMAL if mixed else right.type)


def any_of(expressions: Iterable[pl.Expr]) -> pl.Expr:
    """Three-valued ``or``."""
    return reduce(pl.Expr.__or__, expressions)


def all_of(expressions: Iterable[pl.Expr]) -> pl.Expr:
    """Three-valued ``and``."""
    return reduce(pl.Expr.__and__, expressions)


def holds(number: pl.Expr, kind: Type) -> pl.Expr:
    """Whether a number can be held: an integer within ±2^53, a decimal that is finite."""
    return number.abs() <= LARGEST if kind == Type.INTEGER else number.is_finite()


def number(operator: str, left: pl.Expr, right: pl.Expr, kind: Type) -> tuple[pl.Expr, pl.Expr]:
    """The bare result of an operator, and whether it is of use: the divisor is not 0, a product did not wrap around."""
    of_use = right != 0 if operator in ("/", "div", "mod") else pl.lit(value=True)
    whole = kind == Type.INTEGER
    if operator in ("+", "-"):
        return (left + right if operator == "+" else left - right), of_use
    if operator == "*":
        fits = (left.cast(pl.Float64) * right.cast(pl.Float64)).abs() <= 2.0 * LARGEST if whole else of_use
        return left * right, fits
    if operator == "/":
        return _quotient(left, right), of_use
    if whole:
        size = left.abs() // right.abs()
        return (
            size * left.sign() * right.sign() if operator == "div" else left - size * right.abs() * left.sign()
        ), of_use
    if operator == "div":
        quotient = _quotient(left, right)
        return pl.when(quotient >= 0).then(quotient.floor()).otherwise(quotient.ceil()), of_use
    return pl.map_batches([left, right], _remainder, return_dtype=pl.Float64), of_use


def _quotient(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """The quotient of decimals, to the last bit."""
    # By a constant, Polars would multiply by its reciprocal; added to nothing of the other, it is a column.
    return left / (right + left * 0.0)


def _remainder(sides: Any) -> pl.Series:
    """The exact remainder of decimals, as C's ``fmod`` gives it; Polars' own loses bits."""
    left, right = (np.asarray(each.fill_null(np.nan), dtype=float) for each in sides)
    with np.errstate(invalid="ignore"):
        found = np.fmod(left, right)
    return pl.Series(found, nan_to_null=True)


def folded(column: Column) -> pl.Expr:
    """A column of strings as ``~`` compares them; each distinct string is folded once."""
    return column.expression.map_batches(_fold, return_dtype=pl.String)


def _fold(strings: pl.Series) -> pl.Series:
    distinct = strings.drop_nulls().unique().to_list()
    return strings.replace(distinct, [fold(each) for each in distinct]) if distinct else strings
