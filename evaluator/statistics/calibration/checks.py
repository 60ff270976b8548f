"""Numbers that say how far promises are from what happened, each with what a perfectly calibrated model would show."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import special

from evaluator.statistics.calibration.binned import Bins
from evaluator.statistics.calibration.residuals import Cells, Residuals
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray, cluster_totals


class Reference(NamedTuple):
    """What a perfectly calibrated model would show with these rows.

    `low` and `high` are the quantiles 1 - level and level: so many of 100 perfect models show no more than `high`.
    """

    low: float
    mean: float
    high: float
    p_value: float
    """Share of perfect models that show at least the value seen, counting the one seen."""


class SignedTest(NamedTuple):
    """A standardised statistic and its two-sided p-value; `df` is infinite for a normal one."""

    value: float
    p_value: float
    df: float


def reference_of(value: float, drawn: FloatArray, level: float) -> Reference:
    """Hold a value against draws of it under perfect calibration, shape (draws,)."""
    low, high = (float(end) for end in np.quantile(drawn, [1 - level, level]))
    # Rounding must not make a draw that equals the value smaller than it.
    reached = int(np.count_nonzero(drawn >= value - 1e-12 * max(1.0, abs(value))))
    return Reference(low, float(drawn.mean()), high, (1 + reached) / (1 + drawn.size))


def signed_root(square: FloatArray) -> FloatArray:
    """Root of the size with the sign kept, so that what is negative by chance is shown as negative."""
    root: FloatArray = np.sign(square) * np.sqrt(np.abs(square))
    return root


def debiased_error(rows: Residuals, bins: Bins) -> float:
    """Root mean square distance between promised and seen share, without what chance adds to it.

    Returns
    -------
    Signed root: negative where bins differ by less than chance alone would make them, NaN with no bin of two units.

    Notes
    -----
    Sum of w_k (d_k^2 - v_k), d_k the distance of bin k and v_k the variance of that distance, estimated from the
    residuals around d_k (after Kumar, Liang and Ma 2019, who take the variance of the labels, which is too large where
    the probabilities of a bin differ). With clusters v_k is that of cluster sums.
    """
    distance = bins.seen - bins.promised
    variance = _distance_variance(rows, bins)
    known = np.isfinite(variance)
    if not known.any():
        return math.nan
    share = bins.weight[known] / bins.weight[known].sum()
    return float(signed_root(np.asarray((share * (distance[known] ** 2 - variance[known])).sum())))


def _distance_variance(rows: Residuals, bins: Bins) -> FloatArray:
    """Variance of seen minus promised per bin, NaN for a bin of one unit, shape (k,)."""
    k = bins.seen.size
    distance = (bins.seen - bins.promised)[bins.bin_of]
    own = rows.ones * (rows.label - rows.probability - distance) / bins.weight[bins.bin_of]
    unit_bin = bins.bin_of
    if rows.cluster is not None:
        keys, place = np.unique(rows.cluster * k + bins.bin_of, return_inverse=True)
        own, unit_bin = np.bincount(place, weights=own).astype(np.float64), keys % k
    units = np.bincount(unit_bin, minlength=k).astype(np.float64)
    total = np.bincount(unit_bin, weights=own * own, minlength=k)
    factor = np.divide(units, units - 1, out=np.full(k, np.nan), where=units > 1)
    found: FloatArray = total * factor
    return found


def drawn_distances(sums: FloatArray, cells: Cells) -> tuple[FloatArray, FloatArray]:
    """Distances of the bins in every draw, shape (draws, k), and the share of weight of each bin."""
    starts = np.flatnonzero(np.r_[True, cells.bin_of[1:] != cells.bin_of[:-1]])
    weight = np.add.reduceat(cells.weight, starts)
    return np.add.reduceat(sums, starts, axis=1) / weight, weight / weight.sum()


def drawn_errors(sums: FloatArray, cells: Cells) -> FloatArray:
    """Expected calibration error of every draw, shape (draws,)."""
    distance, share = drawn_distances(sums, cells)
    found: FloatArray = (np.abs(distance) * share).sum(axis=1)
    return found


def drawn_debiased_errors(sums: FloatArray, cells: Cells) -> FloatArray:
    """Debiased error of every draw, shape (draws,): what the mean over the draws leaves of each."""
    distance, share = drawn_distances(sums, cells)
    square = (distance**2 * share).sum(axis=1)
    return signed_root(square - square.mean())


def spiegelhalter(rows: Residuals) -> SignedTest | None:
    """Spiegelhalter's Z: whether squared errors are as large as the probabilities promise.

    Returns
    -------
    None where every probability is 0, 1/2 or 1, which leaves nothing to test.

    Notes
    -----
    Sum w (y - s)(1 - 2s) over the root of sum w^2 (1 - 2s)^2 s (1 - s) (Spiegelhalter 1986): standard normal under perfect
    calibration. With clusters the variance is that of cluster sums and the reference Student's t.
    """
    lean = rows.ones * (1 - 2 * rows.probability)
    terms = lean * (rows.label - rows.probability)
    if rows.cluster is None:
        variance, df = float((lean**2 * rows.probability * (1 - rows.probability)).sum()), math.inf
    else:
        totals = cluster_totals(terms, rows.cluster)
        df = float(totals.size - 1)
        variance = float((totals**2).sum()) * totals.size / df if df > 0 else 0.0
    if variance <= 1e-18 * float((rows.ones**2).sum()):
        return None
    value = float(terms.sum()) / math.sqrt(variance)
    return SignedTest(value, two_sided(value, df), df)


def two_sided(statistic: float, df: float) -> float:
    """Probability of a statistic at least that far from zero; normal for infinite `df`, else Student's t."""
    below = special.ndtr(-abs(statistic)) if math.isinf(df) else special.stdtr(df, -abs(statistic))
    return float(2 * below)


def uncertainty_between(low: float, high: float) -> tuple[float, float]:
    """Range of p (1 - p) for a share p between `low` and `high`."""
    ends = sorted((low * (1 - low), high * (1 - high)))
    return ends[0], 0.25 if low <= 0.5 <= high else ends[1]


def bins_from(bin_of: IntArray, label: BoolArray, probability: FloatArray, weight: FloatArray | None = None) -> Bins:
    """Bins of rows whose bin is known, such as bins of equal width; every bin must hold a row."""
    ones = np.ones(label.size) if weight is None else weight
    total = np.bincount(bin_of, weights=ones).astype(np.float64)
    promised = np.bincount(bin_of, weights=ones * probability) / total
    return Bins(promised, np.bincount(bin_of, weights=ones * label) / total, total, bin_of)
