"""Rows drawn again as histograms: each group's rows by outcome, between the cut-offs that a draw could choose.

What a cut-off gives depends on the rows through the counts above it alone. So the rows between two cut-offs that are
kept are one cell, and a replicate is one number per cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from evaluator.statistics.group_thresholds import PRECISION, RATES, Curve, Today, rates_of
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.resampling.hashing import THRESHOLDS, keys, mix, seed_of
from evaluator.statistics.resampling.lanes import GOLDEN, LANES
from evaluator.statistics.spread import FloatArray, IntArray, effective_n
from evaluator.statistics.streams import stream

REPLICATES = 512
"""A standard error from so many draws is off by 3 in 100."""
PURPOSE = "group thresholds"
REACH = 5.0
"""Standard errors on both sides of a chosen cut-off within which draws can choose another one."""
MOST_CUTS = 1024
"""Cut-offs kept for one goal, over all groups."""
CUTS_NEARBY = (12, 64)
"""Fewest and most cut-offs kept around a chosen one."""
EVERYWHERE = 48
"""Cut-offs kept over the whole range of scores."""

Drawn = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """`kept` are the cuts that are kept of each group; the cells of a group start at its place in `starts`."""

    kept: tuple[IntArray, ...]
    starts: IntArray

    @property
    def cells(self) -> int:
        """Cells of all groups, and four for the rows that keep today's threshold."""
        return int(self.starts[-1]) + 4


def grid_of(today: Today, cuts: Mapping[int, IntArray], worth: FloatArray) -> Grid:
    """The cuts that draws of the rows could choose.

    Parameters
    ----------
    cuts : the chosen cuts, shape (k,), by position of the rate.
    worth : independent rows that a row of each group is worth, at most 1, shape (k,).
    """
    fewest, most = CUTS_NEARBY
    nearby = min(most, max(fewest, MOST_CUTS // max(1, len(today.curves))))
    kept = []
    for position, curve in enumerate(today.curves):
        chosen = {rate: int(found[position]) for rate, found in cuts.items() if found[position] >= 0}
        kept.append(_kept(curve, chosen, float(worth[position]), nearby))
    sizes = [2 * (cuts.size - 1) for cuts in kept]
    return Grid(tuple(kept), np.concatenate(([0], np.cumsum(sizes))).astype(np.int64))


def _kept(curve: Curve, chosen: Mapping[int, int], worth: float, nearby: int) -> IntArray:
    last = curve.score.size
    if last + 1 <= nearby * len(RATES):
        return np.arange(last + 1, dtype=np.int64)
    everywhere = np.searchsorted(-curve.place, -np.linspace(1, 0, EVERYWHERE))
    places = [np.array([0, last, curve.today]), np.minimum(everywhere, last), _around(curve.today, curve.today, last)]
    for rate, cut in chosen.items():
        low, high = _window(curve, rate, cut, worth)
        places += [np.linspace(low, high, nearby).round(), _around(low, cut, high), np.array([cut])]
    return np.unique(np.concatenate(places)).astype(np.int64)


def _around(low: int, cut: int, high: int) -> FloatArray:
    """The cuts next to a chosen one."""
    return np.array([max(cut - 1, min(low, cut)), min(cut + 1, max(high, cut))], dtype=np.float64)


def _window(curve: Curve, rate: int, cut: int, worth: float) -> tuple[int, int]:
    """First and last of the cuts around a chosen one whose rate lies within reach of chance."""
    cells = np.stack(
        [curve.positive, curve.negative, *(np.full(curve.positive.size, part[0]) for part in (curve.positive, curve.negative))],
        axis=-1,
    )  # fmt: skip
    rates = rates_of(cells)[:, rate]
    share = curve.positive[0] / (curve.positive[0] + curve.negative[0])
    among = {0: share, 1: 1 - share, PRECISION: float(curve.place[cut])}.get(rate, 1.0)
    reach = REACH * 0.5 / np.sqrt(max(1.0, among * curve.n * worth))
    outside = ~(np.abs(rates - rates[cut]) <= reach)
    below, above = np.flatnonzero(outside[:cut]), np.flatnonzero(outside[cut:])
    return int(below[-1]) if below.size else 0, int(cut + above[0]) if above.size else rates.size - 1


def cell_of_rows(
    today: Today, grid: Grid, group: IntArray, label: BoolArray, score: FloatArray, decision: BoolArray
) -> IntArray:
    """The cell of every row, shape (n,); `group` is its position among the groups, or -1 for rows left as they are."""
    code: IntArray = grid.starts[-1] + 2 * label.astype(np.int64) + decision.astype(np.int64)
    for position, (curve, kept) in enumerate(zip(today.curves, grid.kept, strict=True)):
        inside = group == position
        edges = curve.score[kept[:-1]]
        between = np.searchsorted(edges, score[inside], side="right") - 1
        code[inside] = grid.starts[position] + 2 * between + label[inside]
    return code


def draw_cells(
    codes: Mapping[str, IntArray], cells: Mapping[str, int], *, seed: int,
    weight: FloatArray | None = None, cluster: IntArray | None = None, replicates: int = REPLICATES,
) -> dict[str, Drawn]:  # fmt: skip
    """What each cell holds when the rows are drawn again, shape (replicates, cells) for every attribute.

    Parameters
    ----------
    codes, cells : cell of every row, and how many cells there are, by attribute.
    seed : with the attribute, or the number of the unit, the key of all draws.
    cluster : rows that share a number are drawn together.

    Notes
    -----
    Poisson bootstrap: every unit is drawn a Poisson(1) number of times. The rows of a cell that are units of their own
    and weigh alike come to a Poisson number with their count as mean; else each unit's draws are a hash of its number
    (`resampling.hashing`), the same for all attributes.
    """
    if weight is None and cluster is None:
        return {name: _counted(code, cells[name], seed, name, replicates) for name, code in codes.items()}
    n = next(iter(codes.values())).size if codes else 0
    number = np.arange(n) if cluster is None else np.unique(cluster, return_inverse=True)[1]
    units = int(number.max(initial=-1)) + 1
    weights = np.ones(n) if weight is None else weight
    tables = {
        name: sparse.csr_matrix((weights, (code, number)), shape=(cells[name], units)) for name, code in codes.items()
    }
    found = {name: np.empty((replicates, cells[name]), dtype=np.float32) for name in codes}
    for first in range(0, replicates, LANES):
        times = _times(units, first, seed)
        for name, table in tables.items():
            found[name][first : first + LANES] = (table @ times).T[: replicates - first]
    return found


def _counted(code: IntArray, cells: int, seed: int, name: str, replicates: int) -> Drawn:
    counts = np.bincount(code, minlength=cells)
    return stream(seed, PURPOSE, name).poisson(counts, size=(replicates, cells)).astype(np.float32)


_TIMES = np.searchsorted(np.array(THRESHOLDS), np.arange(2**16), side="right").astype(np.float32)
"""How often a unit is drawn, by its 16 bits; the law of `resampling.hashing`."""


def _times(units: int, first: int, seed: int) -> Drawn:
    """The draws of 64 replicates, shape (units, 64): those of `resampling.hashing.drawn`, from a table."""
    unit = np.arange(units, dtype=np.uint32)[:, np.newaxis] * np.uint32(GOLDEN)
    bits = mix(unit ^ keys(first, seed_of(seed, PURPOSE)))
    return np.concatenate((_TIMES[bits & np.uint32(0xFFFF)], _TIMES[bits >> np.uint32(16)]), axis=1)


def selected_by(drawn: Drawn, grid: Grid, position: int) -> tuple[FloatArray, FloatArray]:
    """Positive and negative weight that every kept cut of a group selects, shape (replicates, cuts) each."""
    start, end = grid.starts[position], grid.starts[position + 1]
    both = drawn[:, start:end].astype(np.float64)
    return _from_the_top(both[:, 1::2]), _from_the_top(both[:, 0::2])


def _from_the_top(steps: FloatArray) -> FloatArray:
    sums = np.zeros((steps.shape[0], steps.shape[1] + 1))
    np.cumsum(steps[:, ::-1], axis=1, out=sums[:, -2::-1])
    return sums


def rest_of(drawn: Drawn, grid: Grid) -> FloatArray:
    """The cells (TP, FP, positives, negatives) of the rows left as they are, shape (replicates, 4)."""
    tn, fp, fn, tp = drawn[:, grid.starts[-1] :].astype(np.float64).T
    return np.stack((tp, fp, fn + tp, tn + fp), axis=-1)


def row_worth(weight: Sequence[FloatArray] | None, clusters: Sequence[IntArray] | None, k: int) -> FloatArray:
    """Independent rows that a row of each group is worth at least, shape (k,): Kish's size, and that of its clusters."""
    worth = np.ones(k)
    for position in range(k):
        if weight is not None:
            w = weight[position]
            worth[position] *= effective_n(w) / w.size
        if clusters is not None:
            sizes = np.unique(clusters[position], return_counts=True)[1].astype(np.float64)
            worth[position] *= effective_n(sizes) / float(sizes.sum())
    return worth
