"""What tells a group: against scikit-learn, brute force, and simulated groups that nothing or something known tells."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score

from evaluator.statistics.cross_fitted import (
    FOLDS,
    Told,
    additive_scores,
    correlations,
    forward_folds,
    level_scores,
    told,
    told_forward,
)
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.quantiles import normal_quantile
from evaluator.statistics.spread import FloatArray, IntArray, spread_of
from evaluator.statistics.streams import stream

LEVEL = 0.95
REJECT_BELOW = 0.001


def drawn(n: int, seed: int = 3) -> tuple[IntArray, list[IntArray], IntArray, FloatArray]:
    """Three groups, four features of which the first two go along with them, folds and weights."""
    rng = np.random.default_rng(seed)
    group = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    codes = [(group + rng.integers(0, 3, n)) % 5, rng.integers(0, 4, n) + (group == 2)]
    codes += [rng.integers(0, 7, n), rng.integers(0, 2, n)]
    return group, codes, forward_folds(group, rng), rng.uniform(0.2, 3.0, n)


def test_folds_keep_clusters_whole_and_spread_groups_evenly() -> None:
    rng = np.random.default_rng(1)
    cluster = rng.integers(0, 150, 1_000) * 7
    group = rng.integers(0, 4, 1_000)
    fold = forward_folds(group, rng, cluster=cluster)
    assert all(np.unique(fold[cluster == one]).size == 1 for one in np.unique(cluster))
    alone = forward_folds(group, rng)
    counts = np.array([np.bincount(alone[group == one], minlength=FOLDS) for one in range(4)])
    assert np.ptp(counts, axis=1).max() <= 1
    assert np.bincount(fold, minlength=FOLDS).min() > 0


@pytest.mark.parametrize("weighted", [False, True])
def test_the_area_and_its_influence_agree_with_scikit_learn(weighted: bool) -> None:
    group, codes, _, weight = drawn(300)
    member, score = group == 1, codes[0] + 0.5 * codes[2]
    given = weight if weighted else np.ones(300)
    found = told(member, score, given if weighted else None)
    assert found is not None
    assert found.value == pytest.approx(roc_auc_score(member, score, sample_weight=given), abs=1e-12)
    for row in (0, 17, 123, 299):
        ends = []
        for step in (1e-5, -1e-5):
            moved = given.copy()
            moved[row] += step
            ends.append(roc_auc_score(member, score, sample_weight=moved))
        assert found.rows[row] == pytest.approx(given[row] * (ends[0] - ends[1]) / 2e-5, abs=1e-7)


def test_plain_influence_adds_up_to_the_variance_of_delong() -> None:
    rng = np.random.default_rng(5)
    member = np.arange(60) < 22
    score = rng.normal(size=60) + member
    wins = np.mean(
        (score[member][:, None] > score[~member][None, :]) + 0.5 * (score[member][:, None] == score[~member][None, :]),
        axis=1,
    )
    losses = np.mean(score[member][:, None] > score[~member][None, :], axis=0)
    delong = wins.var(ddof=1) / 22 + losses.var(ddof=1) / 38
    found = told(member, score, plain=True)
    assert found is not None
    assert np.square(found.rows).sum() == pytest.approx(delong, rel=1e-12)


def test_nobody_on_one_side_tells_nothing() -> None:
    member, score = np.zeros(40, dtype=bool), np.arange(40.0)
    assert told(member, score) is None
    assert told_forward(member, score, np.arange(40) % 5) is None


def test_the_first_fold_is_never_judged_and_pairs_stay_inside_folds() -> None:
    group, codes, fold, _ = drawn(500)
    member = group == 0
    score = codes[0].astype(float) + 10.0 * fold
    found = told_forward(member, score, fold)
    assert found is not None
    assert not found.judged[fold == 0].any()
    assert found.judged[fold > 0].all()
    shifted = told_forward(member, codes[0].astype(float), fold)
    assert shifted is not None
    assert found.value == pytest.approx(shifted.value, abs=1e-12)
    parts = [(roc_auc_score(member[fold == k], score[fold == k]), _pairs(member[fold == k])) for k in range(1, FOLDS)]
    assert found.value == pytest.approx(np.average([a for a, _ in parts], weights=[w for _, w in parts]), abs=1e-12)


def _pairs(member: BoolArray) -> float:
    return member.sum() * (~member).sum() / member.size


def test_shares_of_levels_come_from_earlier_folds_alone() -> None:
    group, codes, fold, weight = drawn(400)
    scores = level_scores(codes[0], group, fold, weight)
    scaled = weight / weight.mean()
    for row in np.flatnonzero(fold > 0)[::37]:
        before = fold < fold[row]
        same = before & (codes[0] == codes[0][row])
        prior = scaled[before & (group == 1)].sum() / scaled[before].sum()
        share = (scaled[same & (group == 1)].sum() + prior) / (scaled[same].sum() + 1)
        assert scores[row, 1] == pytest.approx(share, abs=1e-8)


@pytest.mark.parametrize("lines", [False, True])
def test_sums_over_features_are_ridge_regressions_on_earlier_folds(lines: bool) -> None:
    group, codes, fold, weight = drawn(600)
    ordered = [lines, False, lines, False]
    scores = additive_scores(codes, group, fold, weight, ordered=ordered, penalties=[20.0])
    marks = [code[:, None] == np.arange(code.max() + 1) for code in codes]
    for code, number in zip(codes, ordered, strict=True):
        known = code[code > 0]
        if number:
            marks.append(np.where(code > 0, (code - known.mean()) / known.std(), 0.0)[:, None])
    design = np.concatenate(marks, axis=1).astype(float)
    for number in range(1, FOLDS):
        before, inside = fold < number, fold == number
        model = Ridge(alpha=20.0).fit(design[before], group[before] == 2, (weight / weight.mean())[before])
        assert np.abs(scores[inside, 2] - model.predict(design[inside])).max() < 1e-6


def test_each_group_takes_the_penalty_that_was_best_so_far() -> None:
    group, codes, fold, weight = drawn(600)
    alone = [additive_scores(codes, group, fold, weight, penalties=[one]) for one in (1.0, 50.0, 2_000.0)]
    both = additive_scores(codes, group, fold, weight, penalties=[1.0, 50.0, 2_000.0])
    assert (both[fold == 1] == alone[1][fold == 1]).all()
    for number in range(2, FOLDS):
        judged, inside = (fold > 0) & (fold < number), fold == number
        for one in range(3):
            wrong = [
                np.average((part[judged, one] - (group[judged] == one)) ** 2, weights=weight[judged]) for part in alone
            ]
            assert (both[inside, one] == alone[int(np.argmin(wrong))][inside, one]).all()


def test_a_weak_line_is_told_where_many_bins_would_hide_it() -> None:
    """Nineteen features of nothing beside one that tells a little: the sum tells it nearly as well as the one does."""
    rng = np.random.default_rng(17)
    group = (rng.random(4_000) < 0.5).astype(np.int64)
    weak = rng.normal(size=4_000) + 0.3 * group
    columns = [weak, *rng.normal(size=(19, 4_000))]
    codes = [np.searchsorted(np.quantile(one, np.arange(1, 10) / 10), one) + 1 for one in columns]
    fold = forward_folds(group, rng)
    found = told_forward(group == 1, additive_scores(codes, group, fold, ordered=[True] * 20)[:, 1], fold)
    alone = told(group == 1, weak)
    assert found is not None
    assert alone is not None
    assert found.value > alone.value - 0.03


def test_rows_that_are_alike_tie() -> None:
    group, codes, fold, weight = drawn(800)
    twice = [np.concatenate([code, code]) for code in codes]
    both = np.concatenate([fold, fold])
    scores = additive_scores(twice, np.concatenate([group, group]), both, np.concatenate([weight, weight]))
    assert (scores[:800] == scores[800:]).all()


def test_correlations_are_those_of_cluster_totals() -> None:
    rng = np.random.default_rng(2)
    cluster, rows = rng.integers(0, 40, 300), [rng.normal(size=300) for _ in range(3)]
    rows.append(np.zeros(300))
    totals = np.stack([np.bincount(cluster, part) for part in rows[:3]])
    expected = totals @ totals.T / np.sqrt(np.outer(*[np.square(totals).sum(axis=1)] * 2))
    found = correlations(rows, cluster)
    assert np.abs(found[:3, :3] - expected).max() < 1e-12
    assert (found[3] == [0, 0, 0, 1]).all()


def _low_high(found: Told, cluster: IntArray | None) -> tuple[float, float]:
    """A range on the scale of log-odds, with clusters where there are any."""
    judged = np.flatnonzero(found.judged)
    own = None if cluster is None else np.unique(cluster[judged], return_inverse=True)[1]
    se = spread_of(found.rows[judged], own).se
    half = normal_quantile(LEVEL) * se / (found.value * (1 - found.value))
    return float(special.expit(special.logit(found.value) - half)), float(
        special.expit(special.logit(found.value) + half)
    )


def _of_nothing(rng: np.random.Generator, n: int, clustered: bool) -> list[bool]:
    """Whether a feature of 12 levels, and 8 features together, are proven to tell a group that nothing tells."""
    units = n // 4 if clustered else n
    cluster = np.arange(n) % units if clustered else None
    unit = np.arange(n) % units
    group = (rng.random(units) < 0.3).astype(np.int64)[unit]
    codes = [rng.integers(0, 10, units)[unit] for _ in range(8)]
    fold = forward_folds(group, rng, cluster=cluster)
    fitted = level_scores(rng.integers(0, 12, units)[unit], group, fold), additive_scores(codes, group, fold)
    told_by = [told_forward(group == 1, scores[:, 1], fold, plain=not clustered) for scores in fitted]
    return [found is not None and _low_high(found, cluster)[0] > 0.5 for found in told_by]


def _check_nothing(times: int, n: int, clustered: bool) -> None:
    rng = stream(11, f"nothing tells/{n}/{clustered}")
    proven = np.array([_of_nothing(rng, n, clustered) for _ in range(times)]).sum(axis=0)
    for count in proven:
        assert stats.binomtest(int(count), times, 0.05, alternative="greater").pvalue > REJECT_BELOW


@pytest.mark.parametrize("clustered", [False, True])
def test_what_goes_along_with_nothing_is_seldom_proven_to_tell(clustered: bool) -> None:
    _check_nothing(150, 400, clustered)


@pytest.mark.slow
@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("n", [200, 400, 1_500])
def test_what_goes_along_with_nothing_is_seldom_proven_to_tell_often(n: int, clustered: bool) -> None:
    _check_nothing(2_000, n, clustered)


def _levels_covered(rng: np.random.Generator, n: int, spread: float, clustered: bool) -> bool:
    """Levels with known shares: whether the range holds the area of their true order."""
    odds = np.linspace(-spread, spread, 4)
    shares = special.expit(odds)
    units = n // 3 if clustered else n
    unit = np.arange(n) % units
    level = rng.integers(0, 4, units)
    group = (rng.random(units) < shares[level]).astype(np.int64)[unit]
    code, cluster = level[unit], unit if clustered else None
    fold = forward_folds(group, rng, cluster=cluster)
    found = told_forward(group == 1, level_scores(code, group, fold)[:, 1], fold, plain=not clustered)
    assert found is not None
    low, high = _low_high(found, cluster)
    inside, outside = shares / shares.sum(), (1 - shares) / (1 - shares).sum()
    true = sum(inside[i] * (outside[:i].sum() + outside[i] / 2) for i in range(4))
    return low <= true <= high


def _check_planted(times: int, n: int, clustered: bool) -> None:
    rng = stream(12, f"planted/{n}/{clustered}")
    held = sum(_levels_covered(rng, n, 1.5, clustered) for _ in range(times))
    assert stats.binomtest(held, times, 0.93, alternative="less").pvalue > REJECT_BELOW
    assert held / times > 0.9


@pytest.mark.parametrize("clustered", [False, True])
def test_a_planted_area_is_covered(clustered: bool) -> None:
    _check_planted(300, 900, clustered)


@pytest.mark.slow
@pytest.mark.parametrize("clustered", [False, True])
def test_a_planted_area_is_covered_often(clustered: bool) -> None:
    _check_planted(3_000, 900, clustered)


def test_folds_that_serve_each_other_would_claim_too_much() -> None:
    """Why folds learn from earlier ones alone: in turn, the spread under independence is larger than the rows say."""
    rng = stream(13, "in turn")
    forward, in_turn = [], []
    for _ in range(250):
        group, code = (rng.random(400) < 0.3).astype(np.int64), rng.integers(0, 60, 400)
        fold = forward_folds(group, rng)
        found = told_forward(group == 1, level_scores(code, group, fold)[:, 1], fold, plain=True)
        assert found is not None
        forward.append((found.value - 0.5) / math.sqrt(np.square(found.rows).sum()))
        score = np.zeros(400)
        for number in range(FOLDS):
            others, own = fold != number, fold == number
            members = np.bincount(code[others], group[others], 60)
            score[own] = ((members + 0.3) / (np.bincount(code[others], minlength=60) + 1))[code[own]]
        both = told_forward(group == 1, score, fold + 1, plain=True)
        assert both is not None
        in_turn.append((both.value - 0.5) / math.sqrt(np.square(both.rows).sum()))
    assert 0.85 < np.std(forward) < 1.15
    assert np.std(in_turn) > 1.2
