"""The tables that New York City's Local Law 144 prescribes."""

from __future__ import annotations

from evaluator.analyses.fairness.measured import Measured
from evaluator.records import AnalysisTables


def statutory(measured: Measured) -> AnalysisTables:
    """The tables that New York City's Local Law 144 prescribes."""
    return AnalysisTables()
