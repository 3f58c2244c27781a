"""What changed from one condition to another, clause by clause, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal as OneOf

from attrs import field, frozen

from careplan.cql import Expression, Fact, Literal, Node, Operation, conjuncts
from careplan.cql.comparing import FLIPPED, compared

_CHAINS = ("and", "or")
_UNORDERED = frozenset({"and", "or", "xor", "=", "!=", "~", "!~"})
_BOOLEAN = frozenset({"and", "or", "xor", "implies", "not", "is true", "is false"})
"""Operators whose operands are clauses themselves."""


@frozen
class ClauseChange:
    """One clause that was added, removed or changed: its text before and after (None where it was not), in words.

    ``before`` and ``after`` are the clause by itself, to be decided over a case; ``idle`` is the outcome with which a
    clause that was added or removed turns nothing: true among clauses that must all hold, false among alternatives.
    """

    change: OneOf["added", "removed", "changed"]
    old: str | None
    new: str | None
    words: str
    before: Expression | None = field(default=None, eq=False, repr=False)
    after: Expression | None = field(default=None, eq=False, repr=False)
    idle: bool | None = None


def meaning_of(node: Node) -> str:
    """A text that is the same for two conditions that differ in layout, brackets, and the order of their clauses only.

    A clause that stands twice in a row of ``and`` or of ``or`` counts once.
    """
    found: dict[int, str] = {}
    for each in node.walk():
        found[id(each)] = _meaning(each, [found[id(child)] for child in each.children])
    return found[id(node)]


def _meaning(node: Node, operands: list[str]) -> str:
    if isinstance(node, Literal):
        return f"{type(node.value).__name__} {node.value!r}"
    if isinstance(node, Fact):
        return f"fact {node.name!r}"
    assert isinstance(node, Operation)
    operator = node.operator
    if operator == "decimal":
        return operands[0]
    if operator in _CHAINS:
        flat = {each: None for _, each in _flattened(node, operands)}
        if len(flat) == 1:
            return next(iter(flat))
        operands = sorted(flat)
    elif operator in _UNORDERED:
        operands = sorted(operands)
    elif operator in FLIPPED and isinstance(node.operands[0], Literal):
        operator, operands = FLIPPED[operator], operands[::-1]
    ends = f"{node.lower_closed:d}{node.upper_closed:d}" if operator == "interval" else ""
    return f"({operator}{ends} {' '.join(f'<{each}>' for each in operands)})"


def _flattened(node: Operation, operands: Sequence[str]) -> Iterator[tuple[Node, str]]:
    """The operands of a row, those of the same row in brackets among them, with their meanings."""
    for child, text in zip(node.operands, operands, strict=True):
        if isinstance(child, Operation) and child.operator == node.operator:
            yield from _flattened(child, [meaning_of(each) for each in child.operands])
        else:
            yield child, text


def clause_changes(old: Expression, new: Expression) -> tuple[ClauseChange, ...]:
    """The clauses in which two conditions differ; none when they mean the same in another layout or order."""
    return tuple(_Differ(old, new).differing(old.tree, new.tree, ""))


@frozen
class _Differ:
    old: Expression
    new: Expression

    def differing(self, old: Node, new: Node, within: str) -> Iterator[ClauseChange]:
        """What differs between two clauses that answer to each other; ``within`` tells where they stand."""
        if meaning_of(old) == meaning_of(new):
            return
        chain = _common_chain(old, new)
        if chain is not None:
            yield from self.rows(old, new, chain, within)
        elif _opens(old) and _opens(new) and _same_operator(old, new):
            for one, other in zip(old.children, new.children, strict=True):
                yield from self.differing(one, other, within)
        else:
            yield self.changed(old, new, within)

    def rows(self, old: Node, new: Node, chain: str, within: str) -> Iterator[ClauseChange]:
        """What differs between two rows of clauses: those alike are left out, the others paired by what they read."""
        gone, come = _operands(old, chain), _operands(new, chain)
        same = {meaning_of(each) for each in gone} & {meaning_of(each) for each in come}
        gone = [each for each in gone if meaning_of(each) not in same]
        come = [each for each in come if meaning_of(each) not in same]
        inside = f", in {self.old.said(old)}" if old is not self.old.tree and _is(old, chain) else within
        pairs = _paired(gone, come)
        for each in gone:
            if id(each) in pairs:
                yield from self.differing(each, pairs[id(each)], inside)
            else:
                yield self.removed(each, chain, inside)
        paired = {id(each) for each in pairs.values()}
        for each in come:
            if id(each) not in paired:
                yield self.added(each, chain, inside)

    def added(self, node: Node, chain: str, within: str) -> ClauseChange:
        text = self.new.said(node)
        words = f"the {_CLAUSE[chain]} {text} was added{within}"
        return ClauseChange("added", None, text, words, None, self.new.clause(node), chain == "and")

    def removed(self, node: Node, chain: str, within: str) -> ClauseChange:
        text = self.old.said(node)
        words = f"the {_CLAUSE[chain]} {text} was removed{within}"
        return ClauseChange("removed", text, None, words, self.old.clause(node), None, chain == "and")

    def changed(self, old: Node, new: Node, within: str) -> ClauseChange:
        before, after = self.old.said(old), self.new.said(new)
        words = self.threshold(old, new) or self.elements(old, new)
        words = (
            words or f"the {'clause' if within or old is not self.old.tree else 'condition'} {before} became {after}"
        )
        return ClauseChange("changed", before, after, f"{words}{within}", self.old.clause(old), self.new.clause(new))

    def threshold(self, old: Node, new: Node) -> str | None:
        """``the threshold of isi.total rose from >= 15 to >= 16``, where the same is compared with another number."""
        before, after = compared(old), compared(new)
        if before is None or after is None or not (before.number and after.number):
            return None
        if meaning_of(before.subject) != meaning_of(after.subject):
            return None
        low, high = before.constant, after.constant
        moved = "changed"
        if before.operator == after.operator and low != high:
            moved = "rose" if float(high) > float(low) else "fell"
        subject = self.old.said(before.subject)
        return f"the threshold of {subject} {moved} from {before.operator} {low} to {after.operator} {high}"

    def elements(self, old: Node, new: Node) -> str | None:
        """``the list of person.country gained 'NZ'``, where a value is looked up in another list."""
        before, after = _listed(old), _listed(new)
        if before is None or after is None or meaning_of(before[0]) != meaning_of(after[0]):
            return None
        lost = _absent(before[1], after[1])
        gained = _absent(after[1], before[1])
        said = [f"gained {', '.join(self.new.said(each) for each in gained)}"] if gained else []
        said += [f"lost {', '.join(self.old.said(each) for each in lost)}"] if lost else []
        what = f"the list of {self.old.said(before[0])}"
        return f"{what} {' and '.join(said)}" if said else f"{what} is in another order"


_CLAUSE = {"and": "clause", "or": "alternative"}


def _is(node: Node, operator: str) -> bool:
    return isinstance(node, Operation) and node.operator == operator


def _common_chain(old: Node, new: Node) -> str | None:
    """The row, of ``and`` or of ``or``, as which both can be read so that they share a clause or what it reads.

    Two rows of one operator are compared clause by clause even when they share none; None where there is no such row.
    """
    for chain in _CHAINS:
        if _is(old, chain) and _is(new, chain):
            return chain
    for chain in _CHAINS:
        if _is(old, chain) or _is(new, chain):
            gone = {meaning_of(each) for each in _operands(old, chain)}
            if gone & {meaning_of(each) for each in _operands(new, chain)}:
                return chain
    for chain in _CHAINS:
        if _is(old, chain) or _is(new, chain):
            pairs = ((one, other) for one in _operands(old, chain) for other in _operands(new, chain))
            if any(_likeness(one, other) > 1 for one, other in pairs):
                return chain
    return None


def _operands(node: Node, chain: str) -> list[Node]:
    """The clauses of a row, those of the same row in brackets among them."""
    if not _is(node, chain):
        return [node]
    return [inner for each in conjuncts(node, chain) for inner in _operands(each, chain)]


def _opens(node: Node) -> bool:
    """Whether a clause is made of clauses that can be told by themselves; ``x is not true`` is told as one."""
    if not isinstance(node, Operation) or node.operator not in _BOOLEAN:
        return False
    if len(node.operands) == 1:
        (inner,) = node.operands
        return isinstance(inner, Operation) and (inner.span.start, inner.span.end) != (node.span.start, node.span.end)
    return True


def _same_operator(old: Node, new: Node) -> bool:
    return isinstance(old, Operation) and isinstance(new, Operation) and old.operator == new.operator


def _paired(gone: Sequence[Node], come: Sequence[Node]) -> dict[int, Node]:
    """Which new clause took the place of which old one, by the old one's identity: the most alike first.

    Clauses that share no fact are strangers to each other.
    """
    likeness = sorted(
        (
            (-found, number, index)
            for number, old in enumerate(gone)
            for index, new in enumerate(come)
            if (found := _likeness(old, new)) > 0
        )
    )
    pairs: dict[int, Node] = {}
    taken: set[int] = set()
    for _, number, index in likeness:
        if id(gone[number]) not in pairs and index not in taken:
            pairs[id(gone[number])] = come[index]
            taken.add(index)
    return pairs


def _likeness(old: Node, new: Node) -> float:
    """How much two clauses have in common, from 0: the facts that they read, then the words they are made of."""
    one, other = ({each.name for each in node.walk() if isinstance(each, Fact)} for node in (old, new))
    if not one & other:
        return 0.0
    shared = len(one & other) / len(one | other)
    return shared + (0.1 if _same_operator(old, new) else 0.0) + (0.05 if type(old) is type(new) else 0.0)


def _listed(node: Node) -> tuple[Node, tuple[Node, ...]] | None:
    """What is looked up, and the elements of the list that is written there."""
    if not isinstance(node, Operation) or node.operator not in ("in", "contains"):
        return None
    value, holder = node.operands if node.operator == "in" else node.operands[::-1]
    if isinstance(holder, Operation) and holder.operator == "list":
        return value, holder.operands
    return None


def _absent(these: Sequence[Node], others: Sequence[Node]) -> list[Node]:
    known = {meaning_of(each) for each in others}
    return [each for each in these if meaning_of(each) not in known]
