"""Standard errors from influence, against loops and regression with clustered errors."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from evaluator.statistics.spread import cluster_totals, effective_n, skewness_of, spread_of

RNG = np.random.default_rng(8)
CLUSTER = RNG.integers(0, 150, 1200) * 3
VALUES = RNG.normal(size=150)[CLUSTER // 3] + RNG.normal(size=1200)
INFLUENCE = (VALUES - VALUES.mean()) / 1200


def test_independent_rows_give_the_standard_error_of_the_mean() -> None:
    spread = spread_of(INFLUENCE)
    assert spread.se == pytest.approx(stats.sem(VALUES), rel=1e-12)
    assert spread[1:] == (1199.0, None, 1.0)


def test_clusters_agree_with_a_loop() -> None:
    total = 0.0
    names = sorted(set(CLUSTER.tolist()))
    for name in names:
        own = 0.0
        for row, cluster in zip(INFLUENCE, CLUSTER, strict=True):
            own += row if cluster == name else 0.0
        total += own * own
    groups = len(names)
    spread = spread_of(INFLUENCE, CLUSTER)
    assert spread.se == pytest.approx(math.sqrt(groups / (groups - 1) * total), rel=1e-12)
    assert (spread.n_clusters, spread.df) == (groups, groups - 1.0)
    assert spread.design_effect == pytest.approx((spread.se / stats.sem(VALUES)) ** 2, rel=1e-12)


def test_clusters_agree_with_clustered_least_squares_up_to_its_row_factor() -> None:
    """Regression on a constant multiplies by (n-1)/(n-k) with k = 1, so the factor G/(G-1) alone remains."""
    fit = sm.OLS(VALUES, np.ones(1200)).fit(cov_type="cluster", cov_kwds={"groups": CLUSTER})
    assert spread_of(INFLUENCE, CLUSTER).se == pytest.approx(float(fit.bse[0]), rel=1e-10)


def test_clusters_of_one_are_independent_rows() -> None:
    alone = spread_of(INFLUENCE, np.arange(1200))
    assert alone.se == pytest.approx(spread_of(INFLUENCE).se, rel=1e-12)
    assert alone.design_effect == pytest.approx(1.0)


def test_one_row_or_one_cluster_has_no_standard_error() -> None:
    assert math.isnan(spread_of(np.array([0.0])).se)
    one = spread_of(INFLUENCE, np.zeros(1200, dtype=np.int64))
    assert math.isnan(one.se)
    assert one.n_clusters == 1


def test_repeated_rows_give_the_design_effect_of_their_number() -> None:
    repeated = np.repeat(INFLUENCE / 5, 5)
    spread = spread_of(repeated, np.repeat(np.arange(1200), 5))
    assert spread.se == pytest.approx(spread_of(INFLUENCE).se, rel=1e-12)
    assert spread.design_effect == pytest.approx(5, rel=0.01)


def test_totals_leave_out_clusters_that_do_not_occur() -> None:
    assert cluster_totals(np.array([1.0, 2.0, 4.0]), np.array([7, 2, 7])).tolist() == [2.0, 5.0]


def test_effective_size_of_weights() -> None:
    assert effective_n(np.full(30, 7.0)) == pytest.approx(30)
    assert effective_n(np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(2)
    assert effective_n(np.array([1.0, 3.0])) == pytest.approx(1.6)


def test_skewness_of_a_mean_is_that_of_its_rows_over_root_n() -> None:
    values = np.random.default_rng(9).exponential(size=250)
    influence = (values - values.mean()) / 250
    assert skewness_of(influence) == pytest.approx(stats.skew(values) / math.sqrt(250), rel=1e-12)
    repeated = np.repeat(influence / 4, 4)
    assert skewness_of(repeated, np.repeat(np.arange(250), 4)) == pytest.approx(skewness_of(influence), rel=1e-12)
    assert skewness_of(np.zeros(10)) == 0.0
