"""Draws of the rows none of which has the cut-offs asked for."""

from __future__ import annotations

import numpy as np

from evaluator.statistics.group_thresholds import PRECISION, Today, curve_of
from evaluator.statistics.threshold_draws import grid_of
from evaluator.statistics.threshold_ranges import Units, price


def test_where_no_draw_has_such_cut_offs_that_is_said_and_nothing_fails() -> None:
    rng = np.random.default_rng(3)
    score = rng.random(400)
    label = rng.random(400) < score
    today = Today(
        tuple(curve_of(label[part], score[part], 0.5) for part in (slice(0, 200), slice(200, 400))), np.zeros(4)
    )
    cuts = {PRECISION: today.cuts_for(PRECISION)}
    assert (cuts[PRECISION] >= 0).all()
    grid = grid_of(today, cuts, np.ones(2))
    empty = np.zeros((64, grid.cells), dtype=np.float32)
    units = Units(np.ones(3), np.full(3, 199.0), np.full(3, 200.0))
    found = price(today, grid, empty, PRECISION, cuts[PRECISION], level=0.95, units=units)
    assert found.out_of_reach == 1
    assert np.isfinite(found.change.value).all()
