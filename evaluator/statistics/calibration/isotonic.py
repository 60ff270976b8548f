"""The Brier score taken apart: what better calibration could save, what the scores tell apart, what stays unknown."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import optimize

from evaluator.statistics.calibration.residuals import Cells, Residuals
from evaluator.statistics.spread import FloatArray


class Decomposition(NamedTuple):
    """Brier score = miscalibration - discrimination + uncertainty; the first two are never negative."""

    miscalibration: float
    discrimination: float
    uncertainty: float


def decomposition(rows: Residuals) -> Decomposition:
    """Take the Brier score of rows apart by isotonic regression of the outcome on the probability.

    Notes
    -----
    Pool adjacent violators gives the best probabilities that keep the order of the promised ones, equal ones kept equal
    (Dimitriadis, Gneiting and Jordan 2021). Miscalibration: Brier score of the promised minus that of these.
    Discrimination: that of the overall share minus that of these. Uncertainty: that of the overall share.
    """
    promised, place = np.unique(rows.probability, return_inverse=True)
    ones = rows.ones
    weight = np.bincount(place, weights=ones).astype(np.float64)
    seen = np.bincount(place, weights=ones * rows.label) / weight
    return _apart(seen, promised, weight)


def cell_miscalibration(cells: Cells) -> float:
    """Miscalibration of condensed rows, to be held against that of draws of the same cells."""
    return _apart(cells.seen, cells.promised, cells.weight).miscalibration


def drawn_decompositions(sums: FloatArray, cells: Cells) -> tuple[FloatArray, FloatArray]:
    """Miscalibration and discrimination of every draw from its sums per cell, shape (draws,) each."""
    drawn = cells.promised + sums / cells.weight
    parts = [_apart(seen, cells.promised, cells.weight) for seen in drawn]
    return np.array([part.miscalibration for part in parts]), np.array([part.discrimination for part in parts])


def _apart(seen: FloatArray, promised: FloatArray, weight: FloatArray) -> Decomposition:
    best = optimize.isotonic_regression(seen, weights=weight).x
    total = weight.sum()
    overall = float((weight * seen).sum() / total)
    within = (weight * (best - seen) ** 2).sum()
    miscalibration = ((weight * (promised - seen) ** 2).sum() - within) / total
    discrimination = ((weight * (overall - seen) ** 2).sum() - within) / total
    return Decomposition(max(0.0, float(miscalibration)), max(0.0, float(discrimination)), overall * (1 - overall))
