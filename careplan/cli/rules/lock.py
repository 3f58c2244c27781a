"""``careplan rules lock``: the digests of released versions."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources.abc import Traversable
from pathlib import Path

import click
from attrs import frozen

from careplan.cli.cases import load
from careplan.cli.output import write_whole
from careplan.cli.rules.suites import refuse
from careplan.errors import Location, Problem, RulesetError
from careplan.knowledge import Knowledge
from careplan.rules.ruleset import Ruleset
from careplan.rules.versions import check_lock, lock_lines


@click.command(short_help="Write down the digests of new versions.")
@click.option("--check", is_flag=True, help="Only say whether every version is locked and unchanged.")
def lock(check: bool) -> int:
    """Write the digest of every new version into its lock file: from then on the version is released.

    A released version is never edited; one that was is an error. Exit 1 with --check: a version is not locked, or was
    edited.

    \b
    Examples:
      careplan rules lock
      careplan rules lock --check
    """
    knowledge = load(locked=False)
    refuse(knowledge.failures)
    found = [(each, each.problems()) for each in locks(knowledge)]
    problems = [problem for _, each in found for problem in each if check or problem.code != "unlocked"]
    if problems and not check:
        raise RulesetError(problems)
    for problem in problems:
        click.echo(f"✘ {problem}")
    for each, missing in found:
        if check:
            click.echo(f"{each.file}: {len(each.rulesets)} versions" + ("" if missing else ", all as released"))
        else:
            click.echo(f"{each.file}: {each.write() if missing else 'nothing to add'}")
    return 1 if problems else 0


@frozen
class Lock:
    """A lock file and the rulesets it answers for."""

    file: Traversable
    rulesets: tuple[Ruleset, ...]

    @property
    def text(self) -> str:
        """What it holds; nothing while it does not exist."""
        return self.file.read_text(encoding="utf-8") if self.file.is_file() else ""

    def problems(self) -> tuple[Problem, ...]:
        """Every version that is not in it, or was edited since."""
        try:
            check_lock(self.text, self.rulesets, str(self.file))
        except RulesetError as error:
            return error.problems
        return ()

    def missing(self) -> tuple[Ruleset, ...]:
        """The versions that are not in it yet."""
        held = {tuple(line.split()[:2]) for line in self.text.splitlines()}
        return tuple(each for each in self.rulesets if (each.id, each.version) not in held)

    def write(self) -> str:
        """Add the new versions, keeping every line there is; says which were added."""
        if not isinstance(self.file, Path):
            raise RulesetError(Problem("this lock file lies in an archive; lock where it is a file", self.place))
        old, new = (set(text.splitlines(keepends=True)) for text in (self.text, lock_lines(self.rulesets)))
        write_whole(self.file, "".join(sorted(old | new)).encode())
        return "added " + ", ".join("@".join(line.split()[:2]) for line in sorted(new - old))

    @property
    def place(self) -> Location:
        """Where it is."""
        return Location(str(self.file))


def locks(knowledge: Knowledge) -> Iterable[Lock]:
    """The lock files of all ruleset folders, in the order of the modalities."""
    found: dict[str, Lock] = {}
    for folder in knowledge.registry.rulesets:
        if folder.lock is not None:
            known = found.get(str(folder.lock), Lock(folder.lock, ()))
            found[str(folder.lock)] = Lock(folder.lock, (*known.rulesets, *knowledge.versions[folder.id]))
    return found.values()
