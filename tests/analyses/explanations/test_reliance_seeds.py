"""EXPL10: whether the order of the features stays with other rows and another background."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from explained_samples import FEATURES, model_of, people, plan_of, sigmoid
from reliance_samples import explained_by, judged_as, withheld

from evaluator.analyses.explanations.reliance.orders import mean_of_pairs, rank_correlation, unit_ranks
from evaluator.analyses.explanations.reliance.rows import ONE_FEATURE, TOO_FEW, TOO_SLOW
from evaluator.analyses.explanations.reliance.seeds import TIMES, jackknife_error, seeds

ENOUGH = 40_000.0
REGIONS = {"east": -1.0, "north": 0.0, "south": 1.0}


def ordered(frame) -> np.ndarray:
    region = frame["region"].map(REGIONS).astype(float)
    return sigmoid(2.5 * frame["income"] - 0.9 * frame["debt"] + 0.25 * region - 6).to_numpy()


def level(frame) -> np.ndarray:
    """Four features that count the same, so that chance orders them."""
    parts = (frame[name] - mean for name, mean in (("a", 0), ("b", 0), ("c", 0), ("d", 0)))
    return sigmoid(sum(parts)).to_numpy()


def test_features_far_apart_stay_in_order(tmp_path: Path) -> None:
    explained = explained_by(tmp_path, plan_of(), model_of(ordered, FEATURES), people(600), rate=ENOUGH)
    order, first = seeds(explained)
    assert (order.feature, order.proven, order.by_chance) == ("", True, 0.0)
    assert (first.feature, first.value, first.n) == ("income", 1.0, TIMES)
    said = judged_as(explained, "EXPL10", [order, first])
    assert said.outcome == "clear"
    assert said.sentence.startswith("With other cases to look at, the features come in nearly the same order.")
    assert said.sentence.endswith("Income came first in 5 of 5 repeats.")
    assert seeds(explained) == (order, first)


def test_features_that_count_the_same_change_places(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    frame = people(600).assign(**{name: rng.normal(0, 1, 600) for name in "abcd"})
    plan = plan_of(data={"features": list("abcd")})
    explained = explained_by(tmp_path, plan, model_of(level, tuple("abcd")), frame, rate=ENOUGH)
    rows = seeds(explained)
    assert rows[0].low is not None
    assert rows[0].low < 0.7
    said = judged_as(explained, "EXPL10", rows)
    assert said.outcome == "found"
    assert "is not shown to stay" in said.sentence


def test_where_nothing_can_be_repeated_the_reason_is_said(tmp_path: Path) -> None:
    explained = explained_by(tmp_path, plan_of(), model_of(ordered, FEATURES), people(300))
    assert seeds(withheld(explained))[0].reason == "the parts do not add up"
    (slow,) = seeds(replace(explained, rate=500.0))
    assert (slow.status, slow.reason) == ("not_tested", TOO_SLOW)
    assert judged_as(explained, "EXPL10", [slow]).outcome == "not_tested"
    few = explained_by(tmp_path, plan_of(), model_of(ordered, FEATURES), people(20))
    assert seeds(few)[0].reason == TOO_FEW
    one = model_of(lambda frame: sigmoid(frame["income"] - 3).to_numpy(), ("income",))
    alone = explained_by(tmp_path, plan_of(data={"features": ["income"]}), one, people(100))
    assert seeds(alone)[0].reason == ONE_FEATURE


def test_the_mean_of_pairs_is_that_of_single_pairs() -> None:
    rng = np.random.default_rng(2)
    means = rng.gamma(1.0, 1.0, (5, 7))
    means[2, :3] = means[2, 0]
    pairs = [rank_correlation(means[a], means[b]) for a in range(5) for b in range(a + 1, 5)]
    assert float(mean_of_pairs(unit_ranks(means))) == pytest.approx(np.mean(pairs), abs=1e-12)
    assert jackknife_error(np.array([0.5, 0.5, 0.5])) == 0.0
