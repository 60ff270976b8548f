"""The parts of the analysis that build on groups measured one by one, in the order of their findings."""

from __future__ import annotations

from collections.abc import Callable

from evaluator.analyses.fairness.burden import burden
from evaluator.analyses.fairness.conditional import conditional
from evaluator.analyses.fairness.distances import distances
from evaluator.analyses.fairness.group_values import group_values
from evaluator.analyses.fairness.limits import limits
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.selection import selection
from evaluator.analyses.fairness.statutory import statutory
from evaluator.analyses.fairness.traces import traces
from evaluator.analyses.fairness.tradeoffs import tradeoffs
from evaluator.analyses.fairness.unknowns import unknowns
from evaluator.records import AnalysisTables

PARTS: tuple[Callable[[Measured], AnalysisTables], ...] = (
    limits,
    group_values,
    selection,
    statutory,
    conditional,
    tradeoffs,
    traces,
    unknowns,
    burden,
    distances,
)
