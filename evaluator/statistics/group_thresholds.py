"""A cut-off of its own for every group, so that one rate is the same in all of them, and what becomes of the others.

A cut-off selects the rows whose score is at least it. Each group takes the one of its scores at which its rate comes
closest to what everyone's is today; among equally close ones, the one that changes the fewest decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray

RATES = ("false_negative_rate", "false_positive_rate", "selection_rate", "precision")
"""The rates of a group that can be held equal, and that gaps are looked at in."""
PRECISION = RATES.index("precision")
SHARES = ("missed", "wrongly_positive", "selected")
"""What becomes of all cases: positive ones not selected, negative ones selected, and all that are selected."""
FEWEST_SELECTED = 10
"""The precision of a cut-off that selects fewer rows is left to chance."""
ALIKE = 1e-9
"""Distances from the target, as a share of the rows, that differ by less than this are the same."""
OUT_OF_REACH = -1

Numbers = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One group at every cut-off.

    Attributes
    ----------
    score : the distinct scores, ascending, shape (m,). Cut j selects scores from score[j] on, cut m nobody.
    positive, negative : weight of the rows of each outcome that a cut selects, shape (m + 1,).
    judged : cuts that select enough rows to speak of their precision.
    today : the cut that selects the same rows as today's threshold.
    n : rows of the group.
    """

    score: FloatArray
    positive: FloatArray
    negative: FloatArray
    judged: BoolArray
    today: int
    n: int

    @property
    def place(self) -> FloatArray:
        """The share of the group that each cut selects, by which cuts are near or far."""
        selected = self.positive + self.negative
        share: FloatArray = selected / selected[0]
        return share

    def threshold(self, cut: int) -> float:
        """The score from which a cut selects; just above the highest one where it selects nobody."""
        return float(self.score[cut]) if cut < self.score.size else float(np.nextafter(self.score[-1], np.inf))


def curve_of(label: BoolArray, score: FloatArray, threshold: float, weight: FloatArray | None = None) -> Curve:
    """Count one group once for all cut-offs.

    Parameters
    ----------
    label, score, weight : of the rows of the group, shape (n,), n > 0; scores are finite, weights above 0.
    threshold : rows with at least this score are selected today.
    """
    distinct, code = np.unique(score, return_inverse=True)
    weights = np.ones(label.size) if weight is None else weight
    positive, negative, rows = (
        _selected(np.bincount(code, values, minlength=distinct.size).astype(np.float64))
        for values in (weights * label, weights * ~label, np.ones(label.size))
    )
    today = int(np.searchsorted(distinct, threshold, side="left"))
    return Curve(distinct, positive, negative, rows >= FEWEST_SELECTED, today, label.size)


def _selected(steps: FloatArray) -> FloatArray:
    """Sums from each step to the highest, and 0 for none."""
    return np.append(np.cumsum(steps[::-1])[::-1], 0.0)


def rates_of(cells: Numbers) -> FloatArray:
    """The four `RATES` from cells whose last axis is (TP, FP, positives, negatives); NaN where undefined."""
    tp, fp, p, n = np.moveaxis(cells.astype(np.float64, copy=False), -1, 0)
    parts = ((p - tp, p), (fp, n), (tp + fp, p + n), (tp, tp + fp))
    return np.stack([_ratio(*part) for part in parts], axis=-1)


def shares_of(cells: Numbers) -> FloatArray:
    """The three `SHARES` of all cases from the same cells."""
    tp, fp, p, n = np.moveaxis(cells.astype(np.float64, copy=False), -1, 0)
    return np.stack([_ratio(part, p + n) for part in (p - tp, fp, tp + fp)], axis=-1)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    found = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found


def find_cuts(
    rate: int,
    positive: Numbers,
    negative: Numbers,
    target: Numbers,
    *,
    place: FloatArray,
    judged: BoolArray,
    today: int,
) -> IntArray:
    """The cut of a group at which a rate comes closest to its target.

    Parameters
    ----------
    rate : position in `RATES`.
    positive, negative : weight of the rows of each outcome that every cut selects, the first cut all and the last
        none, shape (..., cuts).
    target : shape (...).
    place : share of the group that each cut selects, shape (cuts,): among equally close cuts, the nearest to `today`.
    judged : cuts that may be chosen for precision.

    Returns
    -------
    Position of the cut, shape (...); `OUT_OF_REACH` where no cut has that precision.

    Notes
    -----
    Three of the rates rise or fall along the cuts, so that one place is closest. Precision need not: it is the crossing
    of the target nearest to today's cut that counts, and of the two cuts beside it the closer one.
    """
    away = np.abs(place - place[today])
    if rate == PRECISION:
        return _crossings(positive, negative, target, away, judged)
    whole_p, whole_n = positive[..., :1], negative[..., :1]
    parts = (
        (whole_p - positive, whole_p), (negative, whole_n), (positive + negative, whole_p + whole_n),
    )  # fmt: skip
    part, whole = parts[rate]
    far = np.abs(part - target[..., np.newaxis] * whole)
    near = far <= far.min(axis=-1, keepdims=True) + ALIKE * whole
    return np.asarray(np.where(near, away, np.inf).argmin(axis=-1), dtype=np.int64)


def _crossings(
    positive: Numbers, negative: Numbers, target: Numbers, away: FloatArray, judged: BoolArray
) -> IntArray:  # fmt: skip
    selected = positive + negative
    excess = positive - target[..., np.newaxis] * selected
    exact = (np.abs(excess) <= ALIKE * selected) & judged
    above = excess > 0
    crossed = (above[..., 1:] != above[..., :-1]) & judged[1:] & judged[:-1]
    beside = np.minimum(away[1:], away[:-1])
    cost = np.where(exact, away, np.inf)
    between = np.where(crossed, beside, np.inf)
    at, cut = between.argmin(axis=-1), cost.argmin(axis=-1)
    at_cost, cut_cost = (_at(found, index) for found, index in ((between, at), (cost, cut)))
    off = np.abs(excess) / np.maximum(selected, 1e-300)
    upper = _at(off, at + 1) < _at(off, at)
    found = np.where(cut_cost <= at_cost, cut, at + upper)
    return np.asarray(np.where(np.isinf(np.minimum(at_cost, cut_cost)), OUT_OF_REACH, found), dtype=np.int64)


def _at(values: Numbers, index: IntArray) -> FloatArray:
    return np.asarray(np.take_along_axis(values, index[..., np.newaxis], axis=-1)[..., 0])


@dataclass(frozen=True, slots=True, eq=False)
class Today:
    """All groups as they are decided today, and everyone.

    `rest` are the cells (TP, FP, positives, negatives) of rows that keep today's threshold whatever the goal: groups too
    small to have one of their own.
    """

    curves: tuple[Curve, ...]
    rest: FloatArray

    @property
    def targets(self) -> FloatArray:
        """Everyone's rates today, shape (4,)."""
        return rates_of(with_everyone(self.cells([curve.today for curve in self.curves]), self.rest)[-1])

    def cells(self, cuts: Sequence[int] | IntArray) -> FloatArray:
        """The cells of every group at one cut each, shape (k, 4)."""
        rows = [
            (curve.positive[cut], curve.negative[cut], curve.positive[0], curve.negative[0])
            for curve, cut in zip(self.curves, cuts, strict=True)
        ]
        return np.array(rows, dtype=np.float64)

    def cuts_for(self, rate: int) -> IntArray:
        """The cut of every group under the goal that this rate is everyone's; `OUT_OF_REACH` where there is none."""
        target = self.targets[rate]
        found = [
            find_cuts(
                rate, curve.positive, curve.negative, target, place=curve.place, judged=curve.judged, today=curve.today
            )
            for curve in self.curves
        ]
        return np.array(found, dtype=np.int64)


def with_everyone(cells: FloatArray, rest: FloatArray) -> FloatArray:
    """Cells of the groups, shape (..., k, 4), and those of everyone after them, shape (..., k + 1, 4)."""
    everyone = cells.sum(axis=-2, keepdims=True) + rest[..., np.newaxis, :]
    return np.concatenate((cells, everyone), axis=-2)


def single_threshold(score: FloatArray, decision: BoolArray) -> float | None:
    """The score from which decisions are positive; None where they follow no single one, or are all alike."""
    if not decision.any() or decision.all():
        return None
    lowest = float(score[decision].min())
    return lowest if float(score[~decision].max()) < lowest else None
