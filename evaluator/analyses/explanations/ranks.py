"""Which ranks fit the data: the order of several means that were measured on the same rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.weighting import Means
from evaluator.statistics.spread import FloatArray, IntArray

REPEATS = 1_000
"""Redrawn samples."""
AT_ONCE = 100


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
    difference of Gaussians with the same covariance. So all rank sets hold together with probability `level`.
    Redrawn samples are those Gaussians around the means.
    """
    k = means.value.size
    if not np.isfinite(means.covariance).all():
        return Ranks(np.ones(k, dtype=np.int64), np.full(k, k, dtype=np.int64), None)
    noise = _gaussians(means.covariance, rng)
    first = np.bincount((means.value + noise).argmax(axis=1), minlength=k)
    apart = means.value[:, None] - means.value[None, :]
    beyond = apart > _critical(noise, means, level) * _se_of_differences(means) + 1e-15
    low = 1 + beyond.sum(axis=0)
    high = k - beyond.sum(axis=1)
    return Ranks(low.astype(np.int64), high.astype(np.int64), first.astype(np.int64))


def _gaussians(covariance: FloatArray, rng: np.random.Generator) -> FloatArray:
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(values.clip(min=0.0))
    drawn: FloatArray = rng.standard_normal((REPEATS, covariance.shape[0])) @ root.T
    return drawn


def _se_of_differences(means: Means) -> FloatArray:
    variance = np.diag(means.covariance)
    square = variance[:, None] + variance[None, :] - 2 * means.covariance
    se: FloatArray = np.sqrt(square.clip(min=0.0))
    return se


def _critical(noise: FloatArray, means: Means, level: float) -> float:
    se = _se_of_differences(means)
    scale = np.where(se > 0, se, np.inf)
    largest = [
        (np.abs(part[:, :, None] - part[:, None, :]) / scale).max(axis=(1, 2))
        for part in np.array_split(noise, len(noise) // AT_ONCE)
    ]
    return float(np.quantile(np.concatenate(largest), level))
