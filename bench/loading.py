"""All rulesets read, type-checked and compiled in a new process, then once more in it; and a thousand rules."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
from importlib.resources import files
from importlib.resources.abc import Traversable

from careplan.instruments import builtin_instruments
from careplan.knowledge import TAGS, engine_over, with_scores
from careplan.rules.base import RuleBase
from careplan.rules.read import read_tags, ruleset_from_text
from careplan.vocabulary.read import builtin_vocabulary

THOUSAND = 1000
PER_FILE = 250


def run(rounds: int) -> str:
    """The medians of new processes, in milliseconds."""
    found = [json.loads(_fresh()) for _ in range(max(3, rounds // 3))]
    medians = {name: 1000 * statistics.median(each[name] for each in found) for name in found[0]}
    lines = [f"  {name:<20} {milliseconds:9.1f} ms" for name, milliseconds in medians.items()]
    return "\n".join(["Rulesets read, type-checked and compiled for both engines, in a new process", *lines])


def _fresh() -> str:
    code = "from bench.loading import measured; print(measured())"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[-1]


def measured() -> str:
    """The seconds of each in this process, as JSON; the facts that the rules read are loaded before."""
    types = with_scores(builtin_vocabulary(), builtin_instruments().values()).types
    tags = read_tags(files("careplan.rulesets") / TAGS)
    every = _texts()
    thousand = _thousand(every["medication_review"])
    times = {}
    for name, wanted in (("all rulesets", every), ("the same again", every), ("a thousand rules", thousand)):
        start = time.perf_counter()
        rulesets = tuple(ruleset_from_text(text, f"{each}.yaml", types, tags) for each, text in wanted.items())
        engine_over(RuleBase(rulesets, tags, types))
        times[name] = time.perf_counter() - start
    return json.dumps(times)


def _texts() -> dict[str, str]:
    folders = [each for each in files("careplan.rulesets").iterdir() if each.is_dir() and not each.name.startswith("_")]
    return {each.name: _newest(each).read_text(encoding="utf-8") for each in sorted(folders, key=lambda one: one.name)}


def _newest(folder: Traversable) -> Traversable:
    versions = [each for each in folder.iterdir() if re.fullmatch(r"\d+\.\d+\.yaml", each.name)]
    return max(versions, key=lambda each: each.name)


def _thousand(text: str) -> dict[str, str]:
    """The rules of a ruleset again and again under other ids, in files of their own."""
    head, body = text.split("rules:\n", 1)
    rules = [each for each in re.split(r"(?m)^(?=  - id: )", body) if each.startswith("  - id: MED")]
    alone = [re.sub(r"(?m)^    after:.*\n", "", each) for each in rules]
    many = [
        re.sub(r"id: MED-\d+", f"id: T-{number}", alone[number % len(alone)], count=1) for number in range(THOUSAND)
    ]
    found = {}
    for first in range(0, THOUSAND, PER_FILE):
        name = f"big{first}"
        found[name] = head.replace("medication_review", name) + "rules:\n" + "".join(many[first : first + PER_FILE])
    return found
