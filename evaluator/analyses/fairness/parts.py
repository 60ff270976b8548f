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

PARTS: tuple[tuple[str, Callable[[Measured], AnalysisTables]], ...] = (
    ("gaps beside their limits", limits),
    ("best guesses", group_values),
    ("selection against four fifths", selection),
    ("tables of Local Law 144", statutory),
    ("groups among those alike", conditional),
    ("goals and their price", tradeoffs),
    ("where a gap could come from", traces),
    ("people of unknown group", unknowns),
    ("who bears the errors", burden),
    ("how scores lie", distances),
)
"""Each part by what is said while it runs."""
