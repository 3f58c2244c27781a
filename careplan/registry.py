"""What the installed plugins contribute: each loaded by itself, every failure named, in an order nobody can change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from importlib import import_module
from importlib.resources import files
from inspect import isroutine
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import pluggy
from attrs import evolve, frozen

from careplan import hookspecs
from careplan.border import border
from careplan.contributions import Plugin, misfits
from careplan.errors import PluginError, nearest
from careplan.hookspecs import (
    Check,
    DetailSpec,
    InstrumentFile,
    Modality,
    Reader,
    Renderer,
    RulesetFolder,
    SectionSpec,
    TemplateFolder,
    VocabularyFile,
)
from careplan.installed import Installed, installed
from careplan.plan.model import Failure

if TYPE_CHECKING:
    import click

RETURNS: Mapping[str, type] = {
    "careplan_modality": Modality,
    "careplan_instruments": InstrumentFile,
    "careplan_facts": VocabularyFile,
    "careplan_rulesets": RulesetFolder,
    "careplan_sections": SectionSpec,
    "careplan_details": DetailSpec,
    "careplan_templates": TemplateFolder,
    "careplan_readers": Reader,
    "careplan_renderers": Renderer,
    "careplan_checks": Check,
}
"""What the list that each hook returns holds."""

OPTIONS = ("wrapper", "hookwrapper", "tryfirst", "trylast", "optionalhook", "specname")
"""What pluggy offers a hook and careplan refuses: with any of them one plugin could change what another one says."""


@frozen
class Registry:
    """Every plugin that loaded, in the order of its modality, and every failure.

    While there are failures a plan is not complete: whoever makes one refuses it, or prints the gap.
    """

    plugins: tuple[Plugin, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def modalities(self) -> dict[str, Modality]:
        """The modalities by id, by (order, id)."""
        return {each.modality.id: each.modality for each in self.plugins if each.modality}

    @property
    def sections(self) -> tuple[tuple[str, SectionSpec], ...]:
        """Each section with the id of its modality: in the modalities' order, then by (order, id)."""
        return tuple(
            (plugin.modality.id, section)
            for plugin in self.plugins
            if plugin.modality
            for section in sorted(plugin.sections, key=lambda each: (each.order, each.id))
        )

    @property
    def details(self) -> tuple[tuple[str, DetailSpec], ...]:
        """Each detail with the name of its plugin, by (order, id)."""
        found = [(plugin.name, each) for plugin in self.plugins for each in plugin.details]
        return tuple(sorted(found, key=lambda each: (each[1].order, each[1].id)))

    @property
    def instruments(self) -> tuple[InstrumentFile, ...]:
        """The instruments that plugins add to the built-in ones."""
        return tuple(each for plugin in self.plugins for each in plugin.instruments)

    @property
    def facts(self) -> tuple[VocabularyFile, ...]:
        """The vocabulary files that plugins add to the built-in ones."""
        return tuple(each for plugin in self.plugins for each in plugin.facts)

    @property
    def rulesets(self) -> tuple[RulesetFolder, ...]:
        """The folders of all rulesets."""
        return tuple(each for plugin in self.plugins for each in plugin.rulesets)

    @property
    def templates(self) -> tuple[TemplateFolder, ...]:
        """The template folders."""
        return tuple(each for plugin in self.plugins for each in plugin.templates)

    @property
    def readers(self) -> tuple[Reader, ...]:
        """The intake formats, by id."""
        return tuple(sorted((each for plugin in self.plugins for each in plugin.readers), key=lambda each: each.id))

    @property
    def renderers(self) -> tuple[Renderer, ...]:
        """The output formats, by id."""
        return tuple(sorted((each for plugin in self.plugins for each in plugin.renderers), key=lambda each: each.id))

    @property
    def checks(self) -> tuple[Check, ...]:
        """The extra linters, by id."""
        return tuple(sorted((each for plugin in self.plugins for each in plugin.checks), key=lambda each: each.id))

    @property
    def versions(self) -> dict[str, str]:
        """The version of every plugin, by name."""
        return {each.name: each.version for each in sorted(self.plugins, key=lambda each: each.name)}

    def without(self, plugin: str, stage: str, message: str) -> Registry:
        """The registry with one plugin taken out because what it contributed cannot be used."""
        kept = tuple(each for each in self.plugins if each.name != plugin)
        return Registry(kept, tuple(sorted((*self.failures, Failure(plugin, stage, message)), key=_place)))


def load_plugins() -> Registry:
    """The registry of everything installed.

    A plugin fails as a whole: its rules without its facts would be half a modality. Nothing depends on the order in
    which plugins are found: of two that claim one id the built-in one stays; of two strangers, neither.
    """
    candidates, refused = installed()
    failures = list(refused)
    loaded = [plugin for each in candidates if (plugin := _load(each, failures))]
    kept = _undisputed(loaded, failures)
    failures += _missing(kept, failures)
    return Registry(tuple(sorted(kept, key=_order)), tuple(sorted(failures, key=_place)))


def add_commands(cli: click.Group) -> tuple[Failure, ...]:
    """Add the commands of all plugins to ``cli``; returns the failures, of plugins that did not load among them.

    A command whose name is taken is not added; one that two plugins bring, of neither.
    """
    registry = load_plugins()
    failures = list(registry.failures)
    taken = set(cli.list_commands(cli.context_class(cli)))
    brought: dict[str, dict[str, click.Command]] = {}
    for plugin in registry.plugins:
        if plugin.commands is None:
            continue
        own = copy(cli)
        own.commands = {}
        before = len(failures)
        with border(plugin.name, "careplan_commands", failures):
            plugin.commands(own)
        if len(failures) == before:
            brought[plugin.name] = own.commands
    for plugin_name, commands in brought.items():
        for name, command in sorted(commands.items()):
            others = [each for each in brought if each != plugin_name and name in brought[each]]
            if claimed := ["careplan", *others] if name in taken else others:
                message = f"the command {name!r} belongs to {' and to '.join(claimed)}"
                failures.append(Failure(plugin_name, "careplan_commands", message))
            else:
                cli.add_command(command, name)
    return tuple(sorted(failures, key=_place))


def _order(plugin: Plugin) -> tuple[bool, int, str]:
    """By the modality's (order, id); plugins without one last, by name."""
    modality = plugin.modality
    return (False, modality.order, modality.id) if modality else (True, 0, plugin.name)


def _place(failure: Failure) -> tuple[str, str, str]:
    return failure.plugin, failure.stage, failure.message


def _load(found: Installed, failures: list[Failure]) -> Plugin | None:
    """The plugin with its contributions, or None after its failures are noted."""
    before = len(failures)
    plugin = Plugin(found.name, found.distribution, found.version)
    with border(found.name, "import", failures):
        module = found.entry_point.load()
        with border(found.name, "hooks", failures):
            hooks = _hooks(module, found.name, failures)
            for name, hook in hooks.items():
                if name == "careplan_commands":
                    plugin = evolve(plugin, commands=hook)
                    continue
                with border(found.name, name, failures):
                    plugin = evolve(plugin, **_contribution(name, hook()))
            failures += [Failure(found.name, "ids", message) for message in misfits(plugin)]
    return plugin if len(failures) == before else None


def _hooks(module: Any, plugin: str, failures: list[Failure]) -> dict[str, Callable[..., Any]]:
    """The hooks a plugin implements, by name; empty after its misspelt or misdeclared ones are noted."""
    manager = pluggy.PluginManager("careplan")
    manager.add_hookspecs(hookspecs)
    known = sorted(name for name in vars(manager.hook) if name.startswith("careplan_"))
    before = len(failures)
    for name in dir(module):
        options = manager.parse_hookimpl_opts(module, name)
        if options is None:
            if name in known or _is_own_function(module, name):
                failures.append(Failure(plugin, "hooks", f"{name} is not marked as a hook; write @hookimpl above it"))
            continue
        if name not in known:
            failures.append(Failure(plugin, "hooks", f"{name} is not a hook of careplan{nearest(name, known)}"))
        asked = [option for option in OPTIONS if options.get(option)]
        if asked:
            message = f"{name} asks for {', '.join(asked)}; a hook of careplan stands for itself and takes no options"
            failures.append(Failure(plugin, "hooks", message))
    if len(failures) > before:
        return {}
    try:
        manager.register(module, plugin)
    except pluggy.PluginValidationError as error:
        failures.append(Failure(plugin, "hooks", " ".join(str(error).split())))
        return {}
    return {name: impl.function for name in known for impl in getattr(manager.hook, name).get_hookimpls()}


def _is_own_function(module: Any, name: str) -> bool:
    """Whether a module defines a function that is named as hooks are."""
    found = getattr(module, name)
    return name.startswith("careplan_") and isroutine(found) and found.__module__ == module.__name__


def _contribution(hook: str, values: Any) -> dict[str, Any]:
    """What a hook returned, under the name of Plugin's field."""
    kind = RETURNS[hook]
    if not isinstance(values, list) or not all(isinstance(each, kind) for each in values):
        raise PluginError(f"{hook} returned {values!r:.80}; it should return a list of {kind.__name__}")
    if hook != "careplan_modality":
        return {hook.removeprefix("careplan_"): tuple(values)}
    if len(values) > 1:
        named = ", ".join(str(each.id) for each in values)
        raise PluginError(f"a plugin stands for one modality; this one names {named}")
    return {"modality": values[0] if values else None}


def _undisputed(plugins: Sequence[Plugin], failures: list[Failure]) -> list[Plugin]:
    """The plugins whose ids nobody else may claim; the others' failures name both sides."""
    claimants: dict[tuple[str, str], list[Plugin]] = defaultdict(list)
    for plugin in plugins:
        for claim in plugin.claims:
            claimants[claim].append(plugin)
    lost: set[int] = set()
    for (kind, name), claiming in claimants.items():
        if len(claiming) == 1:
            continue
        message = f"the {kind} {name!r} is claimed by {_both(claiming)}"
        builtin = [each for each in claiming if each.builtin]
        for plugin in claiming:
            if len(builtin) != 1 or not plugin.builtin:
                lost.add(id(plugin))
                failures.append(Failure(plugin.name, "ids", message))
    return [plugin for plugin in plugins if id(plugin) not in lost]


def _both(claiming: Iterable[Plugin]) -> str:
    return " and by ".join(sorted(str(each) for each in claiming))


def _missing(plugins: Collection[Plugin], failures: Collection[Failure]) -> Iterator[Failure]:
    """A failure for each built-in plugin that should be here and neither loaded nor failed.

    Expected are the modules of ``careplan.plugins`` and the rulesets of ``careplan.rulesets``.
    """
    named = {each.name for each in plugins if each.builtin} | {each.plugin for each in failures}
    modules = {each.name for each in iter_modules(import_module("careplan.plugins").__path__)}
    for name in sorted(modules - named):
        message = "the built-in plugin is not among the entry points of the installed careplan; install careplan again"
        yield Failure(name, "missing", message)
    rulesets = {each.name for each in files("careplan.rulesets").iterdir() if each.is_dir() and _is_word(each.name)}
    read = {each.id for plugin in plugins for each in plugin.rulesets}
    for name in sorted(rulesets - read - named - modules):
        yield Failure(name, "missing", f"the built-in ruleset {name!r} is read by no plugin; install careplan again")


def _is_word(name: str) -> bool:
    """Whether a folder holds a ruleset, and not what Python or an editor keeps there."""
    return name.replace("_", "").isalnum() and name[0].isalpha()
