"""What people whose group is not known could do to a gap."""

from __future__ import annotations

from evaluator.analyses.fairness.measured import Measured
from evaluator.records import AnalysisTables


def unknowns(measured: Measured) -> AnalysisTables:
    """What people whose group is not known could do to a gap."""
    return AnalysisTables()
