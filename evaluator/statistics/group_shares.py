"""Shares of every group and of everyone else, from sums over clusters: sizes, correlations, and no second look at the rows.

Sums of everyone else are sums of all less those of the group, so that a group costs no more than its own clusters.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy import sparse

from evaluator.statistics.additive_rates import chance_variance
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.rows_by_group import GroupedRows
from evaluator.statistics.shared_clusters import FEW_SHARED, correlation_to_use
from evaluator.statistics.spread import FEW_CLUSTERS, FloatArray, IntArray, cluster_variance


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """One share of several sets of rows; every array has shape (k,).

    Attributes
    ----------
    value : NaN without cases.
    rows : rows of the set; `cases` are those that the share is a share of.
    total : weight of the cases.
    size : independent cases of equal weight that say as much.
    df : degrees of freedom; infinite for independent rows of equal weight.
    clusters : clusters among the cases; as many as cases where no two share one.
    """

    value: FloatArray
    rows: IntArray
    cases: IntArray
    total: FloatArray
    size: FloatArray
    df: FloatArray
    clusters: IntArray

    @property
    def variance(self) -> FloatArray:
        """Sampling variance, above 0 even where nothing was seen to vary."""
        return chance_variance(self.value, self.size)


class _Met(NamedTuple):
    """What a group has in its clusters times what they hold in all, shape (k,): own weight times all counted is `ac`."""

    nn: FloatArray
    aa: FloatArray
    ac: FloatArray
    ca: FloatArray
    cc: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Sums over units (rows, or clusters as a set of rows sees them), shape (k,) each.

    n, a, c : cases, their weight, and the weight of those counted. nn, aa, ac, cc : sums over units of products.
    units : units with a case; `whole` counts those without one too, square the squared weights of cases.
    """

    rows: FloatArray
    n: FloatArray
    a: FloatArray
    c: FloatArray
    nn: FloatArray
    aa: FloatArray
    ac: FloatArray
    cc: FloatArray
    units: FloatArray
    square: FloatArray
    whole: FloatArray


class GroupShares:
    """One share of every group, of everyone else, and how their estimates go together.

    Parameters
    ----------
    counted, among : of the rows in `among`, the share of those that are `counted` too; shape (n,) each, all rows.
    """

    def __init__(self, rows: GroupedRows, counted: BoolArray, among: BoolArray) -> None:
        self._rows = rows
        among = rows.kept(among)
        counted = rows.kept(counted) & among
        weight = rows.weight
        a = among if weight is None else among * weight
        c = counted if weight is None else counted * weight
        if rows.clustered:
            self._n, self._a, self._c = rows.by_cell(among), rows.by_cell(a), rows.by_cell(c)
            if weight is None:
                self._a = self._n
        self._own = self._sums(among, counted, a, c)

    def _sums(
        self, among: BoolArray, counted: BoolArray, a: FloatArray | BoolArray, c: FloatArray | BoolArray
    ) -> _Sums:
        rows, weight = self._rows, self._rows.weight
        n = rows.by_group(among)
        total = n if weight is None else rows.by_group(a)
        seen = rows.by_group(c)
        square = n if weight is None else rows.by_group(a * weight)
        if not rows.clustered:
            both = seen if weight is None else rows.by_group(c * weight)
            return _Sums(rows.rows, n, total, seen, n, square, both, both, n, square, rows.rows)
        nn = rows.of_cells(self._n * self._n)
        aa = nn if weight is None else rows.of_cells(self._a * self._a)
        ac, cc = rows.of_cells(self._a * self._c), rows.of_cells(self._c * self._c)
        units, whole = (rows.of_cells(part) for part in ((self._n > 0).astype(np.float64), np.ones(self._n.size)))
        return _Sums(rows.rows, n, total, seen, nn, aa, ac, cc, units, square, whole)

    @cached_property
    def groups(self) -> Shares:
        """The share of every group."""
        return self._shares(self._own, rest=False)

    @cached_property
    def rests(self) -> Shares:
        """For every group, the share of everyone else."""
        return self._shares(self._others, rest=True)

    @cached_property
    def _others(self) -> _Sums:
        own = self._own
        plain = {
            name: getattr(own, name).sum() - getattr(own, name)
            for name in ("rows", "n", "a", "c", "nn", "aa", "ac", "cc", "units", "square", "whole")
        }
        if not self._rows.clustered:
            return _Sums(**plain)
        rows, met = self._rows, self._met
        # All clusters whole, less what the group has in them: (x - m)(y - n) = xy - xn - my + mn.
        for name, crossed in (("nn", 2 * met.nn), ("aa", 2 * met.aa), ("ac", met.ac + met.ca), ("cc", 2 * met.cc)):
            plain[name] = crossed.sum() / 2 - crossed + getattr(own, name)
        everywhere = rows.of_clusters(self._n)
        known = np.bincount(rows.cell_cluster[everywhere > 0], minlength=rows.n_clusters)
        lost = ((everywhere > 0) & (everywhere == self._n)).astype(np.float64)
        plain["units"] = float(np.count_nonzero(known)) - rows.of_cells(lost)
        plain["whole"] = rows.n_clusters - rows.of_cells((rows.cells_here == 1).astype(np.float64))
        return _Sums(**plain)

    @cached_property
    def _met(self) -> _Met:
        rows = self._rows
        every_n, every_c = rows.of_clusters(self._n), rows.of_clusters(self._c)
        every_a = every_n if self._a is self._n else rows.of_clusters(self._a)
        nn = rows.of_cells(self._n * every_n)
        aa = nn if self._a is self._n else rows.of_cells(self._a * every_a)
        ac, ca, cc = (
            rows.of_cells(own * every) for own, every in ((self._a, every_c), (self._c, every_a), (self._c, every_c))
        )
        return _Met(nn, aa, ac, ca, cc)

    def _shares(self, sums: _Sums, *, rest: bool) -> Shares:
        some = sums.a > 0
        value = np.where(some, sums.c / np.where(some, sums.a, 1.0), np.nan).clip(0.0, 1.0)
        alone = sums.nn <= sums.n
        independent = alone if self._rows.clustered else np.ones(value.size, dtype=np.bool_)
        size = self._size(sums, value, independent, rest=rest)
        plain = independent & (self._rows.weight is None)
        df = np.where(plain, np.inf, np.maximum(1.0, np.where(independent, sums.n, sums.units) - 1))
        counts = (sums.rows, sums.n, np.where(independent, sums.n, sums.units))
        all_rows, cases, clusters = (part.round().astype(np.int64) for part in counts)
        return Shares(value, all_rows, cases, sums.a, size, df, clusters)

    def _size(self, sums: _Sums, value: FloatArray, independent: BoolArray, *, rest: bool) -> FloatArray:
        """Never more cases than there are; by the variance where anything varies, else by weights and clusters alone."""
        n = np.maximum(sums.n, 1.0)
        plain = independent & (self._rows.weight is None)
        if bool(plain.all()):
            return n
        largest = n if self._rows.weight is None else sums.a**2 / np.maximum(sums.square, 1e-300)
        largest = np.where(independent, largest, np.minimum(largest, n**2 / np.maximum(sums.nn, 1.0)))
        variance = self._variance(sums, value, independent, rest=rest)
        # Cancellation leaves a trace of variance where there is none.
        varies = variance > 1e-24
        worth = np.where(varies, value * (1 - value) / np.where(varies, variance, 1.0), largest)
        most = np.where(varies, n, largest)
        limited = np.maximum(1.0, np.minimum(worth, most))
        return np.where(sums.a > 0, np.where(plain, n, limited), 1.0)

    def _variance(self, sums: _Sums, value: FloatArray, independent: BoolArray, *, rest: bool) -> FloatArray:
        squares = sums.cc - 2 * value * sums.ac + value**2 * sums.aa
        # Units without a case vary too: how many have one is part of the sample.
        units = sums.whole
        variance = np.maximum(0.0, squares) / np.maximum(sums.a, 1e-300) ** 2 * units / np.maximum(1.0, units - 1)
        few = ~independent & (sums.nn * FEW_CLUSTERS > sums.n**2) & (sums.units > 1)
        for position in np.flatnonzero(few):
            totals, counts = self._by_cluster(int(position), float(value[position]), rest=rest)
            variance[position] = cluster_variance(totals, counts)[0]
        return np.where(units > 1, variance, 0.0)

    def _by_cluster(self, group: int, value: float, *, rest: bool) -> tuple[FloatArray, FloatArray]:
        """Influence and cases of each cluster, for a group or everyone else: few clusters need them one by one."""
        rows = self._rows
        kept = (rows.cell_group == group) != rest
        n, a, c = (
            np.bincount(rows.cell_cluster[kept], weights=part[kept], minlength=rows.n_clusters)
            for part in (self._n, self._a, self._c)
        )
        some = n > 0
        totals = (c - value * a)[some] / a.sum()
        return totals, n[some].astype(np.float64)

    @cached_property
    def correlation(self) -> FloatArray:
        """Between the shares of every two groups, shape (k, k), 0 on the diagonal; positive only where well supported."""
        if not self._rows.clustered or self._rows.together.sum() == np.trace(self._rows.together):
            return np.zeros((self._rows.k, self._rows.k))
        influence = self._rows.crossed(self._influence())
        covariance = np.asarray((influence.T @ influence).toarray(), dtype=np.float64)
        used = correlation_to_use(covariance, np.sqrt(np.diag(covariance)), self._rows.together)
        np.fill_diagonal(used, 0.0)
        return used

    @cached_property
    def correlation_with_rest(self) -> FloatArray:
        """Between the share of every group and that of everyone else, shape (k,)."""
        rows = self._rows
        if not rows.clustered:
            return np.zeros(rows.k)
        own, others, met = self._own, self._others, self._met
        m, v = np.nan_to_num(self.groups.value), np.nan_to_num(self.rests.value)
        # Products of the influence of a cluster on the group and on everyone else, not yet over the weight of each.
        together = met.cc - own.cc - v * (met.ca - own.ac) - m * (met.ac - own.ac) + m * v * (met.aa - own.aa)
        squares = [part.cc - 2 * value * part.ac + value**2 * part.aa for part, value in ((own, m), (others, v))]
        scale = np.sqrt(np.maximum(0.0, squares[0]) * np.maximum(0.0, squares[1]))
        some = scale > 1e-9 * np.maximum(1.0, own.aa)
        found = np.where(some, together / np.where(some, scale, 1.0), 0.0).clip(-1.0, 1.0)
        return np.where((found > 0) & (rows.with_others < FEW_SHARED), 0.0, found)

    def complement(self) -> GroupShares:
        """The share of those not counted: one less this share, as certain, and what goes together goes together."""
        made = copy(self)
        if self._rows.clustered:
            made._c = self._a - self._c
        for name in ("groups", "rests"):
            shares: Shares = getattr(self, name)
            made.__dict__[name] = replace(shares, value=1 - shares.value)
        for name in ("correlation", "correlation_with_rest"):
            made.__dict__[name] = getattr(self, name)
        return made

    def influence_by_cluster(self) -> sparse.csr_array | None:
        """Influence of every cluster on every group's share, shape (clusters, k); None for independent rows."""
        return self._rows.crossed(self._influence()) if self._rows.clustered else None

    def _influence(self) -> FloatArray:
        """Influence of every cell on the share of its group, shape (cells,)."""
        at, groups = self._rows.cell_group, self.groups
        found: FloatArray = (self._c - np.nan_to_num(groups.value)[at] * self._a) / np.maximum(groups.total[at], 1e-300)
        return found


def joint_correlation(first: GroupShares, second: GroupShares, rows: GroupedRows) -> FloatArray:
    """Correlation between two shares of every group, the first of all groups and then the second, shape (2k, 2k).

    The shares must be of different cases, such as of positives and of negatives: without clusters nothing correlates.
    """
    parts = (first.influence_by_cluster(), second.influence_by_cluster())
    if parts[0] is None or parts[1] is None:
        return np.zeros((2 * rows.k, 2 * rows.k))
    influence = sparse.hstack(parts, format="csr")
    covariance = np.asarray((influence.T @ influence).toarray(), dtype=np.float64)
    used = correlation_to_use(covariance, np.sqrt(np.diag(covariance)), np.tile(rows.together, (2, 2)))
    np.fill_diagonal(used, 0.0)
    return used
