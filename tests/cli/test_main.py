"""The command line as a whole: what it says of commands that are there, and of one that is not."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("genrate", "there is no command 'genrate'; did you mean 'generate'?"),
        ("Plugins", "there is no command 'Plugins'; did you mean 'plugins'?"),
        ("dig", "there is no command 'dig'"),
    ],
)
def test_an_unknown_command_is_refused_with_the_nearest(run: Run, name: str, said: str) -> None:
    code, out, err = run(name)
    assert (code, out, err.splitlines()[-1]) == (2, "", f"Error: {said}")


@pytest.mark.parametrize("group", ["rules", "intake"])
def test_the_line_of_a_command_is_whole_in_a_narrow_terminal(run: Run, group: str) -> None:
    code, out, _ = run(group, "--help")
    assert code == 0
    assert "..." not in out.partition("Commands:")[2]
