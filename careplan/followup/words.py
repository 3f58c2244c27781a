"""How verdicts, advice and places are called, wherever a person reads them."""

from __future__ import annotations

from collections.abc import Mapping

VERDICTS: Mapping[str, str] = {
    "improved": "improved",
    "worse": "worse",
    "no_clear_change": "no clear change",
    "cannot_tell": "cannot tell",
}
ADVICE: Mapping[str, str] = {
    "start": "start",
    "keep": "keep",
    "step_up": "step up",
    "step_down": "step down",
    "switch": "switch",
    "stop": "stop",
    "ended": "ended",
    "ask": "ask",
}
NOW: Mapping[str, str] = {
    "not_true": "its rule does not fire",
    "unknown": "its rule cannot be decided",
    "held": "it waits for an answer",
    "blocked": "it is blocked",
    "small_plan": "a small plan is enough",
    "declined": "a clinician declined it",
    "not_repeated": "it was not decided on again",
    "withheld": "the plan is withheld",
    "not_loaded": "its rule is in no ruleset of the day",
}
"""Where a recommendation stands that is gone."""
BEFORE: Mapping[str, str] = {
    "not_true": "its rule did not fire",
    "unknown": "its rule could not be decided",
    "held": "it waited for an answer",
    "blocked": "it was blocked",
    "small_plan": "a small plan was enough",
    "declined": "a clinician had declined it",
    "withheld": "the plan was withheld",
    "not_loaded": "its rule was in no ruleset of the day",
}
"""Where a recommendation stood that is new."""
DID: Mapping[str, str] = {"decline": "declined", "change": "changed", "add": "added"}
"""What an override did."""
