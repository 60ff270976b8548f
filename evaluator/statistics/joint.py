"""Several estimates from the same evidence: standard errors, correlation, and intervals that hold together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from evaluator.statistics.power import rows_needed
from evaluator.statistics.simultaneous import Bands, bands
from evaluator.statistics.spread import FloatArray, IntArray, cluster_factors, cluster_totals
from evaluator.statistics.streams import stream

ROUNDING = 1e-12
"""A standard error this small beside its value can only be left by rounding."""


@dataclass(frozen=True, eq=False)
class Joint:
    """Estimates with their covariance, in the order of `names`.

    Attributes
    ----------
    values : shape (k,), each in its own unit.
    covariance : shape (k, k); NaN with fewer than two rows or clusters.
    n : rows behind them.
    df : fewest degrees of freedom behind any standard error.
    """

    names: tuple[str, ...]
    values: FloatArray
    covariance: FloatArray
    n: int
    df: float

    @cached_property
    def se(self) -> FloatArray:
        """Standard errors, shape (k,)."""
        se: FloatArray = np.sqrt(np.maximum(0.0, np.diag(self.covariance)))
        return se

    @cached_property
    def correlation(self) -> FloatArray:
        """Shape (k, k); 0 where an estimate has no spread."""
        scale = np.outer(self.se, self.se)
        known = scale > 0
        found: FloatArray = np.where(known, self.covariance / np.where(known, scale, 1.0), 0.0).clip(-1.0, 1.0)
        return found

    def bands(self, level: float, *, seed: int, unit: str = "") -> Bands:
        """Intervals that hold all at once (max-t); `seed` and `unit` are the key of the random stream."""
        return bands(self.values, self.covariance, level, rng=stream(seed, "bands", unit), df=self.df)

    def rows_needed(self, name: str, limit: float, level: float) -> int | None:
        """Further rows that would settle one estimate against its limit, as `power.rows_needed`."""
        place = self.names.index(name)
        return rows_needed(float(self.values[place]), limit, float(self.se[place]), self.n, level)

    def minus(self, other: Joint, crossed: FloatArray | None = None) -> Joint:
        """Difference from estimates of other rows; `crossed` is the covariance with them through shared clusters."""
        covariance = self.covariance + other.covariance
        if crossed is not None:
            covariance = covariance - crossed - crossed.T
        n, df = min(self.n, other.n), min(self.df, other.df)
        return Joint(self.names, self.values - other.values, covariance, n, df)


def without_rounding(covariance: FloatArray, size: FloatArray) -> FloatArray:
    """The covariance, exactly zero for estimates whose spread beside their `size`, shape (k,), is rounding."""
    nothing = np.diag(covariance) <= (ROUNDING * size) ** 2
    return np.where(nothing[:, None] | nothing, 0.0, covariance)


@dataclass(frozen=True, eq=False)
class Totals:
    """Influence, and rows with any influence, summed per cluster, shape (k, clusters); `cluster` names them, ascending."""

    influence: FloatArray
    rows: FloatArray
    cluster: IntArray

    @cached_property
    def _factors(self) -> list[tuple[FloatArray, float]]:
        count = np.ones(self.cluster.size)
        return [cluster_factors(rows, count) for rows in self.rows]

    @property
    def df(self) -> float:
        """The fewest degrees of freedom of any estimate."""
        return min((df for _, df in self._factors), default=1.0) if self.cluster.size > 1 else 1.0

    @cached_property
    def scaled(self) -> FloatArray:
        """So that products sum to the covariance, by `cluster_factors`; NaN for a single cluster."""
        if self.cluster.size < 2:
            return np.full(self.influence.shape, math.nan)
        scaled = self.influence.copy()
        for row, (factors, _) in zip(scaled, self._factors, strict=True):
            row *= np.sqrt(factors)
        return scaled

    def covariance(self) -> FloatArray:
        """Of the estimates, shape (k, k)."""
        return products([self.scaled], self.influence.shape[0])

    def crossed(self, other: Totals) -> FloatArray:
        """Covariance with the estimates of other rows, through the clusters that both have, shape (k, k)."""
        _, mine, theirs = np.intersect1d(self.cluster, other.cluster, assume_unique=True, return_indices=True)
        found: FloatArray = np.einsum("ig,jg->ij", self.scaled[:, mine], other.scaled[:, theirs])
        return found


def totals_of(influences: Sequence[FloatArray], cluster: IntArray) -> Totals:
    """Sum each estimate's influence by row, shape (n,), over the clusters that occur."""
    names = np.flatnonzero(np.bincount(cluster))
    sums, rows = np.empty((2, len(influences), names.size))
    for place, influence in enumerate(influences):
        sums[place] = cluster_totals(influence, cluster)
        rows[place] = cluster_totals(influence != 0, cluster)
    return Totals(sums, rows, names)


def products(blocks: Iterable[FloatArray], k: int) -> FloatArray:
    """Sum of products of every two rows over the columns of all blocks, shape (k, k).

    In fixed order and without BLAS: the same bits for any number of threads.
    """
    found = np.zeros((k, k))
    for block in blocks:
        found += np.einsum("ib,jb->ij", block, block)
    return found
