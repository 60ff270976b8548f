"""Rows are drawn by strata and weighted back; ranges over them keep their promise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from evaluator.analyses.explanations.drawing import background_of, draw, draw_alike, strata_of
from evaluator.analyses.explanations.weighting import weighted_means
from evaluator.statistics.spread import spread_of
from evaluator.statistics.streams import stream


def population(n: int = 5_000, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Strata of a score and errors, and a skewed quantity that goes with them."""
    rng = np.random.default_rng(seed)
    score = rng.random(n)
    strata = strata_of(score, rng.random(n) < 0.1 + 0.2 * score)
    values = np.abs(rng.normal(score, 0.4 + score, n)[:, None] * [1.0, 0.5] + rng.normal(0, 0.2, (n, 2)))
    return strata, values


def test_strata_are_tenths_of_the_score_split_by_error() -> None:
    score = np.linspace(1, 0, 1_000)
    strata = strata_of(score, np.arange(1_000) % 2 == 0)
    assert np.bincount(strata).tolist() == [50] * 20
    assert strata[-1] < 2
    assert strata[0] >= 18


def test_ties_and_few_rows_leave_no_stratum_empty() -> None:
    for n in (1, 2, 7):
        strata = strata_of(np.zeros(n), np.zeros(n, dtype=bool))
        assert sorted(set(strata)) == list(range(len(set(strata))))


@pytest.mark.parametrize("n", [100, 300, 1_000, 4_999])
def test_a_draw_has_its_size_and_stands_for_all(n: int) -> None:
    strata, _ = population()
    drawn = draw(n, stream(7, "test"), strata)
    assert drawn.n == n
    assert len(set(drawn.index)) == n
    assert drawn.weight.sum() == pytest.approx(5_000)
    assert np.bincount(drawn.stratum, weights=drawn.weight) == pytest.approx(np.bincount(strata))


def test_a_smaller_draw_is_part_of_a_larger_one() -> None:
    strata, _ = population()
    small, large = (draw(n, stream(7, "test"), strata) for n in (200, 800))
    assert set(small.index) < set(large.index)
    assert set(small.index) != set(draw(200, stream(8, "test"), strata).index)


def test_all_rows_are_drawn_when_there_are_no_more() -> None:
    drawn = draw_alike(1_000, stream(7, "test"), 40, weight=np.arange(1.0, 41.0))
    assert drawn.index.tolist() == list(range(40))
    assert drawn.weight.tolist() == list(range(1, 41))


def test_the_background_follows_the_weights() -> None:
    score = np.random.default_rng(3).random(2_000)
    weight = np.where(score > 0.5, 3.0, 1.0)
    chosen = background_of(400, stream(7, "test"), score, weight)
    assert (score[chosen] > 0.5).mean() == pytest.approx(0.75, abs=0.02)
    assert sorted(background_of(400, stream(7, "test"), score[:50])) == list(range(50))


def test_with_every_row_the_variance_is_that_of_a_mean() -> None:
    strata, values = population(3_000)
    everything = draw(3_000, stream(7, "test"), strata)
    found = weighted_means(values, everything)
    assert found.value == pytest.approx(values.mean(axis=0))
    assert found.se == pytest.approx(values.std(axis=0, ddof=1) / np.sqrt(3_000), rel=0.01)
    assert found.covariance[0, 1] == pytest.approx(np.cov(values.T)[0, 1] / 3_000, rel=0.01)


def test_clusters_are_summed_as_elsewhere() -> None:
    _, values = population(900)
    cluster = np.repeat(np.arange(300), 3)
    drawn = draw_alike(900, stream(7, "test"), 900, cluster=cluster)
    expected = spread_of((values[:, 0] - values[:, 0].mean()) / 900, cluster)
    found = weighted_means(values, drawn)
    assert found.se[0] == pytest.approx(expected.se)
    assert found.df == expected.df


def test_a_single_cluster_has_no_range() -> None:
    drawn = draw_alike(50, stream(7, "test"), 50, cluster=np.zeros(50, dtype=np.int64))
    assert np.isnan(weighted_means(np.random.default_rng(1).random((50, 2)), drawn).se).all()


@pytest.mark.parametrize(("n", "weighted"), [(150, False), (400, False), (400, True)])
def test_ranges_of_a_mean_size_keep_their_promise(n: int, weighted: bool) -> None:
    """The population is new each time, so that both phases of the sampling are tried."""
    strata, values = population(60_000, seed=9)
    weight = np.random.default_rng(4).uniform(0.2, 3.0, 60_000) if weighted else np.ones(60_000)
    truth = weight @ values / weight.sum()
    rng = np.random.default_rng(5)
    held, tries = np.zeros(2), 600
    for attempt in range(tries):
        rows = rng.integers(0, 60_000, 3_000)
        numbered = np.unique(strata[rows], return_inverse=True)[1]
        drawn = draw(n, stream(7, "test", str(attempt)), numbered, weight=weight[rows] if weighted else None)
        found = weighted_means(values[rows][drawn.index], drawn)
        held += np.abs(found.value - truth) <= found.half_width(0.95)
    # The promise is .93 and more; a rate below it is held against chance at 0.001.
    assert all(stats.binomtest(int(hits), tries, 0.93, alternative="less").pvalue > 0.001 for hits in held)
    assert all(stats.binomtest(int(hits), tries, 0.975, alternative="greater").pvalue > 0.001 for hits in held)
