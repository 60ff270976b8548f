"""Values of many groups drawn towards their mean, as far as their spread may be chance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.statistics.spread import FloatArray


class Drawn(NamedTuple):
    """Values drawn towards what the groups share.

    Attributes
    ----------
    value : the drawn values, shape (k,): toward + weight * (own - toward).
    toward : what each is drawn to, shape (k,).
    weight : the part of each group's own value, from 0 to 1, shape (k,).
    between : variance between groups beyond `toward` and chance; 0 where chance alone explains them.
    """

    value: FloatArray
    toward: FloatArray
    weight: FloatArray
    between: float


def shrink(values: FloatArray, variances: FloatArray) -> FloatArray:
    """Empirical-Bayes values of groups: each drawn towards the common mean, the less certain the more.

    Parameters and formula as in `drawn_to_mean`.

    Returns
    -------
    Shrunken values, shape (k,); all equal to the mean where the groups vary no more than chance explains.
    """
    return drawn_to_mean(values, variances).value


def drawn_to_mean(values: FloatArray, variances: FloatArray) -> Drawn:
    """Values of groups drawn towards the common mean, with what each keeps of its own.

    Parameters
    ----------
    values, variances : estimate and sampling variance of each group, shape (k,), variances above 0.

    Returns
    -------
    Drawn; one group alone has nothing to be drawn to and keeps its value.

    Notes
    -----
    Method of moments (DerSimonian and Laird 1986): with w = 1/v and Q = sum w (x - mean)^2, the variance between groups
    is max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w)). The mean is then taken again with 1 / (v + between).
    """
    if values.size < 2:
        return Drawn(values, values, np.ones(values.size), 0.0)
    weight = 1 / variances
    total = weight.sum()
    mean = np.dot(weight, values) / total
    excess = np.dot(weight, (values - mean) ** 2) - (values.size - 1)
    between = max(0.0, float(excess / (total - np.dot(weight, weight) / total)))
    weight = 1 / (variances + between)
    mean = float(np.dot(weight, values) / weight.sum())
    return drawn(values, variances, np.full(values.size, mean), between)


def drawn(values: FloatArray, variances: FloatArray, toward: FloatArray, between: float) -> Drawn:
    """Values drawn towards given ones: the part that each keeps is between / (between + its variance)."""
    kept: FloatArray = between / (variances + between)
    return Drawn(toward + kept * (values - toward), toward, kept, between)
