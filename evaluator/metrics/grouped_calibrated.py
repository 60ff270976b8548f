"""Calibration slope and intercept of all groups, from their rows or from the few points that stand for very many."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.grouped_rows import Groups
from evaluator.statistics.condensing import STEEPEST, Condensed, PowerSums, condensed
from evaluator.statistics.grouped_order import segments_of
from evaluator.statistics.grouped_regression import Fit, Points, fit_shifts, fit_slopes
from evaluator.statistics.grouped_spread import Spreads, grouped_spreads, independent_spreads
from evaluator.statistics.spread import FloatArray

CONDENSED_FROM = 20_000
"""Rows of a group from which the regression takes points; plain groups of fewer, and all others, take their rows."""


class Fitted(NamedTuple):
    """A coefficient of every group, its spread, and each row's influence where all rows were looked at."""

    value: FloatArray
    spreads: Spreads
    influence: FloatArray | None


def fitted(groups: Groups) -> tuple[Fitted, Fitted]:
    """Calibration intercept and slope of every group; NaN where no regression of many groups finds it."""
    # Groups with fewer cases are too few for either metric.
    enough = np.minimum(groups.positives, groups.segments.sizes - groups.positives) >= MIN_RELEVANT
    is_plain = groups.rows.weight is None and (groups.clustered is None or not groups.clustered.is_any_shared)
    large = is_plain and bool((groups.segments.sizes >= CONDENSED_FROM).any())
    points = _condensed(groups) if large else _by_row(groups)
    shifts = fit_shifts(points, enough)
    slopes = fit_slopes(points, enough, groups.sorted.start)
    if not large:
        return _of_rows(shifts, groups), _of_rows(slopes, groups)
    steep = np.abs(slopes.value) > STEEPEST
    slopes = Fit(np.where(steep, np.nan, slopes.value), slopes.influence)
    return _of_points(shifts, points, groups), _of_points(slopes, points, groups)


def _by_row(groups: Groups) -> Points:
    return Points(groups.rows.label, groups.log_odds, groups.rows.weight, groups.segments)


def _of_rows(fit: Fit, groups: Groups) -> Fitted:
    weight = groups.rows.weight
    influence = fit.influence if weight is None else fit.influence * weight
    return Fitted(fit.value, grouped_spreads(influence, groups.segments, groups.clustered), influence)


def _of_points(fit: Fit, points: Points, groups: Groups) -> Fitted:
    n = groups.segments.sizes
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(points.sums(fit.influence * fit.influence) * n / (n - 1))
    return Fitted(fit.value, independent_spreads(se, n), None)


def _condensed(groups: Groups) -> Points:
    """Points for large groups and the rows of small ones, each with its weight."""
    cells, offsets = groups.log_odds_cells
    parts: list[Condensed] = []
    for position in range(groups.k):
        part = groups.segments.slice_of(position)
        label = groups.rows.label[part]
        if label.size < CONDENSED_FROM:
            parts.append(Condensed(label, groups.log_odds[part], np.ones(label.size)))
            continue
        sums = (PowerSums(), PowerSums())
        for side, powers in zip((label, ~label), sums, strict=True):
            index = np.flatnonzero(side)
            powers.add(cells[part][index], offsets[part][index])
        parts.append(condensed(*sums))
    label, x, weight = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Points(label, x, weight, segments_of(np.array([part.label.size for part in parts], dtype=np.int64)))
