"""EXPL07: features that count and tell a sensitive group apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from explained_samples import FEATURES, model_of, people, plan_of, sigmoid
from reliance_samples import explained_by, judged_as, parts_of, withheld
from sklearn.metrics import roc_auc_score

from evaluator.analyses.explanations.reliance.proxies import NO_GROUPS, NONE_COUNTS, features_that_count, proxies

MODEL = model_of(lambda frame: sigmoid(frame["income"] - 0.5 * frame["debt"] - 2).to_numpy(), FEATURES)
PLAN = plan_of(data={"sensitive": ["sex"]}, words={"case": ["applicant", "applicants"]})


def with_sex(sex: np.ndarray, n: int = 1_500) -> pd.DataFrame:
    return people(n).assign(sex=sex)


def sex_by_income(n: int = 1_500) -> np.ndarray:
    frame = people(n)
    rng = np.random.default_rng(21)
    return np.where(frame["income"] + rng.normal(0, 0.7, n) > 3.0, "man", "woman")


def test_a_feature_that_counts_and_tells_a_group_is_named(tmp_path: Path) -> None:
    frame = with_sex(sex_by_income())
    explained = explained_by(tmp_path, PLAN, MODEL, frame)
    rows = proxies(explained)
    income = next(row for row in rows if row.feature == "income")
    area = roc_auc_score(frame["sex"] == "woman", -frame["income"])
    assert income.value == pytest.approx(area, abs=1e-12)
    assert (income.by_chance, income.proven, income.status) == (0.5, True, "ok")
    assert income.low is not None
    assert 0.6 < income.low < area
    found = judged_as(explained, "EXPL07", rows)
    assert (found.outcome, found.population_id) == ("found", income.population_id)
    assert found.sentence.startswith("The score leans on income. It tells applicants whose sex is man from others in ")
    assert "of 100 pairs (95% range" in found.sentence


def test_a_group_that_nothing_tells_stays_quiet(tmp_path: Path) -> None:
    sex = np.random.default_rng(22).choice(["man", "woman"], 1_500)
    explained = explained_by(tmp_path, PLAN, MODEL, with_sex(sex))
    rows = proxies(explained)
    assert {row.feature for row in rows} == {"income", "debt"}
    assert not any(row.proven for row in rows)
    found = judged_as(explained, "EXPL07", rows)
    assert found.outcome == "clear"
    assert "in more than 60 of 100 pairs" in found.sentence


def test_a_feature_without_a_part_is_no_proxy(tmp_path: Path) -> None:
    frame = people(1_500)
    frame["sex"] = np.where(frame["loans"] > 1, "man", "woman")
    rows = proxies(explained_by(tmp_path, PLAN, MODEL, frame))
    assert "loans" not in {row.feature for row in rows}
    assert not any(row.proven for row in rows)


def test_levels_are_judged_on_the_half_they_were_not_ordered_on(tmp_path: Path) -> None:
    def by_region(frame: pd.DataFrame) -> np.ndarray:
        return sigmoid(frame["region"].map({"east": -2.0, "north": 0.0, "south": 2.0}).astype(float)).to_numpy()

    frame = people(2_000)
    frame["sex"] = np.where(frame["region"] == "east", "man", "woman")
    (row,) = proxies(explained_by(tmp_path, PLAN, model_of(by_region, FEATURES), frame))
    assert (row.feature, row.value) == ("region", pytest.approx(1.0))
    assert 900 < row.n < 1_100


def test_the_sensitive_column_itself_is_no_proxy(tmp_path: Path) -> None:
    plan = plan_of(data={"sensitive": ["loans"]})
    model = model_of(lambda frame: sigmoid(frame["loans"] - 2.0).to_numpy(), FEATURES)
    explained = explained_by(tmp_path, plan, model, people(800))
    (row,) = proxies(explained)
    assert (row.status, row.reason) == ("not_applicable", NO_GROUPS)
    assert judged_as(explained, "EXPL07", [row]).outcome == "not_tested"


def test_without_parts_or_drivers_the_reason_is_said(tmp_path: Path) -> None:
    explained = explained_by(tmp_path, PLAN, MODEL, with_sex(sex_by_income()))
    (row,) = proxies(withheld(explained))
    assert (row.value, row.status, row.reason) == (None, "not_tested", "the parts do not add up")
    said = judged_as(withheld(explained), "EXPL07", [row])
    assert said.sentence == "Features that tell a group was not tested, because the parts do not add up."
    still = explained_by(tmp_path, PLAN, model_of(lambda frame: np.full(len(frame), 0.4), FEATURES), people(300).assign(
        sex="man"
    ))  # fmt: skip
    assert proxies(still)[0].reason == NONE_COUNTS


def test_a_small_group_has_no_number(tmp_path: Path) -> None:
    sex = np.where(np.arange(1_500) < 12, "man", "woman")
    rows = proxies(explained_by(tmp_path, PLAN, MODEL, with_sex(sex)))
    assert {(row.status, row.value, row.n) for row in rows} == {("too_few", None, 12)}


def test_a_feature_counts_from_five_of_a_hundred_parts(tmp_path: Path) -> None:
    explained = explained_by(tmp_path, PLAN, MODEL, with_sex(sex_by_income()))
    parts = parts_of(explained)
    assert features_that_count(parts, 0.95).tolist() == [0, 1]
    sizes = np.abs(parts.values).mean(axis=0)
    assert (sizes / sizes.sum())[[0, 1]].min() > 0.05
