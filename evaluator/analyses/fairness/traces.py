"""Where a gap could come from."""

from __future__ import annotations

from evaluator.analyses.fairness.measured import Measured
from evaluator.records import AnalysisTables


def traces(measured: Measured) -> AnalysisTables:
    """Where a gap could come from."""
    return AnalysisTables()
