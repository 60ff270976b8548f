"""Calibration against regression in statsmodels and a naive walk through bins."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import special, stats

from evaluator.statistics.calibration import (
    calibration_error,
    calibration_error_interval,
    cox_intercept,
    cox_slope,
    equal_mass_bins,
)


def drawn(n: int = 400, *, ties: bool = False, seed: int = 3):
    rng = np.random.default_rng(seed)
    probability = rng.uniform(0.03, 0.97, n)
    probability = np.round(probability, 1) if ties else probability
    probability = np.clip(probability, 0.05, 0.95)
    label = rng.random(n) < special.expit(0.7 * special.logit(probability) - 0.3)
    return label, probability, rng.uniform(0.2, 3.0, n)


def cox_by_regression(label, probability, weight, *, slope: bool):
    odds = special.logit(probability)
    design = sm.add_constant(odds) if slope else np.ones((label.size, 1))
    offset = None if slope else odds
    model = sm.GLM(label.astype(float), design, family=sm.families.Binomial(), offset=offset, var_weights=weight)
    return model.fit(tol=1e-14, maxiter=200)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("ties", [False, True])
def test_slope_and_intercept_agree_with_logistic_regression(ties: bool, weighted: bool) -> None:
    label, probability, drawn_weight = drawn(ties=ties)
    weight = drawn_weight if weighted else None
    slope, intercept = cox_slope(label, probability, weight), cox_intercept(label, probability, weight)
    assert slope is not None
    assert intercept is not None
    assert slope.value == pytest.approx(cox_by_regression(label, probability, weight, slope=True).params[1], abs=1e-9)
    expected = cox_by_regression(label, probability, weight, slope=False).params[0]
    assert intercept.value == pytest.approx(expected, abs=1e-9)


def test_influence_gives_the_sandwich_standard_error() -> None:
    label, probability, _ = drawn()
    found = cox_slope(label, probability)
    fit = sm.Logit(label.astype(float), sm.add_constant(special.logit(probability))).fit(disp=0, cov_type="HC0")
    assert found is not None
    assert math.sqrt(float(found.rows @ found.rows)) == pytest.approx(float(fit.bse[1]), rel=1e-6)


def test_slope_is_undefined_where_the_regression_has_no_solution() -> None:
    probability = np.linspace(0.1, 0.9, 40)
    assert cox_slope(probability > 0.5, probability) is None
    assert cox_slope(probability < 0.5, probability) is None
    assert cox_slope(np.arange(40) % 2 == 0, np.full(40, 0.4)) is None
    for label in (np.zeros(40, dtype=bool), np.ones(40, dtype=bool)):
        assert cox_slope(label, probability) is None
        assert cox_intercept(label, probability) is None


def test_intercept_is_undefined_when_one_outcome_has_no_weight() -> None:
    label, probability, _ = drawn()
    assert cox_intercept(label, probability, np.where(label, 0.0, 1.0)) is None


def test_intercept_is_undefined_where_every_shift_fits_alike() -> None:
    probability = np.repeat([0.0, 1.0], 50)
    label = probability == 1
    label[[3, 7, 60, 80]] = ~label[[3, 7, 60, 80]]
    assert cox_intercept(label, probability) is None
    label[90] = False
    assert cox_intercept(label, probability) is not None


@pytest.mark.parametrize("flip", [False, True])
def test_probabilities_of_zero_and_one_still_have_a_slope_and_an_intercept(flip: bool) -> None:
    rng = np.random.default_rng(12)
    probability = rng.integers(0, 2, 200).astype(float)
    label = (rng.random(200) < 0.2 + 0.5 * probability) ^ flip
    slope, intercept = cox_slope(label, probability), cox_intercept(label, probability)
    assert slope is not None
    assert intercept is not None
    shares = special.logit([label[probability == value].mean() for value in (0, 1)])
    assert slope.value == pytest.approx((shares[1] - shares[0]) / (2 * special.logit(1 - 1e-12)), rel=1e-6)
    fitted = special.expit(special.logit(np.clip(probability, 1e-12, 1 - 1e-12)) + intercept.value)
    assert fitted.sum() == pytest.approx(label.sum(), abs=1e-6)


def naive_error(label, probability, weight, bins: int = 10):
    """Walk through the probabilities in order; rows with the same one go where the middle of their weight is."""
    total, before, groups = weight.sum(), 0.0, {}
    for each in sorted(set(probability.tolist())):
        rows = [i for i in range(label.size) if probability[i] == each]
        own = sum(weight[i] for i in rows)
        groups.setdefault(min(bins - 1, int((before + own / 2) / total * bins)), []).extend(rows)
        before += own
    error = 0.0
    for rows in groups.values():
        error += abs(sum(weight[i] * (label[i] - probability[i]) for i in rows)) / total
    return error


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("n", [7, 30, 401])
def test_calibration_error_agrees_with_a_naive_loop(n: int, ties: bool, weighted: bool) -> None:
    label, probability, weight = drawn(n, ties=ties)
    weight = weight if weighted else np.ones(n)
    bins = equal_mass_bins(label, probability, weight)
    assert calibration_error(bins) == pytest.approx(naive_error(label, probability, weight), abs=1e-12)


def test_bins_hold_equal_weight_and_keep_ties_together() -> None:
    label, probability, _ = drawn(500)
    bins = equal_mass_bins(label, probability)
    assert bins.weight.tolist() == [50.0] * 10
    assert np.all(np.diff(bins.promised) > 0)
    label, probability, _ = drawn(500, ties=True)
    tied = equal_mass_bins(label, probability)
    assert all(np.unique(tied.bin_of[probability == value]).size == 1 for value in np.unique(probability))
    assert np.bincount(tied.bin_of).tolist() == tied.weight.tolist()


def test_one_repeated_probability_is_one_bin() -> None:
    label = np.arange(50) % 5 == 0
    bins = equal_mass_bins(label, np.full(50, 0.3))
    assert (bins.promised.tolist(), bins.seen.tolist()) == ([pytest.approx(0.3)], [0.2])
    assert calibration_error(bins) == pytest.approx(0.1)


def interval_of(label, probability, **options):
    return calibration_error_interval(label, probability, 0.95, np.random.default_rng(1), **options)


def test_interval_holds_the_value_and_reaches_zero_when_all_is_chance() -> None:
    rng = np.random.default_rng(2)
    probability = rng.uniform(0, 1, 500)
    value, interval, errors = interval_of(rng.random(500) < probability, probability)
    assert 0 == interval.low < value < interval.high
    assert errors.shape == (10,)
    assert np.all(errors > 0)


def test_one_bin_has_the_normal_margin_of_a_proportion() -> None:
    label = np.arange(200) % 5 == 0
    value, interval, errors = interval_of(label, np.full(200, 0.4))
    assert value == pytest.approx(0.2)
    assert errors[0] == pytest.approx(math.sqrt(0.2 * 0.8 / 200), rel=0.02)
    assert interval.high - value == pytest.approx(stats.norm.ppf(0.975) * errors[0], rel=0.05)


def test_no_event_at_all_is_not_certainty() -> None:
    probability = np.linspace(0.0, 1e-9, 100)
    _, interval, errors = interval_of(np.zeros(100, dtype=bool), probability)
    assert np.all(errors > 0)
    assert interval.high > 0.01


def test_rows_repeated_within_clusters_add_no_evidence() -> None:
    label, probability, _ = drawn(300)
    cluster = np.repeat(np.arange(300), 6)
    alone = interval_of(label, probability)
    naive = interval_of(np.repeat(label, 6), np.repeat(probability, 6))
    repeated = interval_of(np.repeat(label, 6), np.repeat(probability, 6), cluster=cluster)
    margins = [found[1].high - found[0] for found in (alone, naive, repeated)]
    assert margins[2] == pytest.approx(margins[0], rel=0.15)
    assert margins[1] < 0.6 * margins[2]


def test_a_bin_within_one_cluster_is_as_unsure_as_one_row() -> None:
    label = np.repeat(np.arange(10) % 2 == 0, 10)
    probability = np.repeat(np.linspace(0.05, 0.95, 10), 10)
    _, _, errors = interval_of(label, probability, cluster=np.repeat(np.arange(10), 10))
    assert np.all(errors > 0.4)


def test_few_clusters_are_only_approximate() -> None:
    label, probability, _ = drawn(390)
    assert interval_of(label, probability, cluster=np.arange(390) // 10)[1].coverage == "approximate"
    assert interval_of(label, probability, cluster=np.arange(390) // 9)[1].coverage == "nominal"
