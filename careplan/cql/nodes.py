"""The expression tree of a condition: what each piece of CQL is, and where it stands in the text."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import field, frozen


@frozen
class Span:
    """Where a node stands: character offsets and the line and column (from 1) of its first character."""

    start: int
    end: int
    line: int
    column: int


@frozen(eq=False)
class Node:
    """A piece of an expression; nodes are compared by identity, since the same text may stand twice."""

    span: Span

    @property
    def children(self) -> tuple[Node, ...]:
        """The operands, in order."""
        return ()

    def walk(self) -> Iterator[Node]:
        """This node and all below it, operands before what is made of them."""
        stack: list[tuple[Node, bool]] = [(self, False)]
        while stack:
            node, opened = stack.pop()
            if opened or not node.children:
                yield node
                continue
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.children))


@frozen(eq=False)
class Literal(Node):
    """A constant: ``true``, ``5``, ``2.5``, ``'high'`` or ``null``."""

    value: bool | int | float | str | None


@frozen(eq=False)
class Fact(Node):
    """The value of a fact, by its id."""

    name: str


@frozen(eq=False)
class Operation(Node):
    """An operator with its operands.

    ``and`` and ``or`` take two or more operands; the rest have the arity CQL gives them. The operators are
    ``and or xor implies not = != ~ !~ < <= > >= between in contains exists + - * / div mod negate``,
    ``is null``, ``is true``, ``is false``, ``if``, ``Coalesce Count Sum Min Max``, ``list`` and ``interval``.
    A ``decimal`` is written nowhere: it makes an Integer a Decimal where CQL does so without a word.
    """

    operator: str
    operands: tuple[Node, ...]
    lower_closed: bool = field(default=True)
    upper_closed: bool = field(default=True)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.operands


def conjuncts(node: Node, operator: str) -> tuple[Node, ...]:
    """The operands of a chain of one operator (``and`` or ``or``), or the node alone."""
    if isinstance(node, Operation) and node.operator == operator:
        return node.operands
    return (node,)
