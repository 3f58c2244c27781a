"""From an assessment to its plan, without rendering, and the stages of it."""

from __future__ import annotations

from bench.people import assessments, knowledge
from bench.timing import medians, table
from careplan.service import decide, fact_case, make_plan


def run(rounds: int) -> str:
    """The table, a case each."""
    known, people = knowledge(), assessments()
    ready = [fact_case(each, known) for each in people]
    found = medians(
        {
            "make_plan": lambda: [make_plan(each, known) for each in people],
            "  facts": lambda: [fact_case(each, known) for each in people],
            "  decision": lambda: [decide(each, known) for each in ready],
        },
        rounds,
    )
    return table(f"A plan without rendering: {len(people)} whole people", found, "make_plan", per=len(people))
