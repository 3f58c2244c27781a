"""Everything that answers for a plan but the case: loaded once from the installed plugins, the same for every case."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

from attrs import define, frozen

from careplan.border import border
from careplan.contributions import Plugin
from careplan.cql import Expression
from careplan.errors import Location, PluginError, Problem, RulesetError
from careplan.facts import check_roads
from careplan.hookspecs import RulesetFolder
from careplan.instruments import Instrument, builtin_instruments, read_instrument, score_facts
from careplan.permissions import NOTHING, Permissions, refuse_foreign_effects
from careplan.plan.compose import Setting
from careplan.plan.model import Failure
from careplan.registry import Registry, load_plugins
from careplan.rules.base import RuleBase
from careplan.rules.decision import VerifiedEngine
from careplan.rules.durable import VERSION
from careplan.rules.read import read_ruleset, read_tags
from careplan.rules.reference import Reference
from careplan.rules.ruleset import Ruleset, Tag
from careplan.rules.ruletests import SUFFIX
from careplan.rules.signatures import Trust, refuse_unsigned
from careplan.rules.versions import check_lock, choose
from careplan.vocabulary.formulary import Formulary, builtin_formulary
from careplan.vocabulary.model import FactDefinition, Vocabulary
from careplan.vocabulary.read import builtin_vocabulary, read_vocabulary

if TYPE_CHECKING:
    import jinja2

TAGS = "tags.yaml"
"""The file of a ruleset folder that defines tags of its own."""


@define(slots=False)
class Knowledge:
    """What a plan is made with. ``versions`` are all versions of every ruleset by id.

    With ``trust``, a version answers only if a trusted key has signed it.
    """

    registry: Registry
    vocabulary: Vocabulary
    instruments: Mapping[str, Instrument]
    formulary: Formulary
    tags: Mapping[str, Tag]
    versions: Mapping[str, Sequence[Ruleset]]
    trust: Trust | None = None

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The plugins that could not be loaded, and why."""
        return self.registry.failures

    @cached_property
    def derivations(self) -> dict[str, Expression]:
        """How derived facts follow from others, by fact id."""
        return {each.id: each.derive for each in self.vocabulary if each.derive is not None}

    @cached_property
    def setting(self) -> Setting:
        """What every plan is composed with."""
        return Setting(
            vocabulary=self.vocabulary,
            derivations=self.derivations,
            modalities=self.registry.modalities,
            sections=self.registry.sections,
            details=[each for _, each in self.registry.details],
            formulary=self.formulary,
            instruments=self.instruments,
            plugins=self.registry.versions,
            engine={"live": VERSION, "verified_by": Reference.name},
            failures=self.failures,
        )

    @cached_property
    def detail_owners(self) -> dict[str, str]:
        """The plugin of every detail, by the detail's id."""
        return {each.id: plugin for plugin, each in self.registry.details}

    @cached_property
    def templates(self) -> jinja2.Environment:
        """What renders the templates of every modality."""
        from careplan.render.environment import environment

        return environment({each.modality: each.folder for each in self.registry.templates})

    def engine(self, on: date, pinned: Mapping[str, str]) -> VerifiedEngine:
        """Both engines over the ruleset versions of the day; compiled once for each choice of versions."""
        chosen = choose(self.versions, on, pinned)
        if self.trust is not None:
            refuse_unsigned(chosen, self.trust)
        return engine_over(RuleBase(chosen, self.tags, self.vocabulary.types))


_ENGINES: dict[tuple[int, tuple[str, ...]], VerifiedEngine] = {}
"""Engines by thread and the digests of their rulesets, so that each is compiled once in a thread."""
MOST_ENGINES = 16


def engine_over(base: RuleBase) -> VerifiedEngine:
    """Both engines over a rule base, compiled once in a thread for the same rules."""
    key = threading.get_ident(), tuple(f"{each.name} {each.digest}" for each in base.rulesets)
    known = _ENGINES.get(key)
    if known is None or known.base != base:  # the same rules may have been read against other facts or tags
        while len(_ENGINES) >= MOST_ENGINES:
            del _ENGINES[next(iter(_ENGINES))]
        known = _ENGINES[key] = VerifiedEngine(base)
    return known


def load_knowledge(permissions: Permissions = NOTHING, *, locked: bool = True, trust: Trust | None = None) -> Knowledge:
    """The knowledge of the installed plugins.

    A plugin whose files cannot be read, or whose rules would do to others what ``permissions`` do not allow, is taken
    out whole and named; what is left works without it. Without ``locked``, versions that are not released are read too:
    for those who write rules, never for a plan. With ``trust``, only what a trusted key has signed makes a plan.
    """
    knowledge = _Loader(load_plugins(), permissions, locked=locked).knowledge()
    knowledge.trust = trust
    return knowledge


@frozen
class _Brought:
    """What one plugin's files add: facts, instruments, tags, and rulesets with their versions."""

    plugin: Plugin
    facts: Mapping[str, FactDefinition]
    instruments: Mapping[str, Instrument]
    tags: Mapping[str, Tag]
    versions: Mapping[str, tuple[Ruleset, ...]]

    @property
    def rulesets(self) -> list[Ruleset]:
        """Every version of every ruleset."""
        return [each for versions in self.versions.values() for each in versions]

    @property
    def claims(self) -> Iterator[tuple[str, str]]:
        """The ids that are this plugin's alone, as pairs of what it is and its id."""
        yield from (("fact", name) for name in self.facts)
        yield from (("instrument", name) for name in self.instruments)
        yield from (("tag", name) for name in self.tags)
        yield from {("rule", rule.id): None for each in self.rulesets for rule in each.rules}
        yield from {("contradiction", found.id): None for each in self.rulesets for found in each.contradictions}


class _Loader:
    """Reads the built-in plugins' files, then every stranger's against what is built in: nobody's order matters."""

    def __init__(self, registry: Registry, permissions: Permissions, *, locked: bool) -> None:
        self.registry = registry
        self.permissions = permissions
        self.locked = locked
        self.instruments = dict(builtin_instruments())
        self.vocabulary = with_scores(builtin_vocabulary(), self.instruments.values())
        self.tags = read_tags(files("careplan.rulesets") / TAGS)
        self.versions: dict[str, tuple[Ruleset, ...]] = {}
        self.owners: dict[tuple[str, str], str] = {}

    def knowledge(self) -> Knowledge:
        builtin = [each for each in self.registry.plugins if each.builtin]
        strangers = [each for each in self.registry.plugins if not each.builtin]
        for group in (*([each] for each in builtin), strangers):
            for brought in self.permitted(self.undisputed(self.read(group))):
                self.add(brought)
        places = list(self.registry.modalities)
        return Knowledge(
            registry=self.registry,
            vocabulary=self.vocabulary,
            instruments=self.instruments,
            formulary=builtin_formulary(),
            tags=self.tags,
            versions={name: self.versions[name] for name in sorted(self.versions, key=places.index)},
        )

    def read(self, plugins: Iterable[Plugin]) -> list[_Brought]:
        """What the plugins bring; one whose files cannot be read is taken out and named."""
        found = []
        for plugin in plugins:
            failures: list[Failure] = []
            with border(plugin.name, "files", failures):
                found.append(self.brought(plugin))
            for failure in failures:
                self.drop(failure)
        return found

    def brought(self, plugin: Plugin) -> _Brought:
        instruments = {each.id: each for each in map(read_instrument, (each.file for each in plugin.instruments))}
        vocabulary = self.vocabulary
        if plugin.facts:
            vocabulary = read_vocabulary((each.file for each in plugin.facts), vocabulary)
        vocabulary = with_scores(vocabulary, instruments.values())
        added = {name: each for name, each in vocabulary.facts.items() if name not in self.vocabulary}
        functions = {name: each for file in plugin.facts for name, each in file.functions.items()}
        check_roads(Vocabulary(added), {**self.instruments, **instruments}, functions)
        tags: dict[str, Tag] = {}
        versions = {}
        for folder in plugin.rulesets:
            own = folder.folder / TAGS
            tags |= read_tags(own) if own.is_file() else {}
            versions[folder.id] = tuple(_versions(folder, vocabulary, {**self.tags, **tags}))
            if self.locked and folder.lock is not None:
                check_lock(folder.lock.read_text(encoding="utf-8"), versions[folder.id], str(folder.lock))
        brought = _Brought(plugin, added, instruments, tags, versions)
        _refuse_details_elsewhere(brought)
        return brought

    def undisputed(self, group: Sequence[_Brought]) -> list[_Brought]:
        """Those whose ids nobody else claims; of two strangers that claim one id, neither."""
        claimants: dict[tuple[str, str], list[str]] = {}
        for brought in group:
            for claim in brought.claims:
                claimants.setdefault(claim, []).append(brought.plugin.name)
        kept = []
        for brought in group:
            disputed = [
                f"the {claim[0]} {claim[1]!r} belongs to {' and to '.join(others)}"
                for claim in brought.claims
                if (others := [each for each in claimants[claim] if each != brought.plugin.name] or self.owner(claim))
            ]
            if disputed:
                self.drop(Failure(brought.plugin.name, "ids", "; ".join(disputed)))
            else:
                kept.append(brought)
        return kept

    def permitted(self, group: Sequence[_Brought]) -> list[_Brought]:
        """Those that do to others, built in or strangers, no more than the service allows."""
        present = [version for each in self.versions.values() for version in each]
        present += [each for brought in group for each in brought.rulesets]
        kept = []
        for brought in group:
            failures: list[Failure] = []
            with border(brought.plugin.name, "permissions", failures):
                if not brought.plugin.builtin:
                    refuse_foreign_effects(brought.plugin.name, brought.rulesets, present, self.permissions)
                kept.append(brought)
            for failure in failures:
                self.drop(failure)
        return kept

    def owner(self, claim: tuple[str, str]) -> list[str]:
        kind, name = claim
        if claim in self.owners:
            return [self.owners[claim]]
        ours = (kind == "instrument" and name in self.instruments) or (kind == "tag" and name in self.tags)
        return ["careplan"] if ours else []

    def drop(self, failure: Failure) -> None:
        self.registry = self.registry.without(failure.plugin, failure.stage, failure.message)

    def add(self, brought: _Brought) -> None:
        if brought.facts:
            self.vocabulary = Vocabulary({**self.vocabulary.facts, **brought.facts})
        self.instruments |= brought.instruments
        self.tags = {**self.tags, **brought.tags}
        self.versions |= brought.versions
        self.owners |= dict.fromkeys(brought.claims, brought.plugin.name)


def _refuse_details_elsewhere(brought: _Brought) -> None:
    """Raise PluginError for details that stand neither beside a rule of the plugin's own nor in its section."""
    rules = {rule.id for each in brought.rulesets for rule in each.rules}
    sections = {each.id for each in brought.plugin.sections}
    problems = [
        Problem(f"the detail {each.id!r} stands beside no rule and in no section of the plugin's own")
        for each in brought.plugin.details
        if each.rule not in rules and each.section not in sections
    ]
    if problems:
        raise PluginError(problems)


def with_scores(vocabulary: Vocabulary, instruments: Iterable[Instrument]) -> Vocabulary:
    """The vocabulary with a fact for every score of the instruments that it does not hold yet."""
    added = {each.id: each for each in score_facts(instruments) if each.id not in vocabulary}
    return Vocabulary({**vocabulary.facts, **added}) if added else vocabulary


def _versions(folder: RulesetFolder, vocabulary: Vocabulary, tags: Mapping[str, Tag]) -> Iterator[Ruleset]:
    """Every version in a folder, each in the file named after it."""
    found = []
    problems = []
    for file in sorted(folder.folder.iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".yaml") or file.name.endswith(SUFFIX) or file.name == TAGS:
            continue
        ruleset = read_ruleset(file, vocabulary.types, tags)
        if (ruleset.id, f"{ruleset.version}.yaml") != (folder.id, file.name):
            message = f"the file holds {ruleset.name}; it should be version {file.name[:-5]} of {folder.id}"
            problems.append(Problem(message, Location(str(file))))
        found.append(ruleset)
    if not found:
        problems.append(Problem("the folder holds no ruleset file <version>.yaml", Location(str(folder.folder))))
    if problems:
        raise RulesetError(problems)
    yield from found
