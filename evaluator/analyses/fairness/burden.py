"""Who bears the errors: judgements about the share of all cases of a group that were decided wrongly."""

from __future__ import annotations

from evaluator.analyses.fairness.measured import Measured
from evaluator.records import AnalysisTables


def burden(measured: Measured) -> AnalysisTables:
    """Who bears the errors: judgements about the share of all cases of a group that were decided wrongly."""
    return AnalysisTables()
