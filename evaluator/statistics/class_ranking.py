"""Ranking metrics of several classes: each class against the rest, and all scores of all classes in one order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.statistics.influence import BoolArray, Influence
from evaluator.statistics.precision_range import precision_bias
from evaluator.statistics.ranking import auc, average_precision, rank
from evaluator.statistics.spread import FloatArray, IntArray


class Ranked(NamedTuple):
    """What one sort by score tells; `bias` is by how much average precision is too high."""

    auc: Influence
    average_precision: Influence
    bias: float


def ranked(label: BoolArray, score: FloatArray, weight: FloatArray | None = None) -> Ranked | None:
    """Ranking metrics of two outcomes; None where one of them has no weight."""
    order = rank(label, score, weight)
    if order.positive.sum() == 0 or order.negative.sum() == 0:
        return None
    return Ranked(auc(order), average_precision(order), precision_bias(order))


def ranked_pairs(label: IntArray, scores: FloatArray, weight: FloatArray | None = None) -> Ranked | None:
    """Ranking metrics over all pairs of a row and a class, positive where the class is the row's own.

    The influence of a row is the sum over its pairs, which are not independent of each other.
    """
    n, k = scores.shape
    own = np.zeros((n, k), dtype=bool)
    own[np.arange(n), label] = True
    found = ranked(own.ravel(), scores.ravel(), None if weight is None else np.repeat(weight, k))
    if found is None:
        return None
    return Ranked(_by_row(found.auc, n), _by_row(found.average_precision, n), found.bias)


def _by_row(pairs: Influence, n: int) -> Influence:
    return Influence(pairs.value, pairs.rows.reshape(n, -1).sum(axis=1))


def averaged(by_class: list[Influence], part: FloatArray) -> Influence:
    """Sum of the classes' values times `part`, which is held fixed, shape (k,)."""
    rows = np.zeros(by_class[0].rows.size)
    for share, found in zip(part, by_class, strict=True):
        rows += share * found.rows
    values = np.array([found.value for found in by_class])
    # Divided by the sum of the parts, which rounding may leave off 1, so that equal values stay what they are.
    return Influence(float((part * values).sum() / part.sum()), rows)


def averaged_by_size(
    by_class: list[Influence], part: FloatArray, label: IntArray, weight: FloatArray | None = None
) -> Influence:
    """As `averaged`, where `part` are the classes' shares of the weight, which the rows move as well."""
    fixed = averaged(by_class, part)
    moved = np.array([found.value for found in by_class])[label] - fixed.value
    total = float(label.size) if weight is None else float(weight.sum())
    return Influence(fixed.value, fixed.rows + (moved if weight is None else moved * weight) / total)
