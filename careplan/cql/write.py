"""A value → the CQL that says it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from careplan.cql.arithmetic import Interval

_ESCAPED = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f"})


def literal(value: Any) -> str:
    """``true``, ``5``, ``2.5``, ``'high'``, ``{1, 2}``, ``Interval[1, 5)`` or ``null``; read again it is the same.

    A number beyond 2^53, which a condition may come to, cannot be read again.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        written = format(Decimal(repr(value)), "f")
        return written if "." in written else f"{written}.0"
    if isinstance(value, str):
        return f"'{value.translate(_ESCAPED)}'"
    if isinstance(value, Interval):
        opened, closed = "[" if value.lower_closed else "(", "]" if value.upper_closed else ")"
        return f"Interval{opened}{literal(value.lower)}, {literal(value.upper)}{closed}"
    return "{" + ", ".join(map(literal, value)) + "}"
