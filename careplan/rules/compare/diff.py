"""What differs between two versions of rulesets: rule by rule and field by field, and whether decisions can differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from typing import Literal as OneOf

from attrs import evolve, frozen

from careplan.cql import Expression
from careplan.rules.base import part_name
from careplan.rules.compare.clauses import ClauseChange, clause_changes, meaning_of
from careplan.rules.compare.texts import aligned, word_diff
from careplan.rules.ruleset import Contradiction, Part, Rule, Ruleset
from careplan.rules.versions import latest

Verdict = OneOf["identical", "wording", "meaning"]
Deciding = Rule | Contradiction


@frozen
class FieldChange:
    """One field that differs: what changed, a line each in ``words``; ``decides`` unless only what is printed changed.

    ``condition`` names the condition whose ``clauses`` changed (``SLP-03``, or ``SLP-03#0`` for that of a part).
    """

    field: str
    decides: bool
    words: tuple[str, ...]
    condition: str | None = None
    clauses: tuple[ClauseChange, ...] = ()


@frozen
class RuleChange:
    """A rule or contradiction that was added, removed or changed, as the newer version calls it."""

    id: str
    title: str
    change: OneOf["added", "removed", "changed"]
    fields: tuple[FieldChange, ...] = ()

    @property
    def decides(self) -> bool:
        """Whether a decision can differ for it."""
        return self.change != "changed" or any(each.decides for each in self.fields)


@frozen
class RulesetChange:
    """What differs between two versions of one ruleset; ``old`` or ``new`` is None where there is no such version.

    ``fields`` are those of the ruleset itself, such as the day from which it is in effect.
    """

    id: str
    old: str | None
    new: str | None
    fields: tuple[FieldChange, ...] = ()
    rules: tuple[RuleChange, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """``meaning`` where a decision can differ, ``wording`` where only what is printed does, else ``identical``."""
        if self.old is None or self.new is None or self._decides:
            return "meaning"
        return "wording" if self.fields or self.rules else "identical"

    @property
    def _decides(self) -> bool:
        return any(each.decides for each in self.fields) or any(each.decides for each in self.rules)


def verdict(changes: Iterable[RulesetChange]) -> Verdict:
    """The gravest of the verdicts over several rulesets."""
    found = {each.verdict for each in changes}
    return "meaning" if "meaning" in found else "wording" if "wording" in found else "identical"


def diff(old: Iterable[Ruleset], new: Iterable[Ruleset]) -> tuple[RulesetChange, ...]:
    """What differs, ruleset by ruleset, sorted by id; a ruleset without any difference is left out.

    Of several versions of one ruleset the latest counts, on either side.
    """
    before, after = latest(old), latest(new)
    found = []
    for name in sorted(before.keys() | after.keys()):
        change = ruleset_change(before.get(name), after.get(name))
        if change.verdict != "identical":
            found.append(change)
    return tuple(found)


def ruleset_change(old: Ruleset | None, new: Ruleset | None) -> RulesetChange:
    """What differs between two versions of one ruleset; one of them may be missing."""
    before, after = _deciding(old), _deciding(new)
    rules = []
    for name, each in after.items():
        if name not in before:
            rules.append(RuleChange(name, each.title, "added"))
        elif type(before[name]) is not type(each):
            words = f"it was a {_kind(before[name])} and is a {_kind(each)}"
            rules.append(RuleChange(name, each.title, "changed", (FieldChange("kind", True, (words,)),)))
        elif fields := tuple(_field_changes(before[name], each)):
            rules.append(RuleChange(name, each.title, "changed", fields))
    rules += [RuleChange(name, each.title, "removed") for name, each in before.items() if name not in after]
    one = old or new
    assert one is not None
    fields = tuple(_header(old, new)) if old and new else ()
    return RulesetChange(one.id, old.name if old else None, new.name if new else None, fields, tuple(rules))


def meaning(ruleset: Ruleset) -> str:
    """``sha256:…`` over all that can change a decision or a plan: the ruleset with its texts blanked.

    Left out are what is printed and decides nothing (texts, titles, reasons, sources, notes), the layout of conditions,
    the order of what is a set, and the version with its first day, which say when it answers and not what.
    """
    content = [
        ruleset.id,
        [[type(each).__name__, each.id, *(kept(each) for _, kept in _FIELDS[type(each)].values() if kept)]
         for each in _deciding(ruleset).values()],
    ]  # fmt: skip
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def _deciding(ruleset: Ruleset | None) -> dict[str, Deciding]:
    """Rules and detectors by id, detectors first."""
    if ruleset is None:
        return {}
    detectors: dict[str, Deciding] = {each.id: each for each in ruleset.contradictions}
    return detectors | {each.id: each for each in ruleset.rules}


def _kind(each: Deciding) -> str:
    return type(each).__name__.lower()


def _header(old: Ruleset, new: Ruleset) -> Iterator[FieldChange]:
    """What differs of the ruleset itself."""
    if old.version != new.version:
        yield FieldChange("version", False, (f"the version is {new.version} and was {old.version}",))
    if old.effective != new.effective:
        moved = "later" if new.effective > old.effective else "earlier"
        words = f"it is in effect from {new.effective}, {moved} than {old.effective}"
        yield FieldChange("effective", False, (words,))
    if old.title != new.title:
        yield FieldChange("title", False, (f"title: {word_diff(old.title, new.title)}",))
    both = set(_deciding(old)) & set(_deciding(new))
    orders = [[name for name in _deciding(each) if name in both] for each in (old, new)]
    if orders[0] != orders[1]:
        yield FieldChange("order", True, ("the rules stand in another order, and so may their recommendations",))


# What a field holds, and what of it can change a decision or a plan; None: it is only printed.
_Field = tuple[Callable[[Any], Any], Callable[[Any], Any] | None]


def _printed(name: str) -> _Field:
    return (lambda each: getattr(each, name)), None


def _kept(name: str) -> _Field:
    return (lambda each: getattr(each, name)), (lambda each: getattr(each, name))


def _set(name: str) -> _Field:
    return (lambda each: getattr(each, name)), (lambda each: sorted(set(getattr(each, name))))


def _text(name: str) -> _Field:
    """A text that is printed; whether there is one decides what stands in an edition."""
    return (lambda each: getattr(each, name)), (lambda each: getattr(each, name) is not None)


def _condition(each: Deciding | Part) -> Any:
    return meaning_of(each.when.tree) if each.when is not None else None


def _part(each: Part) -> Any:
    return [each.edition, sorted(set(each.tags)), _condition(each)]


def _effect(name: str) -> _Field:
    def held(rule: Rule) -> Any:
        return getattr(rule.effects, name)

    def kept(rule: Rule) -> Any:
        found = held(rule)
        if isinstance(found, Mapping):
            return sorted(found)
        return sorted(set(found)) if isinstance(found, tuple) else found

    return held, kept


_FIELDS: dict[type, dict[str, _Field]] = {
    Rule: {
        "title": _printed("title"),
        "when": (lambda each: each.when.text, _condition),
        "requires_known": _set("requires_known"),
        "priority": _kept("priority"),
        "kind": _kept("kind"),
        "audience": _kept("audience"),
        "tags": _set("tags"),
        "effects.withhold": _effect("withhold"),
        "effects.review": _effect("review"),
        "effects.blocks": _effect("blocks"),
        "effects.adapts": _effect("adapts"),
        "effects.keeps": _effect("keeps"),
        "helps": _set("helps"),
        "asks": _set("asks"),
        "after": _set("after"),
        "derive": _kept("derive"),
        "parts": (lambda each: each.parts, lambda each: [_part(part) for part in each.parts]),
        "patient": _text("patient"),
        "clinician": _text("clinician"),
        "because": _printed("because"),
        "evidence": _printed("evidence"),
        "certainty": _printed("certainty"),
        "uncertain": _printed("uncertain"),
        "notes": _printed("notes"),
    },
    Contradiction: {
        "title": _printed("title"),
        "when": (lambda each: each.when.text, _condition),
        "holds.tags": _set("holds_tags"),
        "holds.rules": _set("holds_rules"),
        "affects": _set("affects"),
        "safe_reading": _printed("safe_reading"),
        "resolution": _printed("resolution"),
    },
}


def _field_changes(old: Deciding, new: Deciding) -> Iterator[FieldChange]:
    """The fields that differ between two versions of one rule or detector."""
    for name, (held, kept) in _FIELDS[type(old)].items():
        before, after = held(old), held(new)
        decides = kept is not None and kept(old) != kept(new)
        if name == "when":
            if decides or " ".join(before.split()) != " ".join(after.split()):
                yield _condition_change("when", old.id, old.when, new.when)
        elif name == "parts":
            assert isinstance(old, Rule)
            assert isinstance(new, Rule)
            yield from _part_changes(old, new, decides=decides)
        elif before != after:
            yield FieldChange(name, decides, tuple(_words(name, before, after)))


def _condition_change(name: str, condition: str, old: Expression, new: Expression) -> FieldChange:
    clauses = clause_changes(old, new)
    words = tuple(each.words for each in clauses) or ("the condition is written differently and means the same",)
    return FieldChange(name, bool(clauses), words, condition, clauses)


def _words(name: str, old: Any, new: Any) -> Iterator[str]:
    """What changed in a field, in words."""
    if name == "evidence":
        yield from _sources(old, new)
    elif isinstance(old, Mapping):
        yield from (f"{name}: {tag} was added: {new[tag]}" for tag in new if tag not in old)
        yield from (f"{name}: {tag} was removed" for tag in old if tag not in new)
        yield from (
            f"{name}: {tag}: {word_diff(old[tag], new[tag])}" for tag in new if old.get(tag, new[tag]) != new[tag]
        )
    elif isinstance(old, tuple) and isinstance(new, tuple):
        yield from _members(name, old, new)
    elif name in {"patient", "clinician", "title", "because", "notes", "uncertain", "safe_reading", "resolution"}:
        yield _text_words(name, old, new)
    elif name == "effects.withhold":
        yield "it withholds the plan" if new else "it no longer withholds the plan"
    elif old is None or new is None:
        yield f"{name}: {_shown(new)} was added" if old is None else f"{name}: {_shown(old)} was removed"
    else:
        yield f"{name}: {_shown(new)}, was {_shown(old)}"


def _text_words(name: str, old: str | None, new: str | None) -> str:
    if old is None or new is None:
        return f"{name}: added: {new}" if old is None else f"{name}: removed: {old}"
    return f"{name}: {word_diff(old, new)}"


def _members(name: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    gained = [each for each in dict.fromkeys(new) if each not in old]
    lost = [each for each in dict.fromkeys(old) if each not in new]
    if gained:
        yield f"{name}: {', '.join(gained)} was added"
    if lost:
        yield f"{name}: {', '.join(lost)} was removed"
    if not gained and not lost:
        yield f"{name}: in another order"


def _sources(old: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
    before, after = ({each.id: f"{each.cite} ({each.grade})" for each in side} for side in (old, new))
    yield from (f"evidence: {after[name]} was added" for name in after if name not in before)
    yield from (f"evidence: {before[name]} was removed" for name in before if name not in after)
    for name in after:
        if before.get(name, after[name]) != after[name]:
            yield f"evidence: {word_diff(before[name], after[name])}"
    if before == after:
        yield "evidence: in another order"


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _part_changes(old: Rule, new: Rule, *, decides: bool) -> Iterator[FieldChange]:
    """What differs between the parts of a rule; ``decides`` says whether anything but their texts does."""
    if not decides:
        for number, (before, after) in enumerate(zip(old.parts, new.parts, strict=True)):
            yield from _one_part(part_name(new, number), before, after)
        return
    for one, other in aligned(old.parts, new.parts, lambda each: (str(_part(each)), each.text), _part):
        if one is None:
            assert other is not None
            yield FieldChange("parts", True, (f"the part {_quoted(new.parts[other])} was added",))
        elif other is None:
            yield FieldChange("parts", True, (f"the part {_quoted(old.parts[one])} was removed",))
        else:
            yield from _one_part(part_name(new, other), old.parts[one], new.parts[other])


def _one_part(name: str, old: Part, new: Part) -> Iterator[FieldChange]:
    if old.text != new.text:
        yield FieldChange("parts", False, (f"{name}: {word_diff(old.text, new.text)}",))
    if old.edition != new.edition:
        yield FieldChange("parts", True, (f"{name}: edition {new.edition}, was {old.edition}",))
    if old.tags != new.tags:
        words = tuple(_members(f"{name}: tags", old.tags, new.tags))
        yield FieldChange("parts", set(old.tags) != set(new.tags), words)
    if old.when is not None and new.when is not None:
        if _condition(old) != _condition(new) or old.when.text.split() != new.when.text.split():
            change = _condition_change("parts", name, old.when, new.when)
            yield evolve(change, words=tuple(f"{name}: {each}" for each in change.words))
    elif new.when is not None:
        yield FieldChange("parts", True, (f"{name}: the condition {new.when.text} was added",), name)
    elif old.when is not None:
        yield FieldChange("parts", True, (f"{name}: the condition {old.when.text} was removed",), name)


def _quoted(part: Part) -> str:
    limits = [f"when {' '.join(part.when.text.split())}"] if part.when else []
    limits += [f"tags {', '.join(part.tags)}"] if part.tags else []
    return f"“{part.text}”" + (f" [{'; '.join(limits)}]" if limits else "")
