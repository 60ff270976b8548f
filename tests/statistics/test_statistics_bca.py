"""BCa intervals against scipy's from the same replicates, closed forms, and their coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from evaluator.statistics.bca import acceleration, bca_interval
from evaluator.statistics.influence import mean
from evaluator.statistics.intervals import promise
from evaluator.statistics.ranking import auc, rank
from evaluator.statistics.resampling import prepare, resample


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_the_interval_of_a_mean_is_that_of_scipy_from_the_same_replicates(level: float) -> None:
    """The jackknife of a mean is its influence, so both accelerations are the same number."""
    values = np.random.default_rng(3).exponential(1.0, 40)
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=2_000, confidence_level=level, method="BCa", rng=np.random.default_rng(4)
    )
    found = mean(values)
    ours = bca_interval(found.value, theirs.bootstrap_distribution, acceleration(found.rows), level)
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs.confidence_interval), rel=1e-12)
    assert (ours.level, ours.method, ours.coverage) == (level, "bca", "nominal")


def test_the_acceleration_of_an_area_under_the_curve_is_that_of_its_jackknife() -> None:
    rng = np.random.default_rng(5)
    label = rng.random(400) < 0.3
    score = rng.normal(0, 1, 400) + label
    ours = acceleration(auc(rank(label, score)).rows)
    left_out = [auc(rank(np.delete(label, row), np.delete(score, row))).value for row in range(400)]
    away = np.mean(left_out) - np.array(left_out)
    assert ours == pytest.approx((away**3).sum() / (6 * (away**2).sum() ** 1.5), rel=0.02)


def test_clusters_are_summed_before_they_are_cubed() -> None:
    influence = np.array([3.0, -1.0, -1.0, -1.0])
    cluster = np.array([0, 1, 1, 1])
    assert acceleration(influence, cluster) == 0.0
    assert acceleration(influence) == pytest.approx((27 - 3) / (6 * 12**1.5))


def test_without_bias_and_skewness_the_ends_are_plain_quantiles() -> None:
    replicates = np.arange(-500.0, 501.0)
    found = bca_interval(0.0, replicates, 0.0, 0.9)
    assert (found.low, found.high) == pytest.approx((-450.0, 450.0))


def test_bias_moves_both_ends_by_twice_its_size() -> None:
    replicates = stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    found = bca_interval(0.25, replicates, 0.0, 0.95)
    assert (found.low, found.high) == pytest.approx((0.5 - 1.95996, 0.5 + 1.95996), abs=1e-3)


@pytest.mark.parametrize(
    ("value", "replicates", "skewed"),
    [
        (2.0, np.linspace(0, 1, 64), 0.0),
        (-1.0, np.linspace(0, 1, 64), 0.0),
        (0.5, np.full(64, np.nan), 0.0),
        (0.5, np.linspace(0, 1, 64), 0.6),
        (0.5, np.array([]), 0.0),
        (0.5, np.full(64, 0.5), 0.1),
    ],
    ids=["above all", "below all", "all undefined", "too skewed", "none", "all alike"],
)
def test_where_the_correction_does_not_exist_there_is_no_range(
    value: float, replicates: np.ndarray, skewed: float
) -> None:
    found = bca_interval(value, replicates, skewed, 0.95)
    assert (found.low, found.high, found.coverage) == (None, None, "none")


def test_undefined_replicates_and_few_clusters_promise_less() -> None:
    replicates = np.append(np.linspace(0, 1, 63), np.nan)
    assert bca_interval(0.5, replicates, 0.0, 0.95).coverage == "approximate"
    assert bca_interval(0.5, replicates[:63], 0.0, 0.95, n_clusters=12).coverage == promise(12) == "approximate"
    assert bca_interval(0.5, replicates[:63], 0.0, 0.95, n_clusters=400).coverage == "nominal"


def covered(worlds: int, seed: int) -> int:
    """How often the interval of an area under the curve holds the true one: binormal, 100 and 400 rows, area 0.75."""
    rng = np.random.default_rng(seed)
    truth, label = 0.75, np.arange(500) < 100
    held = 0
    for number in range(worlds):
        score = rng.normal(0, 1, 500) + label * stats.norm.ppf(truth) * np.sqrt(2)
        found = auc(rank(label, score))
        replicates = resample(prepare(label, score), replicates=512, seed=number, engine="compiled").auc()[0]
        ends = bca_interval(found.value, replicates, acceleration(found.rows), 0.95)
        assert ends.low is not None
        assert ends.high is not None
        held += ends.low <= truth <= ends.high
    return held


def test_it_covers_as_it_promises() -> None:
    """At least 93 in 100, rejected by an exact binomial test at 0.001."""
    assert stats.binomtest(covered(500, 1), 500, 0.93, alternative="less").pvalue > 0.001


@pytest.mark.slow
def test_it_covers_as_it_promises_in_many_worlds() -> None:
    held = covered(4_000, 2)
    assert stats.binomtest(held, 4_000, 0.93, alternative="less").pvalue > 0.001
    assert stats.binomtest(held, 4_000, 0.97, alternative="greater").pvalue > 0.001
