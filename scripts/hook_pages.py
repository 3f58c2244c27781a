"""Writes docs/hooks.md from careplan/hookspecs.py: every hook with its exact arguments and what its values hold."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs

from careplan import hookspecs
from careplan.registry import OPTIONS, RETURNS

PAGE = Path(__file__).parent.parent / "docs" / "hooks.md"
BEGINNING = """\
# Hooks

What a plugin may contribute. A plugin is a module that implements some of these functions, each marked `@hookimpl`,
and an entry point of the group `careplan` that names the module:

```toml
[project.entry-points.careplan]
hydrotherapy = "careplan_hydrotherapy"
```

Every hook is called once and returns a list of frozen values; it has no side effects. The order of plugins is that of
their modalities, by `(order, id)`: it does not matter which is installed first. No hook takes an option
({options}): a plugin cannot come before another one or change what it says.

A plugin fails as a whole, and by name, when its module cannot be imported, when a hook is misspelt, not marked, takes
another argument than here, raises or returns something else, when its requirements are not met, when its files cannot
be read, and when an id is taken: what is built in keeps its id, and of two strangers neither gets it. While a plugin
fails no plan is made, unless `--allow-incomplete` is given; then the gap is printed on page 1. `careplan plugins`
lists what is loaded and what failed.

The rules of a plugin change the recommendations of its own modality only, and may raise safety findings. What they
would do to others (block or adapt a tag that others carry, hold or cut their recommendations) is listed by
`careplan plugins` and refused, unless the service allows it by name in its configuration, a file that `CAREPLAN_CONFIG`
names, or `~/.config/careplan/config.toml`:

```toml
[plugins.hydrotherapy]
may = ["blocks heat"]
```

This page is written by `make docs` from `careplan/hookspecs.py`.
"""


def page() -> str:
    """The text of the page."""
    hooks = [each for name, each in vars(hookspecs).items() if name.startswith("careplan_")]
    parts = [BEGINNING.format(options=", ".join(f"`{each}`" for each in OPTIONS)), *map(_hook, hooks)]
    return "\n".join(parts)


def signature(hook: Callable[..., Any]) -> str:
    """``careplan_modality() -> list[Modality]``."""
    text = str(inspect.signature(hook)).replace("'", "")
    return hook.__name__ + text


def _hook(hook: Callable[..., Any]) -> str:
    lines = [f"## `{signature(hook)}`", "", _prose(hook.__doc__ or ""), ""]
    if hook.__name__ in RETURNS:
        lines += _value(RETURNS[hook.__name__])
    return "\n".join(lines)


def _value(kind: type) -> list[str]:
    lines = [f"`{kind.__name__}`: {_prose(kind.__doc__ or '')}", "", "| field | type | default |", "|---|---|---|"]
    for each in attrs.fields(kind):
        kind_of = str(each.type).replace("|", "\\|")
        lines.append(f"| `{each.name}` | `{kind_of}` | {_default(each)} |")
    return [*lines, ""]


def _default(attribute: attrs.Attribute[Any]) -> str:
    if attribute.default is attrs.NOTHING:
        return "must be given"
    if isinstance(attribute.default, attrs.Factory):  # type: ignore[arg-type]
        return "empty"
    return f"`{attribute.default!r}`"


def _prose(docstring: str) -> str:
    return re.sub(r"``(.+?)``", r"`\1`", " ".join(docstring.split()))


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(Path.cwd()) if PAGE.is_relative_to(Path.cwd()) else PAGE)
