"""The curve of several classes: which class is taken for which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluator.analyses.performance.class_words import CONFUSION
from evaluator.analyses.performance.views import View
from evaluator.catalogue.baselines import BASELINES
from evaluator.metrics.cell_table import cell_table
from evaluator.metrics.cells import share_interval
from evaluator.metrics.class_rows import ClassRows
from evaluator.plan.schema import Plan
from evaluator.records import CurvePoint, Population

MOST_WITH_ZEROS = 50
"""Up to so many classes, pairs that never occur are recorded too, with the most that fits the data."""

Point = tuple[float, float, float | None, float | None, int]


def class_curves(views: Sequence[View], population: Population, plan: Plan, classes: Sequence[str]) -> list[CurvePoint]:
    """Which class is taken for which, among all rows; nothing for their parts.

    confusion: x is the position of the class given, y its share of the rows of the true class, n the rows that both are
    true of.
    """
    if population.kind != "all":
        return []
    found: list[CurvePoint] = []
    for view in views:
        rows = view.rows
        if view.name in BASELINES or not isinstance(rows, ClassRows) or rows.n < plan.data.min_group:
            continue
        found += [
            CurvePoint("performance", CONFUSION, value, view.name, population.population_id, *point)
            for position, value in enumerate(classes)
            for point in _taken_for(rows, position, plan.settings.level)
        ]
    return found


def pairs_level(level: float, k: int) -> float:
    """The level of one pair of classes at which all of them hold together (Bonferroni)."""
    return 1 - (1 - level) / max(1, k * (k - 1))


def _taken_for(rows: ClassRows, position: int, level: float) -> list[Point]:
    """How the rows of one class were classed; ranges of mistakes hold for all pairs of classes together."""
    inside = rows.take(np.flatnonzero(rows.label == position))
    if inside.n == 0 or inside.chosen is None:
        return []
    table = cell_table(
        inside.chosen.astype(np.uint8), rows.k, weight=inside.weight, cluster=inside.real_clusters
    )  # fmt: skip
    share = table.weight / table.weight.sum()
    everyone = np.ones(rows.k, dtype=bool)
    found: list[Point] = []
    for given in range(rows.k):
        n = int(table.rows[given])
        if n == 0 and rows.k > MOST_WITH_ZEROS:
            continue
        own = level if given == position else pairs_level(level, rows.k)
        interval = share_interval(np.arange(rows.k) == given, everyone, table, own)
        found.append((float(given), float(share[given]), interval.low, interval.high, n))
    return found
