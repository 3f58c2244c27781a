"""All that is told of a rule or a contradiction detector, section by section, in whatever it is then written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from careplan.cql import Expression
from careplan.rules.compare.history import history
from careplan.rules.ruleset import Contradiction, Effects, Part, Rule, Ruleset
from careplan.rules.ruletests import RuleTest
from careplan.rules.words import Outline, in_words
from careplan.vocabulary.model import Vocabulary

AUDIENCES = {
    "both": "in both editions",
    "clinician": "for the clinician only",
    "confidential": "confidential: in the clinician's own edition only",
}


@frozen
class About:
    """What is told beside a rule: the version it is shown from, all versions, its tests, and what facts mean."""

    ruleset: Ruleset
    versions: Sequence[Ruleset]
    tests: Sequence[RuleTest]
    vocabulary: Vocabulary

    def tests_of(self, name: str) -> tuple[RuleTest, ...]:
        """The tests of a rule and its parts, or of a detector."""
        return tuple(each for each in self.tests if each.rule.partition("#")[0] == name)

    def history(self, name: str) -> tuple[str, ...]:
        """What became of it, a line a version."""
        steps = history(name, self.versions)
        return tuple(f"{each.ruleset.name}, from {each.ruleset.effective}: {', '.join(each.changed)}" for each in steps)

    def outline(self, condition: Expression) -> Outline:
        """A condition in words."""
        return in_words(condition.tree, self.vocabulary)


@frozen
class Condition:
    """A condition, and what it says."""

    condition: Expression
    outline: Outline


@frozen
class Text:
    """A paragraph under a heading."""

    heading: str
    text: str


@frozen
class Names:
    """Names of facts, tags or rules under a heading."""

    heading: str
    names: tuple[str, ...]


@frozen
class Lines:
    """A list under a heading."""

    heading: str
    lines: tuple[str, ...]


@frozen
class Parts:
    """The parts of a recommendation."""

    parts: tuple[Part, ...]


@frozen
class Tests:
    """The tests."""

    tests: tuple[RuleTest, ...]


Section = Condition | Text | Names | Lines | Parts | Tests


def told(found: Rule | Contradiction, about: About) -> Iterator[Section]:
    """The sections in their order, without those that have nothing to say."""
    sections = _of_rule(found) if isinstance(found, Rule) else _of_contradiction(found)
    yield Condition(found.when, about.outline(found.when))
    for each in (*sections, Tests(about.tests_of(found.id)), Lines("History", about.history(found.id))):
        said = {Text: "text", Names: "names", Lines: "lines", Parts: "parts", Tests: "tests"}[type(each)]
        if getattr(each, said):
            yield each


def status(found: Rule | Contradiction) -> str:
    """What kind of rule it is, and who reads it."""
    if isinstance(found, Rule):
        return f"{found.priority} {found.kind}, {AUDIENCES[found.audience]}"
    return "finds answers that do not fit together"


def unverified(found: Rule | Contradiction) -> str | None:
    """What was not checked against its source; None where all was."""
    if isinstance(found, Rule) and found.certainty == "unverified":
        return found.uncertain or "not checked against its source"
    return None


def _of_rule(rule: Rule) -> tuple[Text | Names | Lines | Parts, ...]:
    return (
        Names("Must be known", rule.requires_known),
        Names("Waits for", rule.after),
        Names("Asks for", rule.asks),
        Names("Tags", rule.tags),
        Names("Helps with", rule.helps),
        Lines("Effects", tuple(_effects(rule.effects))),
        Text("For the patient", rule.patient or ""),
        Text("For the clinician", rule.clinician or ""),
        Parts(rule.parts),
        Text("Because", rule.because),
        Lines("Evidence", tuple(f"{each.cite} ({each.grade})" for each in rule.evidence)),
        Text("Notes", rule.notes or ""),
    )


def _of_contradiction(found: Contradiction) -> tuple[Text | Names, ...]:
    return (
        Names("Holds recommendations with the tags", found.holds_tags),
        Names("Holds the rules", found.holds_rules),
        Names("Affects", found.affects),
        Text("Until it is resolved", f"{found.safe_reading} ({found.resolution})"),
    )


def _effects(effects: Effects) -> Iterator[str]:
    """What a rule does to the plan and to other recommendations, a line each."""
    if effects.withhold:
        yield "withholds the plan"
    if effects.review == "plan":
        yield "the plan waits for a clinician's review"
    elif effects.review:
        yield f"these modalities wait for a clinician's review: {', '.join(effects.review)}"
    if effects.blocks:
        yield f"blocks {', '.join(effects.blocks)}"
    for tag, text in effects.adapts.items():
        yield f"adapts {tag}: {text}"
    if effects.keeps:
        yield f"keeps only {', '.join(effects.keeps)}"


def part_said(part: Part, condition: str | None) -> str:
    """A part, with what limits it behind; ``condition`` is how its condition is said."""
    limits = [f"when {condition}"] if condition else []
    limits += [f"tags {', '.join(part.tags)}"] if part.tags else []
    limits += [f"{part.edition} edition only"] if part.edition != "both" else []
    return f"{part.text} [{'; '.join(limits)}]" if limits else part.text
