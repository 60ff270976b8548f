"""One sort by score, and what ranking metrics read from it."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from evaluator.statistics.influence import Influence
from evaluator.statistics.ordering import IndexArray, descending
from evaluator.statistics.spread import FloatArray, Spread, sum_of_products

Number = TypeVar("Number", np.float64, np.intp)


class Ranking(NamedTuple):
    """Rows in order of descending score; tied rows share the values at the end of their group.

    Attributes
    ----------
    order : positions of the rows in that order, shape (n,).
    label, weight : of each row in that order; no weight for equal ones.
    starts : first row of every tie group, shape (g,).
    group_positives, group_negatives : weight of positive and negative rows down to the end of every tie group, shape (g,).
    """

    order: IndexArray
    label: npt.NDArray[np.bool_]
    weight: FloatArray | None
    starts: IndexArray
    group_positives: FloatArray
    group_negatives: FloatArray

    @property
    def true_positives(self) -> FloatArray:
        """Weight of positive rows at or above each row's tie group."""
        return self.to_rows(self.group_positives)

    @property
    def false_positives(self) -> FloatArray:
        """Weight of negative rows at or above each row's tie group."""
        return self.to_rows(self.group_negatives)

    @property
    def positive(self) -> FloatArray:
        """Weight of each row if positive, else 0, in order of the scores."""
        return _weight_where(self.label, self.weight)

    @property
    def negative(self) -> FloatArray:
        """Weight of each row if negative, else 0, in order of the scores."""
        return _weight_where(~self.label, self.weight)

    @property
    def sizes(self) -> IndexArray:
        """Rows in every tie group."""
        return np.diff(self.starts, append=self.order.size)

    @property
    def group_start(self) -> IndexArray:
        """First row of each row's tie group."""
        return self.to_rows(self.starts)

    def to_rows(self, values: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """The value of each row's tie group."""
        n, groups = self.order.size, self.starts.size
        if groups == n:
            return values
        if 2 * groups < n:
            return np.repeat(values, self.sizes)
        # Few ties: writing group by group and mending the rest is several times faster than repeating.
        found = np.empty(n, dtype=values.dtype)
        found[self.starts] = values
        later = np.ones(n, dtype=np.bool_)
        later[self.starts] = False
        rest = np.flatnonzero(later)
        found[rest] = values[np.searchsorted(self.starts, rest, side="right") - 1]
        return found


def rank(
    label: npt.NDArray[np.bool_], score: FloatArray, weight: FloatArray | None = None, *, by_score: bool = False
) -> Ranking:
    """Sort once; stable, so equal scores keep the order of the rows on every machine.

    `by_score` says that the rows come by descending score already.
    """
    order, sorted_score = (np.arange(label.size), score) if by_score else descending(score)
    starts = _starts(sorted_score)
    ordered, sorted_weight = label[order], None if weight is None else weight[order]
    above = [np.cumsum(_weight_where(side, sorted_weight)) for side in (ordered, ~ordered)]
    if starts.size < order.size:
        ends = np.append(starts[1:], order.size)
        above = [sums[ends - 1] for sums in above]
    return Ranking(order, ordered, sorted_weight, starts, above[0], above[1])


def _weight_where(side: npt.NDArray[np.bool_], weight: FloatArray | None) -> FloatArray:
    return side.astype(np.float64) if weight is None else np.where(side, weight, 0.0)


def _starts(sorted_score: FloatArray) -> IndexArray:
    return np.flatnonzero(np.concatenate(([True], sorted_score[1:] != sorted_score[:-1])))


def auc(ranking: Ranking) -> Influence:
    """Area under the ROC curve, P(score of a positive > score of a negative) + half the ties, with its influence.

    Notes
    -----
    Row i positive: (nb_i/N - A)/P with nb_i the negatives below plus half the tied; negative: (pa_i/P - A)/N with pa_i
    the positives above plus half the tied. Their squares sum to DeLong's variance up to the factors n/(n-1) per class.
    """
    won = _in_groups(ranking.positive, ranking)
    positives, negatives = won.sum(), ranking.group_negatives[-1]
    below = _middle(ranking.group_negatives)
    np.subtract(negatives, below, out=below)
    won *= below
    value = float(won.sum() / (positives * negatives))
    below /= negatives
    below -= value
    below /= positives
    above = _middle(ranking.group_positives)
    above /= positives
    above -= value
    above /= negatives
    return Influence(value, _unsort(_of_sides(below, above, ranking), ranking))


def _middle(at_end: FloatArray) -> FloatArray:
    """Weight above every tie group and half of its own, from the weight down to its end."""
    middle = at_end.copy()
    middle[1:] += at_end[:-1]
    middle /= 2
    return middle


def _of_sides(positive: FloatArray, negative: FloatArray, ranking: Ranking) -> FloatArray:
    """Each row's weight times the value of its tie group for rows of its class."""
    rows = ranking.to_rows(positive)
    np.copyto(rows, ranking.to_rows(negative), where=~ranking.label)
    if ranking.weight is not None:
        rows *= ranking.weight
    return rows


def delong_spread(found: Influence, label: npt.NDArray[np.bool_]) -> Spread:
    """Standard error of an unweighted AUC of independent rows: DeLong, DeLong and Clarke-Pearson 1988."""
    variance = 0.0
    for side in (label, ~label):
        size = int(np.count_nonzero(side))
        part = found.rows[side]
        variance += sum_of_products(part, part) * size / max(1, size - 1)
    return Spread(math.sqrt(variance), label.size - 1.0, None, 1.0)


def average_precision(ranking: Ranking) -> Influence:
    """Precision averaged over positive rows in order of score, with its influence.

    Notes
    -----
    Row i positive: (prec_i - AP + C1_i)/P, negative: -C0_i/P, where C1 and C0 sum FP/M^2 and TP/M^2 over positive rows
    ranked at or below i (M = TP + FP at the end of the tie group).
    """
    inside = _in_groups(ranking.positive, ranking)
    positives = inside.sum()
    depth = ranking.group_positives + ranking.group_negatives
    depth[: np.searchsorted(depth, 0.0, side="right")] = 1.0
    gain = ranking.group_positives / depth
    value = sum_of_products(inside, gain) / float(positives)
    depth *= depth
    step = np.divide(inside, depth, out=inside)
    del inside, depth
    gain += _at_or_below(step * ranking.group_negatives)
    gain -= value
    gain /= positives
    step *= ranking.group_positives
    loss = _at_or_below(step)
    del step
    loss /= -positives
    return Influence(value, _unsort(_of_sides(gain, loss, ranking), ranking))


def _in_groups(values: FloatArray, ranking: Ranking) -> FloatArray:
    """Sum over the rows of every tie group."""
    return values if ranking.starts.size == values.size else np.add.reduceat(values, ranking.starts)


def _at_or_below(values: FloatArray) -> FloatArray:
    """Sum from every tie group downwards."""
    sums = np.empty_like(values)
    np.cumsum(values[::-1], out=sums[::-1])
    return sums


def _unsort(values: FloatArray, ranking: Ranking) -> FloatArray:
    unsorted = np.empty_like(values)
    unsorted[ranking.order] = values
    return unsorted
