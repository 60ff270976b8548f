"""What several attributes add up to: a prediction for every group of several attributes, and groups drawn towards it.

A group of several attributes has few cases, but its attributes have many. The prediction adds the effect of each attribute
on the log odds (shares) or on the value itself (means); what a group shows beyond it counts as far as it is no chance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import special

from evaluator.statistics.shrinkage import Drawn, drawn
from evaluator.statistics.spread import FloatArray, IntArray

MOST_STEPS = 100
LONGEST_STEP = 2.0
"""Largest change of log odds in one step; keeps the first steps of sparse groups from overshooting."""
FARTHEST = 15.0
"""Log odds go no farther where all cases of an attribute agree: 3 in 10 million."""
SETTLED = 1e-10


class Additive(NamedTuple):
    """Prediction for every group, shape (k,), the variance of groups about it, and groups beyond free effects."""

    prediction: FloatArray
    between: float
    df: int


def main_effects(levels: IntArray) -> FloatArray:
    """A column of ones, then one column per level of each attribute but its first.

    Parameters
    ----------
    levels : level of every attribute for every group, shape (attributes, k).

    Returns
    -------
    Shape (k, columns); levels that no group has get no column.
    """
    columns = [np.ones(levels.shape[1])]
    for codes in levels:
        columns += [(codes == level).astype(np.float64) for level in np.unique(codes)[1:]]
    return np.stack(columns, axis=1)


def additive_shares(share: FloatArray, size: FloatArray, design: FloatArray) -> Additive:
    """Shares predicted by effects that add up on the scale of log odds.

    Parameters
    ----------
    share, size : share of each group and the independent cases behind it (may be fractional), shape (k,).
    design : main effects, shape (k, columns).

    Notes
    -----
    Iteratively reweighted least squares; without variance between groups this is binomial logistic regression on counts.
    The variance between groups is that of moments about the prediction, for which see `_between`; effects are then fitted
    again with share (1 - share) / size + between as the variance of a group (Williams 1982, with its variance on the scale
    of shares). Shrinkage towards an additive model: arXiv 2401.14893.
    """
    first = _fitted(share, size, design, 0.0)
    between = _between(share - first, chance_variance(first, size), _slope(first)[:, None] * design)
    prediction = first if between == 0 else _fitted(share, size, design, between)
    return Additive(prediction, between, _free(design))


def additive_means(values: FloatArray, variances: FloatArray, design: FloatArray) -> Additive:
    """Means predicted by effects that add up: weighted least squares, fitted again with the variance between groups."""
    first = design @ _least_squares(design, values, 1 / variances)
    between = _between(values - first, variances, design)
    return Additive(design @ _least_squares(design, values, 1 / (variances + between)), between, _free(design))


def drawn_to_additive_shares(share: FloatArray, size: FloatArray, levels: IntArray) -> Drawn | None:
    """Shares of groups drawn to what their attributes add up to; None where the attributes alone explain any value."""
    return _drawn(
        share, levels, lambda design: additive_shares(share, size, design), lambda p: chance_variance(p, size)
    )


def drawn_to_additive_means(values: FloatArray, variances: FloatArray, levels: IntArray) -> Drawn | None:
    """Means of groups drawn to what their attributes add up to; None where the attributes alone explain any value."""
    return _drawn(values, levels, lambda design: additive_means(values, variances, design), lambda _: variances)


def chance_variance(share: FloatArray, size: FloatArray) -> FloatArray:
    """Variance of a share of `size` cases; half a case on each side keeps it above 0."""
    smoothed = (share * size + 0.5) / (size + 1)
    variance: FloatArray = smoothed * (1 - smoothed) / size
    return variance


def _drawn(
    values: FloatArray,
    levels: IntArray,
    fit: Callable[[FloatArray], Additive],
    variances: Callable[[FloatArray], FloatArray],
) -> Drawn | None:
    design = main_effects(levels)
    if _free(design) < 1:
        return None
    found = fit(design)
    # The variance that the prediction says, not the one seen: groups with no case would seem too certain.
    return drawn(values, variances(found.prediction), found.prediction, found.between)


def _free(design: FloatArray) -> int:
    """Groups beyond the number of free effects."""
    return int(design.shape[0] - np.linalg.matrix_rank(design))


def _slope(share: FloatArray) -> FloatArray:
    """Change of a share with its log odds."""
    return np.maximum(share * (1 - share), 1e-9)


def _fitted(share: FloatArray, size: FloatArray, design: FloatArray, between: float) -> FloatArray:
    """The shares that the effects add up to."""
    start = (share * size + 0.5) / (size + 1)
    first = _least_squares(design, special.logit(start), size * start * (1 - start))
    odds: FloatArray = np.asarray(design @ first, dtype=np.float64)
    for _ in range(MOST_STEPS):
        predicted = special.expit(odds)
        slope = _slope(predicted)
        working = odds + (share - predicted) / slope
        coefficients = _least_squares(design, working, slope**2 / (slope / size + between))
        step = np.clip(design @ coefficients - odds, -LONGEST_STEP, LONGEST_STEP)
        odds = np.asarray(np.clip(odds + step, -FARTHEST, FARTHEST), dtype=np.float64)
        if np.abs(step).max() < SETTLED or np.abs(odds).min() >= FARTHEST:
            break
    fitted: FloatArray = special.expit(odds)
    return fitted


def _least_squares(design: FloatArray, values: FloatArray, weight: FloatArray) -> FloatArray:
    root = np.sqrt(weight)
    found = np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0]
    return np.asarray(found, dtype=np.float64)


def _between(residual: FloatArray, variance: FloatArray, slopes: FloatArray) -> float:
    """Variance of groups about a fitted line beyond chance, by moments.

    Notes
    -----
    With w = 1/v, X the slopes of the fit and Q = sum w r^2: max(0, (Q - (k - rank X)) / (sum w - tr[(X'WX)^+ X'W^2 X]))
    (Thompson and Sharp 1999, moments in meta-regression). With X a column of ones it is that of `drawn_to_mean`.
    """
    weight = 1 / variance
    root = slopes * np.sqrt(weight)[:, None]
    # Orthonormal columns: the trace is then the sum of w h, h the leverage of each group.
    basis, singular, _ = np.linalg.svd(root, full_matrices=False)
    kept = basis[:, singular > singular.max(initial=0.0) * 1e-10]
    leverage = (kept**2).sum(axis=1)
    free = residual.size - kept.shape[1]
    scale = float(np.dot(weight, 1 - leverage))
    if free < 1 or scale <= 0:
        return 0.0
    excess: float = (float(np.dot(weight, residual**2)) - free) / scale
    return max(0.0, excess)
