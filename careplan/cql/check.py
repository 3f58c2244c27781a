"""Expression tree → the type of every node; names and types that do not fit are all reported, with places."""

from __future__ import annotations

from collections.abc import Mapping

from careplan.cql.nodes import Fact, Literal, Node, Operation
from careplan.cql.parse import place, shortened
from careplan.cql.types import IntervalType, ListType, Type, common, interval_of, list_of
from careplan.errors import ConditionError, Location, Problem, nearest

_LOGICAL = frozenset({"and", "or", "xor", "implies", "not"})
_TESTS = frozenset({"is true", "is false"})
_ORDER = frozenset({"<", "<=", ">", ">=", "between"})
_EQUALITY = frozenset({"=", "!=", "~", "!~"})


class _Checker:
    def __init__(self, text: str, types: Mapping[str, Type], origin: Location | None) -> None:
        self.text, self.types, self.origin = text, types, origin
        self.found: dict[int, Type] = {}
        self.problems: list[Problem] = []

    def report(self, node: Node, message: str) -> Type:
        location = place(self.origin, node.span.line, node.span.column)
        self.problems.append(Problem(message, location, "condition"))
        return Type.ANY

    def source(self, node: Node) -> str:
        text = " ".join(self.text[node.span.start : node.span.end].split())
        return shortened(text, 60)

    def visit(self, node: Node) -> Type:
        if isinstance(node, Literal):
            return literal_type(node.value)
        if isinstance(node, Fact):
            if node.name in self.types:
                return self.types[node.name]
            return self.report(node, f"there is no fact {node.name!r}{nearest(node.name, self.types)}")
        assert isinstance(node, Operation)
        operands = [self.found[id(child)] for child in node.operands]
        return self.operation(node, operands)

    def operation(self, node: Operation, types: list[Type]) -> Type:
        operator = node.operator
        if operator in _LOGICAL or operator in _TESTS:
            return self.booleans(node, types)
        if operator in _ORDER:
            return self.ordered(node, types)
        if operator in _EQUALITY:
            return self.equal(node, types)
        if operator == "is null":
            return Type.BOOLEAN
        if operator in ("in", "contains"):
            return self.member(node, types)
        if operator == "if":
            return self.choice(node, types)
        if operator == "list":
            return self.elements(node, types)
        if operator == "interval":
            return self.interval(node, types)
        if operator == "Coalesce":
            return self.coalesce(node, types)
        if operator in ("exists", "Count", "Sum", "Min", "Max"):
            return self.aggregate(node, types)
        return self.arithmetic(node, types)

    def booleans(self, node: Operation, types: list[Type]) -> Type:
        result = Type.BOOLEAN
        for child, found in zip(node.operands, types, strict=True):
            if found not in (Type.BOOLEAN, Type.ANY):
                hint = " (write not (…) around the comparison)" if node.operator == "not" else ""
                message = f"{node.operator!r} needs a Boolean, and {self.source(child)!r} is {found}{hint}"
                result = self.report(child, message)
        return result

    def ordered(self, node: Operation, types: list[Type]) -> Type:
        united = self.unite(node, types, f"the two sides of {node.operator!r}")
        if not united.numeric and united not in (Type.STRING, Type.ANY):
            self.report(node, f"{united} values have no order: {self.source(node)!r}")
        return Type.BOOLEAN

    def equal(self, node: Operation, types: list[Type]) -> Type:
        united = self.unite(node, types, f"the two sides of {node.operator!r}")
        if isinstance(united, ListType | IntervalType):
            self.report(node, f"comparing whole lists is outside the CQL subset of conditions: {self.source(node)!r}")
        elif united == Type.DECIMAL and "~" in node.operator:
            self.report(node, f"{node.operator!r} on decimals depends on their written precision; use = or !=")
        return Type.BOOLEAN

    def member(self, node: Operation, types: list[Type]) -> Type:
        inner, outer = (0, 1) if node.operator == "in" else (1, 0)
        element, holder = types[inner], types[outer]
        if isinstance(holder, ListType | IntervalType):
            within = holder.element if isinstance(holder, ListType) else holder.point
            if common(element, within) is None:
                self.report(node, f"a {element} is never in a {holder}: {self.source(node)!r}")
        elif holder != Type.ANY:
            self.report(node.operands[outer], f"{node.operator!r} needs a list or an interval, and this is {holder}")
        return Type.BOOLEAN

    def choice(self, node: Operation, types: list[Type]) -> Type:
        if types[0] not in (Type.BOOLEAN, Type.ANY):
            self.report(node.operands[0], f"'if' needs a Boolean, and {self.source(node.operands[0])!r} is {types[0]}")
        return self.unite(node, types[1:], "the two branches of 'if'")

    def elements(self, node: Operation, types: list[Type]) -> Type:
        element = self.unite(node, types, "elements of a list")
        if isinstance(element, ListType | IntervalType):
            self.report(node, f"a list of {element} values is outside the CQL subset of conditions")
        return list_of(element)

    def interval(self, node: Operation, types: list[Type]) -> Type:
        point = self.unite(node, types, "the two ends of an interval")
        if point == Type.ANY:
            return self.report(node, "an interval without a known end says nothing: of what type would its points be?")
        if not point.numeric:
            self.report(node, f"intervals of {point} are outside the CQL subset of conditions")
        return interval_of(point)

    def coalesce(self, node: Operation, types: list[Type]) -> Type:
        if len(types) == 1 and isinstance(types[0], ListType):
            return types[0].element
        if len(types) == 1:
            return self.report(node, "Coalesce needs two or more values, or one list")
        return self.unite(node, types, "the values of Coalesce")

    def aggregate(self, node: Operation, types: list[Type]) -> Type:
        counted = {"exists": Type.BOOLEAN, "Count": Type.INTEGER}.get(node.operator)
        if len(types) == 1 and types[0] == Type.ANY:
            return counted or Type.ANY
        if len(types) != 1 or not isinstance(types[0], ListType):
            return self.report(node, f"{node.operator} needs one list, such as {{a, b}}")
        element = types[0].element
        ordered = node.operator != "Sum" and element == Type.STRING
        if counted is None and not element.numeric and not ordered and element != Type.ANY:
            needed = "numbers" if node.operator == "Sum" else "numbers or strings"
            return self.report(node, f"{node.operator} needs {needed}, and this is a {types[0]}")
        return counted or element

    def arithmetic(self, node: Operation, types: list[Type]) -> Type:
        if node.operator == "+" and Type.STRING in types:
            return self.unite(node, types, "the two sides of '+'")
        for child, found in zip(node.operands, types, strict=True):
            if not found.numeric and found != Type.ANY:
                self.report(child, f"{node.operator!r} needs a number, and {self.source(child)!r} is {found}")
                return Type.ANY
        if node.operator in ("/", "decimal"):
            return Type.DECIMAL
        return self.unite(node, types, f"the two sides of {node.operator!r}")

    def unite(self, node: Operation, types: list[Type], what: str) -> Type:
        united = Type.ANY
        for found in types:
            wider = common(united, found)
            if wider is None:
                return self.report(node, f"{what} are {united} and {found}: {self.source(node)!r}")
            united = wider
        return united


def literal_type(value: bool | int | float | str | None) -> Type:
    """The CQL type of a constant."""
    if value is None:
        return Type.ANY
    if isinstance(value, bool):
        return Type.BOOLEAN
    if isinstance(value, int):
        return Type.INTEGER
    return Type.DECIMAL if isinstance(value, float) else Type.STRING


def node_types(
    tree: Node, text: str, types: Mapping[str, Type], *, expected: Type | None = None, origin: Location | None = None
) -> dict[int, Type]:
    """The type of every node by its identity; raises ConditionError with every misfit of names and types.

    A ``null`` written in a list is refused: membership of an unknown is unknown, and such a null says nothing.
    """
    checker = _Checker(text, types, origin)
    for node in tree.walk():
        if isinstance(node, Operation) and node.operator == "list":
            for child in node.operands:
                if isinstance(child, Literal) and child.value is None:
                    checker.report(child, "a null written in a list says nothing; leave it out")
        checker.found[id(node)] = checker.visit(node)
    found = checker.found[id(tree)]
    if expected is not None and not checker.problems and not _fits(found, expected):
        checker.report(tree, f"this should be {expected}, and it is {found}")
    if checker.problems:
        raise ConditionError(checker.problems)
    return checker.found


def _fits(found: Type, expected: Type) -> bool:
    return common(found, expected) == expected
