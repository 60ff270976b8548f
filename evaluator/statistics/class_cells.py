"""Metrics of decisions among several classes: functions of the table of true class by chosen class.

Every such metric depends on its rows through the k x k cells alone: all rows of a cell have the same influence, the
derivative of the metric in the weight of that cell. With N the cells, T their row sums (true), C their column sums
(chosen), D the diagonal and W the total.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from evaluator.statistics.influence import Influence
from evaluator.statistics.spread import FloatArray, IntArray

InClassCells = Callable[[FloatArray], Influence | None]
"""From cells, shape (k, k), to a value and its derivative in the weight of each cell, same shape; None if undefined."""


def class_cells(label: IntArray, chosen: IntArray, k: int, weight: FloatArray | None = None) -> FloatArray:
    """Weight of rows by true class (rows) and chosen class (columns), shape (k, k)."""
    cells: FloatArray = np.bincount(label * k + chosen, weight, minlength=k * k).astype(np.float64)
    table: FloatArray = cells.reshape(k, k)
    return table


def with_imagined_errors(cells: FloatArray) -> FloatArray:
    """The cells with half an error and half a right case more in every class that has rows.

    As for a share, where (x + 1/2) / (n + 1) leaves neither none nor all; the errors go where other classes are chosen.
    """
    k = len(cells)
    others = np.where(np.eye(k, dtype=bool), 0.0, cells.sum(axis=0)[None, :] + 0.5)
    has_rows = cells.sum(axis=1)[:, None] > 0
    more: FloatArray = has_rows * (others / others.sum(axis=1, keepdims=True) + np.eye(k)) / 2
    return cells + more


def agreement(cells: FloatArray) -> Influence | None:
    """Share of the weight whose chosen class is the true one."""
    total = float(cells.sum())
    if total == 0:
        return None
    value = float(np.trace(cells)) / total
    return Influence(value, (np.eye(len(cells)) - value) / total)


def mean_recall(cells: FloatArray) -> Influence | None:
    """Mean over the classes of the share of a class's rows that were put into it, D/T; every class must have rows."""
    true = cells.sum(axis=1)
    if not true.all():
        return None
    recall = np.diag(cells) / true
    return Influence(float(recall.mean()), (np.eye(len(cells)) - recall[:, None]) / true[:, None] / len(cells))


def mean_precision(cells: FloatArray) -> Influence | None:
    """Mean over the classes of the share of the rows put into a class that belong there, D/C; none may be empty."""
    if not (cells.sum(axis=1).all() and cells.sum(axis=0).all()):
        return None
    return _of_precisions(cells, np.full(len(cells), 1 / len(cells)))


def weighted_precision(cells: FloatArray) -> Influence | None:
    """Mean of the classes' precisions, each counting as much as its share of the true labels.

    Undefined where a class that has rows is never chosen, and with one class alone, where every choice of it is right.
    """
    true, chosen = cells.sum(axis=1), cells.sum(axis=0)
    if np.count_nonzero(true) < 2 or (chosen[true > 0] == 0).any():
        return None
    by_class = _over(np.diag(cells), chosen)
    return _shares_vary(_of_precisions(cells, true / true.sum()), by_class, cells)


def mean_f1(cells: FloatArray) -> Influence | None:
    """Mean over the classes of F1 = 2 D / (T + C); every class must have rows."""
    if not cells.sum(axis=1).all():
        return None
    return _of_f1s(cells, np.full(len(cells), 1 / len(cells)))


def weighted_f1(cells: FloatArray) -> Influence | None:
    """Mean of the classes' F1, each counting as much as its share of the true labels."""
    true, chosen = cells.sum(axis=1), cells.sum(axis=0)
    if true.sum() == 0:
        return None
    by_class = _over(2 * np.diag(cells), true + chosen)
    return _shares_vary(_of_f1s(cells, true / true.sum()), by_class, cells)


def correlation(cells: FloatArray) -> Influence | None:
    """Matthews' correlation of several classes; undefined where all labels or all choices are the same.

    Notes
    -----
    Gorodkin 2004: (W sum D - sum T C) / sqrt((W^2 - sum C^2) (W^2 - sum T^2)).
    """
    shares = cells / max(float(cells.sum()), 1e-300)
    true, chosen, right = shares.sum(axis=1), shares.sum(axis=0), float(np.trace(shares))
    spread_true, spread_chosen = 1 - float((true**2).sum()), 1 - float((chosen**2).sum())
    if np.count_nonzero(true) < 2 or np.count_nonzero(chosen) < 2:
        return None
    scale = math.sqrt(spread_true * spread_chosen)
    value = (right - float((true * chosen).sum())) / scale
    above = right + np.eye(len(cells)) - chosen[:, None] - true[None, :]
    below = (1 - chosen[None, :]) / spread_chosen + (1 - true[:, None]) / spread_true
    return Influence(value, (above / scale - value * below) / cells.sum())


def quadratic_kappa(cells: FloatArray) -> Influence | None:
    """Cohen's kappa with squared distances between ordered classes (Cohen 1968).

    Undefined where chance alone would never disagree: all labels and all choices in the same one class.
    """
    total = float(cells.sum())
    place = np.arange(len(cells), dtype=np.float64)
    far = (place[:, None] - place[None, :]) ** 2
    shares = cells / max(total, 1e-300)
    true, chosen = shares.sum(axis=1), shares.sum(axis=0)
    from_chosen, from_true = (far * chosen[None, :]).sum(axis=1), (far * true[:, None]).sum(axis=0)
    expected, observed = float((true * from_chosen).sum()), float((far * shares).sum())
    if expected <= 0:
        return None
    ratio = observed / expected
    by_cell = ratio * (from_chosen[:, None] + from_true[None, :]) / expected - (observed + far) / expected
    return Influence(1 - ratio, by_cell / total)


def _of_precisions(cells: FloatArray, part: FloatArray) -> Influence:
    """Sum of the precisions times `part`, which is held fixed."""
    chosen = cells.sum(axis=0)
    by_class = _over(np.diag(cells), chosen)
    slope = _over(part, chosen)
    return Influence(float((part * by_class).sum()), slope[None, :] * (np.eye(len(cells)) - by_class[None, :]))


def _of_f1s(cells: FloatArray, part: FloatArray) -> Influence:
    """Sum of the F1 of the classes times `part`, which is held fixed."""
    size = cells.sum(axis=1) + cells.sum(axis=0)
    by_class, slope = _over(2 * np.diag(cells), size), _over(part, size)
    own = np.eye(len(cells))
    as_true = slope[:, None] * (own - by_class[:, None])
    as_chosen = slope[None, :] * (own - by_class[None, :])
    return Influence(float((part * by_class).sum()), as_true + as_chosen)


def _shares_vary(fixed: Influence, by_class: FloatArray, cells: FloatArray) -> Influence:
    """Add what a row does to the shares of the classes: (value of its class - average) / W."""
    return Influence(fixed.value, fixed.rows + (by_class[:, None] - fixed.value) / cells.sum())


def _over(above: FloatArray, below: FloatArray) -> FloatArray:
    """Quotient; 0 where there is nothing to divide by."""
    return np.divide(above, below, out=np.zeros(len(below)), where=below > 0)
