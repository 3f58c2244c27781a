"""What a stranger's rules may do to the recommendations of others: nothing, unless the service allows it by name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from attrs import field, frozen

from careplan.errors import Location, PluginError, Problem
from careplan.rules.ruleset import Contradiction, Rule, Ruleset

SHOWN = 5
"""How many of the rules it concerns an effect's description names."""


@frozen
class Permissions:
    """What a service allows each plugin to do to others, in the words of ``ForeignEffect.does``, by plugin."""

    may: Mapping[str, frozenset[str]] = field(factory=dict)

    def allow(self, plugin: str, does: str) -> bool:
        """Whether the plugin may do it."""
        return does in self.may.get(plugin, frozenset())


NOTHING = Permissions()
"""No plugin may affect others: how a service begins."""


@frozen
class ForeignEffect:
    """One thing that a rule does to rules of other modalities: ``does`` is what a permission names.

    ``touches`` are the rules it would change, or the modalities whose sections it would hold, sorted.
    """

    ruleset: str
    rule: str
    does: str
    touches: tuple[str, ...]
    location: Location | None = None

    def __str__(self) -> str:
        more = len(self.touches) - SHOWN
        shown = ", ".join(self.touches[:SHOWN]) + (f" and {more} more" if more > 0 else "")
        return f"{self.rule} {self.does} ({shown})"


def foreign_effects(own: Iterable[Ruleset], others: Iterable[Ruleset]) -> tuple[ForeignEffect, ...]:
    """What the rulesets ``own`` can do to the rulesets ``others``, in whatever versions they may meet.

    Withholding the plan or asking for its review is a safety finding where an emergency or safety rule does it, and
    belongs to nobody else; so are the contradiction that a detector reports and the caution of a tag nobody carries.
    """
    own, others = tuple(own), tuple(others)
    mine = {each.id for each in own}
    neighbours = [each for each in others if each.id not in mine]
    found = {
        effect: None
        for ruleset in own
        for source in _sources(ruleset)
        for effect in _Effects(ruleset, source, neighbours).found()
    }
    return tuple(sorted(found, key=lambda each: (each.ruleset, each.rule, each.does)))


def refuse_foreign_effects(
    plugin: str, own: Iterable[Ruleset], others: Iterable[Ruleset], permissions: Permissions = NOTHING
) -> None:
    """Raise PluginError for everything a plugin's rules do to others and the service does not allow."""
    refused = [each for each in foreign_effects(own, others) if not permissions.allow(plugin, each.does)]
    if refused:
        wanted = sorted({each.does for each in refused} | permissions.may.get(plugin, frozenset()))
        listed = ", ".join(f'"{each}"' for each in wanted)
        remedy = (
            "a plugin changes its own recommendations only; a service that wants this writes into its configuration: "
            f"[plugins.{plugin}] may = [{listed}]"
        )
        raise PluginError([*(Problem(str(each), each.location, "foreign") for each in refused), Problem(remedy)])


def _sources(ruleset: Ruleset) -> Iterator[Rule | Contradiction]:
    yield from ruleset.rules
    yield from ruleset.contradictions


@frozen
class _Effects:
    """The effects of one rule or detector on neighbouring rulesets."""

    ruleset: Ruleset
    source: Rule | Contradiction
    neighbours: Sequence[Ruleset]

    def found(self) -> Iterator[ForeignEffect]:
        each = self.source
        effects = self.of_rule(each) if isinstance(each, Rule) else self.of_contradiction(each)
        for does, touches in effects:
            if touches:
                yield ForeignEffect(self.ruleset.name, each.id, does, tuple(sorted(set(touches))), each.location)

    def of_rule(self, rule: Rule) -> Iterator[tuple[str, Collection[str]]]:
        effects = rule.effects
        for tag in effects.blocks:
            yield f"blocks {tag}", self.carriers(tag)
        for tag in effects.adapts:
            yield f"adapts {tag}", self.carriers(tag)
        if effects.keeps:
            cut = [each for each in self.rules() if each.priority in ("core", "adjunct")]
            yield "cuts the plan", [each.id for each in cut if each.id not in effects.keeps]
        if isinstance(effects.review, tuple):
            yield from ((f"reviews {name}", (name,)) for name in effects.review if name != self.ruleset.id)
        if rule.priority not in ("emergency", "safety"):
            everything = [each.id for each in self.rules()]
            if effects.withhold:
                yield "withholds the plan", everything
            if effects.review == "plan":
                yield "reviews the plan", everything
        if rule.derive:
            yield f"decides {rule.derive}", self.readers(rule.derive)

    def of_contradiction(self, found: Contradiction) -> Iterator[tuple[str, Collection[str]]]:
        for tag in found.holds_tags:
            yield f"holds {tag}", self.carriers(tag)
        known = {each.id for each in self.rules()}
        yield from ((f"holds {rule}", (rule,)) for rule in found.holds_rules if rule in known)
        yield f"decides {found.fact}", self.readers(found.fact)

    def rules(self) -> Iterator[Rule]:
        return (rule for each in self.neighbours for rule in each.rules)

    def carriers(self, tag: str) -> list[str]:
        """The rules that carry a tag, themselves or in a part."""
        return [rule.id for rule in self.rules() if tag in rule.tags or any(tag in part.tags for part in rule.parts)]

    def readers(self, fact: str) -> list[str]:
        """The rules and detectors that read a fact or must know it."""
        reading = [
            rule.id
            for rule in self.rules()
            if fact in rule.when.reads
            or fact in rule.requires_known
            or any(part.when is not None and fact in part.when.reads for part in rule.parts)
        ]
        return reading + [
            each.id for ruleset in self.neighbours for each in ruleset.contradictions if fact in each.when.reads
        ]
