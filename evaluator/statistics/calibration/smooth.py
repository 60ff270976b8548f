"""Calibration error without bins: residuals smoothed by a Gaussian that is as wide as the error it finds."""

from __future__ import annotations

import numpy as np
from scipy import fft

from evaluator.statistics.calibration.residuals import GRID, Residuals, grid_place
from evaluator.statistics.spread import FloatArray, IntArray

NARROWEST = 1e-4
"""Smooth errors below this are not told apart."""
_NEAR = 2.0
"""Draws of the same rows seldom differ from the first by a larger factor."""
_MOST_STEPS = 60
_CLOSE = 1e-5
_NOTHING = 45.0
"""exp(-45) of a wave is lost in the rounding of the others."""


def smooth_error(rows: Residuals, *, grid: int = GRID) -> float:
    """Smooth expected calibration error, in [0, 1]."""
    place = grid_place(rows.probability, grid)
    ones = rows.ones
    sums = np.bincount(place, weights=ones * (rows.label - rows.probability), minlength=grid)
    return float(smooth_errors((sums / ones.sum())[None, :])[0])


def drawn_smooth_errors(sums: FloatArray, promised: FloatArray, total: float, *, grid: int = GRID) -> FloatArray:
    """Smooth error of every draw from its sums per cell, shape (draws, c); `promised` is the cells' mean probability."""
    on_grid = _onto_grid(sums / total, grid_place(promised, grid), grid)
    return smooth_errors(on_grid)


def smooth_errors(residual: FloatArray) -> FloatArray:
    """Smooth errors from mean residuals on an even grid over [0, 1], shape (draws, grid) -> (draws,).

    Notes
    -----
    f(width) = sum of the sizes of the residuals after smoothing by a Gaussian of that width, reflected at 0 and 1; f falls
    as the width grows, and the smooth error is where f(width) = width (Blasiok and Nakkiran 2023). Reflection makes the
    smoothing a product in the cosine transform; the width is found between brackets, to a relative 1e-5, by
    straight lines on logarithmic scales; bisection finds the same with three times the work.
    """
    spectrum: FloatArray = fft.dct(residual, type=2, axis=1)
    falling: FloatArray = -0.5 * (np.pi * np.arange(residual.shape[1], dtype=np.float64)) ** 2
    near = float(smooth_errors(residual[:1])[0]) if residual.shape[0] > 1 else 0.0
    low, above = _end(spectrum, falling, near / _NEAR, NARROWEST, side=1.0)
    high, below = _end(spectrum, falling, near * _NEAR, 1.0, side=-1.0)
    found: FloatArray = np.where(above > 0, high, low)
    open_ = above > 0
    for _ in range(_MOST_STEPS):
        rows = np.flatnonzero(open_)
        if rows.size == 0:
            break
        width = _between(low[rows], high[rows], above[rows], below[rows])
        excess = _excess(spectrum[rows], falling, width)
        _narrow(rows, width, excess, (low, high, above, below))
        open_[rows] = (np.abs(width - found[rows]) > _CLOSE * width) & (high[rows] - low[rows] > _CLOSE * width)
        found[rows] = width
    smallest: FloatArray = np.where(np.abs(residual).sum(axis=1) > 0, found, 0.0)
    return smallest


def _end(
    spectrum: FloatArray, falling: FloatArray, near: float, far: float, *, side: float
) -> tuple[FloatArray, FloatArray]:
    """One end of the bracket of each row and the excess there: the near one where it is on that side, else the far one."""
    start = near if NARROWEST < near < 1 else far
    end: FloatArray = np.full(spectrum.shape[0], start)
    excess = _excess(spectrum, falling, end)
    rows = np.flatnonzero(excess * side < 0) if start != far else np.zeros(0, dtype=np.int64)
    if rows.size:
        end[rows] = far
        excess[rows] = _excess(spectrum[rows], falling, end[rows])
    return end, excess


def _excess(spectrum: FloatArray, falling: FloatArray, width: FloatArray) -> FloatArray:
    """Size of the smoothed residuals over the width: log f - log width, which falls as the width grows."""
    # A wide Gaussian leaves nothing of the quick waves, so they need no work.
    left = int(np.searchsorted(-falling, _NOTHING / float(width.min()) ** 2))
    damped = np.zeros_like(spectrum)
    np.multiply(spectrum[:, :left], np.exp(falling[:left] * width[:, None] ** 2), out=damped[:, :left])
    smoothed = fft.idct(damped, type=2, axis=1, overwrite_x=True)
    size: FloatArray = np.maximum(np.abs(smoothed).sum(axis=1), np.finfo(np.float64).tiny)
    excess: FloatArray = np.log(size) - np.log(width)
    return excess


def _between(low: FloatArray, high: FloatArray, above: FloatArray, below: FloatArray) -> FloatArray:
    """Where the straight line through both ends, on logarithmic scales, meets zero."""
    part = above / (above - below)
    width: FloatArray = np.exp(np.log(low) + part * (np.log(high) - np.log(low)))
    return width


def _narrow(
    rows: IntArray, width: FloatArray, excess: FloatArray, ends: tuple[FloatArray, FloatArray, FloatArray, FloatArray]
) -> None:
    """Move the end on the side of the new width; halve the weight of the other, so that neither stays for ever."""
    low, high, above, below = ends
    up = excess > 0
    low[rows], high[rows] = np.where(up, width, low[rows]), np.where(up, high[rows], width)
    above[rows] = np.where(up, excess, above[rows] / 2)
    below[rows] = np.where(up, below[rows] / 2, excess)


def _onto_grid(sums: FloatArray, place: IntArray, grid: int) -> FloatArray:
    """Sums of ascending cells on the grid, shape (draws, grid); cells that share a place are added."""
    starts = np.flatnonzero(np.r_[True, place[1:] != place[:-1]])
    found = np.zeros((sums.shape[0], grid))
    found[:, place[starts]] = np.add.reduceat(sums, starts, axis=1)
    return found
