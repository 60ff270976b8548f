"""How alike two orders of the features are, and the range of that when the importances are redrawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from evaluator.statistics.spread import FloatArray

ALIKE = 0.7
"""Rank correlation from which two orders of the features are called much the same."""
TIES = 9
"""Importances that differ by less than this many digits of the largest one are ties."""


class Range(NamedTuple):
    """Ends of a range of a rank correlation."""

    low: float
    high: float


def unit_ranks(importances: FloatArray) -> FloatArray:
    """Ranks of the features along the last axis, ties at their mean rank, centred and of length 1; NaN where all tie.

    The inner product of two of them is Spearman's rank correlation.
    """
    largest = np.abs(importances).max(axis=-1, keepdims=True)
    rounded = np.round(importances / np.where(largest > 0, largest, 1.0), TIES)
    ranks = np.asarray(stats.rankdata(rounded, axis=-1), dtype=np.float64)
    centred = ranks - ranks.mean(axis=-1, keepdims=True)
    length = np.sqrt((centred * centred).sum(axis=-1, keepdims=True))
    units: FloatArray = centred / np.where(length > 0, length, np.nan)
    return units


def rank_correlations(first: FloatArray, second: FloatArray) -> FloatArray:
    """Spearman's rank correlation of two tables of importances along the last axis, in [-1, 1]."""
    found: FloatArray = (unit_ranks(first) * unit_ranks(second)).sum(axis=-1).clip(-1.0, 1.0)
    return found


def rank_correlation(first: FloatArray, second: FloatArray) -> float:
    """The same for one pair of importances, shape (k,) each; NaN where all features of one side are tied."""
    return float(rank_correlations(first, second))


def mean_of_pairs(units: FloatArray) -> FloatArray:
    """Mean rank correlation of all pairs of repeats, from their unit ranks, shape (repeats, ..., k); shape (...)."""
    m = units.shape[0]
    found: FloatArray = ((units.sum(axis=0) ** 2).sum(axis=-1) - m) / (m * (m - 1))
    return found.clip(-1.0, 1.0)


def redrawn_range(value: float, redrawn: FloatArray, level: float) -> Range:
    """The range of a rank correlation from redrawn samples.

    Notes
    -----
    Redrawing adds its own noise to the order, so that redrawn correlations lie lower than the value does, which itself
    lies below that of the population. The range goes from the lower of the ends of the percentile and the basic
    bootstrap to the higher of them (Davison and Hinkley 1997, chapter 5), so that it holds in both directions.
    """
    known = redrawn[np.isfinite(redrawn)]
    if known.size == 0:
        return Range(-1.0, 1.0)
    low, high = (float(end) for end in np.quantile(known, [(1 - level) / 2, (1 + level) / 2]))
    ends = (low, high, 2 * value - high, 2 * value - low)
    return Range(max(-1.0, min(*ends, value)), min(1.0, max(*ends, value)))
