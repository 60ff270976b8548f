"""Where common ranges fall far short of 95 %, and the ranges given here do not.

Wald: the value and two standard errors on its own scale. Percentile: the middle 95 % of bootstrap replicates. Both are
what a reader would otherwise compute.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from coverage_regimes import LEVEL, customers_apart, in_table, ranked_rows, shares, truths
from scipy import stats

from evaluator.metrics.cell_table import CellTable
from evaluator.metrics.cells import value_in_cells
from evaluator.metrics.influences import influence_of
from evaluator.metrics.measure import measure
from evaluator.records import Interval
from evaluator.statistics.intervals import t_interval
from evaluator.statistics.ranking import delong_spread
from evaluator.statistics.spread import spread_of

REPLICATES, RESAMPLES = 500, 400
PROMISE = 0.93


class Held(NamedTuple):
    """How often each range held the truth."""

    wald: int
    percentile: int
    ours: int


def holds(interval: Interval | None, truth: float) -> bool:
    assert interval is not None
    assert interval.low is not None
    assert interval.high is not None
    return interval.low <= truth <= interval.high


def falls_short(hits: int) -> bool:
    return bool(stats.binomtest(hits, REPLICATES, PROMISE, alternative="less").pvalue <= 0.001)


def f1_of_rare_errors(replicate: int) -> tuple[bool, bool, bool]:
    """F1 of 0.93 among 100 rows of which 10 are positive."""
    rng = np.random.default_rng([20_273, replicate])
    cells = shares(0.1, 0.93, 0.007 / 0.9)
    counts = rng.multinomial(100, cells)
    table = CellTable(*(counts.astype(np.float64),) * 3, weighted=False)
    truth, found = truths(cells)["f1"], value_in_cells("f1", table)
    if found is None or counts[1:].sum() < 10:
        return f1_of_rare_errors(replicate + REPLICATES)
    again = rng.multinomial(100, counts / 100, size=RESAMPLES).astype(np.float64)
    values = 2 * again[:, 3] / np.maximum(1.0, 2 * again[:, 3] + again[:, 1] + again[:, 2])
    low, high = np.quantile(values, [0.025, 0.975])
    wald = t_interval(found.value, table.spread(found.rows), LEVEL)
    return holds(wald, truth), bool(low <= truth <= high), holds(in_table("f1", table).interval, truth)


def auc_near_one(replicate: int) -> tuple[bool, bool, bool]:
    """AUC of 0.99 with 20 positive and 180 negative rows."""
    rng = np.random.default_rng([20_274, replicate])
    rows = ranked_rows(np.arange(200) < 20, rng.standard_normal(200), 0.99)
    assert rows.score is not None
    found = influence_of("auc", rows)
    assert found is not None
    wins = (rows.score[:20, None] > rows.score[20:]).astype(np.float64)
    first, second = (rng.multinomial(n, np.full(n, 1 / n), size=RESAMPLES).astype(np.float64) for n in (20, 180))
    low, high = np.quantile(((first @ wins) * second).sum(axis=1) / (20 * 180), [0.025, 0.975])
    wald = t_interval(found.value, delong_spread(found, rows.label), LEVEL)
    ours = measure("auc", rows, level=LEVEL, min_group=30, seed=1).interval
    return holds(wald, 0.99), bool(low <= 0.99 <= high), holds(ours, 0.99)


@pytest.mark.parametrize("case", [f1_of_rare_errors, auc_near_one], ids=["f1 .93 of 100", "auc .99 of 20 and 180"])
def test_wald_and_percentile_ranges_fall_short_where_ours_do_not(case) -> None:
    held = Held(*(int(sum(each)) for each in zip(*(case(replicate) for replicate in range(REPLICATES)), strict=True)))
    assert falls_short(held.wald), f"Wald held {held.wald / REPLICATES:.3f}"
    assert falls_short(held.percentile), f"percentile held {held.percentile / REPLICATES:.3f}"
    assert held.wald < 0.85 * REPLICATES
    assert held.percentile < 0.85 * REPLICATES
    assert not falls_short(held.ours), f"ours held {held.ours / REPLICATES:.3f}"


def test_ranges_that_ignore_clusters_hold_half_as_often() -> None:
    """A hundred customers of ten rows each, one label per customer, scores that hardly differ within one."""
    ignoring = ours = 0
    for replicate in range(REPLICATES):
        rows = customers_apart(100, 10, 0.4, 0.8, 0.99, np.random.default_rng([20_275, replicate]))
        found = influence_of("auc", rows)
        assert found is not None
        ignoring += holds(t_interval(found.value, spread_of(found.rows), LEVEL), 0.8)
        ours += holds(measure("auc", rows, level=LEVEL, min_group=30, seed=1).interval, 0.8)
    assert falls_short(ignoring)
    assert ignoring < 0.6 * REPLICATES
    assert not falls_short(ours)
