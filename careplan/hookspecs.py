"""What a plugin may contribute. Every hook returns a list of frozen values and has no side effects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

import pluggy
from attrs import field, frozen

from careplan.assessment import Goal, Medication
from careplan.plan.modality import DetailSpec, Modality, SectionSpec, Situation
from careplan.plan.model import Recommendation
from careplan.rules.checks.finding import Finding, RulesetFile

if TYPE_CHECKING:
    import click

    from careplan.assessment import Assessment
    from careplan.vocabulary.model import Value

__all__ = [
    "Check",
    "DetailSpec",
    "Finding",
    "Goal",
    "InstrumentFile",
    "Medication",
    "Modality",
    "Reader",
    "Recommendation",
    "Renderer",
    "RulesetFile",
    "RulesetFolder",
    "SectionSpec",
    "Situation",
    "TemplateFolder",
    "VocabularyFile",
    "hookimpl",
]

hookspec = pluggy.HookspecMarker("careplan")
hookimpl = pluggy.HookimplMarker("careplan")


@frozen
class RulesetFolder:
    """A folder of ``<version>.yaml`` files for one ruleset id, and the lock file that holds their digests."""

    id: str
    folder: Traversable
    lock: Traversable | None = None


@frozen
class InstrumentFile:
    """One instrument definition (YAML)."""

    file: Traversable


@frozen
class VocabularyFile:
    """Facts this plugin adds (YAML), and the functions behind their ``compute:`` names."""

    file: Traversable
    functions: Mapping[str, Callable[[Assessment], Value | None]] = field(factory=dict)


@frozen
class TemplateFolder:
    """Templates addressed as ``<modality>/<name>``."""

    modality: str
    folder: Traversable


@frozen
class Reader:
    """An intake format, for files that end in ``suffixes``.

    ``read(content, *, name, on, vocabulary, instruments)`` gives the assessment in the bytes of a file, or raises
    IntakeError; no date in it may be after ``on``.
    """

    id: str
    suffixes: tuple[str, ...]
    read: Callable[..., Assessment]


@frozen
class Renderer:
    """An output format: ``render(document, templates)`` turns a document into the bytes of a file."""

    id: str
    suffix: str
    render: Callable[..., bytes]


@frozen
class Check:
    """An extra linter for rulesets.

    ``check(file)`` is given one RulesetFile after another: ``file.ruleset``, and ``file.rules``, each rule with the
    node it was read from. It gives Findings: a message, a location, a code, and a severity, ``error`` or ``warning``.
    """

    id: str
    check: Callable[[RulesetFile], Iterable[Finding]]


@hookspec
def careplan_modality() -> list[Modality]:
    """The modality this plugin stands for; called once when plugins are loaded."""


@hookspec
def careplan_instruments() -> list[InstrumentFile]:
    """Instruments this plugin needs beyond the built-in ones; called once when plugins are loaded."""


@hookspec
def careplan_facts() -> list[VocabularyFile]:
    """Facts this plugin adds to the vocabulary; called once when plugins are loaded."""


@hookspec
def careplan_rulesets() -> list[RulesetFolder]:
    """Folders of ruleset versions; called once when plugins are loaded."""


@hookspec
def careplan_sections() -> list[SectionSpec]:
    """Sections this plugin's recommendations appear in; called once when plugins are loaded."""


@hookspec
def careplan_details() -> list[DetailSpec]:
    """What this plugin computes from a person's own answers for its recommendations and sections; called once."""


@hookspec
def careplan_templates() -> list[TemplateFolder]:
    """Template folders; called once when plugins are loaded."""


@hookspec
def careplan_readers() -> list[Reader]:
    """Intake formats; called once when plugins are loaded."""


@hookspec
def careplan_renderers() -> list[Renderer]:
    """Output formats; called once when plugins are loaded."""


@hookspec
def careplan_checks() -> list[Check]:
    """Extra linters for rulesets; called when rulesets are checked."""


@hookspec
def careplan_commands(cli: click.Group) -> None:
    """Add commands to ``cli``, a group; called when a command is asked for that careplan does not bring itself."""
