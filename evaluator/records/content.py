"""A whole run, and what one analysis contributes to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from evaluator.records.cases import (
    Case,
    CasePart,
    Reason,
    ReasonCheck,
    RecourseRate,
    SimilarCases,
    WayOut,
    WayOutChange,
)
from evaluator.records.conditional import Conditional, Stratum
from evaluator.records.explanations import Effect, Importance
from evaluator.records.failures import ErrorLeaf, Slice, SliceCause, SliceCondition, SliceSearch
from evaluator.records.group_values import Distance, GroupGap, Shrunken
from evaluator.records.measures import Calibration, CurvePoint, Estimate, Gap, Paired, Quality
from evaluator.records.reliance import ExplanationCheck, SurrogateLeaf
from evaluator.records.selection import SelectionRatio, StatutoryTable
from evaluator.records.shape import Dependence, FeatureShare, Interaction, InteractionPoint
from evaluator.records.subject import PlanText, Population, Provenance, Run, Timing
from evaluator.records.traces import Trace
from evaluator.records.tradeoffs import Conflict, Price
from evaluator.records.unknowns import UnknownBound
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
    shrunken: tuple[Shrunken, ...] = ()
    group_gaps: tuple[GroupGap, ...] = ()
    distances: tuple[Distance, ...] = ()
    conditionals: tuple[Conditional, ...] = ()
    strata: tuple[Stratum, ...] = ()
    selection_ratios: tuple[SelectionRatio, ...] = ()
    statutory_tables: tuple[StatutoryTable, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    prices: tuple[Price, ...] = ()
    traces: tuple[Trace, ...] = ()
    unknown_bounds: tuple[UnknownBound, ...] = ()
    slice_searches: tuple[SliceSearch, ...] = ()
    slices: tuple[Slice, ...] = ()
    slice_conditions: tuple[SliceCondition, ...] = ()
    slice_causes: tuple[SliceCause, ...] = ()
    error_leaves: tuple[ErrorLeaf, ...] = ()
    dependences: tuple[Dependence, ...] = ()
    feature_shares: tuple[FeatureShare, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    interaction_points: tuple[InteractionPoint, ...] = ()
    cases: tuple[Case, ...] = ()
    case_parts: tuple[CasePart, ...] = ()
    similar_cases: tuple[SimilarCases, ...] = ()
    ways_out: tuple[WayOut, ...] = ()
    way_out_changes: tuple[WayOutChange, ...] = ()
    recourse_rates: tuple[RecourseRate, ...] = ()
    reasons: tuple[Reason, ...] = ()
    reason_checks: tuple[ReasonCheck, ...] = ()
    explanation_checks: tuple[ExplanationCheck, ...] = ()
    surrogate_leaves: tuple[SurrogateLeaf, ...] = ()


def merged(tables: Sequence[AnalysisTables]) -> AnalysisTables:
    """The records of several, table by table, in order."""
    return AnalysisTables(
        **{one.name: tuple(row for part in tables for row in getattr(part, one.name)) for one in fields(AnalysisTables)}
    )


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
