"""Average precision less its small-sample bias."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from evaluator.statistics.influence import BoolArray
from evaluator.statistics.precision_range import average_precision_interval, limited_by, precision_bias
from evaluator.statistics.ranking import average_precision, rank
from evaluator.statistics.spread import Spread


def by_hand(label: BoolArray, score, weight, cluster) -> float:
    """Precision at each positive row with its own cluster, minus that without, one row at a time."""
    total = 0.0
    for i in np.flatnonzero(label):
        above = score >= score[i]
        with_own = weight[above & label].sum() / weight[above].sum()
        others = above & (cluster != cluster[i])
        if not others.any():
            continue
        total += weight[i] * (with_own - weight[others & label].sum() / weight[others].sum())
    return float(total / weight[label].sum())


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("places", [1, 6])
def test_the_bias_is_what_the_own_cluster_adds(grouped: bool, weighted: bool, places: int) -> None:
    rng = np.random.default_rng(20_270)
    label = rng.random(90) < 0.3
    score = np.round(rng.normal(size=90) + label, places)
    weight = rng.uniform(0.5, 3.0, 90) if weighted else np.ones(90)
    cluster = rng.integers(0, 30, 90) if grouped else np.arange(90)
    found = precision_bias(rank(label, score, weight if weighted else None), cluster if grouped else None)
    assert found == pytest.approx(by_hand(label, score, weight, cluster), abs=1e-12)


def test_less_its_bias_the_value_is_right_on_average() -> None:
    """Ten positive rows among a hundred: the plain value is too high by a seventh, the corrected one by much less."""
    prevalence, shift, replicates = 0.1, 1.2, 2000
    scores = shift + stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    hits, alarms = prevalence * stats.norm.sf(scores - shift), (1 - prevalence) * stats.norm.sf(scores)
    truth = float(np.mean(hits / (hits + alarms)))
    plain, corrected = np.zeros(replicates), np.zeros(replicates)
    for replicate in range(replicates):
        rng = np.random.default_rng([20_271, replicate])
        label = np.arange(100) < rng.binomial(100, prevalence)
        if not label.any():
            label[0] = True
        ranking = rank(label, rng.standard_normal(100) + shift * label)
        plain[replicate] = average_precision(ranking).value
        corrected[replicate] = plain[replicate] - precision_bias(ranking)
    noise = corrected.std() / np.sqrt(replicates)
    assert plain.mean() - truth > 0.04
    assert abs(corrected.mean() - truth) < 0.5 * (plain.mean() - truth) + 3 * noise


def test_the_interval_holds_the_value_and_widens_with_fewer_units() -> None:
    spread = Spread(0.05, 999.0, None, 1.0)
    many = average_precision_interval(0.4, 0.01, spread, 200.0, 0.95)
    few = average_precision_interval(0.4, 0.01, spread, 10.0, 0.95)
    assert many.low is not None
    assert many.high is not None
    assert few.low is not None
    assert few.high is not None
    assert few.low < many.low < 0.4 < many.high < few.high
    biased = average_precision_interval(0.4, 10.0, Spread(1e-6, 999.0, None, 1.0), 200.0, 0.95)
    assert biased.high == 0.4
    assert biased.low == pytest.approx(0.2, abs=1e-4)


def test_few_units_limit_the_degrees_of_freedom() -> None:
    found = limited_by(Spread(0.1, 999.0, None, 1.0), 11.0)
    assert found.df == 10
    assert found.se == pytest.approx(0.1 * np.sqrt(1.1))
