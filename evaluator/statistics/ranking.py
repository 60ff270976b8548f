"""One sort by score, and what ranking metrics read from it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evaluator.statistics.influence import Influence
from evaluator.statistics.spread import FloatArray, Spread


class Ranking(NamedTuple):
    """Rows in order of descending score; tied rows share the values at the end of their group.

    Attributes
    ----------
    order : positions of the rows in that order, shape (n,).
    positive : weight of each row if positive, else 0, in that order; `negative` likewise.
    group_end, group_start : first row after, and first row of, each row's tie group.
    true_positives, false_positives : weight of positive and negative rows at or above each row's tie group.
    """

    order: npt.NDArray[np.intp]
    positive: FloatArray
    negative: FloatArray
    group_start: npt.NDArray[np.intp]
    group_end: npt.NDArray[np.intp]
    true_positives: FloatArray
    false_positives: FloatArray


def rank(
    label: npt.NDArray[np.bool_], score: FloatArray, weight: FloatArray | None = None, *, by_score: bool = False
) -> Ranking:
    """Sort once; stable, so equal scores keep the order of the rows on every machine.

    `by_score` says that the rows come by descending score already.
    """
    order = np.arange(label.size) if by_score else np.argsort(-score, kind="stable")
    ones = np.ones(label.size) if weight is None else weight
    positive = np.where(label, ones, 0.0)[order]
    negative = np.where(label, 0.0, ones)[order]
    sorted_score = score[order]
    starts = np.flatnonzero(np.r_[True, sorted_score[1:] != sorted_score[:-1]])
    ends = np.r_[starts[1:], label.size]
    sizes = ends - starts
    group_start, group_end = np.repeat(starts, sizes), np.repeat(ends, sizes)
    return Ranking(
        order, positive, negative, group_start, group_end,
        np.cumsum(positive)[group_end - 1], np.cumsum(negative)[group_end - 1],
    )  # fmt: skip


def auc(ranking: Ranking) -> Influence:
    """Area under the ROC curve, P(score of a positive > score of a negative) + half the ties, with its influence.

    Notes
    -----
    Row i positive: (nb_i/N - A)/P with nb_i the negatives below plus half the tied; negative: (pa_i/P - A)/N with pa_i
    the positives above plus half the tied. Their squares sum to DeLong's variance up to the factors n/(n-1) per class.
    """
    positives, negatives = ranking.positive.sum(), ranking.negative.sum()
    tp_before, fp_before = _before(ranking)
    below = negatives - (fp_before + ranking.false_positives) / 2
    above = (tp_before + ranking.true_positives) / 2
    value = float(np.dot(ranking.positive, below) / (positives * negatives))
    sorted_influence = ranking.positive * (below / negatives - value) / positives
    sorted_influence += ranking.negative * (above / positives - value) / negatives
    return Influence(value, _unsort(sorted_influence, ranking))


def delong_spread(found: Influence, label: npt.NDArray[np.bool_]) -> Spread:
    """Standard error of an unweighted AUC of independent rows: DeLong, DeLong and Clarke-Pearson 1988."""
    variance = 0.0
    for side in (label, ~label):
        size = int(np.count_nonzero(side))
        part = found.rows[side]
        variance += float(np.dot(part, part)) * size / max(1, size - 1)
    return Spread(math.sqrt(variance), label.size - 1.0, None, 1.0)


def average_precision(ranking: Ranking) -> Influence:
    """Precision averaged over positive rows in order of score, with its influence.

    Notes
    -----
    Row i positive: (prec_i - AP + C1_i)/P, negative: -C0_i/P, where C1 and C0 sum FP/M^2 and TP/M^2 over positive rows
    ranked at or below i (M = TP + FP at the end of the tie group).
    """
    positives = ranking.positive.sum()
    depth = ranking.true_positives + ranking.false_positives
    precision = ranking.true_positives / depth
    value = float(np.dot(ranking.positive, precision) / positives)
    gain = _at_or_below(ranking.positive * ranking.false_positives / depth**2, ranking)
    loss = _at_or_below(ranking.positive * ranking.true_positives / depth**2, ranking)
    sorted_influence = ranking.positive * (precision - value + gain) / positives - ranking.negative * loss / positives
    return Influence(value, _unsort(sorted_influence, ranking))


def _before(ranking: Ranking) -> tuple[FloatArray, FloatArray]:
    """Weight of positive and negative rows strictly above each row's tie group."""
    tp = np.r_[0.0, np.cumsum(ranking.positive)][ranking.group_start]
    fp = np.r_[0.0, np.cumsum(ranking.negative)][ranking.group_start]
    return tp, fp


def _at_or_below(values: FloatArray, ranking: Ranking) -> FloatArray:
    """Sum of `values` from each row's own tie group downwards."""
    reverse: FloatArray = np.cumsum(values[::-1])[::-1]
    return reverse[ranking.group_start]


def _unsort(values: FloatArray, ranking: Ranking) -> FloatArray:
    unsorted = np.empty_like(values)
    unsorted[ranking.order] = values
    return unsorted
