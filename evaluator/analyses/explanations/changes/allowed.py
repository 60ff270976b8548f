"""Which features may change, to which real values, and what a change costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.effects import is_quantity
from evaluator.plan.change_checks import declared, is_immutable
from evaluator.plan.schema import ColumnPart
from evaluator.statistics.order_statistics import in_order, quantile
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.levels import canonical_codes, find_level
from evaluator.subject.subject import ColumnInfo

NEVER = frozenset({"id", "label", "score", "prediction", "weight", "cluster", "time"})
"""Roles of columns that nobody can change for the sake of a decision."""


@dataclass(frozen=True, slots=True, eq=False)
class Changeable:
    """A feature that may change, with the real values that it may change to.

    Attributes
    ----------
    place : its place in the model's order.
    ordered : whether its values have an order; else every change is as large as any other.
    values : numbers, or codes of levels, ascending and different; shape (d,). `rows` : a row that has each value.
    mass : weight of the rows with each value.
    own : the value of every asked row, NaN where it is missing or infinite; shape (n,).
    usual : weighted median, or the code of the commonest level. `spread` : what a change is measured in.
    way : 1 when it may only rise, -1 when it may only fall, else 0.
    """

    place: int
    ordered: bool
    values: FloatArray
    rows: IntArray
    mass: FloatArray
    own: FloatArray
    usual: float
    spread: float
    way: int

    def cost(self, own: FloatArray, value: FloatArray) -> FloatArray:
        """What it costs to change from one value to another, in parts of the usual spread; shapes broadcast.

        Notes
        -----
        A missing value counts as the usual one, and to fill it in costs at least one spread. For features without an
        order every change costs the same: one over the share of cases that do not have the commonest level.
        """
        if not self.ordered:
            return np.full(np.broadcast(own, value).shape, 1 / self.spread)
        missing = np.isnan(own)
        apart = np.abs(value - np.where(missing, self.usual, own)) / self.spread
        return np.where(missing, np.maximum(apart, 1.0), apart)

    def allows(self, own: FloatArray, value: FloatArray) -> np.ndarray:
        """Whether it is a change, and one in the direction that the plan lets it take."""
        other = np.isnan(own) | (value != own)
        if not self.way:
            return np.asarray(other, dtype=bool)
        return np.asarray(other & ~(self.way * (value - own) < 0), dtype=bool)


def immutable_features(asked: Asked) -> tuple[str, ...]:
    """The features that may not change, in the model's order."""
    return tuple(column.name for column in asked.columns if not _may_change(asked, column))


def changeable(asked: Asked, *, up: bool) -> tuple[Changeable, ...]:
    """The features that may change and have another value to change to.

    Parameters
    ----------
    up : whether a higher score is wanted; a feature that the score must follow may then only go its way.
    """
    found = (_read(asked, place, up) for place, column in enumerate(asked.columns) if _may_change(asked, column))
    return tuple(one for one in found if one is not None)


def _may_change(asked: Asked, column: ColumnInfo) -> bool:
    if column.role in NEVER:
        return False
    return not is_immutable(_part(asked, column), sensitive=column.role == "sensitive")


def _part(asked: Asked, column: ColumnInfo) -> ColumnPart:
    return declared(asked.plan).get(column.name) or ColumnPart()


def _read(asked: Asked, place: int, up: bool) -> Changeable | None:
    part = _part(asked, asked.columns[place])
    own, ordered = _numbers(asked, place, part)
    known = np.flatnonzero(~np.isnan(own))
    values, first, code = np.unique(own[known], return_index=True, return_inverse=True)
    weight = None if asked.weight is None else asked.weight[known]
    mass = np.bincount(code, weights=weight, minlength=values.size).astype(np.float64)
    if values.size == 0 or (values.size == 1 and known.size == own.size):
        return None
    usual, spread = _usual(own[known], mass, values, weight, ordered)
    kept = _inside(values, part, asked.columns[place])
    way = 0 if part.monotone is None or not ordered else 1 if (part.monotone == "increasing") == up else -1
    if not kept.any():
        return None
    return Changeable(place, ordered, values[kept], known[first][kept], mass[kept], own, usual, spread, way)


def _numbers(asked: Asked, place: int, part: ColumnPart) -> tuple[FloatArray, bool]:
    """Values as numbers, NaN where unknown, and whether they have an order."""
    series = asked.frame.iloc[:, place]
    if is_quantity(asked.columns[place]):
        x = series.to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(np.isfinite(x), x, np.nan), True
    coded = canonical_codes(series)
    order = [find_level(level, coded.levels) for level in part.levels] if part.ordered else []
    ranked = {level: rank for rank, level in enumerate(order) if level is not None}
    ordered = bool(coded.levels) and len(ranked) == len(coded.levels)
    ranks = [float(ranked[level]) if ordered else float(at) for at, level in enumerate(coded.levels)]
    # The last entry serves code -1, a missing value.
    return np.array([*ranks, np.nan])[coded.codes], ordered


def _usual(
    x: FloatArray, mass: FloatArray, values: FloatArray, weight: FloatArray | None, ordered: bool
) -> tuple[float, float]:
    """The usual value, and the spread: the median distance from it, or the mean one where most rows have it."""
    if values.size == 1:  # only a missing value can change, by being filled in
        return float(values[0]), 1.0
    if not ordered:
        most = int(np.argmax(mass))
        return float(values[most]), float(1 - mass[most] / mass.sum())
    usual = quantile(in_order(x, weight), 0.5)
    apart = np.abs(x - usual)
    spread = quantile(in_order(apart, weight), 0.5)
    return usual, spread or float(np.average(apart, weights=weight))


def _inside(values: FloatArray, part: ColumnPart, column: ColumnInfo) -> np.ndarray:
    """Which values lie within the plan's bounds, which are those of quantities."""
    if not is_quantity(column):
        return np.ones(values.size, dtype=bool)
    low = -np.inf if part.min is None else part.min
    high = np.inf if part.max is None else part.max
    return np.asarray((values >= low) & (values <= high), dtype=bool)
