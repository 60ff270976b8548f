"""What one check of this analysis found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.records import ALL, Outcome
from evaluator.wording import Sentence


@dataclass(frozen=True, slots=True)
class Judged:
    """An outcome with its sentence; `evidence` are ids of records."""

    outcome: Outcome
    sentence: Sentence
    evidence: Sequence[str] = ()
    population_id: str = ALL
