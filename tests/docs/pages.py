"""The pages of documentation as tests read them: their blocks of code, and the sessions in those."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import evolve, frozen

ROOT = Path(__file__).parents[2]
_TOP = ("README", "CONTRIBUTING", "CHANGELOG")
PAGES = [*(ROOT / f"{each}.md" for each in _TOP), *sorted((ROOT / "docs").glob("*.md"))]
EXIT_CODE = "$ echo $?"

_FENCE = re.compile(r"```(\w*)")
_NAMED = re.compile(r"^`([\w./-]+)`.*:$")


@frozen
class Block:
    """A block of code: its language, its text, and the file it is said to be: ``Above it: `pool/rules.yaml`:``."""

    line: int
    language: str
    text: str
    file: str | None


@frozen
class Step:
    """One command of a session, what it is shown to print, and the exit code it is shown to have."""

    line: int
    command: str
    shown: tuple[str, ...]
    code: int


def blocks(page: Path) -> Iterator[Block]:
    """Every block of code of a page, in order."""
    lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), 1))
    above = ""
    for number, line in lines:
        fence = _FENCE.match(line)
        if fence is None:
            above = line or above
            continue
        inside = []
        for _, each in lines:
            if each.startswith("```"):
                break
            inside.append(each)
        named = _NAMED.match(above)
        yield Block(number, fence[1], "\n".join(inside) + "\n", named[1] if named else None)
        above = ""


def steps(block: Block) -> list[Step]:
    """The commands of a session; ``$ echo $?`` shows the exit code of the one before, which else is 0."""
    found: list[Step] = []
    above = ""
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if above == EXIT_CODE:
            found[-1] = evolve(found[-1], code=int(line))
        elif line.startswith("$ ") and line != EXIT_CODE:
            found.append(Step(number, line[2:], (), 0))
        elif line != EXIT_CODE:
            found[-1] = evolve(found[-1], shown=(*found[-1].shown, line))
        above = line
    return found


def fits(shown: tuple[str, ...], printed: str) -> bool:
    """Whether a session shows what was printed; ``…`` stands for any text, and on a line alone for any lines."""
    pattern = ""
    for line in shown:
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*?".join(re.escape(each) for each in line.rstrip().split("…")) + "\n"
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in printed.splitlines())) is not None
