"""Ranking, losses and calibration of very many rows that come by descending score, in one pass.

For independent rows of equal weight this equals what `ranking`, `influence` and `calibration` compute row by row.
Nothing is sorted, no influence is spelled out per row, and the pass works on parts that fit the processor's cache.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from evaluator.statistics.condensing import (
    N_CELLS,
    Condensed,
    PowerSums,
    ValueAndError,
    cells_of_log_odds,
    condensed,
)
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.score_compiled import ScoreKernels, score_kernels
from evaluator.statistics.score_part import (
    ABOVE,
    BELOW,
    BIAS,
    FP,
    GAINED,
    GAINED_SQUARES,
    LOSS,
    LOST_SQUARES,
    NEGATIVES,
    PAIRS,
    PRECISION,
    RANK_TOTALS,
    STEP,
    TP,
)
from evaluator.statistics.sorted_scores import SortedScores, equal_mass_starts
from evaluator.statistics.spread import FloatArray, IntArray

Engine = Literal["auto", "compiled", "numpy"]
"""Machine code where numba is installed, or NumPy: the same to rounding, several times slower."""
COMPILED_FROM = 200_000
"""NumPy is done with fewer rows than these before the compiled passes are loaded."""


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


def rank_totals(scores: SortedScores, mask: BoolArray, *, engine: Engine = "auto") -> RankTotals:
    """Look once at the rows in `mask`, which must hold both classes."""
    sums = _Ranked(*_counts(scores, mask))
    kernels = _kernels(scores, engine)
    if kernels is None:
        for part in _upwards(scores, mask):
            sums.add(part.label, part.score)
    else:
        for low, high in _edges_upwards(scores):
            kernels.rank(scores.label, scores.score, mask, low, high, sums.totals)
    return RankTotals(sums.auc(), sums.average_precision(), sums.totals[BIAS] / sums.positives)


def promise_totals(scores: SortedScores, mask: BoolArray, *, engine: Engine = "auto") -> PromiseTotals:
    """Look once at the rows in `mask`, whose scores are probabilities."""
    n, _ = _counts(scores, mask)
    sums = _Promised(scores, mask, n)
    kernels = _kernels(scores, engine)
    if kernels is None:
        for part in _upwards(scores, mask):
            sums.add(part)
    else:
        sums.add_compiled(kernels)
    return sums.totals(n)


def _kernels(scores: SortedScores, engine: Engine) -> ScoreKernels | None:
    if engine == "numpy" or (engine == "auto" and scores.score.size < COMPILED_FROM):
        return None
    return score_kernels()


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


def _edges_upwards(scores: SortedScores) -> Iterator[tuple[int, int]]:
    """First row of each part and the one after its last, from the lowest score to the highest."""
    edges = scores.edges.tolist()
    return zip(edges[-2::-1], edges[:0:-1], strict=True)


def _upwards(scores: SortedScores, mask: BoolArray) -> Iterator[_Part]:
    """Parts with rows from the lowest score to the highest."""
    for low, high in _edges_upwards(scores):
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
        self.positives, self._negatives = float(positives), float(n - positives)
        self.totals = np.zeros(RANK_TOTALS)
        self.totals[[TP, FP, NEGATIVES]] = self.positives, self._negatives, self._negatives

    def add(self, label: BoolArray, score: FloatArray) -> None:
        """Take in the next higher part."""
        last = np.append(np.flatnonzero(score[1:] != score[:-1]), label.size - 1)
        tp = np.cumsum(label, dtype=np.int32)[last].astype(np.float64)
        fp = last + 1.0 - tp
        p, q = np.diff(tp, prepend=0.0), np.diff(fp, prepend=0.0)
        tp += self.totals[TP] - tp[-1]
        fp += self.totals[FP] - fp[-1]
        self.totals[[TP, FP]] = tp[0] - p[0], fp[0] - q[0]
        self._rank(p, q, tp, fp)
        self._average(p, q, tp, fp)

    def _rank(self, p: FloatArray, q: FloatArray, tp: FloatArray, fp: FloatArray) -> None:
        below = (self._negatives - fp) + q / 2
        above = tp - p / 2
        won = p * below
        self.totals[[PAIRS, BELOW, ABOVE]] += won.sum(), _product(won, below), _product(q * above, above)

    def _average(self, p: FloatArray, q: FloatArray, tp: FloatArray, fp: FloatArray) -> None:
        depth = tp + fp
        precision, step = tp / depth, p / depth
        loss = np.cumsum((step * precision)[::-1])[::-1] + self.totals[LOSS]
        gain = np.cumsum(step[::-1])[::-1] + self.totals[STEP]
        self.totals[[STEP, LOSS]] = gain[0], loss[0]
        gain += precision - loss
        gained = p * gain
        self.totals[[BIAS, PRECISION, GAINED, GAINED_SQUARES, LOST_SQUARES]] += (
            _product(step, fp / np.maximum(1.0, depth - 1)), _product(p, precision),
            gained.sum(), _product(gained, gain), _product(q * loss, loss),
        )  # fmt: skip

    def auc(self) -> ValueAndError:
        """With DeLong's standard error."""
        p, q = self.positives, self._negatives
        pairs, below, above = self.totals[[PAIRS, BELOW, ABOVE]].tolist()
        value = pairs / (p * q)
        first = (below / q**2 / p - value**2) / max(1.0, p - 1)
        second = (above / p**2 / q - value**2) / max(1.0, q - 1)
        return ValueAndError(value, math.sqrt(max(0.0, first) + max(0.0, second)))

    def average_precision(self) -> ValueAndError:
        p, n = self.positives, self.positives + self._negatives
        precision, gained, gained_squares, lost_squares = self.totals[
            [PRECISION, GAINED, GAINED_SQUARES, LOST_SQUARES]
        ].tolist()
        value = precision / p
        squares = gained_squares - 2 * value * gained + value**2 * p + lost_squares
        return ValueAndError(value, math.sqrt(max(0.0, squares) * n / (n - 1)) / p)


def _moments(shift: float, sums: FloatArray, n: int) -> Moments:
    """From the sums of the first three powers of losses less a shift, which keeps them small."""
    first, second, third = (sums / n).tolist()
    variance = max(0.0, second - first**2)
    cubed = third - 3 * first * second + 2 * first**3
    skewness = cubed / (variance**1.5 * math.sqrt(n)) if variance > 0 else 0.0
    return Moments(shift + first, math.sqrt(variance / (n - 1)), skewness)


class _Promised:
    """Sums about kept promises: losses, bins of equal size, and condensed log-odds."""

    def __init__(self, scores: SortedScores, mask: BoolArray, n: int) -> None:
        self._scores, self._mask = scores, mask
        self._starts = equal_mass_starts(scores, mask, n)
        self._bins = np.zeros((4, self._starts.size))
        self._powers = np.zeros((2, 3))
        self._cells = np.zeros((2, N_CELLS, 4))
        self._by_label = [PowerSums(sums.T) for sums in self._cells]
        lowest = next(_upwards(scores, mask))
        self._shift = np.array([losses.mean() for losses in self._losses(lowest)])

    def _losses(self, part: _Part) -> tuple[FloatArray, FloatArray]:
        away = part.score - part.label
        return away * away, self._scores.log_loss[part.place]

    def add(self, part: _Part) -> None:
        losses = self._losses(part)
        for sums, loss, shift in zip(self._powers, losses, self._shift, strict=True):
            apart = loss - shift
            square = apart * apart
            sums += apart.sum(), square.sum(), _product(square, apart)
        self._add_bins(part, losses[0])
        cells, offsets = cells_of_log_odds(self._scores.log_odds[part.place])
        for powers, of_label in zip(self._by_label, (~part.label, part.label), strict=True):
            powers.add(cells[of_label], offsets[of_label])

    def add_compiled(self, kernels: ScoreKernels) -> None:
        """All parts by machine code, cut where a bin starts."""
        scores, sums = self._scores, np.zeros((self._starts.size, 4))
        edges = np.union1d(scores.edges, self._starts)
        numbers = np.searchsorted(self._starts, edges[:-1], side="right") - 1
        for low, high, number in zip(edges[:-1].tolist(), edges[1:].tolist(), numbers.tolist(), strict=True):
            kernels.promise(
                scores.label, scores.score, scores.log_loss, scores.log_odds, self._mask, low, high,
                self._shift, self._powers, sums[number], self._cells,
            )  # fmt: skip
        self._bins += sums.T

    def _add_bins(self, part: _Part, squares: FloatArray) -> None:
        """Rows of the part fall into bins that are next to each other."""
        first = int(np.searchsorted(self._starts, part.place[0], side="right")) - 1
        last = int(np.searchsorted(self._starts, part.place[-1], side="right")) - 1
        cuts = np.concatenate(([0], np.searchsorted(part.place, self._starts[first + 1 : last + 1])))
        self._bins[0, first : last + 1] += np.diff(cuts, append=part.place.size)
        for totals, values in zip(self._bins[1:], (part.label.astype(np.int64), part.score, squares), strict=True):
            totals[first : last + 1] += np.add.reduceat(values, cuts)

    def totals(self, n: int) -> PromiseTotals:
        brier, log = (_moments(float(shift), sums, n) for shift, sums in zip(self._shift, self._powers, strict=True))
        rows, positives, promised, squares = self._bins[:, ::-1]
        bins = BinTotals(rows.astype(np.int64), positives.astype(np.int64), promised, squares)
        negative, positive = self._by_label
        return PromiseTotals(brier, log, bins, condensed(positive, negative))
