"""The answer to a what-if question: these rows, the rows they are compared with, and everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from evaluator.recompute.question import Filter, Question
from evaluator.recompute.rows import LoadedRows
from evaluator.records import Estimate, EstimateStatus, Paired, Population

ANALYSIS = "recompute"
FAMILY = "found by asking"


@dataclass(frozen=True, slots=True)
class Contrast:
    """The rows asked about minus the compared ones, on one metric by one subject ("model" or "tried")."""

    metric: str
    subject: str
    difference: float | None
    low: float | None
    high: float | None
    se: float | None
    level: float
    method: str
    n: int
    relevant_count: int | None
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class SideAnswer:
    """One side, metric by metric.

    Attributes
    ----------
    today : by the decisions as they are; of the earlier model when the comparison is with it.
    tried : metrics of decisions at the cut-off tried out; empty without one.
    moved : tried minus today on the same rows.
    """

    population: Population
    today: Mapping[str, Estimate]
    tried: Mapping[str, Estimate]
    moved: Mapping[str, Paired]

    @property
    def shown(self) -> Mapping[str, Estimate]:
        """Today's estimates, with those at the cut-off tried where there are no decisions today."""
        return {
            metric: self.tried[metric] if metric in self.tried and found.status == "not_tested" else found
            for metric, found in self.today.items()
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rows say.

    Attributes
    ----------
    compared : None when there is nobody to compare with; `why_alone` says why.
    apart : asked minus compared today; `tried_apart` at the cut-off tried.
    versus : the model minus the earlier one on the rows asked about, when the comparison is with it.
    unlike_cutoff : recorded decisions that do not follow the cut-off tried; None when no decisions are recorded.
    """

    question: Question
    level: float
    asked: SideAnswer
    compared: SideAnswer | None
    everyone: SideAnswer
    apart: Mapping[str, Contrast]
    tried_apart: Mapping[str, Contrast]
    versus: Mapping[str, Paired]
    why_alone: str
    unlike_cutoff: int | None
    rows: LoadedRows = field(repr=False, compare=False)

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every estimate, the rows asked about first."""
        sides = (self.asked, self.compared, self.everyone)
        return tuple(
            found for side in sides if side is not None for part in (side.today, side.tried) for found in part.values()
        )


class Drop(NamedTuple):
    """A filter whose removal leaves `n` rows, `relevant_count` of which count for the leading error."""

    filter: Filter
    n: int
    relevant_count: int
