"""The numbers of a definition, checked as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from careplan.errors import nearest
from careplan.fields import Fields
from careplan.located import Node


def whole(fields: Fields, key: str, *, required: bool = False) -> int | None:
    """A whole number."""
    found = fields.get(key, required=required)
    if found is None:
        return None
    if isinstance(found.value, bool) or not isinstance(found.value, int):
        fields.report(f"{key!r} should be a whole number", found.location, "type")
        return None
    return found.value


def number(fields: Fields, key: str, *, required: bool = False) -> int | float | None:
    """A number."""
    found = fields.get(key, required=required)
    if found is None:
        return None
    if isinstance(found.value, bool) or not isinstance(found.value, int | float):
        fields.report(f"{key!r} should be a number", found.location, "type")
        return None
    return found.value


def whole_keys(fields: Fields) -> Iterator[tuple[str, int]]:
    """The keys of a mapping that goes from whole numbers to something, as written and as numbers."""
    for key in fields.node.value:
        if key.removeprefix("-").isdigit():
            yield key, int(key)
        else:
            fields.report(f"{key!r} is not a whole number", fields.node.keys[key], "type")


def fraction(fields: Fields, node: Node) -> Fraction:
    """A number, or a fraction such as "1/3"."""
    try:
        return Fraction(str(node.value))
    except (ValueError, ZeroDivisionError):
        fields.report("this should be a number or a fraction such as 1/3", node.location, "type")
        return Fraction(1)


def known(name: str, among: Mapping[str, Any], what: str, fields: Fields, key: str) -> bool:
    """Whether there is such a thing; when there is not, that is noted with the nearest name."""
    if name not in among:
        fields.report(f"there is no {what} {name!r}{nearest(name, among)}", fields.place(key), what)
    return name in among
