"""Goals that cannot hold together on these data, and the price of each."""

from __future__ import annotations

from evaluator.analyses.fairness.measured import Measured
from evaluator.records import AnalysisTables


def tradeoffs(measured: Measured) -> AnalysisTables:
    """Goals that cannot hold together on these data, and the price of each."""
    return AnalysisTables()
