"""Rows condensed to cells of nearly equal probability, and the noise that a perfectly calibrated model would show there.

Everything that calibration is judged by is a function of the residuals, label minus probability, summed per cell. So one
set of noise sums per cell serves every check, and no check needs the rows again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray

GRID = 2_048
"""Cells on [0, 1] where the whole distribution is drawn."""
MANY_CLUSTERS = 256
"""From so many clusters on, sums over them are as good as normal."""
FEW_CELLS = 128
"""Up to so many cells, normal noise is drawn from the covariance between them."""
_BATCH = 4_000_000


class Residuals(NamedTuple):
    """Rows as their checks see them, shape (n,) each; `weight` and `cluster` are None for equal and independent rows.

    `cluster` is numbered from 0 without gaps.
    """

    label: BoolArray
    probability: FloatArray
    weight: FloatArray | None
    cluster: IntArray | None

    @property
    def ones(self) -> FloatArray:
        """The weight of every row."""
        return np.ones(self.label.size) if self.weight is None else self.weight

    @property
    def n_clusters(self) -> int | None:
        return None if self.cluster is None else int(self.cluster.max()) + 1


class Cells(NamedTuple):
    """Cells in ascending order of probability, shape (c,) each; `cell_of` is the cell of each row, shape (n,)."""

    promised: FloatArray
    """Mean probability."""
    seen: FloatArray
    """Share of positive outcomes."""
    weight: FloatArray
    n: IntArray
    bin_of: IntArray
    """Bin of each cell: the one of `Bins` that all its rows are in."""
    cell_of: IntArray


def condense(rows: Residuals, bin_of: IntArray, *, grid: int = GRID) -> Cells:
    """Put rows into cells of width 1 / `grid`, cut where a bin ends.

    Parameters
    ----------
    bin_of : bin of each row, ascending with its probability.
    """
    place = grid_place(rows.probability, grid)
    key, cell_of = np.unique(bin_of * grid + place, return_inverse=True)
    ones = rows.ones
    weight = np.bincount(cell_of, weights=ones).astype(np.float64)
    promised = np.bincount(cell_of, weights=ones * rows.probability) / weight
    seen = np.bincount(cell_of, weights=ones * rows.label) / weight
    return Cells(promised, seen, weight, np.bincount(cell_of), key // grid, cell_of)


def grid_place(probability: FloatArray, grid: int) -> IntArray:
    """Cell of each probability on an even grid over [0, 1], shape (n,); 1 belongs to the last cell."""
    return np.minimum((probability * grid).astype(np.int64), grid - 1)


def null_sums(rows: Residuals, cells: Cells, draws: int, rng: np.random.Generator) -> FloatArray:
    """Weighted sum of label minus probability per cell, as a perfectly calibrated model would show it.

    Returns
    -------
    Shape (draws, c).

    Notes
    -----
    Independent rows of equal weight: Binomial(n, mean probability) per cell, whose variance exceeds the true one by the
    variance of the probabilities within the cell. Weights: normal with the variance sum w^2 s (1 - s) of the cell.
    Clusters: every cluster's own residuals with one random sign for the whole cluster, which keeps whatever dependence
    there is inside it (the wild cluster bootstrap with the null imposed; Cameron, Gelbach and Miller 2008). A model that
    is off has larger residuals, so this noise is then too wide rather than too narrow. With many clusters and few cells,
    normal noise with the covariance of these signed sums takes their place.
    """
    if rows.cluster is not None:
        return _flipped(rows, cells, draws, rng)
    if rows.weight is not None:
        return rng.standard_normal((draws, cells.n.size)) * np.sqrt(null_variance(rows, cells))
    found = np.empty((draws, cells.n.size))
    for cell, (n, promised) in enumerate(zip(cells.n.tolist(), cells.promised.tolist(), strict=True)):
        found[:, cell] = rng.binomial(n, min(promised, 1.0), draws) - n * promised
    return found


def null_variance(rows: Residuals, cells: Cells) -> FloatArray:
    """Variance of each cell's sum under perfect calibration and independence: sum w^2 s (1 - s), shape (c,)."""
    own = rows.ones**2 * rows.probability * (1 - rows.probability)
    return np.bincount(cells.cell_of, weights=own, minlength=cells.n.size).astype(np.float64)


def _flipped(rows: Residuals, cells: Cells, draws: int, rng: np.random.Generator) -> FloatArray:
    assert rows.cluster is not None
    residual = rows.ones * (rows.label - rows.probability)
    groups, k = int(rows.cluster.max()) + 1, cells.n.size
    sums = sparse.coo_array((residual, (cells.cell_of, rows.cluster)), shape=(k, groups)).tocsr()
    if groups >= MANY_CLUSTERS and k <= FEW_CELLS:
        return _correlated((sums @ sums.T).toarray(), draws, rng)
    found = np.empty((draws, k))
    step = max(8, _BATCH // groups // 8 * 8)
    for start in range(0, draws, step):
        size = min(step, draws - start)
        found[start : start + size] = (sums @ _signs(groups, size, rng)).T
    return found


def _signs(groups: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """Independent signs, -1 or 1, shape (groups, draws): one random bit each."""
    bits: npt.NDArray[np.uint8] = np.unpackbits(rng.integers(0, 256, (groups, -(-draws // 8)), dtype=np.uint8), axis=1)[
        :, :draws
    ]
    signs: FloatArray = 2.0 * bits.astype(np.float64) - 1.0
    return signs


def _correlated(covariance: FloatArray, draws: int, rng: np.random.Generator) -> FloatArray:
    """Normal noise with a covariance, shape (draws, c); by its symmetric root, which rounding cannot turn."""
    values, vectors = np.linalg.eigh(covariance)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    noise: FloatArray = rng.standard_normal((draws, covariance.shape[0])) @ root
    return noise
