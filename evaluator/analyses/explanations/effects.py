"""What one feature does to the score, all else as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.weighting import weighted_means
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.levels import canonical_codes
from evaluator.subject.subject import ColumnInfo

BINS = 20
MOST_LEVELS = 12
"""Levels shown, those of the most rows."""
OUTERMOST = 10
"""A curve begins at the tenth lowest row and ends at the tenth highest, so that its ends are no single row's value."""
FEWEST_OF_BIN = 5
"""A bin needs a few rows to show how much its rows differ."""


class Place(NamedTuple):
    """Where a point of a curve stands: a number, or a level with its label."""

    x: float | None
    level: str
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Accumulated local effects at the edges of bins, or mean scores by level, centred; every array has shape (m,).

    `at` are the edges, None for levels; `levels` their spellings. `n` counts rows of the population and `share` their
    weight: by level, or since the edge before.
    """

    column: ColumnInfo
    at: FloatArray | None
    levels: tuple[str, ...]
    y: FloatArray
    se: FloatArray
    df: float
    n: IntArray
    share: FloatArray

    def place(self, position: int) -> Place:
        """Where a point stands."""
        if self.at is not None:
            return Place(float(self.at[position]), "", "")
        level = self.levels[position]
        labels: Mapping[str, str] = dict(self.column.levels)
        return Place(None, level, labels.get(level, level))

    def is_thin(self, position: int, fewest: int) -> bool:
        """Whether a point rests on fewer than `fewest` rows; the first edge of a quantity goes with the bin after it."""
        first = self.at is not None and position == 0
        return bool(self.n[1 if first else position] < fewest)

    @property
    def weights(self) -> FloatArray:
        """How much each point counts for the mean of a curve over the population, shape (m,), adding up to 1.

        Between two edges a curve is a straight line, so that each of them counts for half of a bin.
        """
        weight = self.share if self.at is None else (self.share + np.append(self.share[1:], 0.0)) / 2
        found: FloatArray = weight / weight.sum()
        return found


def questions_per_row(asked: Asked) -> int:
    """At most so often the model is asked about each row."""
    return sum(2 if is_quantity(column) else MOST_LEVELS for column in asked.columns)


def is_quantity(column: ColumnInfo) -> bool:
    """Whether a feature is a number; others have levels."""
    return column.type == "number"


def curve_of(asked: Asked, place: int, drawn: Drawn) -> Curve | None:
    """The effect of the feature at `place` in the model's order; None when it does not vary."""
    column = asked.columns[place]
    return _quantity(asked, place, drawn) if is_quantity(column) else _levels(asked, place, drawn)


def _quantity(asked: Asked, place: int, drawn: Drawn) -> Curve | None:
    """Accumulated local effects.

    Notes
    -----
    For each row the model is asked about both edges of the bin its value lies in; the mean differences of the bins are
    added up from the left, and the curve is moved so that its mean over the rows is zero. Each point is then a sum of
    bin means with known factors, from which follows each row's influence on it and the standard error, clusters
    included. Rows without a value take no part. Bins with too few drawn rows to show a spread join their neighbours.
    Rows beyond the first and the last edge (`OUTERMOST`) belong to the bins at the ends.
    """
    x = asked.frame.iloc[:, place].to_numpy(dtype=np.float64, na_value=np.nan)
    drawn = among(drawn, np.isfinite(x[drawn.index]))
    edges = _filled(_edges(x), x, drawn)
    if edges.size < 2:
        return None
    at, all_bins = x[edges], _bins(x, x[edges])
    bins = all_bins[drawn.index]
    local = asked.mixer.replaced(drawn.index, place, edges[bins + 1]) - asked.mixer.replaced(
        drawn.index, place, edges[bins]
    )
    n, share = _counts(all_bins, asked.weight, edges.size - 1)
    y, se, df = _accumulated(local, bins, drawn, share)
    first = np.zeros(1)
    return Curve(
        asked.columns[place], at, (), y, se, df, np.concatenate([[0], n]).astype(np.int64),
        np.concatenate([first, share]),
    )  # fmt: skip


def _edges(x: FloatArray) -> IntArray:
    """Positions of rows whose values cut the data into bins of equal size, ascending, no value twice.

    The first and the last are the tenth from either end; of few rows, a quarter of them.
    """
    known = np.flatnonzero(np.isfinite(x))
    if known.size == 0:
        return known
    order = known[np.argsort(x[known], kind="stable")]
    outside = min(OUTERMOST - 1, order.size // 4)
    places = np.rint(np.linspace(outside, order.size - 1 - outside, BINS + 1)).astype(np.int64)
    chosen = order[places]
    return chosen[np.unique(x[chosen], return_index=True)[1]].astype(np.int64)


def _bins(x: FloatArray, at: FloatArray) -> IntArray:
    """Bin of each row, open at the left except for the first; -1 without a value."""
    found = np.searchsorted(at, x, side="left").clip(1, at.size - 1) - 1
    return np.where(np.isfinite(x), found, -1)


def _filled(edges: IntArray, x: FloatArray, drawn: Drawn) -> IntArray:
    """The edges without those between bins of too few drawn rows; one bin where all rows are few, none for a single row."""
    if edges.size < 2:
        return edges
    count = np.bincount(_bins(x[drawn.index], x[edges]), minlength=edges.size - 1)
    kept, gathered = [0], 0
    for place, rows in enumerate(count, start=1):
        gathered += int(rows)
        if gathered >= FEWEST_OF_BIN:
            kept.append(place)
            gathered = 0
    if len(kept) == 1 and gathered >= 2:
        kept.append(0)
    if len(kept) > 1:
        kept[-1] = count.size
    return edges[kept]


def among(drawn: Drawn, kept: NDArray[np.bool_]) -> Drawn:
    """Some of the drawn rows, `kept` of shape (n,), as drawn from all of the population that are like them."""
    cluster = None if drawn.cluster is None else drawn.cluster[kept]
    taken = np.maximum(np.bincount(drawn.stratum[kept], minlength=drawn.size.size), 1)
    size = np.rint(drawn.size * taken / drawn.taken).astype(np.int64)
    return Drawn(drawn.index[kept], drawn.own[kept], drawn.stratum[kept], size, taken, cluster)


def _counts(code: IntArray, weight: FloatArray | None, size: int) -> tuple[IntArray, FloatArray]:
    known = code >= 0
    n = np.bincount(code[known], minlength=size)
    mass = n if weight is None else np.bincount(code[known], weights=weight[known], minlength=size)
    return n.astype(np.int64), mass / mass.sum()


def _accumulated(
    local: FloatArray, bins: IntArray, drawn: Drawn, share: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    """Heights at the edges, their standard errors and degrees of freedom.

    Notes
    -----
    The residuals of a bin of n rows are those from its own mean, so that their squares fall short by (n - 1)/n. A point
    may rest on few bins, so degrees of freedom are Satterthwaite's, (sum v)^2 / sum v^2/(n - 1) over the variances v that
    bins add to it, those of the point with the fewest. Clusters go across bins and keep what `weighted_means` says.
    """
    weight = drawn.weight
    mass = np.bincount(bins, weights=weight, minlength=share.size)
    mean = np.bincount(bins, weights=weight * local, minlength=share.size) / np.where(mass > 0, mass, 1.0)
    factors = _factors(share)
    # Each row's part of a point, such that their weighted mean is the point and its spread that of the bin means.
    residual = (local - mean[bins]) * weight.sum() / mass[bins]
    if drawn.cluster is not None:
        spread = weighted_means(factors[:, bins].T * residual[:, None], drawn)
        return factors @ mean, spread.se, spread.df
    count = np.bincount(bins, minlength=share.size)
    residual *= np.sqrt(count / np.maximum(count - 1, 1))[bins]
    spread = weighted_means(factors[:, bins].T * residual[:, None], drawn)
    parts = factors**2 * np.bincount(bins, weights=(weight * residual) ** 2, minlength=share.size)
    return factors @ mean, spread.se, _degrees(parts, count)


def _degrees(parts: FloatArray, count: IntArray) -> float:
    """The fewest degrees of freedom of any point, from the variance that each bin adds to each, shape (points, bins)."""
    free = np.maximum(count - 1, 1)
    total, most = parts.sum(axis=1), parts.max(axis=1, initial=0.0)
    varies = most > 0
    if not varies.any():
        return float(free.sum())
    relative = parts[varies] / most[varies, None]
    found: float = ((total[varies] / most[varies]) ** 2 / (relative**2 / free).sum(axis=1)).min()
    return float(found)


def _factors(share: FloatArray) -> FloatArray:
    """How much each bin's mean counts for each centred point, shape (bins + 1, bins)."""
    size = share.size
    reached = np.tril(np.ones((size + 1, size)), -1)
    middle = (reached[1:] + reached[:-1]) / 2
    factors: FloatArray = reached - share @ middle
    return factors


def _levels(asked: Asked, place: int, drawn: Drawn) -> Curve | None:
    """Mean score when every row had the level, minus the mean over levels as often as they occur."""
    coded = canonical_codes(asked.frame.iloc[:, place])
    n, share = _counts(coded.codes.astype(np.int64), asked.weight, len(coded.levels)) if coded.levels else (None, None)
    if n is None or share is None or np.count_nonzero(n) < 2:
        return None
    shown = _most_common(n)
    source = [np.flatnonzero(coded.codes == code)[0] for code in shown]
    answers = np.stack(
        [asked.mixer.replaced(drawn.index, place, np.full(drawn.n, row, dtype=np.int64)) for row in source], axis=1
    )
    centred = answers - (answers @ (share[shown] / share[shown].sum()))[:, None]
    found = weighted_means(centred, drawn)
    levels = tuple(coded.levels[code] for code in shown)
    return Curve(asked.columns[place], None, levels, found.value, found.se, found.df, n[shown], share[shown])


def _most_common(n: IntArray) -> NDArray[np.intp]:
    """The levels of the most rows, in their own order."""
    return np.sort(np.argsort(-n, kind="stable")[: min(MOST_LEVELS, np.count_nonzero(n))])
