"""Where a gap could come from: what tells a group, what changes with the group alone, and how the data differ."""

from __future__ import annotations

from evaluator.analyses.fairness.findings_traces import trace_findings
from evaluator.analyses.fairness.flips import flips
from evaluator.analyses.fairness.gaps import ANALYSIS_NAME
from evaluator.analyses.fairness.label_gaps import label_gaps, missing_gaps
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.read_features import read_features
from evaluator.analyses.fairness.reveals import reveals
from evaluator.records import AnalysisTables, NotTested

REVEALS = "What tells a group from everyone else"
NO_FEATURES = "the plan names no features beside the groups themselves"
FEATURES_LINE = "data: {features: [NAME_OF_A_COLUMN]}"


def traces(measured: Measured) -> AnalysisTables:
    """Traces of every attribute and group, with what they show beyond chance."""
    features = read_features(measured.plan, measured.subject)
    told = reveals(measured, features)
    changed, missing = flips(measured)
    rows = (*told, *changed, *label_gaps(measured), *missing_gaps(measured, features))
    if not told and measured.attributes:
        missing = (NotTested(ANALYSIS_NAME, REVEALS, NO_FEATURES, FEATURES_LINE), *missing)
    return AnalysisTables(traces=rows, findings=trace_findings(measured, rows), not_tested=missing)
