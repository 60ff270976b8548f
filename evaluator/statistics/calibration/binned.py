"""Promised probabilities against what happened, in groups of equal weight."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evaluator.records import Interval
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FEW_CLUSTERS, FloatArray, IntArray, Spread, spread_of, without_rounding

BINS = 10
_DRAWS = 4_096


class Bins(NamedTuple):
    """Groups of equal weight in order of probability, shape (k,) each; tied probabilities stay together."""

    promised: FloatArray
    seen: FloatArray
    weight: FloatArray
    bin_of: IntArray
    """Bin of each row, shape (n,)."""


def equal_mass_bins(
    label: BoolArray, probability: FloatArray, weight: FloatArray | None = None, *, bins: int = BINS,
    order: npt.NDArray[np.intp] | None = None,
) -> Bins:  # fmt: skip
    """Cut rows into at most `bins` groups of equal weight by probability.

    `order` puts the rows in ascending order of probability, when it is known already.

    Equal probabilities share a group, the one that the middle of their weight falls into, so that neither the order of
    the rows nor a row written twice instead of weighing twice makes a difference.
    """
    ones = np.ones(label.size) if weight is None else weight
    order = np.argsort(probability, kind="stable") if order is None else order
    sorted_probability = probability[order]
    starts = np.flatnonzero(np.r_[True, sorted_probability[1:] != sorted_probability[:-1]])
    tied_weight = np.add.reduceat(ones[order], starts)
    middle = np.cumsum(tied_weight) - tied_weight / 2
    by_rank = np.minimum((middle / ones.sum() * bins).astype(np.int64), bins - 1)
    index = np.empty(label.size, dtype=np.int64)
    index[order] = np.repeat(np.unique(by_rank, return_inverse=True)[1], np.diff(np.r_[starts, label.size]))
    total = np.bincount(index, weights=ones)
    promised = np.bincount(index, weights=ones * probability) / total
    seen = np.bincount(index, weights=ones * label) / total
    return Bins(promised, seen, np.asarray(total, dtype=np.float64), index)


def calibration_error(bins: Bins) -> float:
    """Expected calibration error: mean distance between promised and seen share, weighted by bin."""
    return float(np.dot(bins.weight, np.abs(bins.seen - bins.promised)) / bins.weight.sum())


def calibration_error_interval(
    label: BoolArray, probability: FloatArray, level: float, rng: np.random.Generator, *,
    weight: FloatArray | None = None, cluster: IntArray | None = None, grouped: Bins | None = None,
) -> tuple[float, Interval, FloatArray]:  # fmt: skip
    """Calibration error of the binned population, with an interval that holds at perfect calibration too.

    `grouped` are the rows' bins, when they are known already.

    Returns
    -------
    value, interval, and the standard error of each bin's distance.

    Notes
    -----
    With e_k the sampling error of bin k, abs(estimate - truth) <= sum w_k abs(e_k) by the triangle inequality, so the
    interval is the estimate +- the `level` quantile of that sum, e_k normal with the (cluster) standard errors seen;
    clusters that reach over several bins make the e_k correlated. Conservative; a bootstrap would not be valid here,
    because the estimate is positive under perfect calibration.
    """
    grouped = equal_mass_bins(label, probability, weight) if grouped is None else grouped
    value = calibration_error(grouped)
    rows = _bin_influence(label, probability, grouped, weight)
    errors = _bin_errors(label, rows, grouped, cluster)
    noise = rng.standard_normal((_DRAWS, errors.size))
    if cluster is not None:
        noise = noise @ _correlation_root(rows, grouped, cluster)
    few = cluster is not None and np.count_nonzero(np.bincount(cluster)) < FEW_CLUSTERS
    interval = _triangle_interval(value, grouped.weight * errors / grouped.weight.sum(), noise, level)
    return value, replace(interval, coverage="approximate") if few else interval, errors


def binned_error_interval(
    n: IntArray, positives: IntArray, promised: FloatArray, squares: FloatArray, level: float, rng: np.random.Generator
) -> tuple[float, Interval, FloatArray]:
    """`calibration_error_interval` of independent rows of equal weight from totals per bin, shape (k,) each.

    Parameters
    ----------
    n, positives : rows and positive rows.
    promised : sum of the probabilities.
    squares : sum of the squared differences between label and probability.
    """
    distance = (positives - promised) / n
    value = float(np.dot(n, np.abs(distance)) / n.sum())
    variance = np.maximum(0.0, squares / n - distance**2) / np.maximum(1, n - 1)
    smoothed = (positives + 0.5) / (n + 1)
    errors = np.sqrt(np.maximum(variance, smoothed * (1 - smoothed) / n))
    noise = rng.standard_normal((_DRAWS, n.size))
    return value, _triangle_interval(value, n * errors / n.sum(), noise, level), errors


def _triangle_interval(value: float, scaled_errors: FloatArray, noise: FloatArray, level: float) -> Interval:
    margin = float(np.quantile(np.abs(noise) @ scaled_errors, level))
    return Interval(max(0.0, value - margin), min(1.0, value + margin), level, "triangle_bound", "nominal")


def _bin_influence(label: BoolArray, probability: FloatArray, bins: Bins, weight: FloatArray | None) -> FloatArray:
    """Influence of each row on the distance, seen minus promised, of its own bin."""
    ones = np.ones(label.size) if weight is None else weight
    distance = (bins.seen - bins.promised)[bins.bin_of]
    rows: FloatArray = ones * (label - probability - distance) / bins.weight[bins.bin_of]
    return rows


def _correlation_root(rows: FloatArray, bins: Bins, cluster: IntArray) -> FloatArray:
    """Matrix that gives independent normals the correlation between bins that shared clusters cause, shape (k, k).

    The symmetric root, because it alone does not depend on how rounding picks eigenvectors.
    """
    k = bins.seen.size
    places = (int(cluster.max()) + 1) * k
    totals = np.bincount(cluster * k + bins.bin_of, weights=rows, minlength=places).reshape(-1, k)
    product = totals.T @ totals
    scale = np.sqrt(np.diag(product))
    scale[scale < 1e-12] = np.inf
    correlation = product / np.outer(scale, scale)
    np.fill_diagonal(correlation, 1.0)
    values, vectors = np.linalg.eigh(correlation)
    root: FloatArray = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return root


def _bin_errors(label: BoolArray, rows: FloatArray, bins: Bins, cluster: IntArray | None) -> FloatArray:
    """Standard error of seen minus promised per bin; never below that of one imagined case of each kind.

    A bin may hold too few clusters to show how alike their rows are; the imagined cases take that from all bins.
    """
    spreads = [
        without_rounding(spread_of(rows[inside], None if cluster is None else cluster[inside]), 1.0)
        for inside in (bins.bin_of == k for k in range(bins.seen.size))
    ]
    n = np.bincount(bins.bin_of)
    units = n / _pooled_design_effect(spreads, n)
    smoothed = (np.bincount(bins.bin_of, weights=label) / n * units + 0.5) / (units + 1)
    floors = np.sqrt(smoothed * (1 - smoothed) / units)
    errors: FloatArray = np.fmax(np.array([spread.se for spread in spreads]), floors)
    return errors


def _pooled_design_effect(spreads: list[Spread], n: IntArray) -> FloatArray:
    """How many rows of each bin make one independent row; all of them, when no bin holds two clusters."""
    if all(spread.n_clusters is None for spread in spreads):
        return np.ones(n.size)
    known = [spread for spread in spreads if spread.se > 0]
    if not known:
        return n.astype(np.float64)
    clustered = sum(spread.se**2 for spread in known)
    independent = sum(spread.se**2 / spread.design_effect for spread in known)
    return np.minimum(max(1.0, clustered / independent), n).astype(np.float64)
