"""Which features move together, pair by pair, and the sets that they make up."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.levels import canonical_codes

TOGETHER = 0.7
"""Association from which two features are said to move together: the same for every kind of feature."""
MOST_LEVELS = 30
"""Levels told apart, those of the most rows; the others count as one."""
FEWEST_ROWS = 30
"""Rows that have both values, below which nothing is said of a pair."""
MOST_CELLS = 20_000_000

Set = tuple[int, ...]
"""Positions of features in the model's order, ascending."""


def associations(asked: Asked, drawn: Drawn) -> FloatArray:
    """How closely each two features move together, shape (k, k): 0 not at all, 1 when one tells the other.

    Notes
    -----
    Two ordered features: size of the rank correlation, over rows that have both values. An ordered feature and levels:
    root of epsilon squared of its ranks, the correlation ratio corrected for the number of levels (Kelley 1935). Two
    features with levels: Cramer's V, corrected so that independence gives 0 on average (phi squared minus
    (r - 1)(c - 1)/(n - 1), over what a perfect table has left). A missing value is a level of its own.
    """
    ordered = np.array([_is_ordered(asked, place) for place in range(asked.mixer.width)])
    levels = [_levels(asked, int(place), drawn.index) for place in np.flatnonzero(~ordered)]
    rows = _rows_within(drawn.n, sum(int(codes.max()) + 1 for codes in levels))
    ranks = _ranks(asked, np.flatnonzero(ordered), drawn.index[rows])
    blocks = _Blocks.of([codes[rows] for codes in levels], rows.size)
    found = np.zeros((ordered.size, ordered.size))
    found[np.ix_(ordered, ordered)] = _of_ranks(ranks)
    found[np.ix_(~ordered, ordered)] = _of_levels_and_ranks(blocks, ranks)
    found[np.ix_(ordered, ~ordered)] = found[np.ix_(~ordered, ordered)].T
    found[np.ix_(~ordered, ~ordered)] = _of_levels(blocks)
    np.fill_diagonal(found, 1.0)
    return found


def moving_with(asked: Asked, association: FloatArray) -> tuple[tuple[str, ...], ...]:
    """For each feature, the names of the others that move together with it."""
    close = association >= TOGETHER
    np.fill_diagonal(close, False)
    names = np.array(asked.names, dtype=object)
    return tuple(tuple(names[row]) for row in close)


def sets_of(association: FloatArray) -> tuple[Set, ...]:
    """Every feature in one set, sets in the order of their first feature.

    Notes
    -----
    Average linkage: two sets are joined while their features are associated by `TOGETHER` or more on average over all
    pairs, so that a set is no chain of features whose ends have nothing in common.
    """
    if len(association) < 2:
        return tuple((place,) for place in range(len(association)))
    apart = squareform(1 - (association + association.T) / 2, checks=False)
    group = fcluster(linkage(apart.clip(min=0.0), "average"), 1 - TOGETHER + 1e-12, "distance")
    first = dict.fromkeys(group.tolist())
    return tuple(tuple(np.flatnonzero(group == number).tolist()) for number in first)


class _Blocks(NamedTuple):
    """Features with levels as indicators side by side, shape (n, levels).

    `start` is the first column of each feature, `column` that of each row's level, shape (n, k).
    """

    shown: FloatArray
    start: IntArray
    column: IntArray

    @classmethod
    def of(cls, columns: list[IntArray], n: int) -> _Blocks:
        if not columns:
            return cls(np.zeros((n, 0)), np.zeros(0, dtype=np.int64), np.zeros((n, 0), dtype=np.int64))
        columns = [np.unique(codes, return_inverse=True)[1] for codes in columns]
        sizes = [int(codes.max()) + 1 for codes in columns]
        start = (np.cumsum(sizes) - sizes).astype(np.int64)
        shown = np.zeros((n, sum(sizes)))
        column = start + np.stack(columns, axis=1).astype(np.int64)
        np.put_along_axis(shown, column, 1.0, axis=1)
        return cls(shown, start, column)

    def sums(self, values: FloatArray) -> FloatArray:
        """Sums over the levels of each feature, along the first axis."""
        sums: FloatArray = np.add.reduceat(values, self.start, axis=0)
        return sums


def _is_ordered(asked: Asked, place: int) -> bool:
    dtype = asked.frame.iloc[:, place].dtype
    if asked.columns[place].type not in ("number", "boolean", "time"):
        return False
    return bool(pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype))


def _levels(asked: Asked, place: int, index: IntArray) -> IntArray:
    """Codes of the levels of the most rows, then one for the others; a missing value is a level."""
    codes = canonical_codes(asked.frame.iloc[index, place]).codes + 1
    common = np.argsort(-np.bincount(codes), kind="stable")[:MOST_LEVELS]
    place_of = np.full(int(codes.max(initial=0)) + 1, common.size)
    place_of[common] = np.arange(common.size)
    return place_of[codes].astype(np.int64)


def _rows_within(n: int, levels: int) -> IntArray:
    """Rows spread over all, as many as can be looked at when there are so many levels."""
    size = min(n, MOST_CELLS // max(levels, 1))
    return np.linspace(0, n - 1, size).astype(np.int64)


def _ranks(asked: Asked, places: IntArray, index: IntArray) -> FloatArray:
    """Ranks of ordered features, centred; not a number without a value. Shape (n, k)."""
    columns = [asked.frame.iloc[index, place].rank().to_numpy(np.float64, na_value=np.nan) for place in places]
    ranks = np.stack(columns, axis=1) if columns else np.zeros((index.size, 0))
    known = np.isfinite(ranks)
    mean = np.where(known, ranks, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    centred: FloatArray = ranks - mean
    return centred


def _of_ranks(ranks: FloatArray) -> FloatArray:
    known = np.isfinite(ranks).astype(np.float64)
    x = np.where(known > 0, ranks, 0.0)
    n = known.T @ known
    first = x.T @ known
    share = np.where(n > 0, n, 1.0)
    variance = (x * x).T @ known - first**2 / share
    spread = np.sqrt((variance * variance.T).clip(min=0.0))
    apart = x.T @ x - first * first.T / share
    usable = (n >= FEWEST_ROWS) & (spread > 0)
    size = np.abs(apart) / np.where(spread > 0, spread, 1.0)
    found: FloatArray = np.where(usable, size, 0.0).clip(max=1.0)
    return found


def _of_levels_and_ranks(blocks: _Blocks, ranks: FloatArray) -> FloatArray:
    """Shape (features with levels, ordered features)."""
    if not blocks.start.size or not ranks.shape[1]:
        return np.zeros((blocks.start.size, ranks.shape[1]))
    known = np.isfinite(ranks).astype(np.float64)
    x = np.where(known > 0, ranks, 0.0)
    count, total = blocks.shown.T @ known, blocks.shown.T @ x
    n, levels = known.sum(axis=0), blocks.sums((count > 0).astype(np.float64))
    between = blocks.sums(total**2 / np.where(count > 0, count, 1.0))
    spread = (x * x).sum(axis=0)
    ratio = between / np.where(spread > 0, spread, 1.0)
    left = np.where(n > levels, (n - 1) / np.where(n > levels, n - levels, 1.0), np.inf)
    with np.errstate(invalid="ignore"):
        corrected = 1 - (1 - ratio) * left
    usable = (n >= FEWEST_ROWS) & (spread > 0) & (levels > 1) & np.isfinite(corrected)
    found: FloatArray = np.sqrt(np.where(usable, corrected, 0.0).clip(0.0, 1.0))
    return found


def _of_levels(blocks: _Blocks) -> FloatArray:
    k, n = blocks.start.size, len(blocks.shown)
    if k == 0 or n < FEWEST_ROWS:
        return np.zeros((k, k))
    count = blocks.shown.sum(axis=0)
    phi = np.stack([_phi(blocks, count, place) for place in range(k)])
    free = np.diff(np.append(blocks.start, count.size)) - 1.0
    chance = np.outer(free, free) / (n - 1)
    room = np.minimum(free[:, None], free[None, :]) - chance
    corrected = np.where(room > 0, (phi - chance) / np.where(room > 0, room, 1.0), 0.0)
    found: FloatArray = np.sqrt(corrected.clip(0.0, 1.0))
    return found


def _phi(blocks: _Blocks, count: FloatArray, place: int) -> FloatArray:
    """Phi squared of one feature with each, shape (k,); the tables of all pairs at once would take too much memory."""
    own = blocks.column[:, place] - blocks.start[place]
    levels = int(own.max()) + 1
    cells = np.bincount((own[:, None] * count.size + blocks.column).ravel(), minlength=levels * count.size)
    table = cells.reshape(levels, count.size).astype(np.float64) ** 2
    first = blocks.start[place]
    share = (table / count[first : first + levels, None]).sum(axis=0) / count
    phi: FloatArray = blocks.sums(share) - 1
    return phi
