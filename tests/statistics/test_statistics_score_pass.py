from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics as skm
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.statistics import calibration, condensing, influence, ranking, score_part, score_pass, sorted_scores
from evaluator.statistics.condensing import CELLS_PER_UNIT, PowerSums, cells_of_log_odds, condensed_regression
from evaluator.statistics.score_pass import Engine, promise_totals, rank_totals
from evaluator.statistics.sorted_scores import SortedScores, equal_mass_starts
from evaluator.statistics.spread import skewness_of, spread_of
from evaluator.statistics.streams import stream


def made_scores(n: int, decimals: int, seed: int = 3) -> SortedScores:
    rng = np.random.default_rng(seed)
    score = np.sort((1 / (1 + np.exp(-rng.normal(1.2, 1.3, n)))).round(decimals))[::-1].copy()
    return SortedScores(rng.random(n) < score, score, True)


@pytest.fixture(params=[(500, 1), (500, 2), (3_000, 2), (3_000, 9)], ids=str)
def scores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SortedScores:
    """Cut into many parts, so that sums are carried from one to the next."""
    monkeypatch.setattr(sorted_scores, "PART", 64)
    return made_scores(*request.param)


@pytest.fixture(params=["numpy", "compiled"])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.param
    return found


@pytest.fixture(params=["all", "half", "few"])
def mask(request: pytest.FixtureRequest, scores: SortedScores) -> np.ndarray:
    share = {"all": 1.0, "half": 0.5, "few": 0.1}[request.param]
    return np.random.default_rng(8).random(scores.score.size) < share


def test_parts_end_where_equal_scores_end(scores: SortedScores) -> None:
    inside = scores.edges[1:-1]
    assert (scores.edges[0], scores.edges[-1]) == (0, scores.score.size)
    assert (scores.score[inside] < scores.score[inside - 1]).all()


def test_ranking_is_that_of_the_rows_one_by_one(scores: SortedScores, mask: np.ndarray, engine: Engine) -> None:
    found = rank_totals(scores, mask, engine=engine)
    label, score = scores.label[mask], scores.score[mask]
    ranked = ranking.rank(label, score)
    auc, average = ranking.auc(ranked), ranking.average_precision(ranked)
    assert found.auc.value == pytest.approx(auc.value, abs=1e-13)
    assert found.auc.se == pytest.approx(ranking.delong_spread(auc, label).se, rel=1e-9)
    assert found.average_precision.value == pytest.approx(average.value, abs=1e-13)
    assert found.average_precision.se == pytest.approx(spread_of(average.rows).se, rel=1e-9)


def test_losses_are_those_of_the_rows_one_by_one(scores: SortedScores, mask: np.ndarray, engine: Engine) -> None:
    found = promise_totals(scores, mask, engine=engine)
    label, score = scores.label[mask], scores.score[mask]
    for moments, losses in (
        (found.brier_loss, (score - label) ** 2), (found.log_loss, influence.log_loss_rows(label, score)),
    ):  # fmt: skip
        expected = influence.mean(losses)
        assert moments.mean == pytest.approx(expected.value, rel=1e-12)
        assert moments.se == pytest.approx(spread_of(expected.rows).se, rel=1e-9)
        assert moments.skewness == pytest.approx(skewness_of(expected.rows), abs=1e-9)


def test_bins_are_those_of_the_rows_one_by_one(scores: SortedScores, mask: np.ndarray, engine: Engine) -> None:
    label, score = scores.label[mask], scores.score[mask]
    bins = promise_totals(scores, mask, engine=engine).bins
    expected = calibration.equal_mass_bins(label, score)
    assert bins.n.tolist() == np.bincount(expected.bin_of).tolist()
    assert bins.promised / bins.n == pytest.approx(expected.promised)
    assert bins.positives / bins.n == pytest.approx(expected.seen)
    value, interval, errors = calibration.binned_error_interval(*bins, 0.95, stream(7, "bins", ""))
    slow = calibration.calibration_error_interval(label, score, 0.95, stream(7, "bins", ""))
    assert value == pytest.approx(slow[0], abs=1e-12)
    assert (interval.low, interval.high) == pytest.approx((slow[1].low, slow[1].high), abs=1e-12)
    assert errors == pytest.approx(slow[2])


def test_calibration_is_that_of_the_rows_one_by_one(scores: SortedScores, mask: np.ndarray, engine: Engine) -> None:
    condensed = promise_totals(scores, mask, engine=engine).condensed
    label, score = scores.label[mask], scores.score[mask]
    for regression, slow in (
        (calibration.slope_on_log_odds, calibration.cox_slope), (calibration.shift_of_log_odds, calibration.cox_intercept),
    ):  # fmt: skip
        found, expected = condensed_regression(condensed, regression), slow(label, score)
        assert found is not None
        assert expected is not None
        assert found.value == pytest.approx(expected.value, abs=1e-8)
        assert found.se == pytest.approx(spread_of(expected.rows).se, rel=1e-7)


NASTY = {
    "two values": lambda rng, n: rng.integers(0, 2, n) / 2 + 0.25,
    "one value": lambda rng, n: np.full(n, 0.3),
    "nearly one value": lambda rng, n: np.where(rng.random(n) < 0.001, rng.random(n), 0.5),
    "extremely skewed": lambda rng, n: rng.random(n) ** 40,
    "both ends": lambda rng, n: np.where(rng.random(n) < 0.5, 1e-300, 1 - 1e-16),
    "all apart": lambda rng, n: rng.permutation(np.linspace(1e-9, 1 - 1e-9, n)),
}


@pytest.mark.parametrize("kind", NASTY)
@pytest.mark.parametrize("prevalence", [0.5, 0.003])
def test_ranking_is_exact_for_nasty_scores(kind: str, prevalence: float, engine: Engine) -> None:
    rng = np.random.default_rng(12)
    n = 150_000
    score = np.sort(NASTY[kind](rng, n))[::-1].copy()
    scores = SortedScores(rng.random(n) < prevalence, score, True)
    mask = rng.random(n) < 0.4
    found = rank_totals(scores, mask, engine=engine)
    label, asked = scores.label[mask], score[mask]
    assert found.auc.value == pytest.approx(skm.roc_auc_score(label, asked), abs=1e-12)
    assert found.average_precision.value == pytest.approx(skm.average_precision_score(label, asked), abs=1e-12)
    # DeLong's variance from its definition: how many of the other class each row beats.
    negative, positive = np.sort(asked[~label]), np.sort(asked[label])
    beaten = (np.searchsorted(negative, asked[label]) + np.searchsorted(negative, asked[label], "right")) / 2
    above = positive.size - (
        (np.searchsorted(positive, asked[~label]) + np.searchsorted(positive, asked[~label], "right")) / 2
    )
    parts = (beaten / negative.size).var(ddof=1) / positive.size, (above / positive.size).var(ddof=1) / negative.size
    assert found.auc.se == pytest.approx(np.sqrt(sum(parts)), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("kind", NASTY)
def test_both_engines_agree_on_nasty_promises(kind: str) -> None:
    rng = np.random.default_rng(13)
    score = np.sort(NASTY[kind](rng, 90_000))[::-1].copy()
    scores = SortedScores(rng.random(score.size) < score, score, True)
    mask = rng.random(score.size) < 0.3
    one, other = (promise_totals(scores, mask, engine=engine) for engine in ("numpy", "compiled"))
    for first, second in ((one.brier_loss, other.brier_loss), (one.log_loss, other.log_loss)):
        assert first[:2] == pytest.approx(second[:2], rel=1e-9, abs=1e-12)
    for first_bins, second_bins in zip(one.bins, other.bins, strict=True):
        assert first_bins == pytest.approx(second_bins, rel=1e-11)
    assert one.condensed.weight.sum() == pytest.approx(other.condensed.weight.sum())
    assert np.dot(*one.condensed[1:]) == pytest.approx(np.dot(*other.condensed[1:]), rel=1e-9)


def test_constants_read_by_the_compiler_are_those_of_condensing() -> None:
    assert (score_part.CELLS_PER_UNIT, score_part.FARTHEST) == (condensing.CELLS_PER_UNIT, condensing.FARTHEST)


def test_few_rows_and_no_compiler_are_served_by_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = made_scores(400, 2)
    mask = np.ones(400, dtype=bool)
    monkeypatch.setattr(score_pass, "score_kernels", lambda: None)
    assert rank_totals(scores, mask, engine="compiled") == rank_totals(scores, mask, engine="numpy")
    monkeypatch.setattr(score_pass, "score_kernels", lambda: pytest.fail("loaded for few rows"))
    assert rank_totals(scores, mask) == rank_totals(scores, mask, engine="numpy")


@settings(deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 6), min_size=2, max_size=60))
def test_equal_scores_share_a_bin_however_the_bins_fall(levels: list[int]) -> None:
    score = np.sort(np.array(levels) / 7)[::-1].copy()
    scores = SortedScores(np.zeros(score.size, dtype=bool), score, True)
    mask = np.ones(score.size, dtype=bool)
    starts = equal_mass_starts(scores, mask, score.size)
    expected = np.bincount(calibration.equal_mass_bins(scores.label, score).bin_of)[::-1]
    assert np.diff(starts, append=score.size).tolist() == expected.tolist()


@settings(deadline=None, derandomize=True)
@given(st.lists(st.floats(-27, 27), min_size=1, max_size=80))
def test_two_points_keep_count_mean_and_variance_of_every_cell(log_odds: list[float]) -> None:
    values = np.sort(np.array(log_odds))
    cell, offset = cells_of_log_odds(values)
    assert (np.abs(offset) <= 0.5 / CELLS_PER_UNIT + 1e-12).all()
    sums = PowerSums()
    for half in (slice(None, values.size // 2), slice(values.size // 2, None)):
        sums.add(cell[half], offset[half])
    places, weight = sums.points()
    assert (weight >= 0).all()
    assert weight.sum() == pytest.approx(values.size)
    assert np.dot(weight, places) == pytest.approx(values.sum(), abs=1e-9)
    assert np.dot(weight, places**2) == pytest.approx(np.dot(values, values), rel=1e-9, abs=1e-9)
    assert np.dot(weight, np.tanh(places)) == pytest.approx(np.tanh(values).sum(), abs=1e-6)
