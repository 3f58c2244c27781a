"""What an instrument is: its items, how answers become scores, and what the scores mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

from attrs import define, field, frozen

from careplan.cql import Expression, Type
from careplan.errors import Location

Certainty = Literal["sourced", "unverified"]
Direction = Literal["higher_worse", "higher_better"]
ItemType = Literal["ordinal", "numeric", "boolean", "choice", "sites", "time"]
Kind = Literal["sum", "mean", "weighted", "t_table", "algorithm"]
MissingRule = Literal["all_required", "prorate", "prorate_by_form", "min_answered", "of_scores", "bounds", "goals_set"]
Rounding = Literal["half_up", "up"]
Sex = Literal["male", "not_male", "female", "not_female"]
Number = int | Fraction
"""What is computed with: nothing is lost to binary floats."""


@frozen
class Licence:
    """Whether the wording of the items may be shipped, and why."""

    wording: Literal["free", "scoring_only"]
    note: str


@frozen
class Option:
    """One answer to choose. A site belongs to a ``region``, which it may or may not make painful."""

    value: int | str
    label: str
    region: str | None = None
    counts_for_region: bool = True


@frozen
class Unanswered:
    """What an open item counts as: ``counts_as``, ``when`` the condition holds, or always."""

    counts_as: int
    when: Expression | None = None


@frozen
class Item:
    """One question. ``label`` is ours; ``text`` is the instrument's wording, where it is free.

    ``points`` maps a stored answer to its points; ``reversed`` turns it to ``min + max - answer``. An item that does
    not count is left out of "answered of". ``weighs`` names the item whose weight this is. Times are hours, [0, 24).
    """

    id: str
    type: ItemType
    label: str
    min: int | None = None
    max: int | None = None
    reversed: bool = False
    whole: bool = True
    text: str | None = None
    options: tuple[Option, ...] = ()
    points: Mapping[int, int] = field(factory=dict)
    unanswered: Unanswered | None = None
    optional: bool = False
    counts: bool = True
    weighs: str | None = None

    @property
    def facts(self) -> dict[str, Type]:
        """What expressions may read of this item, with types: its points, or what its sites come to."""
        if self.type == "sites":
            return {f"{self.id}.count": Type.INTEGER, f"{self.id}.regions": Type.INTEGER}
        if self.type == "choice" and any(isinstance(each.value, str) for each in self.options):
            return {self.id: Type.STRING}
        return {self.id: Type.INTEGER if self.whole else Type.DECIMAL}

    @property
    def possible(self) -> tuple[int, ...]:
        """Every number of points an item with whole answers can give, the lowest first."""
        if self.points:
            return tuple(sorted(set(self.points.values())))
        if self.options and self.type == "choice":
            return tuple(sorted(each.value for each in self.options if isinstance(each.value, int)))
        assert self.min is not None
        assert self.max is not None
        return tuple(range(self.min, self.max + 1))


@frozen
class Input(Item):
    """A measured value that answers items left open; ``source`` says where an assessment holds it."""

    source: str | None = None


@frozen
class Derive:
    """How an input answers an item: yes where it stands so to the value, or to the value for the sex (``by_sex``)."""

    op: Literal["gt", "ge", "lt", "le", "eq"]
    input: str
    value: int | str | None = None
    by_sex: Mapping[str, int] = field(factory=dict)


@frozen
class Missing:
    """What becomes of a score when answers are missing. ``n``: most that may be missing, or fewest answered."""

    rule: MissingRule
    n: int = 0
    rounding: Rounding = "half_up"
    min_answered: Mapping[str, int] = field(factory=dict)
    certainty: Certainty = "sourced"


@frozen
class Gate:
    """An answer that fixes the score whatever else is answered; while it is open the score is unknown."""

    item: str
    equals: int
    score: int


@frozen
class Score:
    """One result of an instrument. ``decimals`` are kept, half up; None keeps the value as it is.

    ``weights`` are by sex, or for everybody under ``""``. ``tables`` turn the score ``of_score`` into this one, by
    form or under ``""``. An algorithm is ``cql``, or a named ``method`` where CQL cannot say it; ``algorithm`` tells
    it in words.
    """

    id: str
    title: str
    kind: Kind
    items: tuple[str, ...]
    missing: Missing
    type: Type
    direction: Direction = "higher_worse"
    min: int | float | None = None
    max: int | float | None = None
    decimals: int | None = None
    factor: Fraction = Fraction(1)
    weights: Mapping[str, tuple[Fraction, ...]] = field(factory=dict)
    of_score: str | None = None
    of_scores: tuple[str, ...] = ()
    tables: Mapping[str, Mapping[int, float]] = field(factory=dict)
    table_by: str | None = None
    gate: Gate | None = None
    value: Literal["number", "boolean", "category"] = "number"
    options: tuple[str, ...] = ()
    cql: Expression | None = None
    method: str | None = None
    algorithm: tuple[str, ...] = ()
    safety: bool = False
    certainty: Certainty = "sourced"
    location: Location | None = None


@frozen
class Band:
    """A range of a score, both ends included, with what it is called; for one sex only where ``sex`` is given."""

    scale: str
    score: str
    id: str
    label: str
    low: int | float
    high: int | float
    source: str
    certainty: Certainty
    sex: Sex | None = None


@frozen
class Change:
    """The smallest change of a score that matters to people, in points or in percent of the first value."""

    score: str
    mcid: int | float
    kind: Literal["absolute", "percent"]
    improvement: Literal["decrease", "increase"]
    source: str
    certainty: Certainty
    note: str | None = None


@frozen
class Loinc:
    """LOINC codes of the panel (or of each form's), the total and the items in order."""

    panel: str | Mapping[str, str] | None = None
    total: str | None = None
    items: tuple[str | None, ...] = ()


@frozen
class Flag:
    """Something to notice beyond the scores: ``when`` it holds, ``action`` is due."""

    id: str
    when: Expression | None = None
    action: str | None = None
    items: tuple[str, ...] = ()
    note: str | None = None


@frozen
class DerivedFrom:
    """The longer instrument whose answers this one can be taken from: its items by ours, and answers that are set."""

    instrument: str
    items: Mapping[str, str]
    set: Mapping[str, Any] = field(factory=dict)


@frozen
class Forms:
    """The answer to ``item`` says which form was used, and so how many of the items that count belong to it."""

    item: str
    sizes: Mapping[str, int]


@define(frozen=True, slots=False, eq=False)
class Instrument:
    """A questionnaire with its scoring. Instruments are compared by identity.

    ``terms`` are named CQL expressions over items and earlier terms, for scores and flags to read.
    """

    id: str
    title: str
    version: str
    licence: Licence
    recall_period: str
    items: tuple[Item, ...]
    scores: tuple[Score, ...]
    bands: tuple[Band, ...] = ()
    terms: Mapping[str, Expression] = field(factory=dict)
    change: tuple[Change, ...] = ()
    flags: tuple[Flag, ...] = ()
    loinc: Loinc | None = None
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stem: str | None = None
    labels_certainty: Certainty = "sourced"
    derived_from: DerivedFrom | None = None
    inputs: tuple[Input, ...] = ()
    derive: Mapping[str, Derive] = field(factory=dict)
    forms: Forms | None = None
    location: Location | None = None

    @cached_property
    def item(self) -> dict[str, Item]:
        """Every item by its id."""
        return {each.id: each for each in self.items}

    @cached_property
    def score(self) -> dict[str, Score]:
        """Every score by its id."""
        return {each.id: each for each in self.scores}

    @cached_property
    def scales(self) -> dict[str, tuple[Band, ...]]:
        """The bands of every scale, in order."""
        found: dict[str, tuple[Band, ...]] = {}
        for band in self.bands:
            found[band.scale] = (*found.get(band.scale, ()), band)
        return found

    def fact(self, score: str) -> str:
        """The id of the fact that holds a score."""
        return f"{self.id}.{score}"

    def bands_of(self, score: str, sex: str | None) -> tuple[Band, ...]:
        """The bands of a score that count for a sex."""
        fits = {None, "male" if sex == "male" else "not_male", "female" if sex == "female" else "not_female"}
        return tuple(each for each in self.bands if each.score == score and each.sex in fits)

    def band(self, score: str, value: int | float | bool | str | None, sex: str | None) -> Band | None:
        """The band a value of a score lies in; None for no value, no number or no bands."""
        if value is None or isinstance(value, bool | str):
            return None
        return next((each for each in self.bands_of(score, sex) if each.low <= value <= each.high), None)

    def answerable(self) -> Iterator[Item]:
        """The items, then the inputs: all that a map of answers may hold."""
        yield from self.items
        yield from self.inputs


@frozen
class Scored:
    """The result of one instrument: a score that cannot be had is None, and so is its band.

    Whole scores are ints, others floats; ``flags`` are the ids of those that hold.
    """

    instrument: str
    scores: Mapping[str, int | float | bool | str | None]
    bands: Mapping[str, str | None]
    answered: int
    of: int
    prorated: Mapping[str, bool]
    flags: tuple[str, ...] = ()
