"""Differences between groups among people who are alike in a legitimate factor."""

from __future__ import annotations

from evaluator.analyses.fairness.measured import Measured
from evaluator.records import AnalysisTables


def conditional(measured: Measured) -> AnalysisTables:
    """Differences between groups among people who are alike in a legitimate factor."""
    return AnalysisTables()
