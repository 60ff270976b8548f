"""Two sides compared level by level: against other people's code and by brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import confint_proportions_2indep

from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.stratified import (
    Averaged,
    Levels,
    averaged_difference,
    case_parts,
    levels_of_cases,
    levels_of_counts,
    mantel_haenszel_parts,
)
from evaluator.statistics.stratified_odds import common_odds_ratio, no_association, same_odds

# department: women admitted, women, men admitted, men (Bickel, Hammel and O'Connell 1975)
BERKELEY = np.array(
    [[89, 108, 512, 825], [17, 25, 353, 560], [202, 593, 120, 325], [131, 375, 138, 417], [94, 393, 53, 191], [24, 341, 22, 373]],
    dtype=np.float64,
)  # fmt: skip


def counts(table: FloatArray) -> Levels:
    return levels_of_counts(table[:, [0, 2]], table[:, [1, 3]])


def oracle(table: FloatArray) -> StratifiedTable:
    a, m, c, n = table.T
    return StratifiedTable([np.array([[x, y], [u, v]]) for x, y, u, v in zip(a, m - a, c, n - c, strict=True)])


def random_table(seed: int, k: int = 5, most: int = 60) -> FloatArray:
    rng = np.random.default_rng(seed)
    m, n = rng.integers(4, most, (2, k))
    p = rng.uniform(0.1, 0.9, k)
    return np.stack([rng.binomial(m, p), m, rng.binomial(n, np.clip(p + 0.1, 0, 1)), n], axis=1).astype(np.float64)


def cases(table: FloatArray) -> tuple[IntArray, IntArray, IntArray]:
    """Level, group and outcome of every case of a table of counts."""
    level, group, counted = [], [], []
    for i, (a, m, c, n) in enumerate(table.astype(int)):
        level += [i] * (m + n)
        group += [1] * m + [0] * n
        counted += [1] * a + [0] * (m - a) + [1] * c + [0] * (n - c)
    return np.array(level), np.array(group), np.array(counted)


def averaged(levels: Levels, level: float = 0.95) -> Averaged:
    return averaged_difference(levels, mantel_haenszel_parts(levels), level)


@pytest.mark.parametrize("table", [BERKELEY, *(random_table(seed) for seed in range(8))])
def test_odds_ratio_and_tests_agree_with_statsmodels(table: FloatArray) -> None:
    theirs, levels = oracle(table), counts(table)
    ratio = common_odds_ratio(levels, 0.9)
    assert ratio is not None
    np.testing.assert_allclose(ratio, (theirs.oddsratio_pooled, *theirs.oddsratio_pooled_confint(0.1)), rtol=1e-9)
    assert no_association(levels) == pytest.approx(theirs.test_null_odds().pvalue, rel=1e-9)


@pytest.mark.parametrize("table", [BERKELEY, *(random_table(seed, most=300) for seed in range(8))])
def test_whether_levels_are_alike_agrees_with_statsmodels(table: FloatArray) -> None:
    a, m, c, n = table.T
    expected = np.stack([a + c, m + n - a - c]) * np.minimum(m, n) / (m + n)
    told = table[expected.min(axis=0) >= 5]
    assert len(told) >= 2
    assert same_odds(counts(table)) == pytest.approx(oracle(told).test_equal_odds(adjust=True).pvalue, rel=1e-6)


def test_small_levels_do_not_tell_whether_they_are_alike() -> None:
    small = np.array([[3, 6, 5, 9]] * 25, dtype=np.float64)
    assert same_odds(counts(small)) is None
    assert same_odds(counts(np.concatenate([small, BERKELEY]))) == same_odds(counts(BERKELEY))


def test_the_odds_ratio_is_the_published_one() -> None:
    ratio, p_value = common_odds_ratio(counts(BERKELEY), 0.95), no_association(counts(BERKELEY))
    assert ratio is not None
    assert p_value is not None
    assert round(1 / ratio.value, 3) == 0.905
    assert round(stats.chi2.isf(p_value, 1), 2) == 1.52


def test_the_average_is_that_of_mantel_and_haenszel() -> None:
    a, m, c, n = BERKELEY.T
    by_hand = float(((a * n - c * m) / (m + n)).sum() / (m * n / (m + n)).sum())
    found = averaged(counts(BERKELEY))
    assert found.value == pytest.approx(by_hand, rel=1e-12)
    assert round(found.value, 4) == 0.0184
    assert found.low is not None
    assert found.high is not None
    # Greenland and Robins 1985, from large levels.
    variance = ((a * (m - a) * n**3 + c * (n - c) * m**3) / (m * n * (m + n) ** 2)).sum() / (m * n / (m + n)).sum() ** 2
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * math.sqrt(variance), rel=0.01)


@pytest.mark.parametrize(("a", "m", "c", "n"), [(3, 40, 9, 51), (0, 30, 4, 30), (50, 50, 49, 60), (120, 400, 90, 410)])
def test_one_level_is_newcombe(a: int, m: int, c: int, n: int) -> None:
    found = averaged(counts(np.array([[a, m, c, n]], dtype=np.float64)))
    theirs = confint_proportions_2indep(a, m, c, n, compare="diff", method="newcomb")
    np.testing.assert_allclose((found.low, found.high), theirs, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_one_by_one_or_counted_is_the_same(seed: int) -> None:
    table = random_table(seed)
    level, group, counted = cases(table)
    mixed = np.random.default_rng(seed).permutation(level.size)
    one = levels_of_cases(level[mixed], group[mixed] == 1, counted[mixed] == 1, 5)
    assert averaged(one) == averaged(counts(table))


@pytest.mark.parametrize("seed", range(4))
def test_equal_weights_and_lonely_clusters_change_next_to_nothing(seed: int) -> None:
    table = random_table(seed, most=400)
    level, group, counted = cases(table)
    plain = averaged(counts(table))
    heavy = levels_of_cases(level, group == 1, counted == 1, 5, weight=np.full(level.size, 3.0))
    np.testing.assert_allclose(averaged(heavy)[:3], plain[:3], atol=2e-3)
    alone = levels_of_cases(level, group == 1, counted == 1, 5, cluster=np.arange(level.size))
    assert averaged(alone) == plain
    ratio, weighted = common_odds_ratio(counts(table), 0.95), common_odds_ratio(heavy, 0.95)
    assert ratio is not None
    assert weighted is not None
    np.testing.assert_allclose(weighted, ratio, rtol=0.02)
    assert no_association(heavy) == pytest.approx(no_association(counts(table)), rel=0.2, abs=1e-4)
    assert same_odds(heavy) is None


def test_every_case_twice_in_one_cluster_says_what_it_said_once() -> None:
    table = random_table(3, most=300)
    level, group, counted = (part.repeat(2) for part in cases(table))
    twice = levels_of_cases(level, group == 1, counted == 1, 5, cluster=np.arange(level.size) // 2)
    np.testing.assert_allclose(averaged(twice)[:3], averaged(counts(table))[:3], atol=2e-3)
    ratio, once = common_odds_ratio(twice, 0.95), common_odds_ratio(counts(table), 0.95)
    assert ratio is not None
    assert once is not None
    np.testing.assert_allclose(ratio, once, rtol=0.02)
    assert no_association(twice) == pytest.approx(no_association(counts(table)), rel=0.1, abs=1e-4)


def test_influence_of_the_odds_ratio_is_its_derivative() -> None:
    """The standard error of weighted cases is the root of summed squares of numerical derivatives."""
    level, group, counted = cases(random_table(2, k=3, most=12))
    weight = np.random.default_rng(1).uniform(0.5, 2.0, level.size)

    def log_ratio(w: FloatArray) -> float:
        found = common_odds_ratio(levels_of_cases(level, group == 1, counted == 1, 3, weight=w), 0.95)
        assert found is not None
        return math.log(found.value)

    step = 1e-6 * np.eye(level.size)
    slopes = np.array([(log_ratio(weight + h) - log_ratio(weight - h)) / 2e-6 for h in step]) * weight
    found = common_odds_ratio(levels_of_cases(level, group == 1, counted == 1, 3, weight=weight), 0.95)
    assert found is not None
    n = level.size
    reach = stats.t.ppf(0.975, n - 1) * math.sqrt(float((slopes**2).sum()) * n / (n - 1))
    assert math.log(found.high / found.value) == pytest.approx(reach, rel=1e-5)


def test_levels_with_one_side_alone_take_no_part() -> None:
    table = random_table(6)
    more = np.concatenate([table, [[5, 9, 0, 0], [0, 0, 7, 7], [0, 0, 0, 0]]])
    assert averaged(counts(more)) == averaged(counts(table))
    assert common_odds_ratio(counts(more), 0.95) == common_odds_ratio(counts(table), 0.95)
    assert case_parts(counts(more))[5:].tolist() == [0, 0, 0]


@pytest.mark.parametrize("hits", [(0, 0), (20, 20), (0, 20)])
def test_nothing_seen_to_vary_is_never_certainty(hits: tuple[int, int]) -> None:
    table = np.array([[hits[0], 20, hits[1], 20]] * 3, dtype=np.float64)
    found = averaged(counts(table))
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low > 0.05
    assert common_odds_ratio(counts(table), 0.95) is None
    assert same_odds(counts(table)) is None
    assert (no_association(counts(table)) is None) == (hits[0] == hits[1])


def test_all_alike_in_clusters_counts_clusters() -> None:
    table = np.array([[0, 100, 0, 100]] * 2, dtype=np.float64)
    level, group, counted = cases(table)
    few = levels_of_cases(level, group == 1, counted == 1, 2, cluster=np.arange(level.size) // 10)
    apart = averaged(few)
    alone = averaged(counts(table))
    assert apart.high is not None
    assert alone.high is not None
    assert apart.high > 3 * alone.high


def test_one_cluster_says_nothing() -> None:
    level, group, counted = cases(random_table(0))
    one = levels_of_cases(level, group == 1, counted == 1, 5, cluster=np.zeros(level.size, dtype=np.int64))
    assert averaged(one)[1:] == (None, None, "one_cluster")
    assert common_odds_ratio(one, 0.95) is None
    assert no_association(one) is None


def test_sides_exchanged_turn_every_sign() -> None:
    table = random_table(4)
    forth, back = averaged(counts(table)), averaged(counts(table[:, [2, 3, 0, 1]]))
    assert forth.low is not None
    assert forth.high is not None
    np.testing.assert_allclose((back.value, back.low, back.high), (-forth.value, -forth.high, -forth.low), atol=1e-12)
