"""How far the scores of a group lie from those of everyone else."""

from __future__ import annotations

from evaluator.analyses.fairness.measured import Measured
from evaluator.records import AnalysisTables


def distances(measured: Measured) -> AnalysisTables:
    """How far the scores of a group lie from those of everyone else."""
    return AnalysisTables()
