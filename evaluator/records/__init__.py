"""The frozen records that everything else speaks in.

The records under `RunContent` mirror the store's tables field by field: the store derives its columns from them, so a
field added here is a column added there. A trailing underscore (`class_`) is dropped in the column name. Fractions are
fractions in every record; percentages exist in sentences alone.
"""

from __future__ import annotations

from evaluator.records.content import AnalysisTables, RunContent
from evaluator.records.explanations import Effect, Importance
from evaluator.records.ledger import AskedQuestion, Condition, Decision, DecisionCode, LedgerEvent, RecordedDecision
from evaluator.records.measures import Calibration, CurvePoint, Estimate, Gap, Interval, Paired, Quality
from evaluator.records.subject import PlanText, Population, Provenance, Run, Timing, Words
from evaluator.records.verdicts import CriterionResult, Finding, NotTested, Recommendation
from evaluator.records.vocabulary import (
    ALL,
    MODEL,
    PREVIOUS,
    Coverage,
    Direction,
    EstimateStatus,
    Outcome,
    Progress,
    RecommendationCode,
    RunState,
    Severity,
    Status,
)

__all__ = [
    "ALL",
    "MODEL",
    "PREVIOUS",
    "AnalysisTables",
    "AskedQuestion",
    "Calibration",
    "Condition",
    "Coverage",
    "CriterionResult",
    "CurvePoint",
    "Decision",
    "DecisionCode",
    "Direction",
    "Effect",
    "Estimate",
    "EstimateStatus",
    "Finding",
    "Gap",
    "Importance",
    "Interval",
    "LedgerEvent",
    "NotTested",
    "Outcome",
    "Paired",
    "PlanText",
    "Population",
    "Progress",
    "Provenance",
    "Quality",
    "Recommendation",
    "RecommendationCode",
    "RecordedDecision",
    "Run",
    "RunContent",
    "RunState",
    "Severity",
    "Status",
    "Timing",
    "Words",
]
