"""The roads of a vocabulary: where each fact that is not derived gets its value from an assessment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from attrs import frozen

from careplan.assessment import Checklist
from careplan.errors import Problem, nearest
from careplan.facts.computed import COMPUTED, Case
from careplan.vocabulary.model import FactDefinition, Listed, Value, Vocabulary

Read = Callable[[Case], Any]
Functions = Mapping[str, Callable[..., Any]]
"""The functions plugins bring for their facts, by the names that ``compute:`` uses."""


@frozen
class Roads:
    """The facts of a vocabulary by the road their values take; compiled once, walked for every case.

    ``computed`` are those of built-in functions, ``brought`` those of functions that plugins bring.
    """

    scores: tuple[tuple[FactDefinition, str, str], ...]
    intake: tuple[tuple[FactDefinition, tuple[Read, ...]], ...]
    computed: tuple[tuple[FactDefinition, Read], ...]
    brought: tuple[FactDefinition, ...]
    lists: Mapping[Listed, ListRoad]
    assumed: tuple[FactDefinition, ...]


@frozen
class ListRoad:
    """The facts of one list: their ids by word, and all of them false, as a whole and by group."""

    name: Listed
    ids: Mapping[str, str]
    all_no: Mapping[str, bool]
    no_by_group: Mapping[str, Mapping[str, bool]]

    def walk(self, checklist: Checklist, known: dict[str, Value], problems: list[Problem]) -> None:
        """Note what the list says: present, denied, or not listed though it was gone through."""
        if checklist.reviewed is True:
            known.update(self.all_no)
        for group in checklist.reviewed if isinstance(checklist.reviewed, tuple) else ():
            known.update(self.no_by_group.get(group, {}))
        for value, words in ((False, checklist.denied), (True, checklist.present)):
            for word in words:
                if word in self.ids:
                    known[self.ids[word]] = value
                else:
                    message = f"{self.name} has no {word!r}{nearest(word, self.ids)}"
                    problems.append(Problem(message, code="unknown_id"))
        both = sorted(set(checklist.present) & set(checklist.denied))
        problems += [Problem(f"{self.name}: {word!r} is both present and denied", code="disagree") for word in both]


@lru_cache(maxsize=32)
def roads(vocabulary: Vocabulary) -> Roads:
    """The roads of a vocabulary."""
    return Roads(
        scores=tuple((each, *each.score.split(".", 1)) for each in vocabulary if each.score),  # type: ignore[misc] # split gives two words: read.py checks the form
        intake=tuple((each, tuple(_path(path, each) for path in each.intake)) for each in vocabulary if each.intake),
        computed=tuple((each, _computed(each)) for each in vocabulary if each.compute in COMPUTED),
        brought=tuple(each for each in vocabulary if each.compute and each.compute not in COMPUTED),
        lists={name: _list(name, facts) for name, facts in vocabulary.lists.items()},
        assumed=tuple(each for each in vocabulary if each.not_recorded == "assumed_no"),
    )


def _list(name: Listed, facts: Mapping[str, FactDefinition]) -> ListRoad:
    groups: dict[str, dict[str, bool]] = {}
    for each in facts.values():
        groups.setdefault(each.group, {})[each.id] = False
    ids = {word: each.id for word, each in facts.items()}
    return ListRoad(name, ids, dict.fromkeys(ids.values(), False), groups)


def _path(path: str, fact: FactDefinition) -> Read:
    """What reads one path of the intake."""
    head, _, rest = path.partition(".")
    if head == "measures":
        return lambda case: case.assessment.measures.get(rest)
    if head == "answers":
        instrument, _, item = rest.partition(".")
        return _yes_no(instrument, item) if fact.type.name == "Boolean" else _answer(instrument, item)
    if head == "person":
        return lambda case: getattr(case.assessment.person, rest)
    if rest == "reviewed":
        return lambda case: getattr(case.assessment, head).reviewed is True
    if rest:
        return lambda case: True if rest in getattr(case.assessment, head) else None
    return lambda case: getattr(case.assessment, head)


def _answer(instrument: str, item: str) -> Read:
    return lambda case: case.answers(instrument).get(item)


def _yes_no(instrument: str, item: str) -> Read:
    """An answer of a yes/no item, which may be written 1 or 0."""

    def read(case: Case) -> Any:
        answer = case.answers(instrument).get(item)
        return answer == 1 if answer in (0, 1) else answer

    return read


def _computed(fact: FactDefinition) -> Read:
    """What computes a fact by its built-in function."""
    return partial(COMPUTED[fact.compute or ""], **fact.arguments)
