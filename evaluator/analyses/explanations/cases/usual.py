"""What is usual: the middle value of a quantity or the commonest level, and how far a case is from that."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.cases.distance import Likeness, Measure
from evaluator.statistics.order_statistics import in_order, quantile
from evaluator.statistics.spread import FloatArray, IntArray

MIDDLE = 0.5


def distance_from_usual(likeness: Likeness, group: IntArray, rows: IntArray) -> FloatArray:
    """Distance of `rows` from a case that has the usual value of every feature in `group`; shape (len(rows),)."""
    weight = None if likeness.asked.weight is None else likeness.asked.weight[group]
    total = np.zeros(rows.size)
    for share, one in zip(likeness.share, likeness.measures, strict=True):
        total += share * one.apart(rows, _usual(one, group, weight))
    return total


def middle(values: FloatArray, weight: FloatArray | None) -> float:
    """The weighted median of the values that are known, NaN where none is."""
    known = ~np.isnan(values)
    if not known.any():
        return float("nan")
    return quantile(in_order(values[known], None if weight is None else weight[known]), MIDDLE)


def commonest(codes: IntArray, weight: FloatArray | None) -> int:
    """The code of the most weight, -1 for missing among them; the first in order of equally common ones."""
    mass = np.bincount(codes + 1, weights=weight)
    return int(np.argmax(mass >= mass.max() * (1 - 1e-12))) - 1


def _usual(one: Measure, group: IntArray, weight: FloatArray | None) -> float:
    values = one.values[group]
    return middle(values, weight) if one.quantity else commonest(values.astype(np.int64), weight)
