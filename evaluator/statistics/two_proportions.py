"""Two shares beside each other: tests of equality, a ratio by itself, and many shares held against the highest."""

from __future__ import annotations

import numpy as np
from scipy import special

from evaluator.statistics.pairs import Ends
from evaluator.statistics.spread import FloatArray, IntArray

SMALL_EXPECTED = 5.0
"""With fewer expected cases in a cell of the two-by-two table the score test gives way to Fisher's."""
ROUNDING = 1e-7
"""Tables whose probabilities differ by less, relatively, count as equally likely."""


def score_p_values(
    share_a: FloatArray, n_a: FloatArray, share_b: FloatArray, n_b: FloatArray, df: FloatArray
) -> FloatArray:
    """Two-sided p-values of equal shares, from the score test (Pearson's chi-square without correction).

    Parameters
    ----------
    share_a, share_b : shares, one entry per pair. `n_a`, `n_b` : cases behind them, fractional for effective sizes.
    df : degrees of freedom of each pair; infinite ones give the normal.

    Returns
    -------
    In [0, 1]; 1 where both shares are 0, or both 1.

    Notes
    -----
    z = (a - b) / sqrt(p (1 - p) (1/n_a + 1/n_b)), p the pooled share.
    """
    pooled = (share_a * n_a + share_b * n_b) / (n_a + n_b)
    variance = pooled * (1 - pooled) * (1 / n_a + 1 / n_b)
    some = variance > 0
    z = np.where(some, np.abs(share_a - share_b) / np.sqrt(np.where(some, variance, 1.0)), 0.0)
    known = np.isfinite(df)
    tail: FloatArray = special.ndtr(-z)
    tail[known] = special.stdtr(df[known], -z[known])
    found: FloatArray = np.minimum(1.0, 2 * tail)
    return found


def fisher_p_value(x_a: int, n_a: int, x_b: int, n_b: int) -> float:
    """Two-sided p-value of Fisher's exact test: all tables with these margins that are no likelier than the one seen."""
    total, successes = n_a + n_b, x_a + x_b
    first, last = max(0, successes - n_b), min(n_a, successes)
    x = np.arange(first, last + 1, dtype=np.float64)
    log = _log_choose(n_a, x) + _log_choose(n_b, successes - x) - _log_choose(total, np.array([float(successes)]))
    likely = np.exp(log)
    seen = likely[x_a - first]
    return min(1.0, float(likely[likely <= seen * (1 + ROUNDING)].sum()))


def _log_choose(n: int, k: FloatArray) -> FloatArray:
    found: FloatArray = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return found


def smallest_expected(share_a: FloatArray, n_a: FloatArray, share_b: FloatArray, n_b: FloatArray) -> FloatArray:
    """The smallest expected count of each two-by-two table if both shares were equal."""
    pooled = (share_a * n_a + share_b * n_b) / (n_a + n_b)
    found: FloatArray = np.minimum(n_a, n_b) * np.minimum(pooled, 1 - pooled)
    return found


def katz_ends(share_a: FloatArray, n_a: FloatArray, share_b: FloatArray, n_b: FloatArray, quantile: FloatArray) -> Ends:
    """Intervals of share_a / share_b on the log scale, each by itself (Katz and others 1978).

    The interval that audits of selection rates usually print. NaN where either share is 0: there it has none.

    Notes
    -----
    log ratio +- quantile * sqrt((1 - a) / (a n_a) + (1 - b) / (b n_b)).
    """
    some = (share_a > 0) & (share_b > 0)
    a, b = np.where(some, share_a, 1.0), np.where(some, share_b, 1.0)
    half = quantile * np.sqrt((1 - a) / (a * n_a) + (1 - b) / (b * n_b))
    ratio = np.where(some, a / b, np.nan)
    return Ends(ratio * np.exp(-half), ratio * np.exp(half))


def ratios_to_highest(pairs: Ends, first: IntArray, second: IntArray, k: int) -> Ends:
    """Ranges of every share over the highest of all, from ranges of all pairs that hold together.

    Parameters
    ----------
    pairs : ends of share[first] / share[second], one entry per pair; every two of the `k` groups stand there once.

    Returns
    -------
    Ends within [0, 1], shape (k,). They hold together whenever the pairs do, whichever group is truly the highest: the
    choice of the group seen highest costs nothing further.

    Notes
    -----
    share / max of all = the smallest of its ratios to each group, itself included; so are both ends.
    """
    low, high = np.ones(k), np.ones(k)
    np.minimum.at(low, first, pairs.low)
    np.minimum.at(high, first, pairs.high)
    with np.errstate(divide="ignore"):
        np.minimum.at(low, second, 1 / pairs.high)
        np.minimum.at(high, second, 1 / pairs.low)
    return Ends(low, high)
