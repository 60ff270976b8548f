"""The diabetes demo: real data, an honest split, a model that predicts better than one measurement alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluator.demo.diabetes import EARLIER_FEATURES, FEATURES, LABEL, build, load_patients, split_patients


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("diabetes")).parent


def test_the_source_is_complete_in_its_own_units() -> None:
    patients = load_patients()
    assert len(patients) == 442
    assert set(patients["sex"]) == {1, 2}
    assert patients["age"].between(19, 79).all()
    assert patients[LABEL].between(25, 346).all()
    assert not patients.isna().any(axis=None)


def test_the_split_shares_no_patient() -> None:
    train, test = split_patients(load_patients())
    assert (len(train), len(test)) == (221, 221)
    assert not set(train["source_row"]) & set(test["source_row"])


def test_the_new_version_is_closer_than_the_earlier_one(folder: Path) -> None:
    test = pd.read_parquet(folder / "diabetes_test.parquet")
    new, old = ((test[name] - test[LABEL]).abs().mean() for name in ("predicted", "predicted_1_0"))
    middle = (test[LABEL] - test[LABEL].median()).abs().mean()
    assert 30 < new < old < middle


def test_predictions_are_those_of_a_least_squares_fit_of_the_training_rows(folder: Path) -> None:
    """The earlier version again by the closed form of a ridge regression on one standardised measurement."""
    train, test = (pd.read_parquet(folder / f"diabetes_{name}.parquet") for name in ("train", "test"))
    (name,) = EARLIER_FEATURES
    z = (train[name] - train[name].mean()) / train[name].std(ddof=0)
    slope = float(np.dot(z, train[LABEL] - train[LABEL].mean()) / (np.dot(z, z) + 10.0))
    again = train[LABEL].mean() + slope * (test[name] - train[name].mean()) / train[name].std(ddof=0)
    assert np.allclose(test["predicted_1_0"], again, atol=1e-6)
    assert set(FEATURES) <= set(test.columns)
