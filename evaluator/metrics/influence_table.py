"""Several metrics of the same rows at once: one sort, each row's influence on each metric, and what follows from it.

Covariance, differences between two models, gaps between two groups and intervals that hold together are all sums of
products of influence. Metrics of decisions have one influence per cell of the decision table, which is looked up block
by block, so that they take no memory per row.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evaluator.catalogue.metrics import METRICS
from evaluator.metrics.cells import CELL_METRICS, value_in_cells
from evaluator.metrics.influences import has_influence, influence_of
from evaluator.metrics.measure import what_is_missing
from evaluator.metrics.number_rows import AnyRows, NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.joint import Joint, Totals, products, totals_of, without_rounding
from evaluator.statistics.spread import FloatArray, skewness_of

BLOCK = 8192
"""Rows looked at together; fixed, so that sums have the same bits everywhere."""
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Column:
    """One metric's influence: by row, or by the code of each row's cell and its weight.

    `by_class` corrects the influence of negative and positive rows where each class has its own degrees of freedom.
    """

    value: float
    rows: FloatArray | None
    by_code: FloatArray | None = None
    by_class: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class InfluenceTable:
    """Metrics that are defined on the rows, and each row's influence on each of them.

    Attributes
    ----------
    rows : those that weigh anything.
    columns : by metric, in the order asked for; `undefined` names the metrics asked for that have no value here.
    """

    rows: AnyRows
    columns: dict[str, Column]
    undefined: tuple[str, ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        return tuple(self.columns)

    @cached_property
    def values(self) -> FloatArray:
        """The metrics, shape (k,)."""
        return np.array([column.value for column in self.columns.values()], dtype=np.float64)

    def influence(self, metric: str) -> FloatArray:
        """Derivative of one metric in the weight of each row, times that weight, shape (n,)."""
        return self._part(self.columns[metric], slice(None))

    def acceleration(self, metric: str) -> float:
        """Of the BCa interval: sum c^3 / (6 (sum c^2)^1.5), c the influence of rows or clusters (Efron 1987)."""
        return skewness_of(self.influence(metric), self.rows.real_clusters) / 6

    @cached_property
    def joint(self) -> Joint:
        """All metrics with their standard errors and covariance.

        Notes
        -----
        Independent rows: n/(n-1) D D', D the influence by row; the AUC of unweighted rows takes DeLong's factor of each
        class instead. Clusters: C C', C the totals of influence by cluster times the roots of `spread.cluster_factors`.
        """
        if self.rows.real_clusters is None:
            return self._from_rows(self.values, self._blocks())
        return self._from_totals(self.values, self.totals)

    @cached_property
    def totals(self) -> Totals:
        """Influence by cluster; rows without clusters are clusters of one."""
        cluster = np.arange(self.rows.n) if self.rows.cluster is None else self.rows.cluster
        return totals_of([self.influence(metric) for metric in self.columns], cluster)

    def minus(self, other: InfluenceTable) -> Joint:
        """Paired difference of two models on the same rows: what they have in common does not count as chance.

        For the AUC of unweighted rows this is the paired variance of DeLong, DeLong and Clarke-Pearson (1988).
        """
        if self.metrics != other.metrics or self.rows.n != other.rows.n:
            raise ValueError("A paired difference needs the same metrics of the same rows.")
        values, cluster = self.values - other.values, self.rows.real_clusters
        if cluster is None:
            return self._from_rows(values, (a - b for a, b in zip(self._blocks(), other._blocks(), strict=True)))
        apart = [self.influence(metric) - other.influence(metric) for metric in self.columns]
        return self._from_totals(values, totals_of(apart, cluster))

    def gap(self, other: InfluenceTable) -> Joint:
        """Difference from another group, whose rows are others; a cluster may have rows in both."""
        if self.metrics != other.metrics:
            raise ValueError("A gap needs the same metrics of both groups.")
        if self.rows.cluster is None or other.rows.cluster is None:
            return self.joint.minus(other.joint)
        return self.joint.minus(other.joint, self.totals.crossed(other.totals))

    def _from_rows(self, values: FloatArray, blocks: Iterable[FloatArray]) -> Joint:
        return self._joint(values, products(blocks, len(self.columns)), self.rows.n - 1.0)

    def _from_totals(self, values: FloatArray, totals: Totals) -> Joint:
        return self._joint(values, totals.covariance(), totals.df)

    def _joint(self, values: FloatArray, covariance: FloatArray, df: float) -> Joint:
        unit = 0.0 if isinstance(self.rows, NumberRows) else 1.0
        size = np.maximum(unit, np.abs(self.values))
        return Joint(self.metrics, values, without_rounding(covariance, size), self.rows.n, max(1.0, df))

    def _blocks(self) -> Iterator[FloatArray]:
        """Influence of one block of rows after the other, shape (k, block), scaled so that products sum to the covariance."""
        n = self.rows.n
        scale = math.sqrt(n / (n - 1)) if n > 1 else math.nan
        for start in range(0, n, BLOCK):
            part = slice(start, min(n, start + BLOCK))
            block = np.empty((len(self.columns), part.stop - start))
            for row, column in zip(block, self.columns.values(), strict=True):
                row[:] = self._part(column, part)
                row *= scale if column.by_class is None else self._by_class(column.by_class, part)
            yield block

    def _by_class(self, factors: FloatArray, part: slice) -> FloatArray:
        assert isinstance(self.rows, BinaryRows)
        return factors[self.rows.label[part].view(np.uint8)]

    def _part(self, column: Column, part: slice) -> FloatArray:
        if column.rows is not None:
            return column.rows[part]
        assert isinstance(self.rows, BinaryRows)
        assert column.by_code is not None
        found = column.by_code[self.rows.cell_of_row[part]]
        return found if self.rows.weight is None else found * self.rows.weight[part]


def influence_table(metrics: Sequence[str], rows: AnyRows) -> InfluenceTable:
    """Compute several catalogue metrics and each row's influence on them.

    Parameters
    ----------
    metrics : canonical names of metrics that have an influence function (`has_influence`).
    rows : independent, weighted or clustered; rows of weight zero are left out.
    """
    if unknown := [name for name in metrics if not has_influence(name)]:
        raise ValueError(f"No influence function: {', '.join(unknown)}.")
    kept = rows.with_weight()
    found = {name: _column(name, kept) for name in metrics}
    columns = {name: column for name, column in found.items() if column is not None}
    return InfluenceTable(kept, columns, tuple(name for name in metrics if name not in columns))


def group_gap(metrics: Sequence[str], rows: AnyRows, first: BoolArray, second: BoolArray) -> Joint:
    """First group minus second for all metrics that are defined in both; no row may be in both.

    A row's influence on a gap is its influence on the metric of its own group, with the group's sign.
    """
    if (first & second).any():
        raise ValueError("Groups of a gap must not share rows.")
    sides = [influence_table(metrics, rows.take(side)) for side in (first, second)]
    both = [name for name in metrics if all(name in side.columns for side in sides)]
    one, other = (influence_table(both, side.rows) for side in sides)
    return one.gap(other)


def _column(metric: str, rows: AnyRows) -> Column | None:
    if rows.n == 0 or what_is_missing(METRICS[metric], rows):
        return None
    if isinstance(rows, BinaryRows) and metric in CELL_METRICS:
        found = value_in_cells(metric, rows.table)
        return None if found is None else Column(found.value, None, by_code=found.rows)
    found = influence_of(metric, rows)
    return None if found is None else Column(found.value, found.rows, by_class=_class_factors(metric, rows))


def _class_factors(metric: str, rows: AnyRows) -> FloatArray | None:
    """Roots of DeLong's factors m/(m-1), m the rows of each class: negative, positive."""
    if metric != "auc" or not isinstance(rows, BinaryRows) or rows.weight is not None:
        return None
    sizes = np.array([rows.negatives, rows.positives], dtype=np.float64)
    factors: FloatArray = np.sqrt(sizes / np.maximum(1.0, sizes - 1))
    return factors
