"""Cases done by several processes come back in their order, and one that dies takes no other with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from careplan.cli.workers import Limits, in_order
from careplan.errors import CareplanError, EngineDisagreement, IntakeError, Location, Problem

CASES = [f"case-{number}" for number in range(6)]


def said(work: Callable[[str], Any], jobs: int = 2, **limits: int) -> list[Any]:
    """What comes back of the six cases, an error as its text."""
    found = in_order(work, CASES, jobs, Limits(**limits))
    return [str(each) if isinstance(each, CareplanError) else each for each in found]


@pytest.mark.parametrize("jobs", [1, 2, 9])
def test_results_come_in_the_order_of_the_cases_however_long_each_takes(jobs: int) -> None:
    def work(case: str) -> str:
        time.sleep(0.2 if case == "case-0" else 0)
        return case.upper()

    assert said(work, jobs) == [case.upper() for case in CASES]


def test_the_work_is_shared_among_processes_that_are_not_this_one() -> None:
    def work(_: str) -> int:
        return os.getpid()

    found = said(work)
    assert len(set(found)) == 2
    assert os.getpid() not in found


def test_a_process_that_is_killed_fails_its_case_alone() -> None:
    def work(case: str) -> str:
        if case == "case-2":
            os.kill(os.getpid(), signal.SIGKILL)
        return case

    wanted = [*CASES[:2], "case-2: its process was ended by SIGKILL", *CASES[3:]]
    assert said(work) == wanted


def test_a_case_that_takes_too_long_is_ended() -> None:
    def work(case: str) -> str:
        while case == "case-1":
            pass
        return case

    assert said(work, seconds=1)[1:3] == ["case-1: it took more than 1 s of processor time", "case-2"]


def test_a_case_that_needs_too_much_memory_is_ended() -> None:
    def work(case: str) -> str:
        return case if case != "case-1" else str(len(bytearray(1024**3)))

    assert said(work, memory=512 * 1024**2)[1:3] == ["case-1: it needed more than 0.5 GiB of memory", "case-2"]


def test_a_bug_shows_its_traceback_and_stops_no_other_case(capfd: pytest.CaptureFixture[str]) -> None:
    def work(case: str) -> str:
        return case if case != "case-3" else case[99]

    assert said(work)[3:5] == ["case-3: its process ended with code 1", "case-4"]
    assert "IndexError: string index out of range" in capfd.readouterr().err


@pytest.mark.parametrize(
    "error",
    [
        IntakeError([Problem("too old", Location("a.yaml", 3, 4), "age"), Problem("too young")]),
        EngineDisagreement("the engines differ", {"conditions": []}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_back_whole(error: CareplanError) -> None:
    (found,) = in_order(lambda _: error, ["a.yaml"], 1)
    assert type(found) is type(error)
    assert found.problems == error.problems
    assert getattr(found, "report", None) == getattr(error, "report", None)


def test_nobody_is_left_behind_when_it_is_broken_off() -> None:
    def work(case: str) -> str:
        time.sleep(0 if case == "case-0" else 60)
        return case

    results = in_order(work, CASES, 2)
    assert next(results) == "case-0"
    assert len(multiprocessing.active_children()) == 2
    results.close()
    assert multiprocessing.active_children() == []


def test_processes_whose_first_one_was_ended_end_in_silence() -> None:
    ended = """
import os, signal, time
from careplan.cli.workers import in_order

def work(case):
    if case == "killer":
        os.kill(os.getppid(), signal.SIGTERM)
    time.sleep(0.2)
    return case * 1_000_000

list(in_order(work, ["killer", "other", "another"], 2))
"""
    done = subprocess.run([sys.executable, "-c", ended], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stderr) == (-signal.SIGTERM, "")
