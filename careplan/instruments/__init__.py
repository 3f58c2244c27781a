"""Questionnaires as data, and one engine that scores them all."""

from __future__ import annotations

from careplan.instruments.builtin import builtin_instruments
from careplan.instruments.facts import score_facts
from careplan.instruments.model import Band, Change, Instrument, Item, Score, Scored
from careplan.instruments.read import read_instrument
from careplan.instruments.score import answer_problems, score

__all__ = [
    "Band",
    "Change",
    "Instrument",
    "Item",
    "Score",
    "Scored",
    "answer_problems",
    "builtin_instruments",
    "read_instrument",
    "score",
    "score_facts",
]
