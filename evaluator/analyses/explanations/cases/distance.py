"""How alike two cases are: the features that count for the score, each by how far apart its values are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.effects import is_quantity
from evaluator.analyses.explanations.weighting import weighted_means
from evaluator.statistics.order_statistics import in_order, quantile
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream
from evaluator.subject.levels import canonical_codes

PAIRS = 4_000
"""Pairs of cases that tell how far apart two cases usually are."""
TAIL = 0.1
FARTHEST = 1e6
"""Ends of a scaled quantity, so that infinite values can be compared."""
UNUSED = 1e-12
"""A feature whose share in the parts of the score is smaller has no part in it."""


class Measure(NamedTuple):
    """One feature in numbers: a quantity in parts of its spread, NaN where missing, or levels as codes, -1 where missing."""

    values: FloatArray
    quantity: bool

    def apart(self, rows: IntArray | slice, other: FloatArray | float) -> FloatArray:
        """Distance in [0, 1] of rows from other values."""
        values: FloatArray = self.values[rows]
        if not self.quantity:
            other_level: FloatArray = (values != other).astype(np.float64)
            return other_level
        distance: FloatArray = np.minimum(np.abs(values - other), 1.0)
        if not np.isnan(distance).any():
            return distance
        missing = np.isnan(values) & np.isnan(other)
        apart: FloatArray = np.where(missing, 0.0, np.nan_to_num(distance, nan=1.0))
        return apart


def measure(asked: Asked, place: int) -> Measure:
    """The feature at `place` in the model's order.

    Notes
    -----
    A quantity is divided by the distance between its 10th and 90th percentile, so that one far value does not make all
    others alike; by its whole range where those are the same.
    """
    series = asked.frame.iloc[:, place]
    if not (is_quantity(asked.columns[place]) or pd.api.types.is_datetime64_any_dtype(series.dtype)):
        return Measure(canonical_codes(series).codes.astype(np.float64), quantity=False)
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        series = (series - series.min()).dt.total_seconds()
    values = series.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(values)
    if not known.any():
        return Measure(np.where(np.isnan(values), np.nan, np.sign(values) * FARTHEST), quantity=True)
    ordered = in_order(values[known], None if asked.weight is None else asked.weight[known])
    low, middle, high = (quantile(ordered, share) for share in (TAIL, 0.5, 1 - TAIL))
    spread = high - low or float(ordered.values[-1] - ordered.values[0]) or 1.0
    return Measure(np.clip((values - middle) / spread, -FARTHEST, FARTHEST), quantity=True)


@dataclass(frozen=True, eq=False)
class Likeness:
    """Distances between the asked rows.

    Attributes
    ----------
    places : the features that distance is measured by, by their place in the model's order.
    share : how much each counts, adding up to 1; shape (len(places),).
    """

    asked: Asked
    places: tuple[int, ...]
    share: FloatArray

    @property
    def features(self) -> tuple[str, ...]:
        return tuple(self.asked.names[place] for place in self.places)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        return tuple(measure(self.asked, place) for place in self.places)

    def to_case(self, source: IntArray) -> FloatArray:
        """Distance of every asked row from the case whose column j comes from row `source[j]`, in [0, 1]; shape (n,).

        Notes
        -----
        Gower 1971: sum_j share_j d_j. d is the difference of two quantities in parts of their spread, at most 1; for
        levels, and where one value is missing, 0 for the same and 1 for another.
        """
        total = np.zeros(self.asked.n)
        for place, share, one in zip(self.places, self.share, self.measures, strict=True):
            total += share * one.apart(slice(None), float(one.values[source[place]]))
        return total

    def to_row(self, position: int) -> FloatArray:
        """Distance of every asked row from one of them, shape (n,)."""
        return self.to_case(np.full(self.asked.mixer.width, position, dtype=np.int64))

    def between(self, first: IntArray, second: IntArray) -> FloatArray:
        """Distance of each row of `first` from that of `second`."""
        total = np.zeros(first.size)
        for share, one in zip(self.share, self.measures, strict=True):
            total += share * one.apart(first, one.values[second])
        return total

    @cached_property
    def usual(self) -> float:
        """The median distance between two cases of the population, from pairs drawn by weight."""
        rng = stream(self.asked.seed, "explanations/pairs")
        reached = np.cumsum(np.ones(self.asked.n) if self.asked.weight is None else self.asked.weight)
        drawn = np.searchsorted(reached, rng.random((2, PAIRS)) * reached[-1], side="right").clip(max=self.asked.n - 1)
        first, second = drawn[:, drawn[0] != drawn[1]].astype(np.int64)
        return float(np.median(self.between(first, second))) if first.size else 0.0


def likeness(asked: Asked, parts: Contributions | None) -> Likeness:
    """Distances by the features that have a part in the score, each counting by the mean size of its part.

    Without parts, or where no feature has one, all features count the same.
    """
    width = asked.mixer.width
    share = np.zeros(width) if parts is None else weighted_means(np.abs(parts.values), parts.drawn).value
    if not np.isfinite(share).all() or share.sum() <= 0:
        return alike_by(asked, range(width))
    share = share / share.sum()
    places = np.flatnonzero(share > UNUSED)
    return Likeness(asked, tuple(int(place) for place in places), share[places] / share[places].sum())


def alike_by(asked: Asked, places: Iterable[int]) -> Likeness:
    """Distances by the given features, each counting the same."""
    chosen = tuple(places)
    return Likeness(asked, chosen, np.full(len(chosen), 1.0 / max(1, len(chosen))))
