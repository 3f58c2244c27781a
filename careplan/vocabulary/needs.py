"""What a recommendation can help with, and what a goal can need help with: the words both sides use."""

from __future__ import annotations

from collections.abc import Mapping

NEEDS: Mapping[str, str] = {
    "safety": "Staying safe",
    "pain_interference": "Pain getting in the way less",
    "activity": "Doing more",
    "sleep": "Sleeping better",
    "mood": "Feeling better",
    "knowledge": "Understanding pain",
    "social": "Being with people",
    "medicines": "Medicines that help more than they harm",
}
"""Each word with its meaning."""
