"""HTML text → PDF bytes: the same bytes every time, from bundled fonts and nothing fetched."""

from __future__ import annotations

import gc
import hashlib
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from attrs import frozen

from careplan.errors import RenderError
from careplan.render.archival import complete_structure
from careplan.render.html import FONTS, font, style_sheet
from careplan.render.look import INKS, Ink, inked_style
from careplan.render.widgets import complete_fields

SYSTEM_LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
"""Debian's names of what WeasyPrint loads."""
VARIANT = "pdf/a-3a"
STYLE_SHEETS = ("fonts.css", "fallback.css", "page.css", "fields.css")
BEFORE_A_UNIT = re.compile(r"(?<=\d) (?=(?:%|(?:mg|ml|g|kg|cm|min|h|s|minutes?|hours?|days?|weeks?|months?|years?)\b))")
"""The space between a number and its unit, at which no line may end."""


@frozen
class Attached:
    """A file inside a PDF: its name, what it is, its bytes, and the day it is of."""

    name: str
    description: str
    content: bytes
    on: date


def pdf(html: str, ink: Ink = "colour", attached: Sequence[Attached] = ()) -> bytes:
    """The page as a PDF, in an ink, with files inside; equal text and files give equal bytes on one machine.

    Raises RenderError naming any address the page asks for that is no bundled font and no ``data:``, and when a
    system library is missing.
    """
    with _without_collecting():
        return written(laid_out(html, ink), html, attached)


def laid_out(html: str, ink: Ink = "colour") -> Any:
    """The page as WeasyPrint lays it out; raises what ``pdf`` raises."""
    shared = press()
    unbroken = BEFORE_A_UNIT.sub("\N{NO-BREAK SPACE}", html)
    with _refusing():
        source = shared.weasyprint.HTML(string=unbroken, base_url="careplan:page", url_fetcher=shared.fetcher)
        return source.render(stylesheets=[shared.styles[ink]], font_config=shared.fonts, pdf_variant=VARIANT)


def written(document: Any, html: str, attached: Sequence[Attached] = ()) -> bytes:
    """A page that is laid out as a PDF; the text it was made of gives the file its identifier."""
    shared = press()
    with _refusing():
        printed: bytes = document.write_pdf(
            finisher=_finish,
            pdf_identifier=hashlib.sha256(html.encode("utf-8", "replace")).digest()[:16],
            pdf_variant=VARIANT,
            attachments=[shared.attachment(each) for each in attached],
        )
    return printed


@contextmanager
def _refusing() -> Iterator[None]:
    """Raise RenderError for an address that may not be fetched."""
    shared = press()
    shared.fetcher.refused.clear()
    try:
        yield
    except shared.stopped as error:
        raise RenderError(str(error)) from None
    if shared.fetcher.refused:  # WeasyPrint goes on without a picture inside a picture
        raise RenderError(shared.fetcher.refused[0])


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let no garbage be collected meanwhile: looking through all that a page is made of costs more than it frees."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _finish(document: Any, pdf: Any) -> None:
    """Complete what WeasyPrint made, before it is written."""
    complete_fields(document, pdf)
    complete_structure(document, pdf)


@frozen
class Press:
    """WeasyPrint with what every document shares: the fonts, the parsed style in each ink, the locked door."""

    weasyprint: Any
    fonts: Any
    styles: Mapping[Ink, Any]
    fetcher: Any
    stopped: type[BaseException]

    def attachment(self, each: Attached) -> Any:
        """A file as WeasyPrint attaches it, as old as the day it is of."""
        day = datetime.combine(each.on, time(), UTC)
        return self.weasyprint.Attachment(
            string=each.content,
            name=each.name,
            description=each.description,
            created=day,
            modified=day,
            relationship="Data",
        )


@cache
def press() -> Press:
    """WeasyPrint, loaded once a process: its import takes more than a second."""
    with _no_system_fonts():
        try:
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
        except OSError as error:
            message = f"a system library is missing ({error.args[0].splitlines()[0]}); run: apt-get install"
            raise RenderError(f"{message} {SYSTEM_LIBRARIES}") from error
        fonts = FontConfiguration()

    class Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        """Opens bundled fonts and ``data:``; any other address is refused and ends the rendering."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            try:
                if url.startswith(FONTS):
                    return URLFetcherResponse(url, font(url.removeprefix(FONTS)), {"Content-Type": "font/ttf"})
                message = f"the document asks for {url}; only bundled fonts and data: may be used"
            except RenderError as error:
                message = str(error)
            self.refused.append(message)
            raise FatalURLFetchingError(message)

    fetcher = Fetcher()
    text = style_sheet(*STYLE_SHEETS)
    styles = {
        ink: weasyprint.CSS(string=inked_style(text, ink), font_config=fonts, url_fetcher=fetcher) for ink in INKS
    }
    return Press(weasyprint, fonts, styles, fetcher, FatalURLFetchingError)


@contextmanager
def _no_system_fonts() -> Iterator[None]:
    """Let fontconfig read an empty configuration, so that no font of the machine can slip into a document."""
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file, warnings.catch_warnings():
        file.write("<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig></fontconfig>")
        file.flush()
        warnings.filterwarnings("ignore", message=".*[Ff]ont[Cc]onfig.*")  # that there are none is what we want
        os.environ["FONTCONFIG_FILE"] = file.name
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before
