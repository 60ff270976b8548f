"""The frozen records that everything else speaks in.

The records under `RunContent` mirror the store's tables field by field: the store derives its columns from them, so a
field added here is a column added there. A trailing underscore (`class_`) is dropped in the column name. Fractions are
fractions in every record; percentages exist in sentences alone.
"""

from __future__ import annotations

from evaluator.records.cases import (
    Case,
    CasePart,
    CaseRole,
    Reason,
    ReasonCheck,
    ReasonTest,
    RecourseRate,
    SimilarCases,
    WayOut,
    WayOutChange,
)
from evaluator.records.conditional import Conditional, Stratum
from evaluator.records.content import AnalysisTables, RunContent, merged
from evaluator.records.explanations import Effect, Importance
from evaluator.records.failures import (
    CauseVerdict,
    ErrorLeaf,
    Slice,
    SliceCause,
    SliceCondition,
    SliceSearch,
    SliceStatus,
)
from evaluator.records.group_values import Distance, GroupGap, Shrunken
from evaluator.records.ledger import (
    AskedQuestion,
    Condition,
    Decision,
    DecisionCode,
    LedgerEvent,
    RecordedDecision,
    SavedQuestion,
)
from evaluator.records.measures import Calibration, CurvePoint, Estimate, Gap, Interval, Paired, Quality
from evaluator.records.reliance import ExplanationCheck, SurrogateLeaf
from evaluator.records.selection import SelectionRatio, StatutoryTable
from evaluator.records.shape import Dependence, FeatureShare, Interaction, InteractionPoint
from evaluator.records.subject import PlanText, Population, Provenance, Run, Timing, Words
from evaluator.records.traces import Trace
from evaluator.records.tradeoffs import Conflict, Price
from evaluator.records.unknowns import UnknownBound
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
    "Case",
    "CasePart",
    "CaseRole",
    "CauseVerdict",
    "Condition",
    "Conditional",
    "Conflict",
    "Coverage",
    "CriterionResult",
    "CurvePoint",
    "Decision",
    "DecisionCode",
    "Dependence",
    "Direction",
    "Distance",
    "Effect",
    "ErrorLeaf",
    "Estimate",
    "EstimateStatus",
    "ExplanationCheck",
    "FeatureShare",
    "Finding",
    "Gap",
    "GroupGap",
    "Importance",
    "Interaction",
    "InteractionPoint",
    "Interval",
    "LedgerEvent",
    "NotTested",
    "Outcome",
    "Paired",
    "PlanText",
    "Population",
    "Price",
    "Progress",
    "Provenance",
    "Quality",
    "Reason",
    "ReasonCheck",
    "ReasonTest",
    "Recommendation",
    "RecommendationCode",
    "RecordedDecision",
    "RecourseRate",
    "Run",
    "RunContent",
    "RunState",
    "SavedQuestion",
    "SelectionRatio",
    "Severity",
    "Shrunken",
    "SimilarCases",
    "Slice",
    "SliceCause",
    "SliceCondition",
    "SliceSearch",
    "SliceStatus",
    "Status",
    "StatutoryTable",
    "Stratum",
    "SurrogateLeaf",
    "Timing",
    "Trace",
    "UnknownBound",
    "WayOut",
    "WayOutChange",
    "Words",
    "merged",
]
