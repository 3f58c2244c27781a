"""Everybody a vocabulary allows, as z3 variables: the facts, their domains, what follows from them, and one person.

A fact that follows by CQL (``derive``) follows from nothing else here: nobody types it in. A fact that is computed, or
comes from a questionnaire, may be anything in its domain, whatever the other answers are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

import z3
from attrs import define, field, frozen

from careplan.cql import Expression, Literal, Type
from careplan.cql.arithmetic import LARGEST
from careplan.rules.base import ANY_CONTRADICTION, RuleBase
from careplan.rules.proofs.smt import Translator
from careplan.rules.proofs.symbols import OTHER, Number, Term, Text, Truth, Unknown, Value, both, choose, either, no
from careplan.vocabulary.model import FactDefinition, Vocabulary

Person = Mapping[str, Any]
"""The facts that are known of somebody, but those that follow; what nobody asked about and counts as absent is."""
LONGEST_SAMPLE = 5
"""Characters of the strings tried when a pattern needs one."""


@frozen(eq=False)
class Condition:
    """A condition as z3 sees it: its value, the facts it rests on, and whether all of it has a faithful term."""

    value: Truth
    facts: frozenset[str]
    exact: bool


@define(eq=False, slots=False)
class Everybody:
    """The facts of all people that a vocabulary allows, and every condition of a rule base over them.

    ``free`` are facts that may be anything in their domain here although they follow from others.
    """

    vocabulary: Vocabulary
    base: RuleBase
    codes: Mapping[str, int]
    free: frozenset[str] = frozenset()
    _given: dict[str, _Known] = field(factory=dict, init=False)
    _seen: dict[str, _Known] = field(factory=dict, init=False)
    _conditions: dict[str, Condition] = field(factory=dict, init=False)
    _domains: dict[str, Term] = field(factory=dict, init=False)

    def condition(self, name: str) -> Condition:
        """A condition of the base, by its name."""
        if name not in self._conditions:
            self._conditions[name] = self.translated(self.base.conditions[name])
        return self._conditions[name]

    def translated(self, expression: Expression) -> Condition:
        """A condition as rules have it."""
        found = self._translated(expression, self.seen)
        value = found.value if isinstance(found.value, Truth) else Truth(False, False)
        return Condition(value, found.facts, found.exact)

    def seen(self, name: str) -> _Known:
        """A fact as conditions see it: given, or else written by other conditions."""
        if name not in self._seen:
            found = self.given(name)
            for written in self._written(name):
                known = no(found.value.known)
                value = choose(known, written.value, found.value)
                found = _Known(value, found.facts | written.facts, found.exact and written.exact)
            self._seen[name] = found
        return self._seen[name]

    def _written(self, name: str) -> Iterable[_Known]:
        """What conditions write for a fact, the one that stands first: earlier strata, then the last in a stratum."""
        if name == ANY_CONTRADICTION:
            all_of_them = [self.condition(each) for each in self.base.contradictions]
            yes = either(*(each.value.yes for each in all_of_them))
            facts = frozenset[str]().union(*(each.facts for each in all_of_them))
            yield _Known(Truth(yes, no(yes)), facts, all(each.exact for each in all_of_them))
        for stratum in self.base.strata:
            for writer, fact in reversed(self.base.writes.items()):
                if fact == name and writer in stratum:
                    found = self.condition(writer)
                    yield _Known(found.value, found.facts, found.exact)

    def given(self, name: str) -> _Known:
        """A fact as the vocabulary has it: an answer, or what follows from answers."""
        if name not in self._given:
            self._given[name] = self._from_vocabulary(self.vocabulary[name])
        return self._given[name]

    def _from_vocabulary(self, fact: FactDefinition) -> _Known:
        if fact.id in self.free:
            return _Known(_variable(fact), frozenset({fact.id}), exact=True)
        if fact.decided_by is not None:
            return _Known(Unknown(), frozenset(), exact=True)
        if fact.derive is not None:
            found = self._translated(fact.derive, self.given)
            return _Known(found.value, found.facts | {fact.id}, found.exact)
        variable = _variable(fact)
        if fact.otherwise is None:
            return _Known(variable, frozenset({fact.id}), exact=True)
        found = self._translated(fact.otherwise, self.given)
        self._domains[fact.id] = both(
            _domain(fact, variable, self.codes), either(variable.known, no(found.value.known))
        )
        return _Known(variable, found.facts | {fact.id}, found.exact)

    def _translated(self, expression: Expression, look: Callable[[str], _Known]) -> _Known:
        translator = Translator(self.codes)
        below = {name: look(name) for name in sorted(expression.reads)}
        value = translator.value(expression.tree, lambda name: below[name].value)
        facts = frozenset[str]().union(*(each.facts for each in below.values()))
        return _Known(value, facts, not translator.opaque and all(each.exact for each in below.values()))

    def known(self, names: Iterable[str]) -> Condition:
        """Whether all of these facts are known."""
        found = [self.seen(name) for name in names]
        yes = both(*(each.value.known for each in found))
        facts = frozenset[str]().union(*(each.facts for each in found))
        return Condition(Truth(yes, no(yes)), facts, all(each.exact for each in found))

    def domains(self, facts: frozenset[str]) -> list[Term]:
        """What holds of these facts for everybody, and of the numbers that follow from them alone."""
        related = [name for name in self._followers if self.given(name).facts - {name} <= facts]
        return [found for name in sorted(facts.union(related)) if (found := self._domain(name)) is not True]

    @property
    def _followers(self) -> Iterable[str]:
        """The facts that follow from others and have to lie in a range or among values."""
        return (each.id for each in self.vocabulary if each.derive is not None and (each.range or each.values))

    def _domain(self, name: str) -> Term:
        if name not in self._domains:
            fact = self.vocabulary[name]
            value = self.given(name).value
            self._domains.setdefault(name, _domain(fact, value, self.codes))
        return self._domains[name]

    def numbers(self, facts: Iterable[str]) -> list[Term]:
        """The variables of the facts that are numbers and do not follow."""
        answered = (name for name in sorted(facts) if self.vocabulary[name].derive is None or name in self.free)
        values = (self.given(name).value for name in answered)
        return [each.value for each in values if isinstance(each, Number)]

    def person(self, model: Any, facts: Iterable[str]) -> dict[str, Any] | None:
        """The person of a model, by the facts that do not follow; None where a string in it cannot be written down."""
        texts = {code: text for text, code in self.codes.items()}
        found: dict[str, Any] = {}
        for name in sorted(facts):
            fact = self.vocabulary[name]
            if fact.derive is not None and name not in self.free:
                continue
            value = _value(fact, self.given(name).value, model, texts)
            if value == _NOWHERE:
                return None
            if value is not None and not (fact.not_recorded == "assumed_no" and value is False):
                found[name] = value
        return found


@frozen(eq=False)
class _Known:
    """A value with the facts it rests on, and whether all of it has a faithful term."""

    value: Value
    facts: frozenset[str]
    exact: bool


_NOWHERE = object()


def everybody(vocabulary: Vocabulary, *bases: RuleBase) -> list[Everybody]:
    """The same people for each rule base."""
    codes = _codes(vocabulary, bases)
    return [Everybody(vocabulary, base, codes) for base in bases]


def _codes(vocabulary: Vocabulary, bases: Iterable[RuleBase]) -> dict[str, int]:
    """The code of every string in the vocabulary and in conditions, in their order."""
    expressions = [each for base in bases for each in base.conditions.values()]
    expressions += [rule for each in vocabulary if (rule := each.derive or each.otherwise)]
    texts = {text for each in vocabulary for text in each.values or ()}
    for each in expressions:
        texts |= {node.value for node in each.tree.walk() if isinstance(node, Literal) and isinstance(node.value, str)}
    return {text: code for code, text in enumerate(sorted(texts))}


def _variable(fact: FactDefinition) -> Value:
    """The variables of a fact: whether it is known, and what it is."""
    known: Term = True if fact.not_recorded == "assumed_no" else z3.Bool(f"{fact.id} known")
    if fact.type == Type.BOOLEAN:
        value = z3.Bool(fact.id)
        return Truth(both(known, value), both(known, no(value)))
    if fact.type == Type.STRING:
        return Text(known, z3.Int(fact.id))
    whole = fact.type == Type.INTEGER
    return Number(known, z3.Int(fact.id) if whole else z3.Real(fact.id), whole=whole)


def _domain(fact: FactDefinition, value: Value, codes: Mapping[str, int]) -> Term:
    """What holds of the value of a fact where it is known."""
    allowed: Term = True
    if isinstance(value, Number):
        low, high = fact.range or (-LARGEST, LARGEST)
        allowed = both(value.value >= _exactly(low), value.value <= _exactly(high))
    elif isinstance(value, Text):
        fitting = [code for text, code in codes.items() if _fits(fact, text)]
        others = [] if fact.values else [OTHER]
        allowed = either(*(value.code == code for code in fitting + others))
    return True if allowed is True else either(no(value.known), allowed)


def _fits(fact: FactDefinition, text: str) -> bool:
    try:
        return fact.checked(text) == text
    except ValueError:
        return False


def _exactly(bound: float) -> Term:
    return z3.RealVal(str(Fraction(str(bound))))


def _value(fact: FactDefinition, value: Value, model: Any, texts: Mapping[int, str]) -> Any:
    """The value of a fact in a model, None where it is unknown."""
    if isinstance(value, Unknown) or not _holds(model, value.known):
        return None
    if isinstance(value, Truth):
        return _holds(model, value.yes)
    if isinstance(value, Text):
        code = model.eval(value.code, model_completion=True).as_long()
        return sample(fact.pattern, frozenset(texts.values())) if code == OTHER else texts[code]
    assert isinstance(value, Number)
    found = model.eval(value.value, model_completion=True)
    if value.whole:
        return found.as_long()
    return float(Fraction(str(found)) if z3.is_rational_value(found) else Fraction(str(found.approx(12))))


def _holds(model: Any, term: Term) -> bool:
    return term if isinstance(term, bool) else bool(z3.is_true(model.eval(term, model_completion=True)))


@lru_cache(maxsize=256)
def sample(pattern: str | None, written: frozenset[str]) -> Any:
    """A string that fits the pattern and is written down nowhere else; a mark of its own where none is found.

    It is made of the characters in the pattern, of at most five.
    """
    if pattern is None:
        return next(text for number in range(len(written) + 1) if (text := f"other {number}") not in written)
    letters = [each for each in dict.fromkeys(pattern) if each.isalnum() or each in ":-_/. "]
    for length in range(1, LONGEST_SAMPLE + 1):
        for characters in product(letters, repeat=length):
            text = "".join(characters)
            if re.fullmatch(pattern, text) and text not in written:
                return text
    return _NOWHERE
