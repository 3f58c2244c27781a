"""The instruments that come with careplan, by id; each stands in the file of its name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from careplan.instruments.model import Instrument
from careplan.instruments.read import read_instrument

_SUFFIX = ".yaml"


@cache
def builtin_names() -> tuple[str, ...]:
    """The ids of the built-in instruments, sorted."""
    folder = files("careplan.instruments") / "definitions"
    return tuple(sorted(each.name.removesuffix(_SUFFIX) for each in folder.iterdir() if each.name.endswith(_SUFFIX)))


@cache
def builtin_instrument(name: str) -> Instrument:
    """One built-in instrument, without reading the others."""
    return read_instrument(files("careplan.instruments") / "definitions" / f"{name}{_SUFFIX}")


@cache
def builtin_instruments() -> dict[str, Instrument]:
    """The built-in instruments by id, in the order of their files."""
    return {name: builtin_instrument(name) for name in builtin_names()}
