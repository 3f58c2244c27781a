"""The live engine: conditions compiled for durable-rules, and durable-rules kept inside the limits it survives.

durable-rules 2.0.28 crashes, hangs or loses cases outside narrow bounds. Every bound is enforced here: one flat fact a
case and shard, few paths a shard, a sentinel that must fire, handles that belong to one thread, values it can parse.
"""

from __future__ import annotations

import json
import math
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Decimal
from itertools import count
from operator import itemgetter
from typing import Any

import durable_rules_engine as engine
from attrs import define, field, frozen

from careplan.cql import Expression, Type
from careplan.cql.compile import compile_trees
from careplan.errors import CareplanError
from careplan.rules.base import RuleBase
from careplan.rules.paths import Atom, Path, Property, paths
from careplan.rules.reference import by_stratum

VERSION = "durable-rules 2.0.28"
PATHS_PER_SHARD = 60
PROPERTIES_PER_SHARD = 240
LONGEST_STRING = 65_535
LARGEST_INTEGER = 2**53

_MARKER, _SID, _ID, _SENTINEL = "marker", "c", "f", "always"
_NAME_LENGTH = len(_SENTINEL)
"""Letters of every rule's name: all the same, so that a name is cut out of what the engine says without a search."""
_ALWAYS = f'"{_MARKER}":1,"sid":"{_SID}","id":"{_ID}"'
_POSTED = f'{{"sid":"{_SID}","id":"{_ID}"}}'
"""Names the one fact that a handle holds while it decides a case."""
_OPERATORS = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
_quoted = json.JSONEncoder(ensure_ascii=False).encode
_names = count()


class EngineFault(CareplanError):
    """durable-rules did something it must not do; no decision was made."""


Meaning = tuple[set[str], set[str]]
"""The conditions that a path makes true, and those it makes false."""


@frozen
class _Shard:
    """Some paths in one engine handle: its definition, the properties it reads, and what each rule name means."""

    definition: str
    properties: tuple[int, ...]
    meanings: Mapping[str, Meaning]
    posted: Callable[[list[str]], Iterable[str]] = field(init=False)

    @posted.default
    def _pieces_in_turn(self) -> Callable[[list[str]], Iterable[str]]:
        return itemgetter(0, *self.properties)

    def fact(self, written: list[str]) -> str:
        """The one fact posted to this shard, of what is written of every property."""
        return "{" + "".join(self.posted(written)) + "}"


@define
class _Handles:
    """The engine's handles of one thread of one process."""

    owner: tuple[int, int]
    handles: tuple[int, ...]


class DurableConditions:
    """Conditions that durable-rules decides, compiled once; ``decide`` answers true, false or unknown for each.

    ``types`` gives the declared type of every fact the conditions read.
    """

    def __init__(self, conditions: Mapping[str, Expression], types: Mapping[str, Type]) -> None:
        self._conditions = tuple(conditions)
        seen: dict[Property, None] = {}
        meanings: dict[Path, Meaning] = {}
        for name, condition in conditions.items():
            for truth, found in zip((True, False), paths(name, condition), strict=True):
                for path in found:
                    typed = frozenset(_declared(atom, types) for atom in path)
                    seen |= dict.fromkeys(atom.of for atom in sorted(typed, key=repr))
                    meanings.setdefault(typed, (set(), set()))[not truth].add(name)
        truths = {each: each.fact for each in seen if each.fact and types[each.fact] == Type.BOOLEAN}
        compared = {each: each.fact for each in seen if each.fact and types[each.fact] != Type.BOOLEAN}
        leaves = {each: each.leaf for each in seen if each.leaf}
        numbers = {each: number for number, each in enumerate([*truths, *compared, *leaves], start=1)}
        self._truths = [(name, _pieces(numbers[each])) for each, name in truths.items()]
        self._compared = [(name, f',"p{numbers[each]}":', each.decimal) for each, name in compared.items()]
        self._leaves = compile_trees({str(numbers[each]): leaf for each, leaf in leaves.items()})
        self._leaf_pieces = [_pieces(numbers[each]) for each in leaves]
        self._shards = tuple(_shards(meanings, numbers))
        self._handles = self._create()

    def _create(self) -> _Handles:
        handles = tuple(_open(shard.definition) for shard in self._shards)
        weakref.finalize(self, _close, os.getpid(), handles)
        with _named_faults():
            for shard, handle in zip(self._shards, handles, strict=True):
                # delete_state for a sid under which nothing ever fired frees uninitialised memory: fire once now.
                _fired(handle, shard.fact(self._written({})))
        return _Handles((os.getpid(), threading.get_ident()), handles)

    def decide(self, facts: Mapping[str, Any]) -> dict[str, bool | None]:
        """True, false or unknown (None) for every condition over the facts; unknown facts are absent or None."""
        if self._handles.owner != (os.getpid(), threading.get_ident()):
            self._handles = self._create()
        written = self._written(facts)
        true: set[str] = set()
        false: set[str] = set()
        with _named_faults():
            for shard, handle in zip(self._shards, self._handles.handles, strict=True):
                meanings = shard.meanings
                for rule in _fired(handle, shard.fact(written)):
                    makes_true, makes_false = meanings[rule]
                    true |= makes_true
                    false |= makes_false
        if both := sorted(true & false):
            raise EngineFault(f"{VERSION} found the condition of {both[0]} true and false at once")
        return {name: True if name in true else False if name in false else None for name in self._conditions}

    def _written(self, facts: Mapping[str, Any]) -> list[str]:
        """What is posted of every property, by its number: a piece of JSON, empty where it is unknown."""
        get = facts.get
        written = [_ALWAYS]
        for name, pieces in self._truths:
            value = get(name)
            if value is not None and value is not True and value is not False:
                raise EngineFault(f"{name} is {value!r}, and it should be true or false")
            written.append(pieces[value])
        for name, key, decimal in self._compared:
            value = get(name)
            written.append("" if value is None else key + _json(float(value) if decimal else value))
        written += [
            pieces[value] for pieces, value in zip(self._leaf_pieces, self._leaves(facts).values(), strict=True)
        ]
        return written


class Durable:
    """The live engine over a whole rule base: one set of compiled conditions a stratum."""

    name = VERSION

    def __init__(self, base: RuleBase) -> None:
        self._base = base
        self._strata = tuple(DurableConditions(stratum, base.types) for stratum in base.strata)

    def decide(self, facts: Mapping[str, Any]) -> dict[str, bool | None]:
        """True, false or unknown (None) for every condition of the base; unknown facts are absent or None."""
        return by_stratum(self._base, tuple(stratum.decide for stratum in self._strata), facts)


def _pieces(number: int) -> dict[bool | None, str]:
    """What is posted of a yes/no property by its value."""
    return {None: "", True: f',"p{number}":true', False: f',"p{number}":false'}


def _declared(atom: Atom, types: Mapping[str, Type]) -> Atom:
    """The atom with numbers on both sides in the type they are compared in."""
    fact = atom.of.fact
    if fact is None or isinstance(atom.constant, bool | str):
        return atom
    if types[fact] == Type.INTEGER and not atom.of.decimal:
        return atom
    return Atom(Property(fact=fact, decimal=True), atom.comparison, float(atom.constant))


def _shards(meanings: Mapping[Path, Meaning], properties: Mapping[Property, int]) -> Iterable[_Shard]:
    batch: list[Path] = []
    used: set[int] = set()
    for path in meanings:
        more = {properties[atom.of] for atom in path}
        if len(batch) == PATHS_PER_SHARD or len(used | more) > PROPERTIES_PER_SHARD:
            yield _shard(batch, used, meanings, properties)
            batch, used = [], set()
        batch.append(path)
        used |= more
    if batch:
        yield _shard(batch, used, meanings, properties)


def _shard(
    batch: list[Path], used: set[int], meanings: Mapping[Path, Meaning], properties: Mapping[Property, int]
) -> _Shard:
    refuse_collisions([*(f"p{index}" for index in sorted(used)), _MARKER, "sid", "id"])
    names = [f"r{number:0{_NAME_LENGTH - 1}}" for number in range(len(batch))]
    rules = {name: _rule(path, properties) for name, path in zip(names, batch, strict=True)}
    rules[_SENTINEL] = _rule(frozenset(), properties)
    definition = "{" + ",".join(f'"{name}":{rule}' for name, rule in rules.items()) + "}"
    means = {name: meanings[path] for name, path in zip(names, batch, strict=True)}
    return _Shard(definition, tuple(sorted(used)), means)


def _rule(path: Path, properties: Mapping[Property, int]) -> str:
    terms = [_term(atom, f"p{properties[atom.of]}") for atom in sorted(path, key=_rarest_first)]
    return '{"all":[{"m":{"$and":[' + ",".join(terms or [f'{{"{_MARKER}":1}}']) + "]}}]}"


def _rarest_first(atom: Atom) -> tuple[int, str]:
    """The order of atoms in a path: what seldom holds comes first, since the engine stops at the first that fails."""
    seldom = 0 if atom.constant is True else 2 if atom.constant is False else 1
    return seldom, repr(atom)


def _term(atom: Atom, name: str) -> str:
    equality = f'{{"{name}":{_json(atom.constant)}}}'
    return equality if atom.comparison == "==" else f'{{"{_OPERATORS[atom.comparison]}":{equality}}}'


def _json(value: Any) -> str:
    """The value in the JSON that durable-rules can parse; what it cannot hold is refused."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise EngineFault(f"the integer {value} is beyond 2^53")
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise EngineFault(f"{value} is not a number that can be compared")
        written = repr(value)
        if "e" not in written:
            return written
        written = format(Decimal(written), "f")
        return written if "." in written else written + ".0"
    if not isinstance(value, str):
        raise EngineFault(f"a {type(value).__name__} cannot be compared by the live engine")
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise EngineFault("a text with half a character (a lone surrogate) cannot be compared") from None
    if size > LONGEST_STRING:
        raise EngineFault(f"a text of {len(value):,} characters is too long to be compared")
    return _quoted(value)


def refuse_collisions(names: Iterable[str]) -> None:
    """Raise EngineFault if two names have one 32-bit FNV-1a hash, by which alone durable-rules tells them apart."""
    seen: dict[int, str] = {}
    for name in names:
        value = 0x811C9DC5
        for byte in name.encode():
            value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
        if seen.setdefault(value, name) != name:
            raise EngineFault(f"the properties {seen[value]} and {name} look the same to {VERSION}")


@contextmanager
def _named_faults() -> Iterator[None]:
    try:
        yield
    except engine.error as error:
        raise EngineFault(f"{VERSION} failed: {error}") from error


def _open(definition: str) -> int:
    with _named_faults():
        handle: int = engine.create_ruleset(f"careplan{next(_names)}", definition)
    return handle


def _close(process: int, handles: tuple[int, ...]) -> None:
    if process == os.getpid():
        for handle in handles:
            with suppress(engine.error):  # after a fault there is no state
                engine.delete_state(handle, _SID)  # delete_ruleset does not free it
            engine.delete_ruleset(handle)


def _fired(handle: int, fact: str) -> list[str]:
    """The names of the rules that fired on the fact; the handle then holds no fact, whatever happened.

    The fact is taken back rather than its state deleted: a new state costs half the decision. A fact that stayed
    behind could not go unseen, since the engine refuses a second one of the same id.
    """
    try:
        fired = _fire(handle, fact)
        engine.retract_fact(handle, _POSTED)
    except BaseException:
        engine.delete_state(handle, _SID)
        raise
    fired.remove(_SENTINEL)
    return fired


def _fire(handle: int, fact: str) -> list[str]:
    code, state = engine.assert_fact(handle, fact)
    if code not in (0, 1):
        raise EngineFault(f"{VERSION} answered a fact with code {code}")
    found = engine.start_action_for_state(handle, state)
    message = found[1] if found else None
    fired: list[str] = []
    while message:
        fired.append(message[2 : 2 + _NAME_LENGTH])
        message = engine.complete_and_start_action(handle, state)
    if _SENTINEL not in fired:
        raise EngineFault(f"{VERSION} lost a case: the rule that always fires did not")
    return fired
