"""The parts of the analysis that build on groups measured one by one, in the order of their findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evaluator.analyses.fairness.burden import burden
from evaluator.analyses.fairness.conditional import conditional
from evaluator.analyses.fairness.distances import distances
from evaluator.analyses.fairness.gaps import ANALYSIS_NAME
from evaluator.analyses.fairness.group_values import group_values
from evaluator.analyses.fairness.limits import limits
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.selection import selection
from evaluator.analyses.fairness.statutory import statutory
from evaluator.analyses.fairness.traces import traces
from evaluator.analyses.fairness.tradeoffs import tradeoffs
from evaluator.analyses.fairness.unknowns import unknowns
from evaluator.records import AnalysisTables, NotTested, Progress, merged

PARTS: Mapping[str, Callable[[Measured], AnalysisTables]] = {
    "Gaps beside their limits": limits,
    "Best guesses, and groups beside the best and the rest": group_values,
    "Selection against four fifths": selection,
    "The tables of Local Law 144": statutory,
    "Groups among those alike in a factor": conditional,
    "Goals that exclude each other, and their price": tradeoffs,
    "Where a gap could come from": traces,
    "What people of unknown group could do to a gap": unknowns,
    "Who bears the errors": burden,
    "How the scores of groups lie": distances,
}
"""Each part by what is not tested when it fails."""


def look_closer(measured: Measured, progress: Progress, done: int, total: int) -> AnalysisTables:
    """Run every part; one that raises is recorded, and the others go on."""
    found: list[AnalysisTables] = []
    for what, part in PARTS.items():
        progress(what.lower(), done, total)
        try:
            found.append(part(measured))
        except Exception as problem:  # noqa: BLE001  a part that fails is recorded and said, whatever it raised
            reason = f"this part stopped with {type(problem).__name__}: {problem}"
            found.append(AnalysisTables(not_tested=(NotTested(ANALYSIS_NAME, what, reason, "", failed=True),)))
    return merged(found)
