"""What scores say about the rows of one side: ranking, losses and calibration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial

import numpy as np

from evaluator.catalogue.metrics import METRICS, metrics_for
from evaluator.catalogue.settings import EXACT_BELOW, MIN_RELEVANT
from evaluator.metrics.cells import CELL_METRICS
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.compare import Difference, compare
from evaluator.metrics.influences import has_influence, influence_of
from evaluator.metrics.measure import Measurement, measure, what_is_missing
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rank_ranges import enough_misranked
from evaluator.metrics.rows import BinaryRows
from evaluator.recompute.intervals import joined_interval
from evaluator.recompute.masks import Mask
from evaluator.recompute.rows import Judged, LoadedRows
from evaluator.records import ALL, Interval
from evaluator.statistics import intervals
from evaluator.statistics.calibration import binned_error_interval, shift_of_log_odds, slope_on_log_odds
from evaluator.statistics.condensing import STEEPEST, ValueAndError, condensed_regression
from evaluator.statistics.precision_range import average_precision_interval
from evaluator.statistics.score_pass import Moments, PromiseTotals, RankTotals, promise_totals, rank_totals
from evaluator.statistics.shared_clusters import FEW_SHARED
from evaluator.statistics.spread import FloatArray, Spread, spread_of, without_rounding
from evaluator.statistics.streams import stream

QUICK_FROM = 20_000
"""Fewer rows than this are measured row by row; more in one pass, which gives the same to nine digits."""
RANKING = frozenset({"auc", "average_precision"})
LOSSES = frozenset({"brier_loss", "log_loss"})
SCORE_METRICS = tuple(metric.name for metric in metrics_for("binary") if metric.name not in CELL_METRICS)


class Scored:
    """The rows of one side as one subject scored them."""

    def __init__(self, rows: LoadedRows, judged: Judged, mask: Mask, unit: str) -> None:
        self._rows, self._judged, self._mask, self._unit = rows, judged, mask, unit
        self._found: dict[tuple[str, float], Measurement] = {}

    @cached_property
    def seen(self) -> BinaryRows | NumberRows | ClassRows:
        """The rows one by one."""
        return self._rows.seen(self._judged, self._mask)

    @cached_property
    def _n(self) -> int:
        return int(np.count_nonzero(self._mask))

    @cached_property
    def _positives(self) -> int:
        return int(np.count_nonzero(self._mask & self._judged.label.astype(bool, copy=False)))

    @cached_property
    def _in_one_pass(self) -> bool:
        """Whether the rows are many, independent, of equal weight and of both classes."""
        if self._rows.predicts_numbers or self._rows.predicts_classes:
            return False
        plain = self._rows.weight is None and self._rows.cluster is None and self._judged.score is not None
        return plain and self._n >= QUICK_FROM and min(self._positives, self._n - self._positives) >= MIN_RELEVANT

    @cached_property
    def _ranked(self) -> RankTotals:
        return rank_totals(self._judged.by_score, self._judged.masked_by_score(self._mask))

    @cached_property
    def _promised(self) -> PromiseTotals:
        return promise_totals(self._judged.by_score, self._judged.masked_by_score(self._mask))

    def tasks(self, metrics: Sequence[str], level: float) -> list[Callable[[], object]]:
        """The costly work that these metrics need, in parts that do not wait for each other."""
        wanted = [metric for metric in metrics if (metric, level) not in self._found and self._can_answer(metric)]
        if not self._in_one_pass:
            parts = [wanted]
        else:
            parts = [[metric for metric in wanted if (metric in RANKING) is ranks] for ranks in (True, False)]
        return [partial(self.measure, part, level) for part in parts if part]

    def measure(self, metrics: Sequence[str], level: float) -> dict[str, Measurement]:
        """Every metric of scores asked for; each is computed once."""
        for metric in metrics:
            if (metric, level) not in self._found:
                self._found[metric, level] = self._measured(metric, level)
        return {metric: self._found[metric, level] for metric in metrics}

    def _measured(self, metric: str, level: float) -> Measurement:
        facts = self._rows.facts
        quick = self._quick(metric, level)
        if quick is not None:
            return quick
        return measure(metric, self.seen, level=level, min_group=facts.min_group, seed=facts.seed, unit=self._unit)

    def _can_answer(self, metric: str) -> bool:
        """Whether the subject says what the metric needs."""
        return "probability" not in METRICS[metric].needs or self._judged.probability

    def _quick(self, metric: str, level: float) -> Measurement | None:
        """From one pass; None where it cannot answer, and the rows have to be looked at one by one."""
        if not self._in_one_pass or not self._can_answer(metric):
            return None
        if metric == "expected_calibration_error":
            return self._calibration_error(level)
        found = self._value(metric)
        if found is None:
            return None
        spread = without_rounding(Spread(found.se, self._n - 1.0, None, 1.0), found.value)
        interval = self._interval(metric, found.value, spread, level)
        return None if interval is None else self._measurement(metric, found, interval)

    def _calibration_error(self, level: float) -> Measurement:
        metric = "expected_calibration_error"
        rng = stream(self._rows.facts.seed, f"interval/{metric}", self._unit)
        value, interval, errors = binned_error_interval(*self._promised.bins, level, rng)
        se = float(np.sqrt(np.square(errors).sum()) / errors.size)
        return self._measurement(metric, ValueAndError(value, se), interval)

    def _measurement(self, metric: str, found: ValueAndError, interval: Interval) -> Measurement:
        count = self._relevant(metric)
        return Measurement("ok", "", self._n, count, found.value, found.se, interval, None, None, None, 1.0)

    def _relevant(self, metric: str) -> int:
        negatives = self._n - self._positives
        counts = {"n": self._n, "positives": self._positives, "smaller_class": min(self._positives, negatives)}
        return counts[METRICS[metric].relevant_count]

    def _value(self, metric: str) -> ValueAndError | None:
        if metric in RANKING:
            ranked: ValueAndError = getattr(self._ranked, metric)
            return ranked
        if metric in LOSSES:
            moments: Moments = getattr(self._promised, metric)
            # Losses that hardly vary leave nothing but rounding in sums of their powers.
            return ValueAndError(moments.mean, moments.se) if moments.se > 1e-9 * moments.mean else None
        if metric == "calibration_intercept":
            return condensed_regression(self._promised.condensed, shift_of_log_odds)
        slope = condensed_regression(self._promised.condensed, slope_on_log_odds)
        return slope if slope is not None and abs(slope.value) <= STEEPEST else None

    def _interval(self, metric: str, value: float, spread: Spread, level: float) -> Interval | None:
        """The interval that `interval_for` takes for so many rows; None in its rare cases."""
        entry, count = METRICS[metric], self._relevant(metric)
        if metric == "auc":
            if spread.se > 0 and enough_misranked(value, count):
                return intervals.logit_interval(value, spread, level, method="logit_delong")
            return intervals.newcombe_auc(value, self._positives, self._n - self._positives, level)
        if spread.se == 0:
            return None
        if metric == "average_precision":
            if not (0 < value < 1 and count >= EXACT_BELOW):
                return None
            bias = self._ranked.average_precision_bias
            return average_precision_interval(value, bias, spread, count, level)
        if metric in LOSSES:
            skewness = getattr(self._promised, metric).skewness
            return intervals.skewed_interval(value, spread, skewness, level, low=entry.low, high=entry.high)
        return intervals.t_interval(value, spread, level, low=entry.low, high=entry.high)


def scored_everyone(rows: LoadedRows) -> Scored:
    """All rows, kept from question to question."""
    found = rows.remembered.get("scored")
    if found is None:
        found = Scored(rows, rows.model, np.ones(rows.n, dtype=np.bool_), f"recompute/{ALL}")
        rows.remembered.put("scored", found)
    kept: Scored = found
    return kept


def scores_apart(
    metric: str, rows: LoadedRows, sides: tuple[Scored, Scored], masks: tuple[Mask, Mask],
    measured: tuple[Measurement, Measurement], level: float, *, overlap: bool,
) -> Difference:  # fmt: skip
    """The rows asked about minus the compared ones, on a metric of scores.

    Independent sides join their intervals; sides that share rows (`overlap`) or clusters are compared by influence row
    by row.
    """
    refused = _why_not(metric, measured)
    if refused is not None:
        return refused
    first, second = measured
    assert first.value is not None
    assert second.value is not None
    n, count = min(first.n, second.n), min(first.relevant_count or 0, second.relevant_count or 0)
    value = first.value - second.value
    if rows.cluster is None and not overlap:
        se = float(np.hypot(first.se or 0.0, second.se or 0.0))
        return Difference("ok", "", n, count, value, se, joined_interval(metric, first, second, None, level))
    if not has_influence(metric):
        reason = f"{METRICS[metric].label} has no comparison row by row."
        return Difference("not_tested", reason, n, count)
    spread = without_rounding(_spread_apart(metric, rows, sides, masks), value)
    if spread.n_clusters == 1:
        return Difference("ok", "", n, count, value, None, Interval(None, None, level, "one_cluster", "none"))
    few = not overlap and _n_shared(rows, masks) < FEW_SHARED
    interval = joined_interval(metric, first, second, spread.se, level, few_shared=few)
    return Difference("ok", "", n, count, value, spread.se, interval)


def _n_shared(rows: LoadedRows, masks: tuple[Mask, Mask]) -> int:
    """Clusters with rows on both sides."""
    if rows.cluster is None:
        return 0
    first, second = (np.bincount(rows.cluster[mask], minlength=int(rows.cluster.max()) + 1) > 0 for mask in masks)
    return int(np.count_nonzero(first & second))


def _why_not(metric: str, measured: tuple[Measurement, Measurement]) -> Difference | None:
    for one in measured:
        if one.status != "ok":
            return Difference(one.status, one.reason, one.n, one.relevant_count)
    return None


def _spread_apart(metric: str, rows: LoadedRows, sides: tuple[Scored, Scored], masks: tuple[Mask, Mask]) -> Spread:
    influence = np.zeros(rows.n)
    for sign, side, mask in zip((1.0, -1.0), sides, masks, strict=True):
        found = influence_of(metric, side.seen)
        assert found is not None
        influence[mask] += sign * found.rows
    either = masks[0] | masks[1]
    return spread_of(influence[either], None if rows.cluster is None else rows.cluster[either])


def scores_paired(metric: str, rows: LoadedRows, sides: tuple[Scored, Scored], level: float) -> Difference:
    """The model minus the earlier one on the same rows."""
    return compare(metric, sides[0].seen, sides[1].seen, level=level, min_group=rows.facts.min_group)


def missing_for(metric: str, rows: LoadedRows, judged: Judged) -> str:
    """What the metric needs and the subject lacks, as a sentence; '' when nothing."""
    if rows.predicts_classes:
        return what_is_missing(METRICS[metric], rows.seen(judged, np.zeros(rows.n, dtype=np.bool_)))
    if METRICS[metric].tasks == ("regression",):
        return "" if judged.score is not None else "There is no predicted number to judge."
    nothing = np.zeros(0, dtype=np.bool_)
    empty: FloatArray = np.zeros(0)
    none = BinaryRows(
        nothing, None if judged.decision is None else nothing, None if judged.score is None else empty,
        judged.probability,
    )  # fmt: skip
    return what_is_missing(METRICS[metric], none)
