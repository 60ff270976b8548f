"""What unequal shares of positive outcomes force, against tables of decisions, statsmodels and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest
from statsmodels.stats.proportion import confint_proportions_2indep

from evaluator.statistics.impossibility import (
    false_positive_rate,
    forced_precision,
    forced_ratio,
    log_precision_influence,
    odds_ratio,
    precision_range,
)
from evaluator.statistics.pairs import Ends, wilson_ends
from evaluator.statistics.quantiles import normal_quantile, t_quantile
from evaluator.statistics.spread import spread_of

Z = normal_quantile(0.95)


def wilson(count: float, n: float) -> Ends:
    return wilson_ends(np.array([count / n]), np.array([float(n)]), np.array([Z]))


def test_the_identity_holds_in_every_table() -> None:
    rng = np.random.default_rng(3)
    for tp, fp, fn, tn in rng.integers(1, 200, (50, 4)):
        base, precision, found = (tp + fn) / (tp + fp + fn + tn), tp / (tp + fp), tp / (tp + fn)
        assert false_positive_rate(base, precision, found) == pytest.approx(fp / (fp + tn))
        assert forced_precision(base, found, fp / (fp + tn)) == pytest.approx(precision)


def test_three_of_four_goals_hold_together_for_three_kinds_of_tool_alone() -> None:
    """Every pair of tables of four groups' sizes: nobody is selected wrongly, or nobody rightly, or blindly."""
    tables = np.array(
        [
            (tp, p - tp, fp, n - p - fp)
            for n in (6, 12)
            for p in range(1, n)
            for tp in range(p + 1)
            for fp in range(n - p + 1)
        ]
    )
    tp, fn, fp, tn = tables.T.astype(float)
    some = tp + fp > 0
    tp, fn, fp, tn = tp[some], fn[some], fp[some], tn[some]
    n = tp + fn + fp + tn
    goals = np.round([tp / (tp + fn), fp / (fp + tn), tp / (tp + fp), (tp + fp) / n], 12)
    alike = (goals[:, :, None] == goals[:, None, :]).sum(axis=0) >= 3
    apart = ((tp + fn) / n)[:, None] != ((tp + fn) / n)[None, :]
    one, other = np.nonzero(alike & apart)
    wrongly, rightly = (fp[one] + fp[other] == 0), (tp[one] + tp[other] == 0)
    blindly = (goals[0] == goals[1])[one] & (goals[0] == goals[1])[other]
    assert len(one) > 100
    assert (wrongly | rightly | blindly).all()
    for alone in (wrongly & ~rightly & ~blindly, rightly & ~wrongly & ~blindly, blindly & ~wrongly & ~rightly):
        assert alone.any()


def test_twelve_and_seven_in_a_hundred_force_1_8_times_as_many_false_alarms() -> None:
    assert round(forced_ratio(0.07, 0.12), 1) == 1.8
    rates = [false_positive_rate(base, 0.4, 0.7) for base in (0.07, 0.12)]
    assert rates[1] / rates[0] == pytest.approx(forced_ratio(0.07, 0.12))


@pytest.mark.parametrize(("a", "n_a", "b", "n_b"), [(40, 400, 90, 500), (15, 60, 30, 80), (300, 900, 310, 800)])
def test_the_range_of_the_odds_ratio_is_that_of_the_score_method(a: int, n_a: int, b: int, n_b: int) -> None:
    found = odds_ratio((a / n_a, b / n_b), (wilson(a, n_a), wilson(b, n_b)))
    low, high = confint_proportions_2indep(b, n_b, a, n_a, compare="odds-ratio", method="score", correction=False)
    assert found.value == pytest.approx((b / (n_b - b)) / (a / (n_a - a)))
    assert np.log([found.low, found.high]) == pytest.approx(np.log([low, high]), abs=0.03)


def test_the_range_of_the_odds_ratio_covers() -> None:
    rng = np.random.default_rng(20)
    n, p, truth = (150, 220), (0.12, 0.2), forced_ratio(0.12, 0.2)
    draws = rng.binomial(n, p, (1500, 2))
    draws = draws[(draws >= 10).all(axis=1)]
    hits = 0
    for a, b in draws:
        found = odds_ratio((a / n[0], b / n[1]), (wilson(a, n[0]), wilson(b, n[1])))
        hits += found.low <= truth <= found.high
    assert binomtest(hits, len(draws), 0.93, alternative="less").pvalue > 0.001
    assert binomtest(hits, len(draws), 0.975, alternative="greater").pvalue > 0.001


def test_correlation_narrows_the_range_when_both_rise_together() -> None:
    ends = (wilson(30, 200), wilson(60, 200))
    alone, together = (odds_ratio((0.15, 0.3), ends, correlation) for correlation in (0.0, 0.5))
    assert together.high / together.low < alone.high / alone.low


def logit_of_forced(inside: np.ndarray, label: np.ndarray, decision: np.ndarray, weight: np.ndarray) -> float:
    base = (weight * inside * label).sum() / (weight * inside).sum()
    found = (weight * label * decision).sum() / (weight * label).sum()
    wrong = (weight * (1 - label) * decision).sum() / (weight * (1 - label)).sum()
    value = forced_precision(base, found, wrong)
    return float(np.log(value / (1 - value)))


def test_the_influence_is_the_derivative_in_the_weights() -> None:
    rng = np.random.default_rng(8)
    n = 60
    inside, label, decision = (rng.integers(0, 2, n).astype(float) for _ in range(3))
    weight = rng.uniform(0.5, 2.0, n)
    base = (weight * inside * label).sum() / (weight * inside).sum()
    found = (weight * label * decision).sum() / (weight * label).sum()
    wrong = (weight * (1 - label) * decision).sum() / (weight * (1 - label)).sum()
    influence = log_precision_influence(base, inside, found, wrong, label=label, decision=decision, weight=weight)
    assert influence.sum() == pytest.approx(0, abs=1e-12)
    for row in range(0, n, 7):
        step = np.zeros(n)
        step[row] = 1e-6 * weight[row]
        change = logit_of_forced(inside, label, decision, weight + step) - logit_of_forced(
            inside, label, decision, weight - step
        )
        assert change / 2e-6 == pytest.approx(influence[row], abs=1e-6)


def test_the_forced_precision_covers() -> None:
    rng = np.random.default_rng(21)
    bases, found, wrong = np.array([0.3, 0.5]), 0.7, 0.2
    truth = forced_precision(0.3, found, wrong)
    hits, reps, n = 0, 600, 400
    for _ in range(reps):
        group = (rng.random(n) < 0.6).astype(int)
        label = (rng.random(n) < bases[group]).astype(float)
        decision = (rng.random(n) < np.where(label > 0, found, wrong)).astype(float)
        inside = (group == 0).astype(float)
        rates = decision[label > 0].mean(), decision[label == 0].mean()
        share = label[group == 0].mean()
        influence = log_precision_influence(share, inside, *rates, label=label, decision=decision, weight=np.ones(n))
        spread = spread_of(influence)
        ranged = precision_range(share, *rates, t_quantile(0.95, spread.df) * spread.se)
        hits += ranged.low <= truth <= ranged.high
    assert binomtest(hits, reps, 0.93, alternative="less").pvalue > 0.001
    assert binomtest(hits, reps, 0.97, alternative="greater").pvalue > 0.001
