from __future__ import annotations

import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from evaluator.demo.cancer import fit_current, load_patients, score_patients, split_patients


@pytest.fixture(scope="module")
def split() -> tuple[pd.DataFrame, pd.DataFrame]:
    return split_patients(load_patients())


def test_the_source_is_complete_and_malignant_is_one() -> None:
    patients = load_patients()
    assert patients.shape == (569, 33)
    assert patients["malignant"].sum() == 212
    assert not patients.isna().any(axis=None)
    assert patients.groupby("malignant")["mean_radius"].mean().is_monotonic_increasing


def test_sizes_are_bands_of_the_mean_radius() -> None:
    by_size = load_patients().groupby("nucleus_size")["mean_radius"]
    assert by_size.max()["small"] < 12 <= by_size.min()["medium"]
    assert by_size.max()["medium"] < 15 <= by_size.min()["large"]


def test_the_split_shares_no_patient_and_keeps_the_share_of_cancers(split: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    train, test = split
    assert (len(train), len(test), test["malignant"].sum()) == (341, 228, 85)
    assert not set(train["source_row"]) & set(test["source_row"])
    assert train["malignant"].mean() == pytest.approx(test["malignant"].mean(), abs=0.005)


def test_the_new_version_ranks_better_than_the_earlier_one(split: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    train, test = split
    scored = score_patients(train, test, fit_current(train))
    new = roc_auc_score(scored["malignant"], scored["score"])
    old = roc_auc_score(scored["malignant"], scored["score_1_0"])
    assert 0.98 < new <= 1
    assert 0.93 < old < new
    assert ((scored[["score", "score_1_0"]] >= 0) & (scored[["score", "score_1_0"]] <= 1)).all(axis=None)


def test_models_learn_nothing_from_the_test_labels(split: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    train, test = split
    blinded = test.assign(malignant=0)
    model = fit_current(train)
    assert score_patients(train, blinded, model)["score"].equals(score_patients(train, test, model)["score"])
