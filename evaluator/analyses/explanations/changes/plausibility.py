"""Whether a changed case looks like a real one: its distance to the nearest real one, against that of real ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.cases.distance import Likeness, Measure
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

POOL = 10_000
"""Real cases among which the nearest is looked for."""
COMPARED = 200
"""Real cases whose own nearest ones tell how far apart real cases are."""
COMPARED_BY_MANY = 50
"""The same when cases are compared by more than `MANY` features."""
MANY = 50
USUAL_SHARE = 0.95


class Nearest(NamedTuple):
    """The nearest real case: its distance in parts of the usual distance of two, its position, and whether real cases
    are as far from each other; `distance` and `plausible` are None where no two cases differ."""

    distance: float | None
    position: int
    plausible: bool | None


class Plausibility:
    """Distances to a pool of real cases, the same for changed and for real ones."""

    def __init__(self, asked: Asked, likeness: Likeness) -> None:
        rng = stream(asked.seed, "explanations/ways out/pool")
        order = rng.permutation(asked.n).astype(np.int64)
        self._likeness, self._pool = likeness, np.sort(order[:POOL])
        self._pooled = tuple(Measure(one.values[self._pool], one.quantity) for one in likeness.measures)
        self._limit = self._real(order[: COMPARED_BY_MANY if len(likeness.places) > MANY else COMPARED])

    def nearest(self, source: IntArray, position: int) -> Nearest:
        """The nearest real case, other than the case itself, to one whose column j comes from row `source[j]`."""
        distance = self._to_pool(source)
        distance[self._pool == position] = np.inf
        best = int(np.argmin(distance))
        usual = self._likeness.usual
        if not usual > 0 or not np.isfinite(distance[best]):
            return Nearest(None, int(self._pool[best]), None)
        plausible = bool(distance[best] <= self._limit) if np.isfinite(self._limit) else None
        return Nearest(float(distance[best]) / usual, int(self._pool[best]), plausible)

    def _real(self, rows: IntArray) -> float:
        """The distance to its nearest that 19 of 20 real cases keep within."""
        width = self._likeness.asked.mixer.width
        nearest = np.zeros(rows.size)
        for at, row in enumerate(rows):
            distance = self._to_pool(np.full(width, row, dtype=np.int64))
            distance[self._pool == row] = np.inf
            nearest[at] = distance.min()
        return float(np.quantile(nearest, USUAL_SHARE)) if rows.size else float("nan")

    def _to_pool(self, source: IntArray) -> FloatArray:
        like = self._likeness
        total = np.zeros(self._pool.size)
        for place, share, one, pooled in zip(like.places, like.share, like.measures, self._pooled, strict=True):
            total += share * pooled.apart(slice(None), float(one.values[source[place]]))
        return total
