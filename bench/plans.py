"""From an assessment to its plan, without rendering, and the stages of it: with few modalities and with all."""

from __future__ import annotations

from attrs import evolve

from bench.people import assessments, knowledge
from bench.timing import medians, table
from careplan.knowledge import Knowledge
from careplan.service import decide, fact_case, make_plan

FEW = ("safety", "education", "sleep")
TURNS = 5
"""How often everybody has a plan made before the next stage has its turn: the caches of the processor stay warm."""


def run(rounds: int) -> str:
    """Two tables, a case each."""
    return "\n".join(_table(each, rounds) for each in (_with(FEW), knowledge()))


def _with(modalities: tuple[str, ...]) -> Knowledge:
    """The knowledge of some modalities only."""
    known = knowledge()
    kept = tuple(each for each in known.registry.plugins if each.modality and each.modality.id in modalities)
    versions = {name: each for name, each in known.versions.items() if name in modalities}
    registry = evolve(known.registry, plugins=kept)
    return Knowledge(registry, known.vocabulary, known.instruments, known.formulary, known.tags, versions)


def _table(known: Knowledge, rounds: int) -> str:
    people = assessments() * TURNS
    ready = [fact_case(each, known) for each in people]
    found = medians(
        {
            "make_plan": lambda: [make_plan(each, known) for each in people],
            "  facts": lambda: [fact_case(each, known) for each in people],
            "  decision": lambda: [decide(each, known) for each in ready],
        },
        rounds,
    )
    rules = sum(len(each.rules) for versions in known.versions.values() for each in versions)
    whole = f"{len(known.versions)} modalities, {rules} rules, {len(people) // TURNS} whole people"
    return table(f"A plan without rendering: {whole}", found, "make_plan", per=len(people))
