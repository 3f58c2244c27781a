"""Comparisons of something with a constant, whichever way round they are written."""

from __future__ import annotations

from attrs import frozen

from careplan.cql.nodes import Literal, Node, Operation

FLIPPED = {"=": "=", "!=": "!=", "~": "~", "!~": "!~", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""Each comparison, and the one that says the same with its sides exchanged."""


@frozen(eq=False)
class Compared:
    """``subject operator constant``, such as ``isi.total >= 15``; ``15 <= isi.total`` is the same."""

    subject: Node
    operator: str
    constant: bool | int | float | str

    @property
    def number(self) -> bool:
        """Whether the constant is a number."""
        return isinstance(self.constant, int | float) and not isinstance(self.constant, bool)

    @property
    def draws_a_limit(self) -> bool:
        """Whether it parts the numbers into those above and those below."""
        return self.number and self.operator in ("<", "<=", ">", ">=")


def compared(node: Node) -> Compared | None:
    """The comparison with a constant that a node is; None for anything else, a comparison with ``null`` among it."""
    if not isinstance(node, Operation) or node.operator not in FLIPPED:
        return None
    left, right = node.operands
    operator = node.operator
    if isinstance(left, Literal):
        left, right, operator = right, left, FLIPPED[operator]
    if isinstance(left, Literal) or not isinstance(right, Literal) or right.value is None:
        return None
    return Compared(left, operator, right.value)
