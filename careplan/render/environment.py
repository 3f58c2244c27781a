"""Template folders → the Jinja environment: sandboxed, escaping everything, and strict about what is not there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from careplan.errors import RenderError, nearest
from careplan.plan.model import Detail
from careplan.plan.texts import shown
from careplan.render.courses import course
from careplan.rules.checks.readability import sentences
from careplan.rules.ruleset import Citation

BASE = "base"
"""The folder of the editions, the default section and the macros."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

_UNPRINTABLE = re.compile("[\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_UNESCAPED = re.compile(r"\{%[-+]?\s*autoescape\b")


def environment(folders: Mapping[str, Traversable]) -> jinja2.Environment:
    """The environment that renders every document; ``folders`` are the modalities' template folders.

    A template is addressed ``<modality>/<name>``, ours ``base/<name>``. Text is escaped, always.
    """
    if BASE in folders:
        raise RenderError(f"the template folder {BASE!r} is careplan's own; name yours after its modality")
    loader = _Loader({**folders, BASE: files("careplan.templates") / BASE})
    found = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    del found.filters["safe"]  # markup is written in templates, it never comes from text
    found.filters |= {
        "day": day,
        "excerpt": excerpt,
        "shown": shown,
        "sentences": sentences,
        "lower_first": lower_first,
        "by_grade": by_grade,
        "rendered": rendered,
        "course": course,
    }
    return found


def printable(value: Any) -> Any:
    """What a template prints: characters that would break or reorder the page show as U+FFFD instead."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if value.isascii() and value.isprintable():
        return value
    return _UNPRINTABLE.sub("\ufffd", "".join(_visible(character) for character in value))


def _visible(character: str) -> str:
    if character in "\n\t":
        return character
    return "\ufffd" if unicodedata.category(character) in ("Cc", "Cs") else character


def day(given: date | str) -> str:
    """``2 March 2026``; a detail holds its days as text, ``2026-03-02``."""
    value = date.fromisoformat(given) if isinstance(given, str) else given
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def excerpt(text: str, length: int) -> str:
    """The text up to ``length`` characters, cut between words and marked where it is longer."""
    if len(text) <= length:
        return text
    cut = text[:length]
    return (cut.rsplit(None, 1)[0] if " " in cut else cut) + " …"


def lower_first(text: str) -> str:
    """The text to go on with inside a sentence; abbreviations, and names of several words, keep their capitals."""
    first, _, rest = text.partition(" ")
    a_name = rest[:1].isupper() and rest[1:2].islower()
    return text if a_name or not first[1:2].islower() else text[:1].lower() + text[1:]


def by_grade(evidence: Iterable[Citation]) -> dict[str, list[str]]:
    """The sources under the grade they were given, both in the order they are cited."""
    found: dict[str, list[str]] = {}
    for each in evidence:
        found.setdefault(each.grade, []).append(each.cite)
    return found


@jinja2.pass_environment
def rendered(templates: jinja2.Environment, detail: Detail, document: Any) -> Markup:
    """A detail as its own template shows it; raises RenderError naming the template that failed."""
    try:
        text = templates.get_template(detail.template).render(detail=detail, document=document)
    except jinja2.TemplateError as error:
        raise RenderError(f"the template {detail.template} of {detail.id} failed: {error}") from error
    return Markup(text)  # noqa: S704 - what the escaping environment has just rendered


class _Loader(jinja2.BaseLoader):
    def __init__(self, folders: Mapping[str, Traversable]) -> None:
        self.folders = folders

    def get_source(
        self,
        environment: jinja2.Environment,  # noqa: ARG002 - Jinja passes it by position to every loader
        template: str,
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        folder, _, name = template.partition("/")
        if folder not in self.folders:
            message = f"there is no template folder {folder!r}{nearest(folder, self.folders)}"
            raise jinja2.TemplateNotFound(template, message)
        file = self.folders[folder] / name
        if not name or "/" in name or name.startswith(".") or not file.is_file():
            raise jinja2.TemplateNotFound(template, f"there is no template {template!r}")
        source = file.read_text(encoding="utf-8")
        if _UNESCAPED.search(source):
            message = "'autoescape' is not allowed; write the markup in the template"
            raise jinja2.TemplateSyntaxError(message, 1, template)
        return source, template, lambda: True
