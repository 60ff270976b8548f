"""Every metric of decisions for all groups at once, from their counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evaluator.metrics.cell_table import CellMask
from evaluator.metrics.cells import CELL_METRICS, SHARES
from evaluator.statistics.spread import FloatArray, IntArray


def values_of_counts(metric: str, cells: IntArray) -> FloatArray:
    """A metric of decisions from rows by cell.

    Parameters
    ----------
    cells : the last axis is 2 * label + decision, shape (..., 4): one entry per group, or per replicate and group.

    Returns
    -------
    Shape (...); NaN where the metric is undefined.
    """
    if metric in SHARES:
        return _share(cells, *SHARES[metric])
    if metric not in _OTHERS:
        raise ValueError(f"{metric} does not follow from counts of decisions; known: {', '.join(CELL_METRICS)}.")
    return _OTHERS[metric](cells)


def _share(cells: IntArray, counted: CellMask, among: CellMask) -> FloatArray:
    return _ratio(cells[..., counted].sum(axis=-1), cells[..., among].sum(axis=-1))


def _informedness(cells: IntArray) -> FloatArray:
    return _share(cells, *SHARES["true_positive_rate"]) + _share(cells, *SHARES["true_negative_rate"]) - 1


def _f1(cells: IntArray) -> FloatArray:
    _, fp, fn, tp = _parts(cells)
    return _ratio(2 * tp, 2 * tp + fp + fn)


def _error_ratio(cells: IntArray) -> FloatArray:
    _, fp, fn, _ = _parts(cells)
    return _ratio(fn, fp)


def _mcc(cells: IntArray) -> FloatArray:
    tn, fp, fn, tp = _parts(cells)
    # Root by root: the product of four counts of a large group is beyond whole numbers.
    scale = np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)
    return _ratio(tp * tn - fp * fn, scale)


def _parts(cells: IntArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    tn, fp, fn, tp = np.moveaxis(cells.astype(np.float64), -1, 0)
    return tn, fp, fn, tp


def _ratio(above: FloatArray | IntArray, below: FloatArray | IntArray) -> FloatArray:
    found: FloatArray = np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
    return found


_OTHERS: dict[str, Callable[[IntArray], FloatArray]] = {
    "balanced_accuracy": lambda cells: (_informedness(cells) + 1) / 2,
    "informedness": _informedness,
    "f1": _f1,
    "mcc": _mcc,
    "error_ratio": _error_ratio,
}
