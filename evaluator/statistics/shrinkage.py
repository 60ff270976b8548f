"""Values of many groups drawn towards their mean, as far as their spread may be chance."""

from __future__ import annotations

import numpy as np

from evaluator.statistics.spread import FloatArray


def shrink(values: FloatArray, variances: FloatArray) -> FloatArray:
    """Empirical-Bayes values of groups: each drawn towards the common mean, the less certain the more.

    Parameters
    ----------
    values, variances : estimate and sampling variance of each group, shape (k,), variances above 0.

    Returns
    -------
    Shrunken values, shape (k,); all equal to the mean where the groups vary no more than chance explains.

    Notes
    -----
    Method of moments (DerSimonian and Laird 1986): with w = 1/v and Q = sum w (x - mean)^2, the variance between groups
    is max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w)).
    """
    if values.size < 2:
        return values
    weight = 1 / variances
    total = weight.sum()
    mean = np.dot(weight, values) / total
    excess = np.dot(weight, (values - mean) ** 2) - (values.size - 1)
    between = max(0.0, excess / (total - np.dot(weight, weight) / total))
    weight = 1 / (variances + between)
    mean = np.dot(weight, values) / weight.sum()
    shrunken: FloatArray = mean + between * weight * (values - mean)
    return shrunken
