"""Calibration beside chance: each check against another way to compute it, and against what simulation says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from sklearn.isotonic import IsotonicRegression

from evaluator.statistics import calibration
from evaluator.statistics.calibration import Residuals, bins_from, condense, equal_mass_bins, null_sums
from evaluator.statistics.calibration.bands import binomial_quantile
from evaluator.statistics.calibration.residuals import null_variance


def promises(n: int = 400, *, shift: float = 0.0, weighted: bool = False, clusters: int | None = None, seed: int = 5):
    """Rows whose probabilities are off by `shift`, some of them tied."""
    rng = np.random.default_rng(seed)
    probability = np.clip(rng.beta(1.2, 2.0, n).round(2), 0.01, 0.99)
    label = rng.random(n) < np.clip(probability + shift, 0, 1)
    weight = rng.uniform(0.2, 3.0, n) if weighted else None
    cluster = None if clusters is None else np.unique(rng.integers(0, clusters, n), return_inverse=True)[1]
    return Residuals(label, probability, weight, cluster)


def binned(rows: Residuals):
    return equal_mass_bins(rows.label, rows.probability, rows.weight)


# --- debiased distance ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
def test_debiased_error_agrees_with_a_walk_through_the_bins(weighted: bool) -> None:
    rows = promises(shift=0.1, weighted=weighted)
    bins = binned(rows)
    total = 0.0
    for k in range(bins.seen.size):
        inside = bins.bin_of == k
        weight, residual = rows.ones[inside], (rows.label - rows.probability)[inside]
        distance = np.average(residual, weights=weight)
        influence = weight * (residual - distance) / weight.sum()
        n = inside.sum()
        total += weight.sum() / rows.ones.sum() * (distance**2 - n / (n - 1) * (influence**2).sum())
    assert calibration.debiased_error(rows, bins) == pytest.approx(math.copysign(math.sqrt(abs(total)), total))


def test_debiased_error_with_each_row_its_own_cluster_is_that_of_independent_rows() -> None:
    rows = promises(shift=0.1)
    alone = rows._replace(cluster=np.arange(rows.label.size))
    assert calibration.debiased_error(alone, binned(rows)) == pytest.approx(
        calibration.debiased_error(rows, binned(rows))
    )


def test_debiased_error_is_not_moved_by_repeating_every_cluster_member() -> None:
    """Ten copies of each row in one cluster are no more evidence than one row."""
    rows = promises(300, shift=0.15)
    copied = Residuals(
        *(np.repeat(part, 10) for part in (rows.label, rows.probability)), None, np.repeat(np.arange(300), 10)
    )
    assert calibration.debiased_error(copied, binned(copied)) == pytest.approx(
        calibration.debiased_error(rows, binned(rows)), rel=1e-9
    )


def test_debiased_error_knows_nothing_from_bins_of_one_row() -> None:
    rows = Residuals(np.array([True, False]), np.array([0.2, 0.8]), None, None)
    assert math.isnan(calibration.debiased_error(rows, equal_mass_bins(rows.label, rows.probability)))


# --- smooth error -----------------------------------------------------------------------------------------------------


def smooth_by_integration(rows: Residuals) -> float:
    """The definition: a reflected Gaussian kernel over every row, integrated finely; the width by SciPy's root finder."""
    from scipy.optimize import brentq

    at = (np.arange(3_000) + 0.5) / 3_000
    share = rows.ones / rows.ones.sum()

    def size(width: float) -> float:
        images = [rows.probability, -rows.probability, 2 - rows.probability]
        kernel = sum(stats.norm.pdf(at[:, None], image[None, :], width) for image in images)
        return float(integrate.trapezoid(np.abs(kernel @ (share * (rows.label - rows.probability))), at))

    return float(brentq(lambda width: size(width) - width, 1e-3, 0.9, xtol=1e-7))


@pytest.mark.parametrize(
    ("shift", "weighted"), [(0.0, False), (0.1, False), (-0.2, True), (0.3, True)], ids=["none", "up", "down", "far"]
)
def test_smooth_error_agrees_with_kernel_smoothing(shift: float, weighted: bool) -> None:
    rows = promises(80, shift=shift, weighted=weighted)
    assert calibration.smooth_error(rows) == pytest.approx(smooth_by_integration(rows), abs=6e-4)


def test_smooth_errors_of_many_are_those_of_each_alone() -> None:
    rng = np.random.default_rng(2)
    residual = rng.normal(0, 1, (40, 256)) * rng.uniform(1e-5, 1e-2, (40, 1))
    residual[3] = 0.0
    alone = [float(calibration.smooth_errors(row[None, :])[0]) for row in residual]
    assert calibration.smooth_errors(residual) == pytest.approx(alone, rel=1e-4)
    assert alone[3] == 0.0


def test_smooth_error_where_every_promise_is_broken() -> None:
    probability = np.linspace(0, 1, 200)
    rows = Residuals(probability < 0.5, probability, None, None)
    assert 0.2 < calibration.smooth_error(rows) < 0.5
    assert calibration.smooth_error(Residuals(np.ones(50, dtype=bool), np.zeros(50), None, None)) == pytest.approx(
        1.0, abs=1e-3
    )


# --- Spiegelhalter ----------------------------------------------------------------------------------------------------


def test_spiegelhalter_is_the_standardised_brier_score() -> None:
    rows = promises(shift=0.05)
    p, y = rows.probability, rows.label
    expected = float((p * (1 - p)).mean())
    variance = float(((1 - 2 * p) ** 2 * p * (1 - p)).sum()) / y.size**2
    found = calibration.spiegelhalter(rows)
    assert found is not None
    assert found.value == pytest.approx((float(((y - p) ** 2).mean()) - expected) / math.sqrt(variance))
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(found.value)))


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_spiegelhalter_says_nothing_of_promises_without_spread(value: float) -> None:
    label = np.arange(40) % 2 == 0
    assert calibration.spiegelhalter(Residuals(label, np.full(40, value), None, None)) is None
    one = Residuals(label, np.full(40, 0.3), None, np.zeros(40, dtype=np.int64))
    assert calibration.spiegelhalter(one) is None


def test_spiegelhalter_of_copies_is_that_of_the_originals() -> None:
    rows = promises(300)
    copied = Residuals(
        *(np.repeat(part, 5) for part in (rows.label, rows.probability)), None, np.repeat(np.arange(300), 5)
    )
    own = calibration.spiegelhalter(rows._replace(cluster=np.arange(300)))
    found = calibration.spiegelhalter(copied)
    assert own is not None
    assert found is not None
    assert found.value == pytest.approx(own.value)
    assert own.df == found.df == 299


# --- decomposition ----------------------------------------------------------------------------------------------------


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(5, 200), st.integers(1, 30), st.booleans(), st.integers(0, 10_000))
def test_decomposition_agrees_with_isotonic_regression(n: int, levels: int, weighted: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    probability = rng.integers(0, levels + 1, n) / max(1, levels)
    label = rng.random(n) < probability**1.5
    weight = rng.uniform(0.1, 4.0, n) if weighted else None
    rows = Residuals(label, probability, weight, None)
    best = IsotonicRegression(y_min=0, y_max=1).fit(probability, label, sample_weight=weight).predict(probability)

    def brier(forecast):
        return float(np.average((label - forecast) ** 2, weights=weight))

    overall = float(np.average(label, weights=weight))
    found = calibration.decomposition(rows)
    assert found.miscalibration == pytest.approx(brier(probability) - brier(best), abs=1e-12)
    assert found.discrimination == pytest.approx(brier(overall) - brier(best), abs=1e-12)
    assert found.uncertainty == pytest.approx(brier(overall), abs=1e-12)
    assert found.miscalibration - found.discrimination + found.uncertainty == pytest.approx(
        brier(probability), abs=1e-12
    )


def test_parts_of_condensed_rows_are_those_of_the_rows() -> None:
    rows = promises(800)
    cells = condense(rows, binned(rows).bin_of)
    assert calibration.cell_miscalibration(cells) == pytest.approx(
        calibration.decomposition(rows).miscalibration, abs=1e-12
    )


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.1, 0.2, (0.09, 0.16)), (0.7, 0.9, (0.09, 0.21)), (0.4, 0.7, (0.21, 0.25)), (0.0, 1.0, (0.0, 0.25))],
)
def test_uncertainty_between_two_shares(low: float, high: float, expected: tuple[float, float]) -> None:
    assert calibration.uncertainty_between(low, high) == pytest.approx(expected)


# --- the noise of a kept promise ----------------------------------------------------------------------------------------


def test_cells_hold_the_rows_and_never_reach_over_a_bin() -> None:
    rows = promises(700, weighted=True)
    bins = binned(rows)
    cells = condense(rows, bins.bin_of, grid=16)
    assert cells.n.sum() == 700
    assert (cells.bin_of[cells.cell_of] == bins.bin_of).all()
    assert (np.diff(cells.promised) > 0).all()
    assert float((cells.weight * cells.promised).sum()) == pytest.approx(float((rows.ones * rows.probability).sum()))
    assert float((cells.weight * cells.seen).sum()) == pytest.approx(float((rows.ones * rows.label).sum()))


@pytest.mark.parametrize("kind", ["independent", "weighted", "few clusters", "many clusters"])
def test_noise_has_no_mean_and_the_variance_of_a_kept_promise(kind: str) -> None:
    """Means and variances of 4,000 draws: a z test and a variance ratio for each cell, far beyond any fluke."""
    clusters = {"few clusters": 40, "many clusters": 300}.get(kind)
    rows = promises(900, weighted=kind == "weighted", clusters=clusters)
    cells = condense(rows, binned(rows).bin_of, grid=8)
    drawn = null_sums(rows, cells, 4_000, np.random.default_rng(8))
    expected = null_variance(rows, cells)
    if clusters is not None:
        table = np.zeros((cells.n.size, rows.n_clusters or 0))
        np.add.at(table, (cells.cell_of, rows.cluster), rows.label - rows.probability)
        expected = (table**2).sum(axis=1)
        assert np.cov(drawn.T) == pytest.approx(table @ table.T, abs=0.1 * expected.max())
    assert np.abs(drawn.mean(axis=0) / np.sqrt(expected / 4_000)).max() < 5
    assert (drawn.var(axis=0) / expected) == pytest.approx(1.0, abs=0.15)


def test_distances_of_draws_are_those_of_rows_with_these_sums() -> None:
    """One draw, put back into labels: every check of the draw is the check of rows with those labels."""
    rows = promises(300)
    bins = binned(rows)
    cells = condense(rows, bins.bin_of)
    sums = null_sums(rows, cells, 3, np.random.default_rng(1))
    made = np.zeros(300, dtype=bool)
    positives = np.rint(sums[1] + cells.n * cells.promised).astype(int)
    for cell, count in enumerate(positives):
        made[np.flatnonzero(cells.cell_of == cell)[:count]] = True
    drawn = rows._replace(label=made)
    seen = bins_from(bins.bin_of, made, rows.probability)
    assert calibration.drawn_errors(sums, cells)[1] == pytest.approx(calibration.calibration_error(seen))
    smooth = calibration.drawn_smooth_errors(sums, cells.promised, 300.0)[1]
    assert smooth == pytest.approx(calibration.smooth_error(drawn), rel=1e-4)
    parts = calibration.decomposition(drawn)
    miscalibration, discrimination = calibration.drawn_decompositions(sums, cells)
    assert miscalibration[1] == pytest.approx(parts.miscalibration, abs=1e-12)
    assert discrimination[1] == pytest.approx(parts.discrimination, abs=1e-12)


def test_reference_counts_the_draws_that_reach_the_value() -> None:
    drawn = np.arange(1, 100) / 100
    found = calibration.reference_of(0.9, drawn, 0.95)
    assert found.p_value == pytest.approx(11 / 100)
    assert found.mean == pytest.approx(0.5)
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(drawn, [0.05, 0.95])))
    assert calibration.reference_of(2.0, drawn, 0.95).p_value == pytest.approx(0.01)


@pytest.mark.parametrize(("statistic", "df"), [(1.3, math.inf), (-2.1, 9.0), (0.0, 4.0)])
def test_two_sided_probabilities(statistic: float, df: float) -> None:
    expected = 2 * (stats.norm.sf(abs(statistic)) if math.isinf(df) else stats.t.sf(abs(statistic), df))
    assert calibration.two_sided(statistic, df) == pytest.approx(expected)


# --- the band -----------------------------------------------------------------------------------------------------------


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.integers(1, 3_000), st.floats(0, 1), st.sampled_from([0.0025, 0.025, 0.3, 0.975]))
def test_binomial_quantiles_agree_with_scipy(n: int, share: float, level: float) -> None:
    found = binomial_quantile(level, np.array([n]), np.array([share]))
    assert found[0] == stats.binom.ppf(level, n, share)


def test_the_band_holds_the_promise_and_narrows_with_rows() -> None:
    small, large = promises(200), promises(20_000)
    widths = []
    for rows in (small, large):
        bins = binned(rows)
        band = calibration.consistency_band(rows, bins, 0.95)
        assert ((band.low <= bins.promised) & (bins.promised <= band.high)).all()
        assert band.low.min() >= 0
        assert band.high.max() <= 1
        widths.append(float((band.high - band.low).mean()))
    assert widths[1] < widths[0] / 5


def test_the_band_of_clusters_is_never_narrower_than_without_them() -> None:
    rows = promises(2_000, clusters=100)
    bins = binned(rows)
    apart = calibration.consistency_band(rows._replace(cluster=None, weight=np.ones(2_000)), bins, 0.95)
    together = calibration.consistency_band(rows, bins, 0.95)
    assert (together.high - together.low >= apart.high - apart.low - 1e-12).all()


def test_certain_promises_leave_no_room() -> None:
    rows = Residuals(np.r_[np.zeros(50), np.ones(50)] > 0, np.r_[np.zeros(50), np.ones(50)], None, None)
    band = calibration.consistency_band(rows, binned(rows), 0.95)
    assert band.low.tolist() == band.high.tolist() == [0.0, 1.0]
