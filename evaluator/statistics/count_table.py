"""Counts first: rows by group, label and decision, and what resampling the rows would do to these counts.

Every metric of decisions of every group follows from the counts alone, and the counts of resampled independent rows are
multinomial. So a thousand replicates of all groups cost as much as a few thousand random numbers, whatever the number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray, all_alone

CELLS = 4
"""True negatives, false positives, false negatives, true positives: 2 * label + decision."""
BINS = 1024


@dataclass(frozen=True, eq=False)
class CountTable:
    """Rows by group, label and decision, shape (groups, 2, 2)."""

    counts: IntArray

    @property
    def cells(self) -> IntArray:
        """Shape (groups, 4), the last axis 2 * label + decision."""
        return self.counts.reshape(-1, CELLS)

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    def replicates(self, times: int, rng: np.random.Generator) -> IntArray:
        """The cells of `times` samples of rows with replacement, shape (times, groups, 4).

        Notes
        -----
        Drawing n rows with replacement puts multinomial(n, counts / n) rows into the cells: the bootstrap of
        independent rows exactly, groups of random sizes included.
        """
        if self.n == 0:
            return np.zeros((times, *self.cells.shape), dtype=np.int64)
        drawn = rng.multinomial(self.n, self.counts.ravel() / self.n, size=times)
        return drawn.reshape(times, -1, CELLS).astype(np.int64, copy=False)


def count_table(
    group: npt.NDArray[np.integer], label: BoolArray, decision: BoolArray, n_groups: int, *,
    cluster: IntArray | None = None,
) -> CountTable:  # fmt: skip
    """Count the rows of every group by label and decision.

    Parameters
    ----------
    group : code of each row in [0, n_groups), shape (n,), as `label` and `decision`.
    cluster : refused when two rows share one: their counts do not say how alike they are.
    """
    if cluster is not None and not all_alone(cluster):
        raise ValueError("Rows that share a cluster cannot be resampled from counts; resample the clusters instead.")
    code = group.astype(np.intp)
    code *= CELLS
    code += 2 * label.view(np.uint8) + decision.view(np.uint8)
    counts = np.bincount(code, minlength=CELLS * n_groups)
    if counts.size > CELLS * n_groups:
        raise ValueError(f"Expected group codes below {n_groups}, found {int(group.max())}.")
    return CountTable(counts.reshape(n_groups, 2, 2))


def gaps(values: FloatArray) -> FloatArray:
    """Highest minus lowest of the groups on the last axis; undefined groups are left out, NaN with fewer than two."""
    known = ~np.isnan(values)
    highest = np.where(known, values, -np.inf).max(axis=-1, initial=-np.inf)
    lowest = np.where(known, values, np.inf).min(axis=-1, initial=np.inf)
    apart: FloatArray = np.full(highest.shape, np.nan)
    np.subtract(highest, lowest, out=apart, where=known.sum(axis=-1) > 1)
    return apart


def score_edges(score: FloatArray, *, threshold: float | None = None, bins: int = BINS) -> FloatArray:
    """Inner edges of bins of about equal numbers of rows, ascending; the threshold is one of them.

    A score belongs to the bin whose lower edge is the last one at or below it.
    """
    places = np.linspace(0, score.size - 1, bins + 1)[1:-1].round().astype(np.intp) if score.size else np.zeros(0, int)
    edges = np.partition(score, places)[places] if places.size else np.zeros(0)
    return np.unique(edges if threshold is None else np.append(edges, threshold))


def score_histogram(
    group: npt.NDArray[np.integer], label: BoolArray, score: FloatArray, n_groups: int, edges: FloatArray
) -> IntArray:
    """Rows by group, label and score bin, shape (groups, 2, edges + 1)."""
    width = edges.size + 1
    code = np.searchsorted(edges, score, side="right")
    code += (2 * group.astype(np.intp) + label) * width
    return np.bincount(code, minlength=2 * width * n_groups).reshape(n_groups, 2, width)


def at_edge(histogram: IntArray, edges: FloatArray, threshold: float) -> CountTable:
    """The decision table of every group for `score >= threshold`, one of the edges."""
    cut = int(np.searchsorted(edges, threshold, side="right"))
    if cut == 0 or edges[cut - 1] != threshold:
        raise ValueError(f"{threshold} is not an edge of the histogram.")
    below, above = histogram[..., :cut].sum(axis=-1), histogram[..., cut:].sum(axis=-1)
    return CountTable(np.stack((below, above), axis=-1))


def binned_auc(histogram: IntArray) -> FloatArray:
    """Area under the ROC curve of every group, rows of one bin tied, shape (groups,); NaN without both classes.

    Pairs inside a bin count half, so that it is off by at most half the share of pairs that share a bin.
    """
    negative, positive = (histogram[..., side, :].astype(np.float64) for side in (0, 1))
    below = np.cumsum(negative, axis=-1) - negative / 2
    pairs = positive.sum(axis=-1) * negative.sum(axis=-1)
    won = (positive * below).sum(axis=-1)
    area: FloatArray = np.full(pairs.shape, np.nan)
    np.divide(won, pairs, out=area, where=pairs > 0)
    return area
