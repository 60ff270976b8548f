"""Gaps beside the limits that the plan sets for them."""

from __future__ import annotations

from evaluator.analyses.fairness.measured import Measured
from evaluator.records import AnalysisTables


def limits(measured: Measured) -> AnalysisTables:
    """Gaps beside the limits that the plan sets for them."""
    return AnalysisTables()
