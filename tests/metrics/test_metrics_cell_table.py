from __future__ import annotations

import numpy as np
import pytest

from evaluator.metrics.cell_table import CellTable, cell_table, counted_cells
from evaluator.metrics.cells import CELL_METRICS, value_in_cells
from evaluator.statistics.spread import effective_n, spread_of

N = 400


def codes(k: int = 4, seed: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, k, N).astype(np.uint8)


def clusters_of(size: int) -> np.ndarray:
    return np.random.default_rng(6).permutation(N) // size


def weights() -> np.ndarray:
    return np.random.default_rng(7).uniform(0.2, 3.0, N)


def check_spread(table: CellTable, derivative: np.ndarray, influence: np.ndarray, cluster: np.ndarray | None) -> None:
    found, expected = table.spread(derivative), spread_of(influence, cluster)
    assert found.n_clusters == expected.n_clusters
    assert (found.se, found.df, found.design_effect) == pytest.approx(
        (expected.se, expected.df, expected.design_effect)
    )


@pytest.mark.parametrize("metric", CELL_METRICS)
@pytest.mark.parametrize("size", [1, 2, 5, 40], ids=["alone", "pairs", "fives", "large"])
@pytest.mark.parametrize("weighted", [False, True])
def test_spread_is_that_of_the_rows_one_by_one(metric: str, size: int, weighted: bool) -> None:
    """Small clusters are counted by kind, large and weighted ones each by itself."""
    code, cluster = codes(), clusters_of(size)
    weight = weights() if weighted else None
    table = cell_table(code, 4, weight=weight, cluster=cluster)
    found = value_in_cells(metric, table)
    assert found is not None
    influence = found.rows[code] * (1.0 if weight is None else weight)
    check_spread(table, found.rows, influence, None if size == 1 else cluster)
    assert (table.clusters is None) == (size == 1)
    assert table.n_effective == (None if weight is None else pytest.approx(effective_n(weight)))


def test_few_kinds_stand_for_many_small_clusters() -> None:
    table = cell_table(codes(), 4, cluster=clusters_of(2))
    assert table.clusters is not None
    assert table.clusters.times.size == 10
    assert table.clusters.n == N // 2
    assert table.clusters.squared_sizes == 4 * N / 2


def test_some_cells_alone_are_a_table_of_their_own() -> None:
    code, cluster = codes(6), clusters_of(4)
    table = cell_table(code, 6, cluster=cluster)
    cells = np.array([True, False, True, False, False, True])
    inside = np.flatnonzero(cells[code])
    derivative = np.array([0.5, -1.0, 0.25])
    part = table.inside(cells)
    assert part.n == inside.size
    number = np.array([0, -1, 1, -1, -1, 2])
    check_spread(part, derivative, derivative[number[code[inside]]], cluster[inside])
    assert table.inside(cells) is part


def test_rows_that_share_no_cluster_inside_some_cells_are_independent() -> None:
    code = np.tile([0, 1], N // 2).astype(np.uint8)
    table = cell_table(code, 2, cluster=np.arange(N) // 2)
    assert not table.plain
    assert table.inside(np.array([True, False])).plain


def test_cells_can_be_merged() -> None:
    code, cluster = codes(6), clusters_of(3)
    for weight in (None, weights()):
        merged = cell_table(code, 6, weight=weight, cluster=cluster).merged(np.array([0, 1, 0, 1, 2, 2]), 3)
        direct = cell_table(np.array([0, 1, 0, 1, 2, 2], dtype=np.uint8)[code], 3, weight=weight, cluster=cluster)
        assert merged.rows.tolist() == direct.rows.tolist()
        assert merged.weight == pytest.approx(direct.weight)
        derivative = np.array([1.0, -2.0, 0.5])
        assert merged.spread(derivative).se == pytest.approx(direct.spread(derivative).se)


def test_one_row_has_no_spread() -> None:
    one = cell_table(np.array([2], dtype=np.uint8), 4)
    assert np.isnan(one.spread(np.ones(4)).se)
    same = cell_table(np.array([2, 3], dtype=np.uint8), 4, cluster=np.zeros(2, dtype=np.int64))
    assert same.spread(np.ones(4)).n_clusters == 1


@pytest.mark.parametrize("n", [0, 1, 7, 63, 64, 65, 1_000])
def test_rows_counted_by_bits_are_rows_counted_one_by_one(n: int) -> None:
    rng = np.random.default_rng(n)
    kind = rng.integers(0, 4, n)
    flags = [rng.random(n) < share for share in (0.2, 0.5, 0.9)]
    found = counted_cells([kind == one for one in range(3)], flags)
    code = ((kind * 2 + flags[0]) * 2 + flags[1]) * 2 + flags[2]
    expected = cell_table(code[kind < 3].astype(np.uint8), 24)
    assert found.rows.tolist() == expected.rows.tolist()
    assert found.plain
    assert found.n == int((kind < 3).sum())
