"""The analysis from plan and subject to tables."""

from __future__ import annotations

from evaluator.analyses.data.examined import examine
from evaluator.analyses.data.findings import findings
from evaluator.analyses.data.measured import STEPS, measure_data, quality_table
from evaluator.analyses.data.untested import lacks, not_tested_rows
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Progress
from evaluator.subject.subject import Subject


def run(plan: Plan, subject: Subject, progress: Progress) -> AnalysisTables:
    """Count what is wrong with the data, judge it, and say what could not be looked at."""
    examined = examine(plan, subject)
    measured = measure_data(examined, progress)
    progress("", STEPS, STEPS)
    missing = lacks(examined, measured)
    return AnalysisTables(
        quality=quality_table(examined, measured),
        paired=measured.costs,
        findings=findings(examined, measured, missing),
        not_tested=not_tested_rows(missing),
    )
