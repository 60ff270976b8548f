"""A whole run, and what one analysis contributes to it."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records.explanations import Effect, Importance
from evaluator.records.measures import Calibration, CurvePoint, Estimate, Gap, Paired, Quality
from evaluator.records.subject import PlanText, Population, Provenance, Run, Timing
from evaluator.records.verdicts import CriterionResult, Finding, NotTested, Recommendation


@dataclass(frozen=True, slots=True)
class AnalysisTables:
    """What one analysis contributes to a run file."""

    estimates: tuple[Estimate, ...] = ()
    gaps: tuple[Gap, ...] = ()
    quality: tuple[Quality, ...] = ()
    paired: tuple[Paired, ...] = ()
    curves: tuple[CurvePoint, ...] = ()
    importances: tuple[Importance, ...] = ()
    effects: tuple[Effect, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_tested: tuple[NotTested, ...] = ()
    calibrations: tuple[Calibration, ...] = ()


@dataclass(frozen=True, slots=True)
class RunContent:
    """Everything a run file holds, table by table; the store publishes exactly this."""

    run: Run
    plan: PlanText
    populations: tuple[Population, ...]
    tables: AnalysisTables
    criteria: tuple[CriterionResult, ...]
    recommendation: Recommendation
    provenance: tuple[Provenance, ...]
    timings: tuple[Timing, ...]
