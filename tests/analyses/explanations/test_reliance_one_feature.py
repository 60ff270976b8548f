"""How many decisions stay with one feature alone, beside EXPL04."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from explained_samples import FEATURES, model_of, people, plan_of, sigmoid
from reliance_samples import explained_by, judged_as, withheld

from evaluator.analyses.explanations.contributions import typical_rows
from evaluator.analyses.explanations.reliance.one_feature import NO_DECISION, one_feature, score_alone
from evaluator.analyses.explanations.reliance.rows import TOO_SLOW

ENOUGH = 20_000.0


def mostly_income(frame) -> np.ndarray:
    return sigmoid(3 * frame["income"] - 0.2 * frame["debt"] - 9).to_numpy()


def test_decisions_that_rest_on_one_feature_stay(tmp_path: Path) -> None:
    explained = explained_by(tmp_path, plan_of(), model_of(mostly_income, FEATURES), people(600), rate=ENOUGH)
    rows = one_feature(explained)
    assert [row.feature for row in rows] == ["income", "debt"]
    income, debt = rows
    assert (income.proven, debt.proven) == (True, False)
    assert {type(row.proven) for row in rows} == {bool}
    assert {type(row.value) for row in rows} == {float}
    assert income.value is not None
    assert income.low is not None
    assert income.by_chance is not None
    assert income.by_chance < income.low < income.value
    said = judged_as(explained, "EXPL04", rows)
    assert " alone repeats " in said.sentence
    assert "The same decision for everyone repeats" in said.sentence


def test_the_score_alone_is_the_mean_over_other_cases(tmp_path: Path) -> None:
    explained = explained_by(tmp_path, plan_of(), model_of(mostly_income, FEATURES), people(300))
    asked = explained.asked
    mixed = asked.frame.iloc[typical_rows(asked, 20)].reset_index(drop=True)
    mixed["income"] = asked.frame["income"].iloc[7]
    assert score_alone(asked, np.array([7]), 0)[0] == pytest.approx(mostly_income(mixed).mean(), abs=1e-12)


def test_all_decisions_alike_have_an_honest_range(tmp_path: Path) -> None:
    model = model_of(lambda frame: 0.9 + 0.01 * np.tanh(frame["income"] - 3).to_numpy(), FEATURES)
    (row,) = one_feature(explained_by(tmp_path, plan_of(), model, people(300), rate=ENOUGH))
    assert (row.value, row.by_chance, row.high, row.proven) == (1.0, 1.0, 1.0, False)
    assert row.low is not None
    assert 0.9 < row.low < 1.0


def test_without_decisions_or_time_the_reason_is_said(tmp_path: Path) -> None:
    number = plan_of("regression")
    days = model_of(lambda frame: (10 * frame["income"]).to_numpy(), FEATURES, wanted="number")
    (row,) = one_feature(explained_by(tmp_path, number, days, people(200)))
    assert (row.status, row.reason, row.value) == ("not_applicable", NO_DECISION, None)
    explained = explained_by(tmp_path, plan_of(), model_of(mostly_income, FEATURES), people(200))
    assert one_feature(withheld(explained))[0].reason == "the parts do not add up"
    assert one_feature(replace(explained, rate=100.0))[0].reason == TOO_SLOW
