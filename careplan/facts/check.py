"""Whether every road of a vocabulary leads somewhere: the functions, instruments and fields it names exist."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping

from attrs import fields_dict

from careplan.assessment import Person
from careplan.errors import Problem, VocabularyError, nearest
from careplan.facts.computed import COMPUTED
from careplan.facts.roads import Functions
from careplan.instruments import Instrument
from careplan.vocabulary.model import FactDefinition, Vocabulary


def check_roads(vocabulary: Vocabulary, instruments: Mapping[str, Instrument], functions: Functions) -> None:
    """Raise VocabularyError with every fact that could never be known, and every function that is never asked."""
    problems = [
        Problem(f"{name!r} is the name of a built-in function; call the plugin's otherwise", code="duplicate")
        for name in sorted(functions.keys() & COMPUTED.keys())
    ]
    for fact in vocabulary:
        problems += [
            Problem(f"{fact.id}: {message}", fact.location)
            for message in (*_function(fact, functions), *_score(fact, instruments), *_paths(fact, instruments))
        ]
    if problems:
        raise VocabularyError(problems)


def _function(fact: FactDefinition, functions: Functions) -> Iterator[str]:
    if fact.compute is None:
        return
    known = {**functions, **COMPUTED}
    if fact.compute not in known:
        yield f"there is no function {fact.compute!r}{nearest(fact.compute, known)}"
        return
    wanted = inspect.signature(known[fact.compute])
    try:
        wanted.bind(None, **fact.arguments)
    except TypeError as error:
        yield f"{fact.compute} cannot be called with these arguments: {error}"


def _score(fact: FactDefinition, instruments: Mapping[str, Instrument]) -> Iterator[str]:
    if fact.score is None:
        return
    instrument, score = fact.score.split(".", 1)
    if instrument not in instruments:
        yield f"there is no instrument {instrument!r}{nearest(instrument, instruments)}"
        return
    scores = [each.id for each in instruments[instrument].scores]
    if score not in scores:
        yield f"{instrument} has no score {score!r}{nearest(score, scores)}"


def _paths(fact: FactDefinition, instruments: Mapping[str, Instrument]) -> Iterator[str]:
    for path in fact.intake:
        head, _, rest = path.partition(".")
        if head == "person" and rest not in fields_dict(Person):
            yield f"a person has no {rest!r}{nearest(rest, fields_dict(Person))}"
        if head == "answers":
            instrument, _, item = rest.partition(".")
            if instrument not in instruments:
                yield f"there is no instrument {instrument!r}{nearest(instrument, instruments)}"
                continue
            items = [each.id for each in instruments[instrument].items]
            if item not in items:
                yield f"{instrument} has no item {item!r}{nearest(item, items)}"
