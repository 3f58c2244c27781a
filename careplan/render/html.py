"""A document → HTML text that needs nothing else: its style and fonts travel inside."""

from __future__ import annotations

import base64
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from careplan.border import border
from careplan.errors import RenderError
from careplan.plan.model import Failure, Section
from careplan.render.document import Document
from careplan.render.forms import fillable
from careplan.render.look import inked_style

FONTS = "careplan:fonts/"
"""How style sheets address the bundled fonts; no other scheme but ``data:`` is ever fetched."""


def html(document: Document, templates: jinja2.Environment) -> str:
    """The document as one HTML page for a browser; raises RenderError naming the template that failed."""
    return _page(document, templates, whole_style())


def bare_html(document: Document, templates: jinja2.Environment) -> str:
    """The same page without its style, for a printer that brings the style itself."""
    return _page(document, templates, "")


def style_sheet(*names: str) -> str:
    """The text of style sheets of ``templates/base``, one after another."""
    base = files("careplan.templates") / "base"
    return "\n".join((base / name).read_text(encoding="utf-8") for name in names)


def font(name: str) -> bytes:
    """A bundled font by its file's name; raises RenderError for any other name."""
    known = {each.name: each for each in (files("careplan.templates") / "fonts").iterdir() if each.name[-4:] == ".ttf"}
    if name not in known:
        raise RenderError(f"there is no bundled font {name!r}; there are {', '.join(sorted(known))}")
    return known[name].read_bytes()


@cache
def whole_style() -> str:
    """The style of every page for a browser, its fonts inside."""
    style = style_sheet("fonts.css", "page.css", "screen.css")
    for name in ("AtkinsonHyperlegible-Regular.ttf", "AtkinsonHyperlegible-Bold.ttf"):
        style = style.replace(FONTS + name, "data:font/ttf;base64," + base64.b64encode(font(name)).decode())
    return style


def _page(document: Document, templates: jinja2.Environment, style: str) -> str:
    name = "urgent" if document.plan.status == "withheld" else document.edition
    sections = [_section(each, document, templates) for each in document.sections]
    page = Markup(inked_style(style, document.look.ink))  # noqa: S704 - our own style sheet
    text = rendered_template(f"base/{name}.html", templates, document=document, sections=sections, style=page)
    return document.look.inked(fillable(text, cells=document.edition == "patient"))


def _section(section: Section, document: Document, templates: jinja2.Environment) -> Markup:
    failures: list[Failure] = []
    with border(section.modality, f"template {section.template}", failures):
        text = rendered_template(section.template, templates, document=document, section=section)
        return Markup(text)  # noqa: S704 - what the escaping environment has just rendered
    raise RenderError(f"plugin {section.modality} failed (template {section.template}): {failures[0].message}")


def rendered_template(template: str, templates: jinja2.Environment, **values: object) -> str:
    """What a template shows of the values; raises RenderError naming the template that failed."""
    try:
        return templates.get_template(template).render(**values)
    except jinja2.TemplateError as error:
        place = f", line {error.lineno}" if isinstance(error, jinja2.TemplateSyntaxError) else ""
        raise RenderError(f"the template {template}{place} failed: {error}") from error
