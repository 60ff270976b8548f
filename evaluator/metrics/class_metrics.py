"""Each metric of all classes together: value and influence per row, by canonical name.

An average over the classes counts every class of the task, so a population that lacks one has no such average: averages
over different classes cannot be compared.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evaluator.metrics.class_ranking import RANKING_INFLUENCES
from evaluator.metrics.class_rows import ClassRows
from evaluator.statistics import class_cells
from evaluator.statistics.influence import BoolArray, Influence, mean
from evaluator.statistics.spread import FloatArray

SMALLEST = 1e-15
"""Probabilities are kept this far away from 0 and 1 before their log is taken."""
CLASS_CELL_METRICS: dict[str, class_cells.InClassCells] = {
    "balanced_accuracy": class_cells.mean_recall,
    "true_positive_rate_macro": class_cells.mean_recall,
    "precision_macro": class_cells.mean_precision,
    "precision_weighted": class_cells.weighted_precision,
    "f1_macro": class_cells.mean_f1,
    "f1_weighted": class_cells.weighted_f1,
    "mcc": class_cells.correlation,
    "quadratic_kappa": class_cells.quadratic_kappa,
}
"""Metrics of the table of true by chosen class that are not a plain share of the rows."""
RIGHT = ("accuracy", "precision_micro", "true_positive_rate_micro", "f1_micro", "true_positive_rate_weighted")
"""Names of one number, the share of right decisions: every row has one true and one chosen class."""
TOP = {"top_2_accuracy": 2, "top_3_accuracy": 3}
CLASS_SHARES = (*RIGHT, *TOP)


def counted_rows(metric: str, rows: ClassRows) -> BoolArray:
    """The rows that a plain share of all rows counts."""
    if metric in TOP:
        return among_top(rows, TOP[metric])
    assert rows.chosen is not None
    right: BoolArray = rows.chosen == rows.label
    return right


def among_top(rows: ClassRows, size: int) -> BoolArray:
    """Whether the true class is one of the `size` classes with the highest scores.

    Of equal scores the class that comes first counts as the higher, as where the chosen class is found by score.
    """
    among: BoolArray = rows.own_place < size
    return among


def class_influence(metric: str, rows: ClassRows) -> Influence | None:
    """Value and influence of `metric`, or None where it is undefined or has none; computed once per rows."""
    if metric not in CLASS_INFLUENCES:
        return None
    if metric not in rows.influences:
        rows.influences[metric] = CLASS_INFLUENCES[metric](rows) if rows.has_weight else None
    return rows.influences[metric]


def _in_cells(metric: str) -> Callable[[ClassRows], Influence | None]:
    def of(rows: ClassRows) -> Influence | None:
        found = CLASS_CELL_METRICS[metric](rows.cells)
        if found is None:
            return None
        by_row: FloatArray = found.rows.ravel()[rows.cell_of_row]
        # Without an error every one of these is 1; sums of fractions may miss it by a rounding.
        value = found.value if (rows.cells[~np.eye(rows.k, dtype=bool)] > 0).any() else 1.0
        return Influence(value, by_row if rows.weight is None else by_row * rows.weight)

    return of


def _share(metric: str) -> Callable[[ClassRows], Influence | None]:
    return lambda rows: mean(counted_rows(metric, rows).astype(np.float64), rows.weight)


def _brier(rows: ClassRows) -> Influence:
    """Half the squared distance between the probabilities and the outcome: with two classes, the usual Brier loss."""
    assert rows.scores is not None
    own, squares = rows.own_score, np.einsum("ij,ij->i", rows.scores, rows.scores)
    return mean((squares - own**2 + (1 - own) ** 2) / 2, rows.weight)


def _log_loss(rows: ClassRows) -> Influence:
    return mean(-np.log(np.clip(rows.own_score, SMALLEST, 1 - SMALLEST)), rows.weight)


CLASS_INFLUENCES: dict[str, Callable[[ClassRows], Influence | None]] = {
    **{name: _share(name) for name in CLASS_SHARES},
    **{name: _in_cells(name) for name in CLASS_CELL_METRICS},
    **RANKING_INFLUENCES,
    "brier_loss": _brier,
    "log_loss": _log_loss,
}
