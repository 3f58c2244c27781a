"""What is known of one person: the value of every known fact, and what was assumed."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from careplan.instruments import Scored
from careplan.vocabulary.model import Value


@frozen
class Facts:
    """The known facts by id, in the order of the vocabulary; a fact that is not here is unknown.

    ``assumed_no`` are the diagnoses and findings that nobody asked about and that count as absent until somebody
    does, sorted; ``scored`` are the questionnaires behind the scores, by instrument id.
    """

    values: Mapping[str, Value]
    assumed_no: tuple[str, ...] = ()
    scored: Mapping[str, Scored] = field(factory=dict)
