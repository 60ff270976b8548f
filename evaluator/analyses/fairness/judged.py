"""A gap beside the limit that was set for it, and how provable the two groups it names are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluator.catalogue.metrics import METRICS, MULTICLASS, PROPORTIONS
from evaluator.catalogue.statuses import STATUSES
from evaluator.records import ALL, MODEL, CriterionResult, Gap, Population, Status, Words

OTHER_SIDE = {
    "true_positive_rate": "false_negative_rate",
    "false_negative_rate": "true_positive_rate",
    "true_negative_rate": "false_positive_rate",
    "false_positive_rate": "true_negative_rate",
}
"""Rates that add up to 1: a difference between groups is the same for both."""


@dataclass(frozen=True, slots=True)
class JudgedGap:
    """`low` and `high` are the groups with the lowest and highest value; None without a value.

    `criterion` is the requirement that limits it, if there is one, and `ratio` the one that limits the ratio of the same
    numbers; `by` is the attribute in words.
    """

    gap: Gap
    by: str
    low: Population | None
    high: Population | None
    criterion: CriterionResult | None
    ratio: CriterionResult | None = None

    @property
    def requirements(self) -> tuple[CriterionResult, ...]:
        """The requirements on it, on the difference before on the ratio."""
        return tuple(row for row in (self.criterion, self.ratio) if row is not None)

    @property
    def status(self) -> Status | None:
        """Of all requirements on it, the status that needs attention first; None where no limit was set."""
        found = [row.status for row in self.requirements]
        return max(found, key=lambda status: STATUSES[status].severity, default=None)

    @property
    def limit(self) -> float | None:
        """The most that the difference may be."""
        return self.criterion.limit_high if self.criterion else None

    @property
    def names_are_proven(self) -> bool:
        """Whether the two groups named provably differ, with all pairs that were looked at taken into account."""
        gap = self.gap
        if gap.names_proven is not None:
            return gap.names_proven
        # What some pair is at least is what this pair is at least, where there is no other.
        return gap.family_size == 1 and bool(gap.at_least)


SCORES = (
    "balanced_accuracy", "error_ratio", "auc", "expected_calibration_error", "calibration_intercept", "calibration_slope",
    "brier_loss",
)  # fmt: skip
DISTANCES = ("mean_error", "mean_absolute_error")
"""Means of errors, in the unit of the label."""
NUMBERS = (*DISTANCES, "r2")


CLASS_RATES = frozenset(
    {"precision", "true_positive_rate", "false_positive_rate", "false_negative_rate", "selection_rate"}
)
ALL_CLASSES = ("accuracy", "balanced_accuracy")


def fair_metrics(task: str, class_: str = "") -> tuple[str, ...]:
    """What is compared between groups, in the order of the catalogue.

    Of several classes: how many are right, for one class the rates of it against the rest.
    """
    if task == MULTICLASS:
        wanted = CLASS_RATES if class_ else ALL_CLASSES
        return tuple(name for name in METRICS if name in wanted)
    if task == "regression":
        return tuple(name for name in METRICS if name in NUMBERS)
    return tuple(name for name in METRICS if name in PROPORTIONS or name in SCORES)


def lead_metric(task: str, words: Words) -> str:
    """The error that hurts the person it is about: the wrong prediction, or predictions that lean to one side."""
    if task == "regression":
        return "mean_error"
    if task == MULTICLASS and not words.positive:
        return "accuracy"
    return "false_negative_rate" if words.favourable_positive else "false_positive_rate"


def limit_for(criteria: Iterable[CriterionResult], gap: Gap) -> CriterionResult | None:
    """The requirement on a difference between all groups of everyone, on this rate or on the one that completes it."""
    metrics = (gap.metric, OTHER_SIDE.get(gap.metric, gap.metric)) if gap.kind == "difference" else (gap.metric,)
    for row in criteria:
        same = (row.gap_by, row.gap_kind, row.gap_against) == (gap.attribute, gap.kind, gap.against)
        same = same and row.class_ == gap.class_
        if same and row.metric in metrics and row.population_id == gap.within:
            return row
    return None


def usual_gaps(
    gaps: Iterable[Gap], metric: str, attributes: Sequence[str], kind: str = "difference", class_: str = ""
) -> list[Gap]:
    """The model's gaps of one metric by the given attributes, between all groups of everyone."""
    asked = (metric, class_, MODEL, ALL, kind, "extremes")
    return [
        row
        for row in gaps
        if (row.metric, row.class_, row.subject, row.within, row.kind, row.against) == asked
        and row.attribute in attributes
    ]


def most_first(judged: Iterable[JudgedGap]) -> list[JudgedGap]:
    """By what the gap is at least, then by the best guess, so that small groups do not lead by chance."""
    return sorted(judged, key=lambda one: (-(one.gap.at_least or 0.0), -(one.gap.best_guess or 0.0), one.gap.attribute))
