"""What scores say about the rows of one side: ranking, losses and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from evaluator.catalogue.metrics import METRICS, metrics_for
from evaluator.catalogue.settings import EXACT_BELOW, MIN_RELEVANT
from evaluator.metrics.cells import CELL_METRICS
from evaluator.metrics.compare import Difference, compare
from evaluator.metrics.influences import INFLUENCES, influence_of
from evaluator.metrics.measure import Measurement, measure, what_is_missing
from evaluator.metrics.ranges import NEAR_ONE, SMALL_CLASS
from evaluator.metrics.rows import BinaryRows
from evaluator.recompute.intervals import joined_interval
from evaluator.recompute.masks import Mask
from evaluator.recompute.rows import Judged, LoadedRows
from evaluator.records import Interval
from evaluator.statistics import intervals
from evaluator.statistics.calibration import binned_error_interval, shift_of_log_odds, slope_on_log_odds
from evaluator.statistics.condensing import STEEPEST, ValueAndError, condensed_regression
from evaluator.statistics.score_pass import Moments, ScoreTotals, score_totals
from evaluator.statistics.spread import FloatArray, Spread, spread_of, without_rounding
from evaluator.statistics.streams import stream

QUICK_FROM = 20_000
"""Fewer rows than this are measured row by row; more in one pass, which gives the same to nine digits."""
SCORE_METRICS = tuple(metric.name for metric in metrics_for("binary") if metric.name not in CELL_METRICS)


class Scored:
    """The rows of one side as one subject scored them."""

    def __init__(self, rows: LoadedRows, judged: Judged, mask: Mask, unit: str) -> None:
        self._rows, self._judged, self._mask, self._unit = rows, judged, mask, unit
        self._found: dict[tuple[str, float], Measurement] = {}

    @cached_property
    def binary(self) -> BinaryRows:
        """The rows one by one."""
        return self._rows.binary(self._judged, self._mask)

    @cached_property
    def _totals(self) -> ScoreTotals | None:
        """The result of one pass; None for rows that are few, weighted, clustered or of one class."""
        n, label = int(np.count_nonzero(self._mask)), self._judged.label
        positives = int(np.count_nonzero(self._mask & label))
        plain = self._rows.weight is None and self._rows.cluster is None
        if not plain or n < QUICK_FROM or min(positives, n - positives) < MIN_RELEVANT or self._judged.score is None:
            return None
        return score_totals(self._judged.by_score, self._judged.masked_by_score(self._mask))

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
        return measure(metric, self.binary, level=level, min_group=facts.min_group, seed=facts.seed, unit=self._unit)

    def _quick(self, metric: str, level: float) -> Measurement | None:
        """From the pass; None where it cannot answer."""
        judged, totals, entry = self._judged, self._totals, METRICS[metric]
        if totals is None or ("probability" in entry.needs and not judged.probability):
            return None
        if metric == "expected_calibration_error":
            return self._calibration_error(totals, level)
        found = _value_of(metric, totals)
        if found is None:
            return None
        spread = without_rounding(Spread(found.se, totals.n - 1.0, None, 1.0), found.value)
        interval = _interval(metric, totals, found.value, spread, level)
        return None if interval is None else _measured(metric, totals, found, interval)

    def _calibration_error(self, totals: ScoreTotals, level: float) -> Measurement:
        assert totals.bins is not None
        metric = "expected_calibration_error"
        rng = stream(self._rows.facts.seed, f"interval/{metric}", self._unit)
        value, interval, errors = binned_error_interval(*totals.bins, level, rng)
        se = float(np.sqrt(np.dot(errors, errors)) / errors.size)
        return _measured(metric, totals, ValueAndError(value, se), interval)


def _measured(metric: str, totals: ScoreTotals, found: ValueAndError, interval: Interval) -> Measurement:
    return Measurement(
        "ok", "", totals.n, _relevant(metric, totals), found.value, found.se, interval, None, None, None, 1.0
    )


def _relevant(metric: str, totals: ScoreTotals) -> int:
    positives, negatives = totals.positives, totals.n - totals.positives
    counts = {"n": totals.n, "positives": positives, "smaller_class": min(positives, negatives)}
    return counts[METRICS[metric].relevant_count]


def _value_of(metric: str, totals: ScoreTotals) -> ValueAndError | None:
    """Value and standard error; None where the row-by-row way has to decide."""
    if metric in ("auc", "average_precision"):
        found: ValueAndError = getattr(totals, metric)
        return found
    if metric in ("brier_loss", "log_loss"):
        moments: Moments = getattr(totals, metric)
        # Losses that hardly vary leave nothing but rounding in sums of their powers.
        return ValueAndError(moments.mean, moments.se) if moments.se > 1e-9 * moments.mean else None
    assert totals.condensed is not None
    if metric == "calibration_intercept":
        return condensed_regression(totals.condensed, shift_of_log_odds)
    slope = condensed_regression(totals.condensed, slope_on_log_odds)
    return slope if slope is not None and abs(slope.value) <= STEEPEST else None


def _interval(metric: str, totals: ScoreTotals, value: float, spread: Spread, level: float) -> Interval | None:
    """The interval that `interval_for` takes for as many rows as a pass is made for; None in its rare cases."""
    entry, count = METRICS[metric], _relevant(metric, totals)
    if metric == "auc":
        if count >= SMALL_CLASS and 1 - NEAR_ONE <= value <= NEAR_ONE and spread.se > 0:
            return intervals.logit_interval(value, spread, level, method="logit_delong")
        return intervals.newcombe_auc(value, totals.positives, totals.n - totals.positives, level)
    if spread.se == 0:
        return None
    if metric == "average_precision":
        usual = 0 < value < 1 and count >= EXACT_BELOW
        return intervals.logit_interval(value, spread, level, method="logit_influence") if usual else None
    if metric in ("brier_loss", "log_loss"):
        moments: Moments = getattr(totals, metric)
        return intervals.skewed_interval(value, spread, moments.skewness, level, low=entry.low, high=entry.high)
    return intervals.t_interval(value, spread, level, low=entry.low, high=entry.high)


def scores_apart(
    metric: str, rows: LoadedRows, sides: tuple[Scored, Scored], masks: tuple[Mask, Mask],
    measured: tuple[Measurement, Measurement], level: float,
) -> Difference:  # fmt: skip
    """The rows asked about minus the compared ones, on a metric of scores.

    Independent sides join their intervals; sides that share rows or clusters are compared by influence row by row.
    """
    refused = _why_not(metric, measured)
    if refused is not None:
        return refused
    first, second = measured
    assert first.value is not None
    assert second.value is not None
    n, count = min(first.n, second.n), min(first.relevant_count or 0, second.relevant_count or 0)
    value = first.value - second.value
    if rows.cluster is None and not (masks[0] & masks[1]).any():
        se = float(np.hypot(first.se or 0.0, second.se or 0.0))
        return Difference("ok", "", n, count, value, se, joined_interval(metric, first, second, None, level))
    if metric not in INFLUENCES:
        reason = f"{METRICS[metric].label} has no comparison row by row."
        return Difference("not_tested", reason, n, count)
    spread = without_rounding(_spread_apart(metric, rows, sides, masks), value)
    if spread.n_clusters == 1:
        return Difference("ok", "", n, count, value, None, Interval(None, None, level, "one_cluster", "none"))
    return Difference("ok", "", n, count, value, spread.se, joined_interval(metric, first, second, spread.se, level))


def _why_not(metric: str, measured: tuple[Measurement, Measurement]) -> Difference | None:
    for one in measured:
        if one.status != "ok":
            return Difference(one.status, one.reason, one.n, one.relevant_count)
    return None


def _spread_apart(metric: str, rows: LoadedRows, sides: tuple[Scored, Scored], masks: tuple[Mask, Mask]) -> Spread:
    influence = np.zeros(rows.n)
    for sign, side, mask in zip((1.0, -1.0), sides, masks, strict=True):
        found = influence_of(metric, side.binary)
        assert found is not None
        influence[mask] += sign * found.rows
    either = masks[0] | masks[1]
    return spread_of(influence[either], None if rows.cluster is None else rows.cluster[either])


def scores_paired(metric: str, rows: LoadedRows, sides: tuple[Scored, Scored], level: float) -> Difference:
    """The model minus the earlier one on the same rows."""
    return compare(metric, sides[0].binary, sides[1].binary, level=level, min_group=rows.facts.min_group)


def missing_for(metric: str, judged: Judged) -> str:
    """What the metric needs and the subject lacks, as a sentence; '' when nothing."""
    nothing = np.zeros(0, dtype=np.bool_)
    empty: FloatArray = np.zeros(0)
    rows = BinaryRows(
        nothing, None if judged.decision is None else nothing, None if judged.score is None else empty,
        judged.probability,
    )  # fmt: skip
    return what_is_missing(METRICS[metric], rows)
