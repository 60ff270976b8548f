"""Which ranks fit the data: the order of several means that were measured on the same rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.weighting import Means
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.spread import FloatArray, IntArray

REPEATS = 1_000
"""Redrawn samples."""
AT_ONCE = 100
FEW = 60
"""Degrees of freedom from which errors are certain enough to be taken together."""
ROUNDING = 1e-12
"""Of a sum, what may be left of terms that cancel."""


class Ranks(NamedTuple):
    """Best and worst rank of each mean, and in how many redrawn samples it was the largest; each of shape (k,).

    Without a range every rank fits, and `times_first` is None.
    """

    low: IntArray
    high: IntArray
    times_first: IntArray | None


def ranks_of(means: Means, level: float, rng: np.random.Generator) -> Ranks:
    """Ranks that fit the data, 1 for the largest mean, for all means at once.

    Notes
    -----
    A mean ranks behind every mean that is larger beyond chance, and before every one that is smaller beyond chance.
    Beyond chance: the difference exceeds c standard errors, c the `level` quantile of the largest studentised
    difference of t variables with the same covariance and degrees of freedom. Below `FEW` degrees of freedom each
    difference has an error of its own so uncertain that c is Bonferroni's over all pairs. So all rank sets hold together
    with probability `level`. Redrawn samples are those variables around the means.
    """
    k = means.value.size
    if not np.isfinite(means.covariance).all():
        return Ranks(np.ones(k, dtype=np.int64), np.full(k, k, dtype=np.int64), None)
    noise, se = _redrawn(means, rng), _se_of_differences(means)
    first = np.bincount((means.value + noise).argmax(axis=1), minlength=k)
    apart = means.value[:, None] - means.value[None, :]
    beyond = apart > _critical(noise, se, means, level) * se + ROUNDING * np.abs(means.value).max()
    low = 1 + beyond.sum(axis=0)
    high = k - beyond.sum(axis=1)
    return Ranks(low.astype(np.int64), high.astype(np.int64), first.astype(np.int64))


def _redrawn(means: Means, rng: np.random.Generator) -> FloatArray:
    """Drawn by way of the correlations, so that rounding is small beside the spread of each.

    With few clusters the covariance is uncertain itself: each draw has a spread of its own (multivariate t).
    """
    se = means.se
    scale = np.where(se > 0, se, 1.0)
    values, vectors = np.linalg.eigh(means.covariance / np.outer(scale, scale))
    root = vectors * np.sqrt(values.clip(min=0.0))
    spread = np.sqrt(rng.chisquare(means.df, REPEATS) / means.df)
    drawn: FloatArray = (rng.standard_normal((REPEATS, se.size)) @ root.T) * se / spread[:, None]
    return drawn


def _se_of_differences(means: Means) -> FloatArray:
    """Zero where what is left of two spreads that cancel is rounding."""
    variance = np.diag(means.covariance)
    both = variance[:, None] + variance[None, :]
    square = both - 2 * means.covariance
    se: FloatArray = np.sqrt(np.where(square > ROUNDING * both, square, 0.0))
    return se


def _critical(noise: FloatArray, se: FloatArray, means: Means, level: float) -> float:
    if means.df < FEW:
        pairs = max(1, int(np.count_nonzero(np.triu(se, 1) > 0)))
        return t_quantile(1 - (1 - level) / pairs, means.df)
    scale = np.where(se > 0, se, np.inf)
    largest = [
        (np.abs(part[:, :, None] - part[:, None, :]) / scale).max(axis=(1, 2))
        for part in np.array_split(noise, len(noise) // AT_ONCE)
    ]
    return float(np.quantile(np.concatenate(largest), level))
