"""How groups differ in the data themselves: in their outcomes, and in what is missing about them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.read_features import Feature
from evaluator.analyses.fairness.reveals import groups_of
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.records import MODEL, Population, Trace
from evaluator.statistics.influence import BoolArray, mean
from evaluator.statistics.pairs import Ends, mover_difference, wilson_ends
from evaluator.statistics.quantiles import normal_quantile, t_quantile
from evaluator.statistics.spread import (
    FloatArray,
    IntArray,
    Spread,
    correlation_of,
    effective_n,
    spread_of,
    without_gaps,
)
from evaluator.subject.subject import Partition


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """A group and everyone else, rows of weight zero left out; `member` marks the group, shape (n,)."""

    member: BoolArray
    weight: FloatArray | None
    cluster: IntArray | None

    @property
    def n(self) -> int:
        return int(np.count_nonzero(self.member))

    @property
    def n_rest(self) -> int:
        return self.member.size - self.n


@dataclass(frozen=True, slots=True)
class Apart:
    """A difference, group minus everyone else, with its range; no range where one side is a single cluster."""

    value: float
    low: float
    high: float
    se: float
    method: str


def label_gaps(measured: Measured) -> Iterator[Trace]:
    """Share of positive outcomes, or mean label, of each group minus that of everyone else; several classes have none."""
    subject = measured.subject
    if subject.task == "multiclass":
        return
    label = subject.label.astype(np.float64)
    space = "share" if subject.task == "binary" else "label"
    for partition in measured.attributes:
        groups = list(_sides(measured, partition))
        usable = [_is_usable(measured, sides) for _, sides, _ in groups]
        family = _comparisons(len(groups), sum(usable))
        for (group, sides, rows), enough in zip(groups, usable, strict=True):
            blank = _blank(measured, partition, group, sides)
            blank = replace(blank, kind="label", words="outcome", space=space)
            found = None
            if enough:
                level = 1 - (1 - measured.plan.settings.level) / family
                found = difference(label[rows], sides, level, share=space == "share")
            yield blank if found is None else _filled(blank, found, family, "groups", partition)


def missing_gaps(measured: Measured, features: Sequence[Feature]) -> Iterator[Trace]:
    """Share of missing values of each feature, the group minus everyone else, where the two provably differ."""
    holes = [(feature, feature.missing) for feature in features if not feature.is_text and feature.missing.any()]
    for partition in measured.attributes:
        own = [(feature, mask) for feature, mask in holes if feature.name not in partition.columns]
        every = list(_sides(measured, partition))
        groups = [one for one in every if _is_usable(measured, one[1])]
        family = len(own) * _comparisons(len(every), len(groups))
        for group, sides, rows in groups:
            for feature, mask in own:
                level = 1 - (1 - measured.plan.settings.level) / family
                found = difference(mask[rows].astype(np.float64), sides, level, share=True)
                if found is not None and (found.low > 0 or found.high < 0):
                    blank = replace(
                        _blank(measured, partition, group, sides), kind="missing", feature=feature.name,
                        words=feature.words, space="share",
                    )  # fmt: skip
                    yield _filled(blank, found, family, "groups and features", partition)


def _comparisons(n_groups: int, n_usable: int) -> int:
    """How many comparisons are read together: of two groups alone, each beside the other, both are one."""
    return 1 if n_groups == n_usable == 2 else n_usable


def difference(values: FloatArray, sides: Sides, level: float, *, share: bool) -> Apart | None:
    """Mean of the group minus that of everyone else; None where a side shows no spread to tell by.

    Notes
    -----
    Shares: Newcombe's method 10 (Wilson intervals joined by MOVER), at as many independent rows as each side is worth,
    with the correlation that shared clusters bring where it is negative. Others: t of either side, joined by MOVER.
    """
    parts = [_side(values, sides, side) for side in (sides.member, ~sides.member)]
    (first, own), (second, rest) = parts
    value = first - second
    alone = [_alone(sides, side, rows) for side, rows in ((sides.member, own), (~sides.member, rest))]
    if not all(math.isfinite(spread.se) for spread in alone):
        return None
    correlation = min(0.0, correlation_of(own, rest, sides.cluster)) if sides.cluster is not None else 0.0
    if not share:
        return _of_means(value, alone, correlation, level)
    sizes = [
        _worth(sides, side, spread, found)
        for side, spread, (found, _) in zip((sides.member, ~sides.member), alone, parts, strict=True)
    ]
    shares = [np.array([found]) for found, _ in parts]
    ends = [
        wilson_ends(found, np.array([n]), np.array([_quantile(sides, spread, level)]))
        for found, n, spread in zip(shares, sizes, alone, strict=True)
    ]
    joined: Ends = mover_difference(shares[0], ends[0], shares[1], ends[1], np.array([correlation]))
    plain = sides.cluster is None and sides.weight is None
    method = "newcombe" if plain else "newcombe_effective"
    se = spread_of(own - rest, sides.cluster).se
    return Apart(value, float(joined.low[0]), float(joined.high[0]), se, method)


def _quantile(sides: Sides, alone: Spread, level: float) -> float:
    """Few clusters on one side make that side's range wider, however many there are on the other."""
    return normal_quantile(level) if sides.cluster is None else t_quantile(level, alone.df)


def _of_means(value: float, alone: Sequence[Spread], correlation: float, level: float) -> Apart | None:
    """Each side's t interval, with its own degrees of freedom, joined by MOVER."""
    first, second = (spread.se for spread in alone)
    far, farther = (t_quantile(level, spread.df) * spread.se for spread in alone)
    se, half = (
        math.sqrt(max(0.0, a * a + b * b - 2 * correlation * a * b)) for a, b in ((first, second), (far, farther))
    )
    return Apart(value, value - half, value + half, se, "t") if se > 0 else None


def _alone(sides: Sides, side: BoolArray, rows: FloatArray) -> Spread:
    """How uncertain the mean of one side is; not known where all its rows are of one cluster."""
    return spread_of(rows[side], None if sides.cluster is None else without_gaps(sides.cluster[side]))


def _side(values: FloatArray, sides: Sides, side: BoolArray) -> tuple[float, FloatArray]:
    """Mean of one side and every row's influence on it, zero outside."""
    found = mean(values[side], None if sides.weight is None else sides.weight[side])
    rows = np.zeros(side.size)
    rows[side] = found.rows
    return found.value, rows


def _worth(sides: Sides, side: BoolArray, spread: Spread, share: float) -> float:
    """Independent rows of equal weight that would know the share as well; where nothing varies, one per cluster."""
    n = float(np.count_nonzero(side))
    weighted = n if sides.weight is None else effective_n(sides.weight[side])
    if sides.cluster is None and sides.weight is None:
        return n
    if spread.se > 0:
        return max(1.0, min(n, share * (1 - share) / spread.se**2))
    if sides.cluster is None:
        return weighted
    sizes = np.bincount(sides.cluster[side])
    return max(1.0, min(weighted, n * n / float(np.dot(sizes, sizes))))


def _sides(measured: Measured, partition: Partition) -> Iterator[tuple[Population, Sides, IntArray]]:
    """Every group against everyone else, also those whose group is not known, with the positions of the rows that count."""
    subject = measured.subject
    group = groups_of(subject, partition)
    rows = np.arange(subject.n) if subject.weight is None else np.flatnonzero(subject.weight > 0)
    weight = None if subject.weight is None else subject.weight[rows]
    cluster = None if subject.cluster is None else without_gaps(subject.cluster[rows])
    for number, name in enumerate(partition.groups):
        found = subject.find_rows(name)
        if found is not None:
            yield found.population, Sides(group[rows] == number, weight, cluster), rows


def _is_usable(measured: Measured, sides: Sides) -> bool:
    return min(sides.n, sides.n_rest) >= max(measured.plan.data.min_group, MIN_RELEVANT)


def _blank(measured: Measured, partition: Partition, group: Population, sides: Sides) -> Trace:
    return Trace(
        kind="label", subject=MODEL, attribute=partition.attribute, population_id=group.population_id, feature="",
        words="", value=None, low=None, high=None, se=None, level=measured.plan.settings.level, method="none", family="",
        family_size=0, space="share", n=sides.n, n_rest=sides.n_rest, proven=False, status="too_few",
        reason="too few cases on one side",
    )  # fmt: skip


def _filled(blank: Trace, found: Apart, family: int, of: str, partition: Partition) -> Trace:
    words = f"all {family} {of} by {partition.by}" if family > 1 else f"the one pair by {partition.by}"
    return replace(
        blank, value=found.value, low=found.low, high=found.high, se=found.se, method=found.method, family=words,
        family_size=family, proven=found.low > 0 or found.high < 0, status="ok", reason="",
    )  # fmt: skip
