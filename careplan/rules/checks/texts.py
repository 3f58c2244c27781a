"""Whether texts name only facts that are known wherever the text is shown."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from careplan.cql import Expression, Operation
from careplan.errors import nearest
from careplan.located import Node
from careplan.rules.checks.finding import Finding, RulesetFile
from careplan.rules.checks.known import known_where
from careplan.rules.ruleset import PLACEHOLDER
from careplan.vocabulary.model import Vocabulary


@frozen
class _Scope:
    """What a text may name: the facts that are read there, and those that are known."""

    read: frozenset[str]
    known: frozenset[str]

    def within(self, condition: Expression | None) -> _Scope:
        """The scope of a part that is shown where its own condition holds as well."""
        if condition is None:
            return self
        return _Scope(self.read | condition.reads, self.known | known_where(condition.tree)[0])


def texts(file: RulesetFile) -> Iterator[Finding]:
    """Placeholders ``{fact}`` for what does not exist, what the rule does not read, or what may be unknown there."""
    for rule, node in file.rules:
        required = frozenset(rule.requires_known)
        scope = _Scope(required, required).within(rule.when)
        for key in ("title", "patient", "clinician", "because"):
            if key in node.value:
                yield from _placeholders(f"{rule.id} {key}", node.value[key], scope, file.vocabulary)
        for number, part in enumerate(rule.parts):
            text = node.value["parts"].value[number].value["text"]
            yield from _placeholders(f"{rule.id} part {number}", text, scope.within(part.when), file.vocabulary)


def _placeholders(where: str, text: Node, scope: _Scope, vocabulary: Vocabulary) -> Iterator[Finding]:
    found = list(PLACEHOLDER.finditer(text.value))
    known = _with(scope.known, vocabulary) if found else frozenset[str]()
    for match in found:
        name, at = match[1], text.at(match.start())
        if name not in vocabulary:
            yield Finding(f"{where}: there is no fact {name!r}{nearest(name, vocabulary.facts)}", at, "fact")
        elif name not in known and name not in scope.read:
            message = f"{where}: {{{name}}} is not read by the rule, and may be unknown there; read it or require it"
            yield Finding(message, at, "not_read")
        elif name not in known:
            message = f"{where}: {{{name}}} may be unknown where the rule fires; move it to a part that asks for it"
            yield Finding(message, at, "may_be_unknown")


def _with(known: frozenset[str], vocabulary: Vocabulary) -> frozenset[str]:
    """The facts that are known, and those that are known with them, since all that they are made of is."""
    found = set(known)
    while more := {
        each.id for each in vocabulary if each.derive and each.id not in found and _follows(each.derive, found)
    }:
        found |= more
    return frozenset(found)


def _follows(derivation: Expression, known: set[str]) -> bool:
    """Whether a value is known as soon as what it reads is: that is so of all that is not divided."""
    divides = any(
        isinstance(each, Operation) and each.operator in ("/", "div", "mod") for each in derivation.tree.walk()
    )
    return not divides and derivation.reads <= known
