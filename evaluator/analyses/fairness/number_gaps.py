"""Groups by the mean of a predicted number's errors: best guesses, and every group against the best and everyone else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.group_gaps import ALONE, BEST, FEW_OTHERS, Levels, best_of
from evaluator.analyses.fairness.grouped import ONE_CLUSTER, group_codes
from evaluator.analyses.fairness.judged import DISTANCES
from evaluator.catalogue.metrics import METRICS
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.influences import influence_of
from evaluator.metrics.measurement import few_reason
from evaluator.metrics.number_rows import NumberRows
from evaluator.records import GroupGap
from evaluator.statistics import intervals
from evaluator.statistics.pairs import Ends, mover_difference
from evaluator.statistics.shared_clusters import SharedClusters, correlation_to_use
from evaluator.statistics.spread import FloatArray, IntArray, Spread, skewness_of, spread_of
from evaluator.subject.subject import Partition

UNKNOWN = Spread(math.nan, 1.0, None, 1.0)
STILL = "Nothing varies, so that nothing shows how far chance reaches."


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One mean on one set of rows; `why` says why it cannot take part, '' where it can."""

    n: int
    why: str
    value: float = 0.0
    spread: Spread = UNKNOWN
    skewness: float = 0.0
    influence: FloatArray | None = None
    cluster: IntArray | None = None

    def ends(self, level: float) -> tuple[float, float]:
        """The farther ends of t and of its correction for skewness, as the mean itself is measured."""
        plain = intervals.t_interval(self.value, self.spread, level)
        skewed = intervals.skewed_interval(self.value, self.spread, self.skewness, level)
        found = intervals.farther_ends(plain, skewed, method="t_and_hall")
        assert found.low is not None
        assert found.high is not None
        return found.low, found.high


@dataclass(frozen=True, slots=True)
class Sides:
    """One mean for every group of a partition and for everyone else."""

    metric: str
    groups: tuple[Side, ...]
    rests: tuple[Side, ...]


def sides_of(seen: Seen, partition: Partition) -> tuple[Sides, ...]:
    """Every mean of errors for the groups of a partition; none where no number is predicted."""
    rows = seen.rows
    if not isinstance(rows, NumberRows):
        return ()
    code = group_codes(partition, seen.subject)
    inside = [rows.take(np.flatnonzero(code == position)).with_weight() for position in range(len(partition.groups))]
    outside = [
        rows.take(np.flatnonzero((code >= 0) & (code != position))).with_weight()
        for position in range(len(partition.groups))
    ]
    fewest = seen.plan.data.min_group
    return tuple(
        Sides(
            metric,
            *(tuple(_side(metric, part, fewest) for part in parts) for parts in (inside, outside)),
        )
        for metric in DISTANCES
    )


def _side(metric: str, rows: NumberRows, fewest: int) -> Side:
    if rows.n < max(fewest, MIN_RELEVANT):
        return Side(rows.n, few_reason(METRICS[metric], rows.n, rows.n, fewest))
    found = influence_of(metric, rows)
    assert found is not None
    spread = spread_of(found.rows, rows.real_clusters)
    if spread.n_clusters == 1:
        return Side(rows.n, ONE_CLUSTER)
    if not spread.se > 1e-12 * max(1e-300, abs(found.value)):
        return Side(rows.n, STILL)
    skewness = skewness_of(found.rows, rows.real_clusters)
    return Side(rows.n, "", found.value, spread, skewness, found.rows, rows.cluster)


def number_gaps(seen: Seen, partition: Partition, sides: Sides, gaps: Levels) -> tuple[GroupGap, ...]:
    """Every group against the best one and against everyone else."""
    return (*_against_best(seen, partition, sides, gaps), *_against_rest(seen, partition, sides))


def _against_best(seen: Seen, partition: Partition, sides: Sides, gaps: Levels) -> list[GroupGap]:
    usable = [position for position, side in enumerate(sides.groups) if not side.why]
    values = np.array([sides.groups[position].value for position in usable])
    best = usable[best_of(sides.metric, values)] if len(usable) > 1 else -1
    pairs = max(1, len(usable) * (len(usable) - 1) // 2)
    key = (sides.metric, seen.class_, seen.name, partition.attribute, "difference")
    known = gaps.get(key)
    level = 1 - (1 - seen.plan.settings.level) / pairs
    if known is not None and known.pair_level is not None:
        level = known.pair_level
    words = "the one pair of groups" if pairs == 1 else f"all {pairs} pairs of groups"
    rows = []
    for position, side in enumerate(sides.groups):
        row = _blank(seen, partition, position, side, sides.metric)
        row = replace(row, against="best", family=f"{words} by {partition.by}", family_size=pairs)
        row = replace(row, against_id=partition.groups[best] if best >= 0 else "")
        if side.why or best < 0:
            rows.append(replace(row, status="too_few", reason=side.why or ALONE, method="none"))
        elif position == best:
            rows.append(replace(row, status="not_applicable", reason=BEST, method="none"))
        else:
            rows.append(_compared(row, side, sides.groups[best], level))
    return rows


def _against_rest(seen: Seen, partition: Partition, sides: Sides) -> list[GroupGap]:
    reasons = [
        side.why or (FEW_OTHERS if other.why else "") for side, other in zip(sides.groups, sides.rests, strict=True)
    ]
    usable = reasons.count("")
    size = 1 if sum(side.n > 0 for side in sides.groups) == 2 else max(1, usable)
    level = 1 - (1 - seen.plan.settings.level) / size
    words = f"all {usable} groups by {partition.by}, each with everyone else"
    rows = []
    for position, (side, why) in enumerate(zip(sides.groups, reasons, strict=True)):
        row = replace(_blank(seen, partition, position, side, sides.metric), family=words, family_size=size)
        found = replace(row, status="too_few", reason=why, method="none")
        rows.append(found if why else _compared(row, side, sides.rests[position], level))
    return rows


def _blank(seen: Seen, partition: Partition, position: int, side: Side, metric: str) -> GroupGap:
    return GroupGap(
        metric=metric, class_=seen.class_, subject=seen.name, attribute=partition.attribute,
        population_id=partition.groups[position], against="rest", against_id="", difference=None, low=None, high=None,
        ratio=None, ratio_low=None, ratio_high=None, level=seen.plan.settings.level, method="mover", family="",
        family_size=1, n=side.n, status="ok", reason="",
    )  # fmt: skip


def _compared(row: GroupGap, side: Side, other: Side, level: float) -> GroupGap:
    correlation = _correlation(side, other)
    first, second = side.ends(level), other.ends(level)
    low, high = _apart(side.value, first, other.value, second, correlation)
    found = replace(row, difference=side.value - other.value, low=low, high=high)
    if METRICS[row.metric].low != 0 or min(side.value, other.value, first[0], second[0]) <= 0:
        # A mean that may be 0 or below, as far as its rows tell, has no ratio.
        return found
    logs = [(math.log(low), math.log(high)) for low, high in (first, second)]
    low, high = _apart(math.log(side.value), logs[0], math.log(other.value), logs[1], correlation)
    return replace(found, ratio=side.value / other.value, ratio_low=math.exp(low), ratio_high=math.exp(high))


def _apart(
    value: float, ends: tuple[float, float], other: float, other_ends: tuple[float, float], correlation: float
) -> tuple[float, float]:
    """MOVER with correlation, from the ranges of both sides."""
    first, first_ends, second, second_ends = (
        np.array([value]), _as_ends(ends), np.array([other]), _as_ends(other_ends),
    )  # fmt: skip
    found = mover_difference(first, first_ends, second, second_ends, np.array([correlation]))
    return float(found.low[0]), float(found.high[0])


def _as_ends(ends: tuple[float, float]) -> Ends:
    return Ends(np.array([ends[0]]), np.array([ends[1]]))


def _correlation(side: Side, other: Side) -> float:
    if side.cluster is None or other.cluster is None or side.influence is None or other.influence is None:
        return 0.0
    shared = SharedClusters([side.cluster, other.cluster])
    if not shared.any_shared:
        return 0.0
    covariance = shared.covariance([side.influence, other.influence])
    used = correlation_to_use(covariance, np.sqrt(np.diag(covariance)), shared.in_both)
    return float(used[0, 1])


def variances_of(sides: Sequence[Side]) -> FloatArray:
    """Sampling variance of the mean of each set of rows that can take part."""
    return np.array([side.spread.se**2 for side in sides if not side.why])
