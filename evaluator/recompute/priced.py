"""A mean price per row from a count of cells, with its range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from evaluator.metrics.cell_table import CellTable
from evaluator.metrics.cells import share_interval
from evaluator.statistics.spread import FloatArray


class Amount(NamedTuple):
    """A mean per row with its range; without ends where no range can be given."""

    value: float
    low: float | None
    high: float | None


def priced(table: CellTable, price: FloatArray, level: float) -> Amount:
    """Mean price per row, when the rows of a cell cost its price, with its range.

    Notes
    -----
    The mean is the sum of c_k p_k, p_k the share of the rows at price c_k. The range joins the ranges of these shares
    (exact or Wilson's for few independent rows, by influence else) by MOVER for sums with correlated parts (Zou and
    Donner 2008): L = m - sqrt(sum r_jk d_j d_k), d_k what the part c_k p_k is above its own lower end.
    """
    whole = np.ones(price.size, dtype=np.bool_)
    total = float(table.weight.sum())
    parts = [cost for cost in np.unique(price) if cost != 0]
    masks = [price == cost for cost in parts]
    value = float((price * table.weight).sum()) / total
    spread = table.spread((price - value) / total)
    if spread.n_clusters == 1:
        return Amount(value, None, None)
    if not parts:
        return Amount(value, 0.0, 0.0)
    below, above, slopes = [], [], []
    for cost, mask in zip(parts, masks, strict=True):
        share = float(table.weight[mask].sum()) / total
        found = share_interval(mask, whole, table, level)
        if found.low is None or found.high is None:
            return Amount(value, None, None)
        ends = sorted((cost * found.low, cost * found.high))
        below.append(cost * share - ends[0])
        above.append(ends[1] - cost * share)
        slopes.append(cost * (mask - share) / total)
    related = _correlations(table, slopes)
    low, high = value - _joined(below, related), value + _joined(above, related)
    return Amount(value, max(min(0.0, float(price.min())), low), min(max(0.0, float(price.max())), high))


def _joined(distances: Sequence[float], related: FloatArray) -> float:
    apart = np.asarray(distances)
    return math.sqrt(max(0.0, float((related * np.outer(apart, apart)).sum())))


def _correlations(table: CellTable, slopes: Sequence[FloatArray]) -> FloatArray:
    """Correlations of the parts of a sum from their slopes, clusters as a whole."""
    own = [table.own_product(slope) for slope in slopes]
    found = np.eye(len(slopes))
    for first in range(len(slopes)):
        for second in range(first):
            both = table.own_product(slopes[first] + slopes[second]) - own[first] - own[second]
            scale = 2 * math.sqrt(own[first] * own[second])
            found[first, second] = found[second, first] = max(-1.0, min(1.0, both / scale)) if scale > 0 else 0.0
    return found
