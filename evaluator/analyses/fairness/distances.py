"""How far the scores of each group lie from those of everyone else, and the distributions themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from evaluator.analyses.fairness.gaps import ANALYSIS_NAME
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.seen import TaskRows
from evaluator.catalogue.settings import FEWER_THAN
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.number_rows import NumberRows
from evaluator.records import ALL, MODEL, AnalysisTables, CurvePoint, Distance
from evaluator.statistics.distance_ranges import (
    chance_of_largest,
    chance_of_mean,
    p_of_largest,
    range_of_largest,
    range_of_mean,
)
from evaluator.statistics.distances import Apart, Pooled, quantiles_of
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.multiplicity import holm
from evaluator.statistics.spread import FloatArray
from evaluator.subject.subject import Partition, Subject

What = Literal["score", "prediction", "error"]
POINTS = 21
QUANTILES = "score_quantiles"
ERROR_QUANTILES = "error_quantiles"
FEW_OTHERS = "Everyone else has too few cases."
ONE_CLUSTER = "All cases of one side are of one cluster, so that nothing shows how far chance reaches."


class Values(NamedTuple):
    """What is compared, one number for every row of weight, and which rows of the file those are."""

    what: What
    pooled: Pooled
    kept: BoolArray


@dataclass(frozen=True, eq=False)
class Side:
    """One group: which of the kept rows it holds."""

    population_id: str
    inside: BoolArray

    @property
    def n(self) -> int:
        return int(np.count_nonzero(self.inside))


def distances(measured: Measured) -> AnalysisTables:
    """Scores, or predictions and errors, of every group against everyone else; and their quantiles.

    Several classes have no one score.
    """
    rows = measured.model.rows
    found: list[Distance] = []
    points: list[CurvePoint] = []
    for values in values_of(rows):
        everyone = Side(ALL, np.ones(values.pooled.value.size, dtype=np.bool_))
        points += curve_of(values, everyone)
        for partition in measured.attributes:
            sides = _sides(partition, measured.subject, values)
            found += _by(partition, values, sides, measured)
            fewest = measured.plan.data.min_group
            points += [point for side in sides if side.n >= fewest for point in curve_of(values, side)]
    return AnalysisTables(distances=tuple(found), curves=tuple(points))


def values_of(rows: TaskRows) -> Iterator[Values]:
    """Scores of two outcomes; predicted numbers, and by how much they were off."""
    if isinstance(rows, ClassRows):
        return
    kept = np.ones(rows.n, dtype=np.bool_) if rows.weight is None else rows.weight > 0
    weight = None if rows.weight is None else rows.weight[kept]
    # Equal weights are no weights.
    weight = None if weight is None or weight.size == 0 or np.all(weight == weight[0]) else weight
    cluster = None if rows.real_clusters is None or rows.cluster is None else rows.cluster[kept]
    told: list[tuple[What, FloatArray | None]]
    if isinstance(rows, NumberRows):
        told = [("prediction", rows.predicted), ("error", rows.predicted - rows.label)]
    else:
        told = [("score", rows.score)]
    for what, value in told:
        if value is not None and kept.any():
            yield Values(what, Pooled(value[kept].astype(np.float64), weight, cluster), kept)


def _sides(partition: Partition, subject: Subject, values: Values) -> list[Side]:
    sides = []
    for name in partition.groups:
        rows = subject.find_rows(name)
        inside = np.zeros(values.kept.size, dtype=np.bool_)
        if rows is not None:
            inside[slice(None) if rows.index is None else rows.index] = True
        sides.append(Side(name, inside[values.kept]))
    return sides


def _by(partition: Partition, values: Values, sides: Sequence[Side], measured: Measured) -> list[Distance]:
    """Every group of one attribute, both distances; only the largest distance where values have no unit."""
    fewest, size = measured.plan.data.min_group, values.pooled.value.size
    known = [side for side in sides if side.n >= fewest and size - side.n >= fewest and _has_clusters(values, side)]
    # Two groups alone are one comparison, seen from both sides.
    groups = sum(side.n > 0 for side in sides)
    family_size = 1 if groups == 2 else max(1, len(known))
    family = f"all {len(known)} groups by {partition.by}, each with everyone else"
    level = measured.plan.settings.level
    one = 1 - (1 - level) / family_size
    apart = {side.population_id: values.pooled.apart(side.inside) for side in known}
    p_values = np.array([p_of_largest(found) for found in apart.values()], dtype=np.float64)
    adjusted = p_values if family_size == 1 else holm(p_values)
    tested = {name: (float(p), float(q)) for name, p, q in zip(apart, p_values, adjusted, strict=True)}
    rows: list[Distance] = []
    for measure in ("ks",) if values.what == "score" else ("ks", "wasserstein"):
        for side in sides:
            blank = Distance(
                measure="ks" if measure == "ks" else "wasserstein", what=values.what, subject=MODEL,
                attribute=partition.attribute, population_id=side.population_id, value=None, low=None, high=None, at=None,
                higher=None, chance_value=None, p_value=None, p_adjusted=None, level=level, method="none", family=family,
                family_size=family_size, n=side.n, n_rest=size - side.n, status="too_few",
                reason=_why_few(side, size, fewest),
            )  # fmt: skip
            found = apart.get(side.population_id)
            if found is None:
                rows.append(blank)
            elif measure == "ks":
                rows.append(_largest(blank, found, one, tested[side.population_id]))
            else:
                rows.append(_mean(blank, found, one))
    return rows


def _has_clusters(values: Values, side: Side) -> bool:
    """Whether both sides hold more than one cluster: a single one does not show how far clusters differ."""
    cluster = values.pooled.cluster
    return cluster is None or min(np.unique(cluster[part]).size for part in (side.inside, ~side.inside)) > 1


def _why_few(side: Side, size: int, fewest: int) -> str:
    if side.n < fewest:
        return "Too few cases."
    return FEW_OTHERS if size - side.n < fewest else ONE_CLUSTER


def _largest(blank: Distance, apart: Apart, level: float, tested: tuple[float, float]) -> Distance:
    low, high = range_of_largest(apart, level)
    return replace(
        blank, value=apart.largest.value, low=low, high=high, at=apart.largest.at, higher=_higher(apart),
        chance_value=chance_of_largest(apart), p_value=tested[0], p_adjusted=tested[1],
        method="dkw" if apart.plain else "dkw_effective", status="ok", reason="",
    )  # fmt: skip


def _mean(blank: Distance, apart: Apart, level: float) -> Distance:
    low, high = range_of_mean(apart, level)
    return replace(
        blank, value=apart.mean, low=low, high=high, higher=_higher(apart), chance_value=chance_of_mean(apart),
        method="area" if apart.plain else "area_effective", status="ok", reason="",
    )  # fmt: skip


def _higher(apart: Apart) -> bool | None:
    """From the signed area between both distributions: the difference of the means."""
    area = float(((apart.second - apart.first)[:-1] * np.diff(apart.pooled.places)).sum())
    return None if abs(area) <= 1e-12 * max(apart.mean, 1e-300) else area > 0


def curve_of(values: Values, side: Side) -> list[CurvePoint]:
    """Quantiles of the values of one group: x the share of its weight that does not exceed y.

    Notes
    -----
    `n` counts the people on the smaller side of a point. Between two points, and below the first and above the last but
    the ends themselves, there are at least `FEWER_THAN` people: with fewer people there are fewer points. The ends are
    the smallest and the largest value, each mostly of one person, as their `n` says.
    """
    own = values.pooled.value[side.inside]
    if own.size < 2 * FEWER_THAN:
        return []
    weight = None if values.pooled.weight is None else values.pooled.weight[side.inside]
    shares = np.linspace(0.0, 1.0, min(POINTS, own.size // FEWER_THAN + 1))
    quantiles = quantiles_of(own, weight, shares)
    ordered = np.sort(own, kind="stable")
    below = np.searchsorted(ordered, quantiles, side="right")
    above = own.size - np.searchsorted(ordered, quantiles, side="left")
    name = ERROR_QUANTILES if values.what == "error" else QUANTILES
    points = zip(shares.tolist(), quantiles.tolist(), np.minimum(below, above).tolist(), strict=True)
    return [CurvePoint(ANALYSIS_NAME, name, "", MODEL, side.population_id, x, y, None, None, n) for x, y, n in points]
