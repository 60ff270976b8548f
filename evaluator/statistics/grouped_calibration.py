"""Bins of equal weight of every group at once, and how far chance moves what was seen in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from evaluator.records import Interval
from evaluator.statistics.calibration import BINS
from evaluator.statistics.grouped_order import Segments
from evaluator.statistics.grouped_ranks import Areas
from evaluator.statistics.grouped_spread import Clustered, grouped_cluster_variance
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FEW_CLUSTERS, FloatArray, IntArray

DRAWS = 4_096
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class GroupBins:
    """`calibration.Bins` of k groups, b bins in all; inside a group the highest scores come first.

    Attributes
    ----------
    of_group : the bins of every group.
    rows : the rows of every bin.
    weight, promised, seen : as in `calibration.Bins`, shape (b,).
    positive_share : share of positive rows, whatever they weigh, shape (b,).
    influence : of each row on the distance, seen minus promised, of its bin, shape (n,).
    """

    of_group: Segments
    rows: Segments
    weight: FloatArray
    promised: FloatArray
    seen: FloatArray
    positive_share: FloatArray
    influence: FloatArray

    @cached_property
    def group(self) -> IntArray:
        """Group of every bin, shape (b,)."""
        return np.repeat(np.arange(self.of_group.k), self.of_group.sizes)

    @cached_property
    def of_row(self) -> IntArray:
        """Bin of every row, shape (n,)."""
        return np.repeat(np.arange(self.rows.k), self.rows.sizes)


def group_bins(
    label: BoolArray, probability: FloatArray, weight: FloatArray | None, groups: Segments, areas: Areas
) -> GroupBins:
    """Cut the rows of every group, which come by descending probability, as `calibration.equal_mass_bins` does."""
    starts = areas.starts[_edges(areas, groups) if weight is None else _weighted_edges(areas)]
    rows = Segments(np.append(starts, label.size).astype(np.int64))
    positive, promised = (label.astype(np.float64), probability)
    if weight is None:
        total = rows.sizes.astype(np.float64)
        seen = rows.sums(positive) / total
        positive_share = seen
        promised = rows.sums(probability) / total
    else:
        total = rows.sums(weight)
        seen, promised = rows.sums(positive * weight) / total, rows.sums(probability * weight) / total
        positive_share = rows.sums(positive) / rows.sizes
    influence = positive - probability
    rows.less_over(influence, seen - promised, total)
    if weight is not None:
        influence *= weight
    return GroupBins(groups.at(starts), rows, total, promised, seen, positive_share, influence)


def _edges(areas: Areas, groups: Segments) -> IntArray:
    """First tie group of every bin of rows of equal weight.

    A tie group belongs to the tenth of its group that its middle falls into, counted from the lowest score. Tenths fall
    along a group, so that each edge is found by halving, without a look at every row.
    """
    after = np.append(areas.starts[1:], groups.length)
    tenth = np.tile(np.arange(1, BINS), groups.k)
    n, end = (np.repeat(part, BINS - 1) for part in (groups.sizes, groups.bounds[1:]))
    low, high = (np.repeat(part, BINS - 1) for part in (areas.ties.bounds[:-1], areas.ties.bounds[1:]))
    last = high
    while (open_ := low < high).any():
        middle = np.where(open_, (low + high) // 2, 0)
        from_below = end - (areas.starts[middle] + after[middle]) / 2
        falls_short = from_below / np.maximum(1, n) * BINS < tenth
        high = np.where(open_ & falls_short, middle, high)
        low = np.where(open_ & ~falls_short, middle + 1, low)
    first = areas.ties.bounds[:-1][areas.ties.sizes > 0]
    return np.unique(np.concatenate((first, low[low < last])))


def _weighted_edges(areas: Areas) -> IntArray:
    """The same for rows that weigh more or less."""
    weight, ties = areas.won + areas.lost, areas.ties
    # Summed from the lowest score, as for one group alone, so that ties on an edge fall to the same side.
    upwards = Segments(ties.length - ties.bounds[::-1])
    middle = upwards.running(weight[::-1])[::-1] - weight / 2
    middle /= ties.spread_out(ties.sums(weight))
    middle *= BINS
    rank = np.minimum(middle.astype(np.int64), BINS - 1)
    changes = np.ones(rank.size, dtype=np.bool_)
    changes[1:] = rank[1:] != rank[:-1]
    return np.flatnonzero(ties.starts_of(changes))


@dataclass(frozen=True, eq=False)
class BinErrors:
    """Standard error of every bin's distance, shape (b,), and, per group, how the bins go together, shape (k, BINS, BINS).

    `together` is None where no group has rows that share clusters.
    """

    errors: FloatArray
    together: FloatArray | None


def bin_errors(bins: GroupBins, clustered: Clustered | None) -> BinErrors:
    """Standard errors of all bins of all groups; never below those of one imagined case of each kind."""
    n, square = bins.rows.sizes, bins.influence * bins.influence
    with np.errstate(divide="ignore", invalid="ignore"):
        independent = bins.rows.sums(square) * n / (n - 1)
    variance, together, effect = independent, None, np.ones(n.size)
    if clustered is not None and clustered.is_any_shared:
        shared = clustered.is_shared[bins.group]
        apart = _BinClusters.of(bins, clustered)
        variance = np.where(shared, apart.variance(bins), independent)
        together = apart.products(bins)
        effect = np.where(shared, _pooled_effects(variance, independent, bins), 1.0)
    se = np.sqrt(variance)
    se[se <= ROUNDING] = 0.0
    units = n / effect
    smoothed = (bins.positive_share * units + 0.5) / (units + 1)
    return BinErrors(np.fmax(se, np.sqrt(smoothed * (1 - smoothed) / units)), together)


def _pooled_effects(variance: FloatArray, independent: FloatArray, bins: GroupBins) -> FloatArray:
    """How many rows of each bin make one independent row, from all bins of its group, shape (b,)."""
    known = (variance > ROUNDING**2) & np.isfinite(variance) & np.isfinite(independent)
    seen, alone = (bins.of_group.sums(np.where(known, part, 0.0)) for part in (variance, independent))
    some = bins.of_group.counts(known) > 0
    effect = np.divide(seen, alone, out=np.ones(seen.size), where=alone > 0)
    n = bins.rows.sizes.astype(np.float64)
    return np.where(some[bins.group], np.minimum(np.maximum(1.0, effect)[bins.group], n), n)


@dataclass(frozen=True, eq=False)
class _BinClusters:
    """Clusters as the bins see them, one entry per bin and cluster that have rows in common, cluster after cluster."""

    bin: IntArray
    cell: IntArray
    totals: FloatArray
    influential: FloatArray

    @classmethod
    def of(cls, bins: GroupBins, clustered: Clustered) -> _BinClusters:
        # Inside a cluster the rows keep the order of their scores, and so of their bins.
        place = clustered.by_cluster
        bin_, cell = bins.of_row[place], clustered.cell[place]
        starts = np.flatnonzero(np.concatenate(([True], (bin_[1:] != bin_[:-1]) | (cell[1:] != cell[:-1]))))
        influence = bins.influence[place]
        some = (influence != 0).astype(np.float64)
        return cls(bin_[starts], cell[starts], np.add.reduceat(influence, starts), np.add.reduceat(some, starts))

    def variance(self, bins: GroupBins) -> FloatArray:
        """Of every bin's distance; NaN for a bin with one cluster."""
        variance, _ = grouped_cluster_variance(self.totals, self.influential, self.bin, bins.rows.k)
        variance[np.bincount(self.bin, minlength=bins.rows.k) < 2] = np.nan
        return variance

    def products(self, bins: GroupBins) -> FloatArray:
        """Sums over clusters of the product of both bins' totals, the lowest scores first, shape (k, BINS, BINS)."""
        group = bins.group[self.bin]
        local = bins.of_group.bounds[group + 1] - 1 - self.bin
        found = np.zeros((bins.of_group.k, BINS, BINS))
        for apart in range(BINS):
            same = np.flatnonzero(self.cell[apart:] == self.cell[: self.cell.size - apart])
            if same.size == 0:
                break
            other = same + apart
            place = (group[same] * BINS + local[same]) * BINS + local[other]
            product = np.bincount(place, self.totals[same] * self.totals[other], minlength=found.size)
            part = product.reshape(found.shape)
            found += part if apart == 0 else part + part.transpose(0, 2, 1)
        return found


def error_interval(
    bins: GroupBins, errors: BinErrors, group: int, level: float, rng: np.random.Generator, n_clusters: int
) -> tuple[float, Interval, float]:
    """`calibration.calibration_error_interval` of one group: value, interval and standard error.

    `n_clusters` is 0 for independent rows.
    """
    part = bins.of_group.slice_of(group)
    weight, error = bins.weight[part][::-1], errors.errors[part][::-1]
    distance = np.abs(bins.seen[part] - bins.promised[part])[::-1]
    value = float(np.dot(weight, distance) / weight.sum())
    noise = rng.standard_normal((DRAWS, error.size))
    if n_clusters and errors.together is not None:
        noise = noise @ _root(errors.together[group, : error.size, : error.size])
    np.abs(noise, out=noise)
    margin = float(np.quantile(noise @ (weight * error / weight.sum()), level))
    interval = Interval(max(0.0, value - margin), min(1.0, value + margin), level, "triangle_bound", "nominal")
    if 0 < n_clusters < FEW_CLUSTERS:
        interval = replace(interval, coverage="approximate")
    return value, interval, float(np.sqrt(np.dot(error, error)) / error.size)


def _root(product: FloatArray) -> FloatArray:
    """The symmetric root of the correlation between bins, which does not depend on how rounding picks eigenvectors."""
    scale = np.sqrt(np.diag(product))
    scale[scale < ROUNDING] = np.inf
    correlation = product / np.outer(scale, scale)
    np.fill_diagonal(correlation, 1.0)
    values, vectors = np.linalg.eigh(correlation)
    root: FloatArray = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return root
