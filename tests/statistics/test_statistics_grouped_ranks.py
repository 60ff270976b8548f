"""The area under the ROC curve of every group: machine code, NumPy and one group at a time say the same."""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.statistics import grouped_ranks
from evaluator.statistics.grouped_order import Segments
from evaluator.statistics.ranking import auc, delong_spread, rank
from evaluator.statistics.spread import FloatArray

SIZES = (0, 1, 3, 40, 500, 0, 7)


def rows(*, weighted: bool) -> tuple[np.ndarray, FloatArray, FloatArray | None, Segments]:
    """Rows group after group by descending score, with ties; one group holds one class alone."""
    rng = np.random.default_rng(3)
    scores = [np.sort(rng.integers(0, 1 + size // 3, size))[::-1] / 7 for size in SIZES]
    score = np.concatenate(scores)
    label = rng.random(score.size) < 0.3
    bounds = np.concatenate([[0], np.cumsum(SIZES)])
    label[bounds[2] : bounds[3]] = True
    return label, score, rng.uniform(0.2, 3, score.size) if weighted else None, Segments(bounds)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("way", ["compiled", "arrays", "plain loops"])
def test_every_way_equals_one_group_at_a_time(weighted, way, monkeypatch):
    kernel = {"compiled": grouped_ranks.area_kernel(), "arrays": None, "plain loops": grouped_ranks.area_part}[way]
    monkeypatch.setattr(grouped_ranks, "area_kernel", lambda: kernel)
    label, score, weight, groups = rows(weighted=weighted)
    changes = np.concatenate(([True], score[1:] != score[:-1]))
    found = grouped_ranks.areas(label, changes, weight, groups)
    influence = found.rows(label, weight)
    for position in range(groups.k):
        part = groups.slice_of(position)
        own = label[part]
        if own.all() or not own.any():
            assert np.isnan([found.value[position], found.variance[position]]).all()
            continue
        alone = auc(rank(own, score[part], None if weight is None else weight[part]))
        assert found.value[position] == pytest.approx(alone.value, rel=1e-13)
        np.testing.assert_allclose(influence[part], alone.rows, rtol=1e-11, atol=1e-16)
        if weight is None:
            assert np.sqrt(found.variance[position]) == pytest.approx(delong_spread(alone, own).se, rel=1e-12)
