"""The column engine: conditions → Polars expressions, for whole populations at a time.

A column holds one fact, a row one case; a null is unknown. Every operator means, to the last bit, what it means in the
reference engine. An expression is a tree, so what is used twice would be written twice, and what is used twice in turn
four times: what is large and used more than once becomes a column of its own first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from attrs import define, evolve, field

from careplan.cql import Expression, Fact, IntervalType, ListType, Literal, Node, Operation, Type
from careplan.cql.check import node_types
from careplan.rules.column_values import (
    DTYPES,
    Column,
    Elements,
    Ends,
    Holder,
    alike,
    all_of,
    any_of,
    choices,
    constant,
    folded,
    holds,
    made_of,
    null,
    number,
    typed,
)

INLINE = 12
"""Operators an expression may have and still be written out wherever it is used."""

_LOGICAL: dict[str, Callable[..., pl.Expr]] = {
    "and": lambda *operands: all_of(operands),
    "or": lambda *operands: any_of(operands),
    "xor": lambda left, right: left ^ right,
    "implies": lambda left, right: ~left | right,
    "not": lambda operand: ~operand,
    "is true": lambda operand: operand.fill_null(value=False),
    "is false": lambda operand: (~operand).fill_null(value=False),
    "is null": lambda operand: operand.is_null(),
}
_COMPARED: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "=": pl.Expr.__eq__,
    "!=": pl.Expr.__ne__,
    "<": pl.Expr.__lt__,
    "<=": pl.Expr.__le__,
    ">": pl.Expr.__gt__,
    ">=": pl.Expr.__ge__,
}
_OF_A_LIST = frozenset({"in", "contains", "exists", "Count", "Sum", "Min", "Max"})


def dtypes(types: Mapping[str, Type]) -> dict[str, Any]:
    """The column type of each fact, for a frame that ``Columns`` reads."""
    return {name: DTYPES[kind] for name, kind in types.items()}


class Columns:
    """Conditions compiled for columns; ``types`` gives the type of every fact they read."""

    def __init__(self, conditions: Mapping[str, Expression], types: Mapping[str, Type]) -> None:
        build = _Build(types)
        found = {name: build.column(each) for name, each in conditions.items()}
        self._names = list(found)
        self._layers = [[each.alias(name) for name, each in layer.items()] for layer in build.layers]
        self._results = [each.expression.alias(name) for name, each in found.items()]

    def decide(self, cases: pl.LazyFrame) -> pl.LazyFrame:
        """One column a condition, true, false or null, a row for each case.

        ``cases`` has a column for every fact that is read, of the type ``dtypes`` gives.
        """
        for layer in self._layers:
            cases = cases.with_columns(layer)
        return cases.with_columns(self._results).select(self._names)


def evaluate(each: Expression, facts: Mapping[str, Any], types: Mapping[str, Type]) -> Any:
    """The value of one expression over one case, or None when it is unknown."""
    read = {name: types[name] for name in sorted(each.reads)} or {"": Type.BOOLEAN}
    case = pl.LazyFrame({name: [facts.get(name)] for name in read}, schema=dtypes(read))
    return Columns({"value": each}, types).decide(case).collect()["value"][0]


@define
class _Build:
    """Expressions under construction; ``layers`` are the columns that have to be made first, by their names."""

    types: Mapping[str, Type]
    layers: list[dict[str, pl.Expr]] = field(factory=list)
    _made: dict[tuple[Any, ...], Any] = field(factory=dict)
    _number: int = 0

    def column(self, condition: Expression) -> Column:
        """The column of a whole condition; what it has in common with earlier ones is made once."""
        kinds = node_types(condition.tree, condition.text, self.types)
        keys: dict[int, tuple[Any, ...]] = {}
        for node in condition.tree.walk():
            below = tuple(keys[id(each)] for each in node.children)
            key = keys[id(node)] = _key(node, below)
            if key not in self._made:
                self._made[key] = self.made(node, [self._made[each] for each in below], kinds[id(node)])
        whole: Column = self._made[keys[id(condition.tree)]]
        return whole

    def made(self, node: Node, operands: list[Any], kind: Type) -> Column | Holder:
        """What a node is, made of what its operands are."""
        if isinstance(node, Literal):
            return constant(node.value)
        if isinstance(node, Fact):
            return Column(pl.col(node.name), kind)
        assert isinstance(node, Operation)
        if isinstance(kind, ListType | IntervalType):
            return self.holder(node, operands)
        of_a_list = node.operator in _OF_A_LIST or isinstance(operands[0], Holder)
        made = self.of_a_list(node, operands, kind) if of_a_list else self.operation(node.operator, operands, kind)
        return Column(null(kind), kind) if made.type == Type.ANY else evolve(made, type=kind)

    def held(self, column: Column) -> Column:
        """The same, as a column of its own where it is too large to be written out more than once."""
        if column.size <= INLINE:
            return column
        name = f"\x1f{self._number}"  # no fact has such a name
        self._number += 1
        self.layers += [{} for _ in range(column.layer + 1 - len(self.layers))]
        self.layers[column.layer][name] = column.expression
        return Column(pl.col(name), column.type, layer=column.layer + 1)

    def holder(self, node: Operation, operands: list[Any]) -> Holder:
        """A list or an interval."""
        if node.operator == "list":
            return Holder(((None, Elements(tuple(operands))),))
        if node.operator == "interval":
            low, high = (None if each.type == Type.ANY else self.held(each) for each in operands)
            return Holder(((None, Ends(low, high, node.lower_closed, node.upper_closed)),))
        if node.operator == "if":
            test = self.held(made_of(operands[:1], operands[0].expression.fill_null(value=False)))
            return Holder((*((_both(test, each), what) for each, what in choices(operands[1])), *choices(operands[2])))
        found: list[tuple[Column | None, Any]] = []
        for each in operands:  # Coalesce: the first that is not null
            found += [(test, what) for test, what in choices(each) if what is not None]
            if found and found[-1][0] is None:
                return Holder(tuple(found))
        return Holder((*found, (None, None)))

    def of_a_list(self, node: Operation, operands: list[Any], kind: Type) -> Column:
        """What is made of a list or an interval."""
        operator = node.operator
        if operator in ("in", "contains"):
            value, holder = operands if operator == "in" else reversed(operands)
            return self.chosen(holder, kind, lambda each: self.member(value, each))
        if operator == "is null":
            return self.chosen(operands[0], kind, lambda _: constant(value=False), of_null=True)
        if operator == "Coalesce":
            return self.chosen(operands[0], kind, lambda each: self.coalesce(each.columns, kind))
        of_null = {"exists": False, "Count": 0}.get(operator)
        return self.chosen(operands[0], kind, lambda each: self.aggregate(operator, each, kind), of_null)

    def chosen(
        self, holder: Holder | Column, kind: Type, result: Callable[[Any], Column], of_null: Any = None
    ) -> Column:
        """What comes of the list or interval that the case has, and ``of_null`` where it has none."""
        made = [(test, constant(of_null) if what is None else result(what)) for test, what in choices(holder)]
        found = made[-1][1]
        for test, each in reversed(made[:-1]):
            assert test is not None
            expression = pl.when(test.expression).then(typed(each, kind)).otherwise(typed(found, kind))
            found = made_of([test, each, found], expression, kind)
        return found

    def member(self, value: Column, holder: Elements | Ends) -> Column:
        """Whether the value is in the list or interval."""
        value = self.held(value)
        if isinstance(holder, Ends):
            return self.within(value, holder)
        same = [self.compared("=", [value, each]) for each in holder.columns]
        return made_of(same, any_of(each.expression for each in same)) if same else constant(value=False)

    def within(self, value: Column, ends: Ends) -> Column:
        """Whether the value lies between the ends."""
        above = self.inside(value, ends.low, ">=" if ends.low_closed else ">", closed=ends.low_closed)
        below = self.inside(value, ends.high, "<=" if ends.high_closed else "<", closed=ends.high_closed)
        both = above.expression & below.expression
        known = pl.when(value.expression.is_not_null()).then(both)
        return made_of([value, above, below], known)

    def inside(self, value: Column, end: Column | None, operator: str, *, closed: bool) -> Column:
        """Whether the value lies on the inner side of an end; an unknown end that is closed is no end."""
        endless = pl.lit(value=True) if closed else null(Type.BOOLEAN)
        if end is None:
            return Column(endless)
        compared = self.compared(operator, [value, end])
        chosen = pl.when(end.expression.is_null()).then(endless).otherwise(compared.expression)
        return made_of([end, compared], chosen)

    def aggregate(self, operator: str, holder: Elements, kind: Type) -> Column:
        """``exists``, ``Count``, ``Sum``, ``Min`` or ``Max`` of the known elements."""
        columns = [each for each in holder.columns if each.type != Type.ANY]
        known = [each.expression.is_not_null() for each in columns]
        if not columns:
            return constant({"exists": False, "Count": 0}.get(operator))
        if operator == "exists":
            return made_of(columns, any_of(known))
        if operator == "Count":
            return made_of(columns, pl.sum_horizontal([each.cast(pl.Int64) for each in known]))
        if operator == "Sum":
            return self.total([self.held(each) for each in columns], kind)
        horizontal = pl.min_horizontal if operator == "Min" else pl.max_horizontal
        return made_of(columns, horizontal([typed(each, kind) for each in columns]))

    def total(self, columns: list[Column], kind: Type) -> Column:
        """The sum of what is known, in order; unknown where nothing is known, or it cannot be held on the way."""
        nothing = pl.lit(0 if kind == Type.INTEGER else 0.0, dtype=DTYPES[kind])
        sums: list[Column] = []
        for each in columns:
            amount = typed(each, kind).fill_null(nothing)
            so_far = made_of([*sums[-1:], each], sums[-1].expression + amount if sums else amount, kind)
            sums.append(self.held(so_far))
        known = any_of(each.expression.is_not_null() for each in columns)
        fits = all_of(holds(each.expression, kind) for each in sums)
        return made_of([*columns, *sums], pl.when(known & fits).then(sums[-1].expression))

    def coalesce(self, columns: tuple[Column, ...], kind: Type) -> Column:
        """The first that is known."""
        some = [each for each in columns if each.type != Type.ANY]
        return made_of(some, pl.coalesce([typed(each, kind) for each in some])) if some else constant(None)

    def operation(self, operator: str, columns: list[Column], kind: Type) -> Column:
        """What is made of single values."""
        if operator in _LOGICAL:
            return made_of(columns, _LOGICAL[operator](*(each.expression for each in columns)))
        if operator in _COMPARED:
            return self.compared(operator, columns)
        if operator in ("~", "!~"):
            return self.equivalent(operator, columns)
        if operator == "between":
            value = self.held(columns[0])
            sides = [self.compared(">=", [value, columns[1]]), self.compared("<=", [value, columns[2]])]
            return made_of(sides, all_of(each.expression for each in sides))
        if operator in ("if", "Coalesce"):
            return self.choice(columns, kind) if operator == "if" else self.coalesce(tuple(columns), kind)
        return self.arithmetic(operator, columns, kind)

    def choice(self, columns: list[Column], kind: Type) -> Column:
        """``if``: what is not true, takes ``else``."""
        test, then, otherwise = columns
        chosen = pl.when(test.expression.fill_null(value=False)).then(typed(then, kind))
        return made_of(columns, chosen.otherwise(typed(otherwise, kind)))

    def compared(self, operator: str, columns: list[Column]) -> Column:
        """A comparison of two values."""
        if any(each.type == Type.ANY for each in columns):
            return constant(None)
        return made_of(columns, _COMPARED[operator](*alike(columns)))

    def equivalent(self, operator: str, columns: list[Column]) -> Column:
        """``~`` and ``!~``: two unknowns are the same."""
        if any(each.type == Type.ANY for each in columns):
            same = all_of(each.expression.is_null() for each in columns)
        else:
            left, right = (folded(each) if each.type == Type.STRING else each.expression for each in columns)
            same = left.eq_missing(right)
        return made_of(columns, same if operator == "~" else ~same)

    def arithmetic(self, operator: str, columns: list[Column], kind: Type) -> Column:
        """A number or a string made of others; unknown where it cannot be held."""
        if any(each.type == Type.ANY for each in columns):
            return constant(None)
        first = columns[0].expression
        if operator == "decimal":
            return made_of(columns, first.cast(pl.Float64))
        if operator == "negate":
            return made_of(columns, 0 - first)
        if kind == Type.STRING:
            return made_of(columns, first + columns[1].expression)
        sides = [self.held(each) for each in columns]
        left, right = (typed(each, kind) for each in sides)
        bare, of_use = number(operator, left, right, kind)
        result = self.held(made_of(sides, bare, kind))
        return made_of([*sides, result], pl.when(of_use & holds(result.expression, kind)).then(result.expression))


def _key(node: Node, below: tuple[Any, ...]) -> tuple[Any, ...]:
    """What tells a node from one that says something else."""
    if isinstance(node, Literal):
        return "literal", type(node.value), node.value
    if isinstance(node, Fact):
        return "fact", node.name
    assert isinstance(node, Operation)
    return node.operator, node.lower_closed, node.upper_closed, *below


def _both(test: Column, other: Column | None) -> Column:
    return test if other is None else made_of([test, other], test.expression & other.expression)
