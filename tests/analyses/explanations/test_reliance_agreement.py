"""EXPL11: whether two ways to measure what counts order the features alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from explained_samples import FEATURES, model_of, people, plan_of, sigmoid
from reliance_samples import all_rows, explained_by, judged_as, withheld
from scipy import stats

from evaluator.analyses.explanations.drawing import Drawn, draw
from evaluator.analyses.explanations.reliance.agreement_of_methods import agreement, agreement_of
from evaluator.analyses.explanations.reliance.orders import rank_correlation, rank_correlations, redrawn_range
from evaluator.analyses.explanations.reliance.redrawing import (
    fewer,
    redrawn_counts,
    redrawn_means,
    redrawn_pair_means,
    redrawn_weights,
)
from evaluator.analyses.explanations.reliance.rows import TOO_SLOW
from evaluator.analyses.explanations.shifting import Shifted, mean_growth
from evaluator.analyses.explanations.untested import RANK

ENOUGH = 40_000.0


def honest(frame) -> np.ndarray:
    return sigmoid(2 * frame["income"] - 0.8 * frame["debt"] + 0.05 * frame["loans"] - 5).to_numpy()


def people_scored(seed: int = 3, n: int = 1_500):
    """Outcomes drawn from the score itself, so that what moves the score is what counts for the error."""
    frame = people(n, seed)
    frame["repaid"] = (np.random.default_rng(seed).random(n) < honest(frame)).astype(int)
    return frame


def test_two_ways_that_agree_are_clear(tmp_path: Path) -> None:
    explained = explained_by(tmp_path, plan_of(), model_of(honest, FEATURES), people_scored(), rate=ENOUGH)
    (row,) = agreement(explained)
    assert row.value is not None
    assert row.value > 0.7
    assert (row.proven, row.by_chance) == (True, 0.0)
    said = judged_as(explained, "EXPL11", [row])
    assert said.outcome == "clear"
    assert said.sentence.startswith("Taking features from other cases puts them in")


def test_a_model_that_leans_on_the_wrong_features_is_found(tmp_path: Path) -> None:
    def backwards(frame) -> np.ndarray:
        """Leans most on what the outcome has nothing to do with."""
        region = frame["region"].map({"east": -2.0, "north": 0.0, "south": 2.0}).astype(float)
        return sigmoid(1.5 * region + 0.9 * (frame["loans"] - 1.5) - 0.1 * (frame["debt"] - 2)).to_numpy()

    explained = explained_by(tmp_path, plan_of(), model_of(backwards, FEATURES), people_scored(), rate=ENOUGH)
    (row,) = agreement(explained)
    assert not row.proven
    said = judged_as(explained, "EXPL11", [row])
    assert said.outcome == "found"
    assert said.sentence.startswith("Two ways to measure what counts are not shown to agree.")


def test_without_errors_or_time_the_reason_is_said(tmp_path: Path) -> None:
    ranks = plan_of(task={"score_kind": "rank"})
    explained = explained_by(tmp_path, ranks, model_of(honest, FEATURES), people(300))
    (row,) = agreement(explained)
    assert (row.status, row.reason) == ("not_tested", RANK)
    assert judged_as(explained, "EXPL11", [row]).outcome == "not_tested"
    plain = explained_by(tmp_path, plan_of(), model_of(honest, FEATURES), people(300))
    assert agreement(replace(plain, rate=500.0))[0].reason == TOO_SLOW
    assert agreement(withheld(plain))[0].reason == "the parts do not add up"


def test_rank_correlations_are_spearmans() -> None:
    rng = np.random.default_rng(4)
    first, second = rng.normal(size=(30, 8)), rng.normal(size=(30, 8))
    second[:, :4] = second[:, :1]
    oracle = [stats.spearmanr(a, b).statistic for a, b in zip(first, second, strict=True)]
    assert rank_correlations(first, second) == pytest.approx(oracle, abs=1e-12)
    assert np.isnan(rank_correlation(np.ones(4), np.arange(4.0)))
    # Rounding of sums must not break a tie.
    assert rank_correlation(np.array([0.1 + 0.2, 0.3, 0.1]), np.array([2.0, 2.0, 1.0])) == pytest.approx(1.0)


def test_one_side_without_any_importance_has_no_number() -> None:
    rng = np.random.default_rng(4)
    assert agreement_of(np.zeros((50, 3)), shifted_by(all_rows(50), rng.normal(size=(3, 50, 3))), 0.95, rng) is None


def shifted_by(drawn: Drawn, pairs: np.ndarray) -> Shifted:
    donor = np.stack([np.roll(np.arange(drawn.n), shift) for shift in (1, 2, 3)])
    return Shifted(drawn, donor, pairs, "brier")


def test_a_pair_stands_for_as_many_as_both_its_rows() -> None:
    """Growth that comes from the other row alone: the draw took many of few large ones, and their weight says so."""
    stratum = np.repeat([0, 1], [900, 100])
    drawn = draw(200, np.random.default_rng(3), stratum)
    large = (drawn.stratum == 1).astype(float)
    donor = np.stack([np.random.default_rng(seed).permutation(drawn.n) for seed in range(3)])
    shifted = Shifted(drawn, donor, large[donor][:, :, None], "brier")
    mean = redrawn_pair_means(shifted, np.ones((1, drawn.n), dtype=np.int64))[0, 0]
    weight = drawn.weight * drawn.weight[donor]
    assert mean == pytest.approx((weight * large[donor]).sum() / weight.sum())
    assert mean == pytest.approx(0.1, abs=0.03)
    assert shifted.growth.mean() > 0.2


@pytest.mark.parametrize("clustered", [False, True])
def test_redrawn_pairs_vary_as_dyadic_data_do(clustered: bool) -> None:
    rng = np.random.default_rng(6)
    whole = all_rows(300)
    home = np.repeat(np.arange(100), 3)
    drawn = Drawn(whole.index, whole.own, whole.stratum, whole.size, whole.taken, home if clustered else None)
    of_row = rng.normal(size=(300, 2)) if not clustered else rng.normal(size=(100, 2))[home]
    plain = shifted_by(drawn, np.zeros((3, 300, 2)))
    shifted = shifted_by(drawn, of_row + 0.7 * of_row[plain.donor])
    means = redrawn_pair_means(shifted, redrawn_counts(drawn, 3_000, rng))
    assert means.std(axis=0) == pytest.approx(mean_growth(shifted).se, rel=0.2)


def test_clusters_are_redrawn_whole() -> None:
    drawn = all_rows(6)
    housed = Drawn(drawn.index, drawn.own, drawn.stratum, drawn.size, drawn.taken, np.array([9, 9, 4, 4, 4, 7]))
    weights = redrawn_weights(housed, 20, np.random.default_rng(1))
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[:, 2] == weights[:, 4]).all()
    assert (weights[:, [0, 2, 5]].sum(axis=1) == 3).all()
    values = np.arange(12.0).reshape(6, 2)
    assert redrawn_means(values, np.ones((1, 6)))[0].tolist() == [5.0, 6.0]


def test_fewer_rows_stand_for_the_same_population() -> None:
    stratum = np.repeat([0, 1, 2], [600, 300, 100])
    first = draw(400, np.random.default_rng(1), stratum, weight=np.linspace(0.5, 2, 1_000))
    again, places = fewer(first, 120, np.random.default_rng(2))
    assert again.n == 120
    assert (again.index == first.index[places]).all()
    for one in range(3):
        kept, before = again.stratum == one, first.stratum == one
        assert (first.stratum[places][kept] == one).all()
        assert again.weight[kept].sum() == pytest.approx(first.weight[before].sum(), rel=0.1)


def test_the_range_holds_its_value_and_stays_possible() -> None:
    low, high = redrawn_range(0.9, np.array([0.4, 0.5, 0.6, np.nan]), 0.95)
    assert (low, high) == (pytest.approx(0.405), 1.0)
    assert redrawn_range(0.3, np.array([np.nan]), 0.95) == (-1.0, 1.0)
