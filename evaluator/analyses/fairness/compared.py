"""One metric on the groups that have enough cases, as arrays ready to be compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluator.analyses.fairness.arms import Arm
from evaluator.analyses.fairness.contrast import GapKind
from evaluator.analyses.seen import TaskRows
from evaluator.catalogue.metrics import METRICS, PROPORTIONS, Metric
from evaluator.metrics.cells import SHARES
from evaluator.metrics.grouped_together import GroupsTogether
from evaluator.metrics.influences import has_influence, influence_of
from evaluator.metrics.measure import Measurement
from evaluator.metrics.ranges import interval_for
from evaluator.metrics.rows import BinaryRows
from evaluator.records import Interval
from evaluator.statistics.additive_rates import chance_variance
from evaluator.statistics.pairs import Ends, quantiles, wilson_ends
from evaluator.statistics.quantiles import normal_quantile
from evaluator.statistics.shared_clusters import SharedClusters, correlation_to_use
from evaluator.statistics.spread import FloatArray, IntArray, Spread, effective_n
from evaluator.statistics.streams import stream


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Arrays have one entry per usable group, shape (k,).

    Attributes
    ----------
    place : position of each usable group among all groups.
    size : cases that limit precision, worth independent rows (fewer than `count` with clusters or weights).
    variance : sampling variance of the value; above 0 even where nothing was seen to vary.
    correlation : between the estimates of every two groups, shape (k, k); 0 without shared clusters.
    correlation_known : False for groups that share clusters on a metric that does not say how their estimates go together.
    plain : independent rows of equal weight, so that counts are counts.
    """

    metric: str
    arms: tuple[Arm, ...]
    found: tuple[Measurement, ...]
    place: IntArray
    value: FloatArray
    count: IntArray
    size: FloatArray
    variance: FloatArray
    df: FloatArray
    correlation: FloatArray
    correlation_known: bool
    plain: bool

    @property
    def k(self) -> int:
        return self.value.size

    def standard_errors(self, kind: GapKind) -> FloatArray:
        """Of the value of every group, or of its logarithm where ratios are compared."""
        se: FloatArray = np.sqrt(self.variance)
        return se if kind == "difference" else se / np.maximum(self.value, 0.5 / self.size)

    def ends(self, level: float, seed: int) -> Ends:
        """The interval of every group at a level."""
        if self.metric in PROPORTIONS:
            return wilson_ends(self.value, self.size, quantiles(level, self.df))
        both = [_score_ends(self.metric, arm, row, level, seed) for arm, row in zip(self.arms, self.found, strict=True)]
        low, high = np.array(both, dtype=np.float64).T
        return Ends(low, high)


def is_usable(found: Measurement) -> bool:
    """Whether a group can take part: enough cases, and something that shows how far chance reaches."""
    return (
        found.status == "ok"
        and found.value is not None
        and found.interval is not None
        and found.interval.low is not None
    )


Shared = SharedClusters | GroupsTogether
"""Which clusters groups have in common."""


def compared(metric: str, arms: Sequence[Arm], found: Sequence[Measurement], shared: Shared | None) -> Compared:
    """Gather what was measured on the usable groups."""
    place = np.array([position for position, row in enumerate(found) if is_usable(row)], dtype=np.int64)
    used_arms, used = tuple(arms[i] for i in place), tuple(found[i] for i in place)
    value = np.array([row.value for row in used], dtype=np.float64)
    if metric in PROPORTIONS:
        sizes = [_rate_size(metric, arm.rows, row) for arm, row in zip(used_arms, used, strict=True)]
    else:
        sizes = [_score_size(arm.rows, row) for arm, row in zip(used_arms, used, strict=True)]
    size, df = np.array(sizes, dtype=np.float64).reshape(-1, 2).T
    return Compared(
        metric=metric, arms=used_arms, found=used, place=place, value=value,
        count=np.array([row.relevant_count or row.n for row in used], dtype=np.int64), size=size,
        variance=_variances(metric, value, size, used), df=df, correlation=_correlation(metric, arms, place, found, shared),
        correlation_known=shared is None or has_influence(metric),
        plain=all(arm.rows.weight is None and arm.rows.real_clusters is None for arm in used_arms),
    )  # fmt: skip


def _rate_size(metric: str, rows: TaskRows, found: Measurement) -> tuple[float, float]:
    """Independent cases behind a share, and degrees of freedom; never more cases than there are."""
    n, largest, df, plain = _cases(metric, rows)
    if plain:
        return n, math.inf
    value, se = found.value or 0.0, found.se or 0.0
    worth = value * (1 - value) / se**2 if se > 0 else largest
    return max(1.0, min(worth, largest if se <= 0 else n)), max(1.0, df)


def _cases(metric: str, rows: TaskRows) -> tuple[float, float, float, bool]:
    """Cases that a share is a share of, the most they can be worth, degrees of freedom, and whether they are plain."""
    if isinstance(rows, BinaryRows):
        table = rows.table.inside(SHARES[metric][1])
        n, clusters = float(table.n), table.clusters
        largest = n if table.n_effective is None else table.n_effective
        if clusters is None:
            return n, largest, n - 1, table.plain
        return n, min(largest, n * n / clusters.squared_sizes), clusters.n - 1.0, False
    # Of several classes together, a share is one of all rows.
    n, cluster = float(rows.n), rows.real_clusters
    largest = n if rows.weight is None else effective_n(rows.weight)
    if cluster is None:
        return n, largest, n - 1, rows.weight is None
    sizes = np.bincount(cluster)
    return n, min(largest, n * n / float(np.dot(sizes, sizes))), float(np.count_nonzero(sizes)) - 1, False


def _score_size(rows: TaskRows, found: Measurement) -> tuple[float, float]:
    df = (rows.n if found.n_clusters is None else found.n_clusters) - 1.0
    return float(found.relevant_count or found.n), max(1.0, df)


def _variances(metric: str, value: FloatArray, size: FloatArray, found: Sequence[Measurement]) -> FloatArray:
    """Of values as chance alone moves them."""
    if metric in PROPORTIONS:
        return chance_variance(value, size)
    seen = np.array([row.se or 0.0 for row in found], dtype=np.float64) ** 2
    # Beside the values themselves: the unit of a label may be as small as it likes.
    return np.maximum(seen, 1e-12 * max(1e-100, float(np.max(np.abs(value), initial=0.0)) ** 2))


def _correlation(
    metric: str, arms: Sequence[Arm], place: IntArray, found: Sequence[Measurement], shared: Shared | None
) -> FloatArray:
    none = np.zeros((place.size, place.size))
    if shared is None or not has_influence(metric) or place.size == 0:
        return none
    covariance = _covariance(metric, arms, [is_usable(row) for row in found], shared)
    se = np.sqrt(np.maximum(0.0, np.diag(covariance)))
    used = correlation_to_use(covariance, se, shared.in_both)[np.ix_(place, place)]
    np.fill_diagonal(used, 0.0)
    return used


def _covariance(metric: str, arms: Sequence[Arm], usable: Sequence[bool], shared: Shared) -> FloatArray:
    """Between the estimates of every two groups, up to a factor of each group."""
    if isinstance(shared, GroupsTogether):
        products = shared.products(metric, np.array(usable))
        if products is not None:
            return products
        shared = SharedClusters([arm.cluster for arm in arms if arm.cluster is not None])
    return shared.covariance([_influence(metric, arm, used) for arm, used in zip(arms, usable, strict=True)])


def _influence(metric: str, arm: Arm, usable: bool) -> FloatArray:
    found = influence_of(metric, arm.rows) if usable else None
    return np.zeros(arm.rows.n) if found is None else found.rows


def _score_ends(metric: str, arm: Arm, found: Measurement, level: float, seed: int) -> tuple[float, float]:
    """The interval of a metric that is not a share; that of a calibration error is widened from the one measured."""
    assert found.value is not None
    assert found.interval is not None
    assert found.interval.low is not None
    assert found.interval.high is not None
    if not has_influence(metric):
        wider = normal_quantile(level) / normal_quantile(found.interval.level)
        margin = max(found.interval.high - found.value, found.value - found.interval.low) * wider
        return max(0.0, found.value - margin), found.value + margin
    spread = Spread(found.se or 0.0, _df(arm.rows, found), found.n_clusters, found.design_effect)
    count = found.relevant_count or found.n
    entry = METRICS[metric]
    interval = _interval(entry, arm, found.value, spread, count, level, seed)
    if interval.low is None or interval.high is None:
        return _without_end(entry)
    return interval.low, interval.high


def _interval(entry: Metric, arm: Arm, value: float, spread: Spread, count: int, level: float, seed: int) -> Interval:
    together, rows = arm.measures, arm.rows
    if together is not None and entry.name in together.found_together:
        if together.knows(entry.name, arm.position):
            return together.interval(entry.name, arm.position, value, spread, count, level)
        rows = together.groups.as_filed(arm.position)
    rng = stream(seed, f"interval/{entry.name}", f"fairness/{arm.population_id}")
    return interval_for(entry, rows, value, spread, count, level, rng)


def _without_end(entry: Metric) -> tuple[float, float]:
    """The range of a group whose rows are too few for the level asked: everything that the metric can be."""
    return (
        -math.inf if entry.low is None else entry.low,
        math.inf if entry.high is None else entry.high,
    )


def _df(rows: TaskRows, found: Measurement) -> float:
    return max(1.0, (rows.n if found.n_clusters is None else found.n_clusters) - 1.0)
