"""The types of CQL values: what a fact or an expression can be."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen


@frozen
class Type:
    """A CQL type by its name; ``Any`` is the type of ``null``."""

    name: str

    BOOLEAN: ClassVar[Type]
    INTEGER: ClassVar[Type]
    DECIMAL: ClassVar[Type]
    STRING: ClassVar[Type]
    ANY: ClassVar[Type]

    def __str__(self) -> str:
        return self.name

    @property
    def numeric(self) -> bool:
        """Whether values of this type can be added and ordered as numbers."""
        return self.name in {"Integer", "Decimal"}


@frozen
class ListType(Type):
    """``List<element>``."""

    element: Type

    def __str__(self) -> str:
        return f"List<{self.element}>"


@frozen
class IntervalType(Type):
    """``Interval<point>``."""

    point: Type

    def __str__(self) -> str:
        return f"Interval<{self.point}>"


Type.BOOLEAN = Type("Boolean")
Type.INTEGER = Type("Integer")
Type.DECIMAL = Type("Decimal")
Type.STRING = Type("String")
Type.ANY = Type("Any")

SIMPLE = {kind.name: kind for kind in (Type.BOOLEAN, Type.INTEGER, Type.DECIMAL, Type.STRING)}
"""The types a fact may have, by name."""


def list_of(element: Type) -> ListType:
    """``List<element>``."""
    return ListType("List", element)


def interval_of(point: Type) -> IntervalType:
    """``Interval<point>``."""
    return IntervalType("Interval", point)


def common(one: Type, other: Type) -> Type | None:
    """The narrowest type that holds both, or None: Integer widens to Decimal, null to anything."""
    if other in (one, Type.ANY):
        return one
    if one == Type.ANY:
        return other
    if one.numeric and other.numeric:
        return Type.DECIMAL
    if isinstance(one, ListType) and isinstance(other, ListType):
        element = common(one.element, other.element)
        return list_of(element) if element else None
    return None
