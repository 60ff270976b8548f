"""What follows: requirements with their status, the recommendation, findings, and what was not tested."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records.vocabulary import Outcome, RecommendationCode, Severity, Status


@dataclass(frozen=True, slots=True)
class CriterionResult:
    criterion_id: str
    position: int
    question: str
    analysis: str
    metric: str
    class_: str
    subject: str
    population_id: str
    gap_by: str
    gap_kind: str
    gap_against: str
    against: str
    """'' for a plain limit; the compared subject (`previous`, `baseline:...`) for a paired criterion."""
    limit_low: float | None
    limit_high: float | None
    value: float | None
    low: float | None
    high: float | None
    level: float
    method: str
    n: int
    status: Status
    reason: str
    rows_needed: int | None
    """Further rows of the population that would settle an inconclusive status; null when more rows are unlikely to."""
    blocking: bool
    why: str
    family: str = ""
    """What the range holds together with: the family of its gap, or nothing else. '' without a gap, or before version 3."""
    family_size: int | None = None
    """How many ranges that is; null without a gap, or before version 3."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    recommendation: RecommendationCode
    deciding_criterion: str
    sentence: str
    counts: str
    """JSON object: status -> number of criteria."""


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    analysis: str
    severity: Severity
    outcome: Outcome
    sentence: str
    population_id: str
    metric: str
    evidence: str
    action: str


@dataclass(frozen=True, slots=True)
class NotTested:
    """Something the plan did not let us test: `what` and `reason` in words, `add_to_plan` as a line of YAML."""

    analysis: str
    what: str
    reason: str
    add_to_plan: str
    failed: bool = False
