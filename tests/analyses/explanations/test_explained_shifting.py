"""Permutation importance against a row by row calculation and scikit-learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from explained_samples import FEATURES, asked_of, explained, fitted, importances, model_of, people, plan_of, sigmoid
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression

from evaluator.analyses.explanations.drawing import draw_alike
from evaluator.analyses.explanations.shifting import SHIFTS, questions_per_row, shifted_losses
from evaluator.analyses.explanations.untested import RANK
from evaluator.statistics.streams import stream

NUMBERS = ("income", "debt", "loans")


def score(frame) -> np.ndarray:
    return sigmoid(frame["income"] * frame["debt"] / 2 - frame["loans"]).to_numpy()


def test_every_row_is_shifted_along_one_order(tmp_path: Path) -> None:
    plan = plan_of(data={"features": list(NUMBERS)})
    asked = asked_of(tmp_path, plan, model_of(score, NUMBERS), people(80))
    drawn = draw_alike(30, stream(7, "test"), asked.n)
    found = shifted_losses(asked, drawn)
    order = stream(asked.seed, "explanations/shifts").permutation(30)
    frame, label = asked.frame.iloc[drawn.index].reset_index(drop=True), asked.label[drawn.index]
    for place, name in enumerate(NUMBERS):
        growth = np.zeros(30)
        for shift in range(1, SHIFTS + 1):
            for step, row in enumerate(order):
                other = frame.loc[[row]].copy()
                other[name] = frame[name][order[(step + shift) % 30]]
                growth[row] += (score(other)[0] - label[row]) ** 2 - (score(frame.loc[[row]])[0] - label[row]) ** 2
        assert found.growth[:, place] == pytest.approx(growth / SHIFTS)
    assert found.space == "brier"
    assert questions_per_row(len(NUMBERS)) == 1 + 3 * SHIFTS


def test_the_growth_is_that_of_another_implementation(tmp_path: Path) -> None:
    frame, plan = people(3_000), plan_of(data={"features": list(NUMBERS)})
    estimator = LogisticRegression().fit(frame[list(NUMBERS)], frame["repaid"])
    found = importances(explained(tmp_path, plan, fitted(estimator, plan), frame), "permutation")
    other = permutation_importance(
        estimator, frame[list(NUMBERS)], frame["repaid"], scoring="neg_brier_score", n_repeats=30, random_state=1
    )
    for place, name in enumerate(NUMBERS):
        row = found[name]
        assert row.low is not None
        assert row.high is not None
        assert row.low <= other.importances_mean[place] <= row.high
    assert found["loans"].low < 0 < found["loans"].high


def test_a_useful_and_a_useless_feature_are_told_apart(tmp_path: Path) -> None:
    plan = plan_of("regression")
    model = model_of(lambda frame: (10 * frame["income"]).to_numpy(), FEATURES, wanted="number")
    found = importances(explained(tmp_path, plan, model), "permutation")
    income = found["income"]
    assert income.low is not None
    assert income.low > 100
    assert (income.rank_low, income.rank_high, income.space, income.unit) == (1, 1, "squared_error", "days squared")
    assert (found["debt"].value, found["debt"].direction) == (0.0, "unused")


def test_a_ranking_has_no_error_to_grow(tmp_path: Path) -> None:
    plan = plan_of(task={"score_kind": "rank"}, data={"features": list(NUMBERS)})
    model = model_of(lambda frame: (3 * frame["income"]).to_numpy(), NUMBERS, wanted="rank")
    tables = explained(tmp_path, plan, model)
    assert {row.reason for row in importances(tables, "permutation").values()} == {RANK}
    assert [row.add_to_plan for row in tables.not_tested] == ["task: {score_kind: probability}"]
    shown = importances(tables)["income"]
    assert (shown.space, shown.how, shown.status) == ("score", "additive", "ok")
