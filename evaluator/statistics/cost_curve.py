"""What the errors of every possible cut-off weigh together, and which cut-offs may be the best.

A cut-off selects the rows whose score is at least it. Its cost is the mean over all rows of what their errors weigh:
C(t) = (a * FP(t) + b * FN(t)) / n, for a false positive a and for a false negative b.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse, special

from evaluator.statistics.group_thresholds import Curve, curve_of
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

PURPOSE = "cost curve"
REPLICATES = 1_024
MOST_CUTS = 240
EVERYWHERE = 80
NEARBY = 120
REACH = 5.0
"""Standard errors within which a cut-off near the best one is looked at closely."""
ALIKE = 2.0
"""Differences whose standard errors differ by less than this factor compete for being the largest."""
WINDOW = 50.0
FIRST_STAGE = 0.1
"""The part of the error that setting hopeless cut-offs aside may take."""


class Weighing(NamedTuple):
    """What one error of each kind weighs."""

    false_positive: float
    false_negative: float


class CostCurve(NamedTuple):
    """The cost of every cut-off there is.

    Attributes
    ----------
    curve : the cut-offs; cut j selects from `curve.score[j]` on, the last one nobody.
    cost : mean cost per row, shape (m + 1,).
    best : the cut with the least cost; of several, the one that changes the fewest decisions of today.
    """

    curve: Curve
    cost: FloatArray
    best: int


class BestCuts(NamedTuple):
    """Which cuts may be the best one, and how much more than the best today's decisions cost.

    Attributes
    ----------
    first, last : the cuts from one to the other, both included, hold the best one.
    low, high : range of the cost of today's decisions minus that of the best cut found; None without decisions, and
        where there are too few clusters to say.
    """

    first: int
    last: int
    low: float | None
    high: float | None


def cost_curve(
    label: BoolArray, score: FloatArray, weighing: Weighing, *, today: float | None = None,
    weight: FloatArray | None = None,
) -> CostCurve:  # fmt: skip
    """The cost of every cut-off, from one pass over the sorted scores; equal scores go together.

    Parameters
    ----------
    label, score, weight : of each row, shape (n,), n > 0; scores are finite, weights above 0.
    today : today's cut-off, near which the best one is taken among equally good ones.
    """
    curve = curve_of(label, score, np.inf if today is None else today, weight)
    wrong = weighing.false_positive * curve.negative + weighing.false_negative * (curve.positive[0] - curve.positive)
    cost = wrong / (curve.positive[0] + curve.negative[0])
    least = float(cost.min())
    ties = np.flatnonzero(cost <= least + 1e-12 * max(1.0, least))
    distance = np.abs(curve.place[ties] - curve.place[curve.today])
    return CostCurve(curve, cost, int(ties[np.argmin(distance)]))


def best_cuts(
    found: CostCurve, label: BoolArray, score: FloatArray, weighing: Weighing, *, level: float, seed: int, unit: str,
    decision: BoolArray | None = None, weight: FloatArray | None = None, cluster: IntArray | None = None,
) -> BestCuts:  # fmt: skip
    """The cuts that may be the best one, and the cost of today's decisions against the best.

    Parameters
    ----------
    decision : today's decisions, shape (n,).
    cluster : rows that share a number are not independent.
    seed, unit : key of the draws.

    Notes
    -----
    A cut t is set aside when its cost exceeds the least cost found by more than chance explains: by more than the
    1 - alpha/2 quantile of max over u of (e(t) - e(u)) / se(t, u), times the standard error of the excess; e is the
    error of each cost over draws of the rows. The u are the cuts that may be best, by the same rule without standard
    errors over all cuts at a tenth of alpha, as far as se(t, u) is within a factor `ALIKE` of that of the excess. The
    true best cut is set aside only if its excess is larger than that, and the cut with the least cost found is one of
    the u, so the cuts that remain hold it (after Hansen, Lunde and Nason 2011, without their elimination one by one).
    The same quantiles bound how much today's decisions cost above the cut chosen, whichever it is, so that choosing it
    on these rows does not flatter it: the lower end is above 0 exactly when a cut that decides as today would
    be set aside. Independent rows are drawn as Poisson counts of each cell between two kept cuts, labels by the share of
    positives nearby, scaled to the sum and the sum of squares of the weights; clusters as normal numbers with the
    covariance of the cells' cluster totals.
    """
    kept = _kept(found, weighing)
    cells = _cells(found.curve, kept, label, score, decision)
    drawn = _drawn(cells, seed, unit, weight, cluster)
    if drawn is None:
        return BestCuts(0, found.curve.score.size, None, None)
    errors = _errors(cells, drawn, kept.size, found.cost[kept], weighing)
    alpha, excess = 1 - level, found.cost[kept] - found.cost[found.best]
    aside = alpha / 2 * FIRST_STAGE
    farthest = np.quantile(errors - errors.min(axis=1)[:, np.newaxis], 1 - aside, axis=0, method="higher")
    rivals = np.flatnonzero(excess <= farthest)
    seen = _Rivals(errors[:, rivals], int(np.flatnonzero(kept[rivals] == found.best)[0]), alpha / 2 - aside)
    ends = [
        next(int(cut) for cut in inward if excess[cut] <= seen.above(errors[:, cut]))
        for inward in (rivals, rivals[::-1])
    ]
    first, last = _outward(kept, *ends)
    if decision is None:
        return BestCuts(first, last, None, None)
    now = _today(cells, drawn, weighing)
    over = now.cost - float(found.cost[found.best])
    return BestCuts(first, last, over - seen.above(now.error), over + seen.below(now.error))


class _Rivals(NamedTuple):
    """Errors of the cuts that may be best, (draws, k); which of them has the least cost found; the tail to leave."""

    errors: FloatArray
    best: int
    tail: float

    def above(self, error: FloatArray) -> float:
        """How far above the least cost found a cost with this error, (draws,), may lie by chance."""
        return self._reach(error[:, np.newaxis] - self.errors)

    def below(self, error: FloatArray) -> float:
        """How much less it may be above the best than it seems to be."""
        return self._reach(self.errors - error[:, np.newaxis])

    def _reach(self, apart: FloatArray) -> float:
        """Standard errors times the quantile of the largest of all differences of about this size."""
        se = np.sqrt(np.square(apart).mean(axis=0))
        usual = float(se[self.best])
        # Differences that come from rounding alone are none.
        if usual <= 1e-12:
            return 0.0
        alike = (se >= usual / ALIKE) & (se <= usual * ALIKE)
        largest = (apart[:, alike] / se[alike]).max(axis=1)
        return usual * float(np.quantile(largest, 1 - self.tail, method="higher"))


def _outward(kept: IntArray, first: int, last: int) -> tuple[int, int]:
    """The cuts between those kept: what lies between a cut that may be best and the next one set aside may be too."""
    low = int(kept[first - 1]) + 1 if first > 0 else int(kept[0])
    high = int(kept[last + 1]) - 1 if last + 1 < kept.size else int(kept[-1])
    return low, high


def _kept(found: CostCurve, weighing: Weighing) -> IntArray:
    """The cuts looked at: all of few, else some over the whole range and more around the best one."""
    curve, last = found.curve, found.curve.score.size
    if last < MOST_CUTS:
        return np.arange(last + 1, dtype=np.int64)
    a, b = weighing
    moved = a * a * np.abs(curve.negative - curve.negative[found.best])
    moved += b * b * np.abs(curve.positive - curve.positive[found.best])
    total = curve.positive[0] + curve.negative[0]
    # As of rows of equal weight; three times wider costs nothing but cuts.
    chance = np.sqrt(moved * total / curve.n) / total
    near = np.flatnonzero(found.cost - found.cost[found.best] <= REACH * chance)
    everywhere = np.searchsorted(-curve.place, -np.linspace(1, 0, EVERYWHERE))
    close = np.linspace(near[0], near[-1], NEARBY).round()
    around = np.array([found.best - 1, found.best, found.best + 1, curve.today, 0, last])
    return np.unique(np.clip(np.concatenate((everywhere, close, around)), 0, last)).astype(np.int64)


class _Cells(NamedTuple):
    """Rows between two kept cuts by decision and label: the cell of each row, and what each of the cells stands for.

    The cells of both labels stand side by side, negatives first, whether both have rows or not.
    """

    of_row: IntArray
    between: IntArray
    label: BoolArray
    decision: BoolArray


def _cells(curve: Curve, kept: IntArray, label: BoolArray, score: FloatArray, decision: BoolArray | None) -> _Cells:
    between = np.searchsorted(curve.score[kept[:-1]], score, side="right") - 1
    decided = np.zeros(label.size, dtype=np.int64) if decision is None else decision.astype(np.int64)
    code, found = np.unique(2 * between + decided, return_inverse=True)
    both = np.repeat(code, 2)
    return _Cells(2 * found + label, both // 2, np.arange(both.size) % 2 == 1, both % 2 == 1)


class _Drawn(NamedTuple):
    """Weight of each cell, shape (cells,), and its error in each draw as a share of all weight, (draws, cells)."""

    weight: FloatArray
    error: FloatArray


def _drawn(cells: _Cells, seed: int, unit: str, weight: FloatArray | None, cluster: IntArray | None) -> _Drawn | None:
    """None where fewer than two clusters say nothing about chance."""
    k = cells.between.size
    weights = np.ones(cells.of_row.size) if weight is None else weight
    sums, squares = (
        np.bincount(cells.of_row, power, minlength=k).astype(np.float64) for power in (weights, weights * weights)
    )
    step, expected = _expected(cells, sums, squares)
    rng = stream(seed, PURPOSE, unit)
    if cluster is None:
        drawn = rng.poisson(expected / step, size=(REPLICATES, k)) * step
        return _Drawn(sums, (drawn - expected) / sums.sum())
    number = np.unique(cluster, return_inverse=True)[1]
    units = int(number.max()) + 1
    if units < 2:
        return None
    totals = sparse.csr_matrix((weights, (cells.of_row, number)), shape=(k, units))
    covariance = (totals @ totals.T).toarray()
    # Rows of a label that should have been seen, and by luck were not, could have come too.
    covariance[np.diag_indices(k)] += np.maximum(0.0, expected * step - squares)
    values, vectors = np.linalg.eigh(covariance)
    normal = rng.standard_normal((REPLICATES, k)) * np.sqrt(np.maximum(values, 0.0))
    wider = np.sqrt(units / (units - 1)) * special.stdtrit(units - 1, 0.975) / special.ndtri(0.975)
    return _Drawn(sums, wider * (normal @ vectors.T) / sums.sum())


def _expected(cells: _Cells, sums: FloatArray, squares: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weight of a row of each cell, and the weight expected in the cell, (cells,) each.

    The least cost is found where labels happen to suit a cut-off, and the labels seen there understate chance: of ten
    rows in a row that are positive, some could have been negative. So each cell takes its part of the rows at its
    scores by the share of positives among the `WINDOW` rows nearest in score, or a twentieth of all.
    """
    whole = np.repeat(sums.reshape(-1, 2).sum(axis=1), 2)
    step = np.repeat(squares.reshape(-1, 2).sum(axis=1), 2) / whole
    rows = np.bincount(cells.of_row, minlength=sums.size).astype(np.float64)
    seen = np.concatenate(([0.0], np.cumsum(rows.reshape(-1, 2).sum(axis=1))))
    positive = np.concatenate(([0.0], np.cumsum(rows[1::2])))
    n = float(seen[-1])
    width = min(n, max(WINDOW, n / 20))
    low = np.clip((seen[:-1] + seen[1:] - width) / 2, 0.0, n - width)
    share = (np.interp(low + width, seen, positive) - np.interp(low, seen, positive) + 0.5) / (width + 1)
    return step, whole * np.stack((1 - share, share), axis=1).ravel()


def _errors(cells: _Cells, drawn: _Drawn, cuts: int, cost: FloatArray, weighing: Weighing) -> FloatArray:
    """Error of the cost of each kept cut in each draw, to first order, shape (draws, cuts)."""
    selected, missed = (np.zeros((drawn.error.shape[0], cuts)) for _ in range(2))
    for outcome, into, shift in ((False, selected, 0), (True, missed, 1)):
        inside = cells.label == outcome
        # Rows between cut b and the next are selected by cuts up to b, and missed by cuts from b + 1 on.
        for at in np.flatnonzero(inside):
            into[:, cells.between[at] + shift] += drawn.error[:, at]
    wrong = weighing.false_positive * np.cumsum(selected[:, ::-1], axis=1)[:, ::-1]
    wrong += weighing.false_negative * np.cumsum(missed, axis=1)
    return np.asarray(wrong - drawn.error.sum(axis=1, keepdims=True) * cost)


class _Today(NamedTuple):
    cost: float
    error: FloatArray


def _today(cells: _Cells, drawn: _Drawn, weighing: Weighing) -> _Today:
    """The cost of today's decisions, and its error in each draw."""
    price = weighing.false_positive * (~cells.label & cells.decision)
    price = price + weighing.false_negative * (cells.label & ~cells.decision)
    cost = float((price * drawn.weight).sum() / drawn.weight.sum())
    return _Today(cost, drawn.error @ (price - cost))
