"""Selection rates against four fifths of the highest."""

from __future__ import annotations

from evaluator.analyses.fairness.measured import Measured
from evaluator.records import AnalysisTables


def selection(measured: Measured) -> AnalysisTables:
    """Selection rates against four fifths of the highest."""
    return AnalysisTables()
