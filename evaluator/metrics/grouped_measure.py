"""Every metric of two outcomes on all groups of a partition at once: the measurements that `measure` gives group by group.

What needs every row is done for all groups in one pass; what is left per group are a few numbers and the choice of the
interval. Groups in which something is rare or missing are measured by `measure` itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from evaluator.catalogue.metrics import METRICS
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.cells import CELL_METRICS, measure_cells
from evaluator.metrics.grouped_calibrated import fitted
from evaluator.metrics.grouped_rows import Groups
from evaluator.metrics.loss_ranges import is_rare_outcome
from evaluator.metrics.measure import measure, relevant_count, what_is_missing
from evaluator.metrics.measurement import Measurement, few_reason
from evaluator.metrics.ranges import interval_for
from evaluator.metrics.rank_ranges import auc_range
from evaluator.records import Interval
from evaluator.statistics import intervals
from evaluator.statistics.grouped_calibration import error_interval
from evaluator.statistics.grouped_spread import Spreads, grouped_skewness, grouped_spreads, independent_spreads
from evaluator.statistics.spread import FloatArray, Spread, effective_n, without_rounding
from evaluator.statistics.streams import stream

SCORE_METRICS = ("auc", "brier_loss", "calibration_slope", "calibration_intercept")
"""Metrics of scores whose influence is found for all groups at once."""


@dataclass(frozen=True, eq=False)
class Judged:
    """One metric on k groups: values, NaN where it is to be found group by group, and their spreads.

    `influence` is that of each row on the value of its group, where rows were not condensed; `skewness` that of a mean.
    """

    value: FloatArray
    spreads: Spreads
    influence: FloatArray | None
    skewness: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class GroupMeasures:
    """Measures every group; settings as in `measure`, and `units` names the groups for the random streams."""

    groups: Groups
    level: float
    min_group: int
    seed: int
    units: Sequence[str]
    _judged: dict[str, Judged] = field(default_factory=dict)

    def measure(self, metric: str) -> list[Measurement]:
        """One metric on every group, in their order."""
        if what_is_missing(METRICS[metric], self.groups.rows):
            return [self._alone(metric, position) for position in range(self.groups.k)]
        if metric in CELL_METRICS:
            return [self._decided(metric, position) for position in range(self.groups.k)]
        if metric not in SCORE_METRICS and metric != "expected_calibration_error":
            return [self._alone(metric, position) for position in range(self.groups.k)]
        return [self._scored(metric, position) for position in range(self.groups.k)]

    def judged(self, metric: str) -> Judged:
        """What was found of one of the `SCORE_METRICS` before any interval."""
        if metric not in self._judged:
            self._judged[metric] = self._judge(metric)
        return self._judged[metric]

    def _judge(self, metric: str) -> Judged:
        if metric == "auc":
            return self._areas()
        if metric == "brier_loss":
            return self._losses()
        shifts, slopes = self._fits
        return shifts if metric == "calibration_intercept" else slopes

    def _areas(self) -> Judged:
        found, rows = self.groups.areas, self.groups.rows
        influence = found.rows(rows.label, rows.weight) if self._is_shared or rows.weight is not None else None
        if influence is None:
            return Judged(found.value, independent_spreads(np.sqrt(found.variance), self.groups.segments.sizes), None)
        spreads = grouped_spreads(influence, self.groups.segments, self.groups.clustered)
        if rows.weight is None:
            # In a group where every row is alone in its cluster, rows are independent and the classes count apart.
            spreads = spreads._replace(se=np.where(spreads.clusters > 0, spreads.se, np.sqrt(found.variance)))
        return Judged(found.value, spreads, influence)

    def _losses(self) -> Judged:
        rows, segments = self.groups.rows, self.groups.segments
        assert rows.score is not None
        loss = rows.score - rows.label
        loss *= loss
        with np.errstate(divide="ignore", invalid="ignore"):
            total = segments.sizes if rows.weight is None else segments.sums(rows.weight)
            value = segments.sums(loss if rows.weight is None else loss * rows.weight) / total
            segments.less_over(loss, value, total.astype(np.float64))
        if rows.weight is not None:
            loss *= rows.weight
        clustered = self.groups.clustered
        return Judged(
            value, grouped_spreads(loss, segments, clustered), loss, grouped_skewness(loss, segments, clustered)
        )

    @cached_property
    def _fits(self) -> tuple[Judged, Judged]:
        shifts, slopes = fitted(self.groups)
        return Judged(*shifts), Judged(*slopes)

    @property
    def _is_shared(self) -> bool:
        clustered = self.groups.clustered
        return clustered is not None and clustered.is_any_shared

    def _alone(self, metric: str, position: int) -> Measurement:
        """By `measure`, in the order of the evaluation file: where rows are drawn at random, their order counts."""
        rows = self.groups.as_filed(position)
        return measure(
            metric, rows, level=self.level, min_group=self.min_group, seed=self.seed, unit=self.units[position]
        )

    def _decided(self, metric: str, position: int) -> Measurement:
        return measure_cells(
            metric, self.groups.tables[position], level=self.level, min_group=self.min_group, seed=self.seed,
            unit=self.units[position],
        )  # fmt: skip

    def knows(self, metric: str, position: int) -> bool:
        """Whether one of the `SCORE_METRICS` was found for this group together with the others."""
        rows = self.groups.parts[position]
        if rows.n < 2 or self._n_clusters(position) == 1 or (metric == "brier_loss" and is_rare_outcome(rows)):
            return False
        judged = self.judged(metric)
        value = float(judged.value[position])
        spread = without_rounding(_spread(judged.spreads, position), value)
        return math.isfinite(value) and math.isfinite(spread.se) and (metric != "brier_loss" or spread.se > 0)

    @property
    def found_together(self) -> tuple[str, ...]:
        """The metrics whose influence is found for all groups at once, as far as there are scores."""
        missing = METRICS["brier_loss"], self.groups.rows
        if self.groups.rows.score is None:
            return ()
        return ("auc",) if what_is_missing(*missing) else SCORE_METRICS

    def _scored(self, metric: str, position: int) -> Measurement:
        entry, rows = METRICS[metric], self.groups.parts[position]
        count = relevant_count(entry, rows)
        if rows.n < self.min_group or count < MIN_RELEVANT:
            return Measurement("too_few", few_reason(entry, rows.n, count, self.min_group), rows.n, count)
        if metric == "expected_calibration_error":
            return self._calibration_error(position, count)
        if not self.knows(metric, position):
            return self._alone(metric, position)
        judged = self.judged(metric)
        value = float(judged.value[position])
        spread = without_rounding(_spread(judged.spreads, position), value)
        return Measurement(
            "ok", "", rows.n, count, value, spread.se, self.interval(metric, position, value, spread, count, self.level),
            None, spread.n_clusters, self._n_effective[position], spread.design_effect,
        )  # fmt: skip

    def interval(self, metric: str, position: int, value: float, spread: Spread, count: int, level: float) -> Interval:
        """The interval of one group at any level; for `brier_loss` of rows that vary and hold both outcomes."""
        entry, rows = METRICS[metric], self.groups.parts[position]
        if metric == "auc":
            return auc_range(rows, value, spread, count, level)
        if metric == "brier_loss":
            skewness = self.judged(metric).skewness
            assert skewness is not None
            return intervals.skewed_interval(
                value, spread, float(skewness[position]), level, low=entry.low, high=entry.high
            )
        return interval_for(entry, rows, value, spread, count, level)

    def _calibration_error(self, position: int, count: int) -> Measurement:
        bins, rows = self.groups.bins, self.groups.parts[position]
        if self._n_clusters(position) == 1 or (bins.rows.sizes[bins.of_group.slice_of(position)] < 2).any():
            return self._alone("expected_calibration_error", position)
        rng = stream(self.seed, "interval/expected_calibration_error", self.units[position])
        n_clusters = self._n_clusters(position)
        value, interval, se = error_interval(bins, self.groups.bin_errors, position, self.level, rng, n_clusters)
        return Measurement(
            "ok", "", rows.n, count, value, se, interval, None, n_clusters or None, self._n_effective[position]
        )

    def _n_clusters(self, position: int) -> int:
        """Clusters of a group some of whose rows share one, else 0."""
        clustered = self.groups.clustered
        if clustered is None or not clustered.is_shared[position]:
            return 0
        return int(clustered.cells.sizes[position])

    @cached_property
    def _n_effective(self) -> list[float | None]:
        return [None if rows.weight is None or rows.n == 0 else effective_n(rows.weight) for rows in self.groups.parts]


def _spread(spreads: Spreads, position: int) -> Spread:
    se, df, clusters, effect = (part[position] for part in spreads)
    return Spread(float(se), float(df), int(clusters) or None, float(effect))
