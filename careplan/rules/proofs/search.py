"""The search for somebody: a question to z3, and the person it finds, confirmed by the reference engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal

import z3
from attrs import define, field, frozen

from careplan.errors import IntakeError
from careplan.facts import complete_facts
from careplan.rules.base import Outcomes, RuleBase
from careplan.rules.proofs.everybody import Condition, Everybody, Person
from careplan.rules.proofs.symbols import Term
from careplan.rules.reference import Reference
from careplan.vocabulary.model import Vocabulary

ATTEMPTS = 6
"""How many people the solver finds before it is believed that the reference confirms none."""
DIGITS = (0, 1, 2, 4, 8)
"""Decimals are shown with the fewest of these digits behind the point that still make the case."""


@frozen
class Decided:
    """All that is known of a person, what conditions wrote included, and the outcome of every condition."""

    facts: Mapping[str, Any]
    outcomes: Outcomes


@frozen
class Answer:
    """Whether there is somebody: ``nobody`` is proved, ``somebody`` is confirmed by the reference.

    ``unconfirmed`` is somebody for whom the reference says otherwise; of what is ``undecided`` nothing is known.
    """

    said: Literal["nobody", "somebody", "undecided", "unconfirmed"]
    person: Person | None = None


@define(eq=False)
class Replay:
    """The reference over people: their facts completed, then every condition decided."""

    base: RuleBase
    vocabulary: Vocabulary
    _reference: Reference = field(init=False)
    _assumed: dict[str, bool] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._reference = Reference(self.base)
        self._assumed = {each.id: False for each in self.vocabulary if each.not_recorded == "assumed_no"}

    def decide(self, person: Person) -> Decided | None:
        """What becomes of a person; None where nobody can be like that."""
        try:
            facts = complete_facts({**self._assumed, **person}, self.vocabulary).values
        except IntakeError:
            return None
        outcomes = self._reference.decide(facts)
        return Decided(self.base.written(outcomes) | dict(facts), outcomes)


@define(eq=False)
class Search:
    """Asks z3, each question for at most ``timeout`` seconds, and counts the questions."""

    timeout: float
    asked: int = 0
    _solver: Any = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._solver = z3.Solver()
        self._solver.set("timeout", max(1, int(self.timeout * 1000)))

    def ask(
        self,
        people: Everybody,
        goal: Term,
        conditions: Iterable[Condition],
        confirms: Callable[[Person], bool],
        *,
        simple: bool = True,
    ) -> Answer:
        """Somebody for whom the goal holds; ``conditions`` are those that the goal is made of.

        With ``simple`` they are as simple as can be, which takes longer.
        """
        if goal is False:
            return Answer("nobody")
        conditions = tuple(conditions)
        facts = frozenset[str]().union(*(each.facts for each in conditions))
        self.asked += 1
        self._solver.push()
        try:
            self._solver.add(goal, *people.domains(facts))
            said = self._solver.check()
            if said == z3.unsat:
                return Answer("nobody")
            if said != z3.sat:
                return Answer("undecided")
            found = list(self._confirmed(people, facts, confirms))
        finally:
            self._solver.pop()
        person, confirmed = found[-1]
        if confirmed and person is not None:
            return Answer("somebody", simplest(person, confirms) if simple else person)
        exact = person is not None and all(each.exact for each in conditions)
        return Answer("unconfirmed" if exact else "undecided", person)

    def _confirmed(
        self, people: Everybody, facts: frozenset[str], confirms: Callable[[Person], bool]
    ) -> Iterator[tuple[Person | None, bool]]:
        """Those that the solver finds, up to the first that is confirmed; from the second on with other numbers.

        The second has decimals that float64 holds exactly, if there is such a person.
        """
        numbers = people.numbers(facts)
        grid = z3.Bool("decimals are quarters")
        for attempt in range(ATTEMPTS):
            if attempt == 1:
                self._solver.add([z3.Implies(grid, z3.IsInt(4 * each)) for each in numbers if each.is_real()])
            if attempt and self._solver.check(*([grid] if attempt == 1 else [])) != z3.sat:
                continue
            model = self._solver.model()
            person = people.person(model, facts)
            for digits in (None, *reversed(DIGITS)) if person is not None else ():
                candidate = _rounded(person or {}, digits)
                if confirms(candidate):
                    yield candidate, True
                    return
            yield person, False
            self._solver.add(z3.Or([number != model.eval(number, model_completion=True) for number in numbers]))


def simplest(person: Person, confirms: Callable[[Person], bool]) -> Person:
    """The person without the facts that do not matter, and with decimals as short as they can be."""
    for name in person:
        without = {other: value for other, value in person.items() if other != name}
        if confirms(without):
            person = without
    for name, value in person.items():
        if isinstance(value, float):
            for digits in DIGITS:
                shorter = {**person, name: round(value, digits)}
                if confirms(shorter):
                    person = shorter
                    break
    return person


def _rounded(person: Person, digits: int | None) -> Person:
    if digits is None:
        return person
    return {name: round(value, digits) if isinstance(value, float) else value for name, value in person.items()}
