"""Ranking, losses and calibration of very many rows that come by descending score, in one pass.

For independent rows of equal weight this equals what `ranking`, `influence` and `calibration` compute row by row.
Nothing is sorted, no influence is spelled out per row, and the pass works on parts that fit the processor's cache.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from evaluator.statistics.calibration import BINS, log_odds
from evaluator.statistics.condensing import (
    CellArray,
    Condensed,
    PowerSums,
    ValueAndError,
    cells_of_log_odds,
    condensed,
)
from evaluator.statistics.influence import BoolArray, log_loss_rows
from evaluator.statistics.spread import FloatArray, IntArray

PART = 65_536
"""Rows per part; parts end where a group of equal scores ends."""


@dataclass(frozen=True, eq=False)
class SortedScores:
    """All rows of a subject by descending score, with what does not depend on which rows are asked about."""

    label: BoolArray
    score: FloatArray
    probability: bool

    @cached_property
    def edges(self) -> IntArray:
        """First row of each part, and the number of rows."""
        n = self.score.size
        starts = np.flatnonzero(np.concatenate(([True], self.score[1:] != self.score[:-1])))
        wanted = np.searchsorted(starts, np.arange(0, n, PART))
        return np.unique(np.append(starts[wanted[wanted < starts.size]], n))

    @cached_property
    def log_loss(self) -> FloatArray:
        return log_loss_rows(self.label, self.score)

    @cached_property
    def log_odds_cells(self) -> tuple[CellArray, FloatArray]:
        return cells_of_log_odds(log_odds(self.score))

    def prepare(self) -> None:
        """Compute what every pass needs, before the first question."""
        assert self.edges.size
        if self.probability:
            assert self.log_loss.size == self.log_odds_cells[0].size


class Moments(NamedTuple):
    """Mean, variance of the mean of independent rows, and skewness of the mean."""

    mean: float
    se: float
    skewness: float


class BinTotals(NamedTuple):
    """Totals per bin of equal size, the lowest scores first: rows, positive rows, sum of probabilities, sum of squared differences."""

    n: IntArray
    positives: IntArray
    promised: FloatArray
    squares: FloatArray


class RankTotals(NamedTuple):
    """Ranking metrics."""

    auc: ValueAndError
    average_precision: ValueAndError
    average_precision_bias: float


class PromiseTotals(NamedTuple):
    """Losses and calibration of probabilities."""

    brier_loss: Moments
    log_loss: Moments
    bins: BinTotals
    condensed: Condensed


def rank_totals(scores: SortedScores, mask: BoolArray) -> RankTotals:
    """Look once at the rows in `mask`, which must hold both classes."""
    sums = _Ranked(*_counts(scores, mask))
    for part in _upwards(scores, mask):
        sums.add(part.label, part.score)
    return RankTotals(sums.auc(), sums.average_precision(), sums.bias / sums.positives)


def promise_totals(scores: SortedScores, mask: BoolArray) -> PromiseTotals:
    """Look once at the rows in `mask`, whose scores are probabilities."""
    n, _ = _counts(scores, mask)
    sums = _Promised(scores, mask, n)
    for part in _upwards(scores, mask):
        sums.add(part)
    return PromiseTotals(
        sums.brier.moments(n), sums.loss.moments(n), sums.totals(), condensed(sums.positive, sums.negative)
    )


def _counts(scores: SortedScores, mask: BoolArray) -> tuple[int, int]:
    """Rows and positive rows in `mask`."""
    return int(np.count_nonzero(mask)), int(np.count_nonzero(mask & scores.label))


def _product(first: FloatArray, second: FloatArray) -> float:
    """Sum of products; without BLAS, whose threads get in each other's way when several questions are asked at once."""
    return float(np.einsum("i,i->", first, second))


class _Part(NamedTuple):
    """The rows asked about in one part, by descending score; `place` is where they are among all rows."""

    place: IntArray
    label: BoolArray
    score: FloatArray


def _upwards(scores: SortedScores, mask: BoolArray) -> Iterator[_Part]:
    """Parts from the lowest score to the highest."""
    edges = scores.edges
    for low, high in zip(edges[-2::-1], edges[:0:-1], strict=True):
        index = np.flatnonzero(mask[low:high])
        if index.size:
            index += low
            yield _Part(index, scores.label[index], scores.score[index])


class _Ranked:
    """Sums for ranking metrics, from the lowest score upwards.

    Notes
    -----
    The sums of squares of `ranking.auc` and `ranking.average_precision` per row, gathered per group of equal scores:
    p and q positive and negative rows in it, tp and fp down to its end.
    """

    def __init__(self, n: int, positives: int) -> None:
        self._positives, self._negatives = float(positives), float(n - positives)
        self._tp, self._fp = self._positives, self._negatives
        self._pairs = self._below = self._above = 0.0
        self._precision = self._gained = self._gained_squares = self._lost_squares = 0.0
        self._step = self._loss = self.bias = 0.0

    @property
    def positives(self) -> float:
        return self._positives

    def add(self, label: BoolArray, score: FloatArray) -> None:
        """Take in the next higher part."""
        last = np.append(np.flatnonzero(score[1:] != score[:-1]), label.size - 1)
        tp = np.cumsum(label, dtype=np.int32)[last].astype(np.float64)
        fp = last + 1.0 - tp
        p, q = np.diff(tp, prepend=0.0), np.diff(fp, prepend=0.0)
        tp += self._tp - tp[-1]
        fp += self._fp - fp[-1]
        self._tp, self._fp = float(tp[0] - p[0]), float(fp[0] - q[0])
        self._rank(p, q, tp, fp)
        self._average(p, q, tp, fp)

    def _rank(self, p: FloatArray, q: FloatArray, tp: FloatArray, fp: FloatArray) -> None:
        below = (self._negatives - fp) + q / 2
        above = tp - p / 2
        won = p * below
        self._pairs += float(won.sum())
        self._below += _product(won, below)
        self._above += _product(q * above, above)

    def _average(self, p: FloatArray, q: FloatArray, tp: FloatArray, fp: FloatArray) -> None:
        depth = tp + fp
        precision, step = tp / depth, p / depth
        loss = np.cumsum((step * precision)[::-1])[::-1] + self._loss
        gain = np.cumsum(step[::-1])[::-1] + self._step
        self._step, self._loss = float(gain[0]), float(loss[0])
        gain += precision - loss
        self.bias += _product(step, fp / np.maximum(1.0, depth - 1))
        gained = p * gain
        self._precision += _product(p, precision)
        self._gained += float(gained.sum())
        self._gained_squares += _product(gained, gain)
        self._lost_squares += _product(q * loss, loss)

    def auc(self) -> ValueAndError:
        """With DeLong's standard error."""
        p, q = self._positives, self._negatives
        value = self._pairs / (p * q)
        first = (self._below / q**2 / p - value**2) / max(1.0, p - 1)
        second = (self._above / p**2 / q - value**2) / max(1.0, q - 1)
        return ValueAndError(value, math.sqrt(max(0.0, first) + max(0.0, second)))

    def average_precision(self) -> ValueAndError:
        p, n = self._positives, self._positives + self._negatives
        value = self._precision / p
        squares = self._gained_squares - 2 * value * self._gained + value**2 * p + self._lost_squares
        return ValueAndError(value, math.sqrt(max(0.0, squares) * n / (n - 1)) / p)


class _Powers:
    """Sums of powers of losses, kept small by subtracting the first part's mean."""

    def __init__(self) -> None:
        self._shift: float | None = None
        self._sums = np.zeros(3)

    def add(self, losses: FloatArray) -> None:
        if self._shift is None:
            self._shift = float(losses.mean())
        away = losses - self._shift
        square = away * away
        self._sums += (away.sum(), square.sum(), _product(square, away))

    def moments(self, n: int) -> Moments:
        first, second, third = self._sums / n
        variance = max(0.0, second - first**2)
        cubed = third - 3 * first * second + 2 * first**3
        skewness = cubed / (variance**1.5 * math.sqrt(n)) if variance > 0 else 0.0
        return Moments((self._shift or 0.0) + float(first), math.sqrt(variance / (n - 1)), float(skewness))


class _Promised:
    """Sums about kept promises: losses, bins of equal size, and condensed log-odds."""

    def __init__(self, scores: SortedScores, mask: BoolArray, n: int) -> None:
        self._scores = scores
        self._starts = equal_mass_starts(scores, mask, n)
        self._bins = np.zeros((4, self._starts.size))
        self.brier, self.loss = _Powers(), _Powers()
        self.positive, self.negative = PowerSums(), PowerSums()

    def add(self, part: _Part) -> None:
        away = part.score - part.label
        squares = away * away
        self.brier.add(squares)
        self.loss.add(self._scores.log_loss[part.place])
        self._add_bins(part, squares)
        cells, offsets = self._scores.log_odds_cells
        for sums, index in ((self.positive, part.place[part.label]), (self.negative, part.place[~part.label])):
            sums.add(cells[index], offsets[index])

    def _add_bins(self, part: _Part, squares: FloatArray) -> None:
        """Rows of the part fall into bins that are next to each other."""
        first = int(np.searchsorted(self._starts, part.place[0], side="right")) - 1
        last = int(np.searchsorted(self._starts, part.place[-1], side="right")) - 1
        cuts = np.concatenate(([0], np.searchsorted(part.place, self._starts[first + 1 : last + 1])))
        self._bins[0, first : last + 1] += np.diff(cuts, append=part.place.size)
        for totals, values in zip(self._bins[1:], (part.label.astype(np.int64), part.score, squares), strict=True):
            totals[first : last + 1] += np.add.reduceat(values, cuts)

    def totals(self) -> BinTotals:
        n, positives, promised, squares = self._bins[:, ::-1]
        return BinTotals(n.astype(np.int64), positives.astype(np.int64), promised, squares)


def equal_mass_starts(scores: SortedScores, mask: BoolArray, n: int, bins: int = BINS) -> IntArray:
    """First row of each bin of equal size by descending score, as a place among all rows; ties stay together.

    The cut of `calibration.equal_mass_bins`: a group of equal scores belongs to the bin that its middle falls into,
    counted from the lowest score.
    """
    counts = [int(np.count_nonzero(mask[low:high])) for low, high in pairwise(scores.edges)]
    before: IntArray = np.cumsum([0, *counts])
    starts = {0}
    for number in range(1, bins):
        near = min(n - 1, n - math.ceil(n * number / bins))
        part, place = _part_of(scores, mask, before, near)
        score = scores.score[place]
        tied = np.flatnonzero(score == score[near - before[part]])
        first, after = int(before[part] + tied[0]), int(before[part] + tied[-1]) + 1
        higher = int((n - (first + after) / 2) / n * bins) >= number
        starts.add(after if higher else first)
    places = []
    for start in sorted(starts - {n}):
        part, place = _part_of(scores, mask, before, start)
        places.append(place[start - before[part]])
    return np.array(places, dtype=np.int64)


def _part_of(scores: SortedScores, mask: BoolArray, before: IntArray, position: int) -> tuple[int, IntArray]:
    """The part that holds the row at this position among those in `mask`, and the places of its rows."""
    part = int(np.searchsorted(before, position, side="right")) - 1
    return part, np.flatnonzero(mask[scores.edges[part] : scores.edges[part + 1]]) + scores.edges[part]
