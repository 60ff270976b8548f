"""The band of a reliability diagram in which a perfectly calibrated model lies."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from evaluator.statistics.calibration.binned import Bins
from evaluator.statistics.calibration.residuals import Residuals
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.spread import FloatArray, IntArray


class Band(NamedTuple):
    """Lowest and highest share seen per bin, shape (k,) each."""

    low: FloatArray
    high: FloatArray


def consistency_band(rows: Residuals, bins: Bins, level: float) -> Band:
    """Where the seen shares of all bins together lie with probability `level`, if every promise is kept.

    Notes
    -----
    After Broecker and Smith 2007, simultaneous over the bins. Independent rows of equal weight: quantiles of
    Binomial(n_k, mean probability), at level^(1/k) each, as bins are independent given the probabilities; no draw of
    unequal probabilities reaches further into the tails (Hoeffding 1956), so the promise holds for small bins too.
    Weights or clusters: Student's t with the variance of weighted or cluster sums, at 1 - (1 - level)/k each.
    """
    if rows.weight is None and rows.cluster is None:
        n = np.bincount(bins.bin_of)
        tail = (1 - level ** (1 / n.size)) / 2
        promised = np.clip(bins.promised, 0.0, 1.0)
        low = binomial_quantile(tail, n, promised)
        return Band(low / n, (n - binomial_quantile(tail, n, 1 - promised)) / n)
    groups = bins.bin_of.size if rows.cluster is None else int(rows.cluster.max()) + 1
    half = t_quantile(1 - (1 - level) / bins.seen.size, max(1.0, groups - 1.0)) * _null_errors(rows, bins)
    return Band(np.maximum(0.0, bins.promised - half), np.minimum(1.0, bins.promised + half))


def binomial_quantile(level: float, n: IntArray, share: FloatArray) -> FloatArray:
    """Smallest count that Binomial(n, share) does not exceed with probability `level`, shape (k,)."""
    certain = (share <= 0) | (share >= 1)
    inner = np.where(certain, 0.5, share)
    count = np.clip(np.ceil(special.bdtrik(level, n, inner)), 0, n)
    below = np.maximum(count - 1, 0)
    count = np.where((count > 0) & (special.bdtr(below, n, inner) >= level), below, count)
    # The inverse is no number where even the chance of a single one is next to nothing.
    count = np.where(special.bdtr(0, n, inner) >= level, 0, count)
    found: FloatArray = np.where(certain, n * (share >= 1), count)
    return found


def _null_errors(rows: Residuals, bins: Bins) -> FloatArray:
    """Standard error of the seen share of each bin under perfect calibration, shape (k,).

    A bin may hold too few clusters to show how alike their rows are: no bin's variance is taken as smaller than that of
    independent rows times the design effect of all bins together.
    """
    k = bins.seen.size
    own = rows.ones**2 * rows.probability * (1 - rows.probability)
    independent = np.bincount(bins.bin_of, weights=own, minlength=k)
    variance = independent
    if rows.cluster is not None:
        residual = rows.ones * (rows.label - rows.probability)
        keys, place = np.unique(rows.cluster * k + bins.bin_of, return_inverse=True)
        clustered = np.bincount(keys % k, weights=np.bincount(place, weights=residual) ** 2, minlength=k)
        effect = max(1.0, float(clustered.sum() / independent.sum())) if independent.sum() > 0 else 1.0
        variance = np.maximum(clustered, effect * independent)
    errors: FloatArray = np.sqrt(variance) / bins.weight
    return errors
