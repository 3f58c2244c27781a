"""What one plugin contributes, and what in it does not fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from attrs import fields, frozen

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
from careplan.installed import OURS

if TYPE_CHECKING:
    import click

FORMATS = ("html", "json", "pdf")
"""The output formats that are built in; no plugin may bring another of that name."""


@frozen
class Plugin:
    """One plugin and all it contributes; ``distribution`` and ``version`` say where it came from."""

    name: str
    distribution: str
    version: str
    modality: Modality | None = None
    instruments: tuple[InstrumentFile, ...] = ()
    facts: tuple[VocabularyFile, ...] = ()
    rulesets: tuple[RulesetFolder, ...] = ()
    sections: tuple[SectionSpec, ...] = ()
    details: tuple[DetailSpec, ...] = ()
    templates: tuple[TemplateFolder, ...] = ()
    readers: tuple[Reader, ...] = ()
    renderers: tuple[Renderer, ...] = ()
    checks: tuple[Check, ...] = ()
    commands: Callable[[click.Group], None] | None = None

    @property
    def builtin(self) -> bool:
        """Whether careplan itself brings it."""
        return self.distribution == OURS

    @property
    def shown(self) -> tuple[SectionSpec | DetailSpec, ...]:
        """What has a template of its own."""
        return (*self.sections, *self.details)

    @property
    def claims(self) -> Iterator[tuple[str, str]]:
        """The ids that are this plugin's alone, as pairs of what it is and its id."""
        yield "plugin", self.name
        if self.modality:
            yield "modality", self.modality.id
        for kind, values in (
            ("ruleset", self.rulesets),
            ("section", self.sections),
            ("detail", self.details),
            ("reader", self.readers),
            ("renderer", self.renderers),
            ("check", self.checks),
        ):
            for each in values:
                yield kind, each.id
        for folder in self.templates:
            yield "template folder", folder.modality
        for file in self.facts:
            for name in file.functions:
                yield "function", name

    def __str__(self) -> str:
        return f"{self.name} of {self.distribution} {self.version}"


def misfits(plugin: Plugin) -> Iterator[str]:
    """What in a plugin's contributions does not fit together."""
    named: list[Any] = [plugin.modality, *plugin.rulesets, *plugin.sections, *plugin.details, *plugin.templates]
    named += [*plugin.readers, *plugin.renderers, *plugin.checks]
    mistyped = [message for each in named if each for message in _mistyped(each)]
    yield from mistyped
    if not mistyped:
        own = plugin.modality.id if plugin.modality else None
        yield from _misplaced(plugin, own)
        yield from _foreign(plugin, own)


def _mistyped(value: Any) -> Iterator[str]:
    """The texts, whole numbers and truths of a contribution that are none."""
    kinds = {"str": (str, "a text"), "int": (int, "a whole number"), "bool": (bool, "True or False")}
    for attribute in fields(type(value)):
        kind, wanted = kinds.get(attribute.type, (object, ""))
        found = getattr(value, attribute.name)
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            yield f"{type(value).__name__}.{attribute.name} is {found!r}; it should be {wanted}"


def _misplaced(plugin: Plugin, own: str | None) -> Iterator[str]:
    """The folders and files that are not there."""
    for ruleset in plugin.rulesets:
        if not ruleset.folder.is_dir():
            yield f"the ruleset {ruleset.id!r} has no folder {ruleset.folder}"
    for template in plugin.templates:
        if not template.folder.is_dir():
            yield f"the templates {template.modality!r} have no folder {template.folder}"
    for each in plugin.shown:
        modality, _, name = each.template.partition("/")
        if modality == own and not any((holder.folder / name).is_file() for holder in plugin.templates):
            yield f"{each.id!r} asks for {each.template!r}, which no template folder holds"
    files_named = [each.file for each in plugin.instruments] + [each.file for each in plugin.facts]
    yield from (f"there is no file {each}" for each in files_named if not each.is_file())


def _foreign(plugin: Plugin, own: str | None) -> Iterator[str]:
    """What belongs to another modality than the plugin's own, or to none."""
    modality = plugin.modality
    if modality and not modality.id.isidentifier():
        yield f"{modality.id!r} is not an id; write small letters, digits and underscores, such as hydrotherapy"
    if modality and modality.stays_in_small_plans and not plugin.builtin:
        yield f"{modality.id!r} asks to stay in plans that a safety rule cuts down; only built-in modalities may"
    yield from (f"the format {each.id!r} is built in" for each in plugin.renderers if each.id in FORMATS)
    for ruleset in plugin.rulesets:
        if ruleset.id != own:
            yield f"the ruleset {ruleset.id!r} is not of its modality ({own}); a plugin brings the rules of its own"
    for template in plugin.templates:
        if template.modality != own:
            yield f"the templates {template.modality!r} are not of its modality ({own})"
    for shown in plugin.shown:
        if own is None:
            yield f"{shown.id!r} belongs to no modality; add careplan_modality"
        elif shown.template.split("/")[0] not in (own, "base"):
            yield f"{shown.id!r} asks for {shown.template!r}, a template of another modality"
