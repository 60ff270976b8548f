"""Per-row influence of metrics that are functions of means: what each row's weight does to the estimate.

The influence of row i is w_i times the derivative of the weighted estimate in w_i. It sums to zero; the squares sum to
the variance of the estimate; sums over clusters, differences between models and between groups follow from it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evaluator.statistics.spread import FloatArray

BoolArray = npt.NDArray[np.bool_]


class Influence(NamedTuple):
    """An estimate, and each row's influence on it, shape (n,) in the order of the rows."""

    value: float
    rows: FloatArray


class Cells(NamedTuple):
    """Weights of the four cells of a binary decision table."""

    tp: float
    fp: float
    fn: float
    tn: float


def mean(values: FloatArray, weight: FloatArray | None = None) -> Influence:
    """Weighted mean."""
    if weight is None:
        value = float(values.sum() / values.size)
        apart = values - value
        apart /= values.size
        return Influence(value, apart)
    total = weight.sum()
    value = float((weight * values).sum() / total)
    return Influence(value, weight * (values - value) / total)


def share(numerator: FloatArray, denominator: FloatArray, weight: FloatArray | None = None) -> Influence:
    """Ratio of two weighted sums, such as a rate: influence w (a_i - value * b_i) / sum(w b)."""
    ones = np.ones(numerator.size) if weight is None else weight
    total = np.dot(ones, denominator)
    value = float(np.dot(ones, numerator) / total)
    return Influence(value, ones * (numerator - value * denominator) / total)


def mcc_of_cells(cells: Cells) -> Influence:
    """Matthews' correlation and its derivative in the weight of each cell: TN, FP, FN, TP.

    Notes
    -----
    With D = sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN)) and M = (TP TN - FP FN)/D, a cell's rows get u/D - (M/2) r, u the
    derivative of the numerator and r that of log D^2.
    """
    tp, fp, fn, tn = cells
    scale = math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    value = (tp * tn - fp * fn) / scale
    called, actual, other, refused = 1 / (tp + fp), 1 / (tp + fn), 1 / (tn + fp), 1 / (tn + fn)
    by_cell = np.array(
        [
            tp / scale - value / 2 * (other + refused),
            -fn / scale - value / 2 * (called + other),
            -fp / scale - value / 2 * (actual + refused),
            tn / scale - value / 2 * (called + actual),
        ]
    )
    return Influence(value, by_cell)


def log_loss_rows(label: BoolArray, probability: FloatArray) -> FloatArray:
    """Minus the log of the probability given to what happened, clipped to [1e-15, 1 - 1e-15]."""
    happened: FloatArray = np.where(label, probability, 1 - probability)
    np.clip(happened, 1e-15, 1 - 1e-15, out=happened)
    np.log(happened, out=happened)
    return np.negative(happened, out=happened)
