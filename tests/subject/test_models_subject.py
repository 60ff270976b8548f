"""A subject with its model, and whether the model gives the scores that were handed in."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import model_samples as samples
import numpy as np
import pandas as pd
import pytest

from evaluator.errors import InputError, ModelError, UnsafeModelError
from evaluator.subject.loading import load_subject
from evaluator.subject.models.checking import check_model
from evaluator.subject.models.features import feature_frame
from evaluator.subject.models.model import Model
from evaluator.subject.subject import Subject


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Subject]:
    """The subject of a plan with the logistic model, its rows and its own scores."""
    fitted = samples.classifier("logistic")
    scores = fitted.predict_proba(samples.rows())[:, 1]
    samples.rows().assign(repaid=samples.label(), score=scores).to_parquet(tmp_path / "loans.parquet")
    samples.write_skops(tmp_path, fitted)
    (tmp_path / "m.pkl").write_bytes(pickle.dumps(fitted))

    def loading(path: str = "m.skops", trust: str | None = None, **options: Any) -> Subject:
        data = {"evaluation": {"path": "loans.parquet"}}
        return load_subject(samples.plan_with({"path": path}, trust=trust, data=data), tmp_path, **options)

    return loading


def test_the_model_comes_with_the_subject_and_its_provenance(load: Callable[..., Subject], tmp_path: Path) -> None:
    subject = load()
    assert subject.model is not None
    found = subject.provenance[-1]
    digest = hashlib.sha256((tmp_path / "m.skops").read_bytes()).hexdigest()
    assert (found.role, found.path, found.rows, found.columns) == ("model", "m.skops", 0, 3)
    assert (found.sha256, subject.model.sha256, found.declared_sha256) == (digest, digest, None)


def test_the_model_does_not_change_the_hash_of_the_data(load: Callable[..., Subject]) -> None:
    assert load().data_sha256 == load(with_model=False).data_sha256


def test_without_the_model_nothing_of_it_is_read(load: Callable[..., Subject]) -> None:
    subject = load("absent.pkl", with_model=False)
    assert subject.model is None
    assert [row.role for row in subject.provenance] == ["evaluation"]


def test_a_pickle_needs_trust_and_leave(load: Callable[..., Subject], tmp_path: Path) -> None:
    digest = hashlib.sha256((tmp_path / "m.pkl").read_bytes()).hexdigest()
    with pytest.raises(UnsafeModelError):
        load("m.pkl", digest)
    with pytest.raises(UnsafeModelError):
        load("m.pkl", allow_code=True)
    subject = load("m.pkl", digest, allow_code=True)
    assert subject.provenance[-1].declared_sha256 == digest


def test_a_model_that_wants_other_columns_is_refused(load: Callable[..., Subject], tmp_path: Path) -> None:
    table = pd.read_parquet(tmp_path / "loans.parquet")
    load()
    table.drop(columns="b").to_parquet(tmp_path / "loans.parquet")
    with pytest.raises(InputError, match="fitted on 1 column that the data lack: 'b'"):
        load()


def test_notes_of_the_model_are_warnings_of_the_subject(load: Callable[..., Subject], tmp_path: Path) -> None:
    import sklearn

    def aged(members: dict[str, bytes]) -> None:
        members["schema.json"] = members["schema.json"].replace(sklearn.__version__.encode(), b"1.6.0")

    samples.change_archive(tmp_path / "m.skops", aged)
    subject = load()
    assert subject.model is not None
    assert subject.model.notes
    assert set(subject.model.notes) <= set(subject.warnings)


def test_scores_that_the_model_gives_again_are_counted(load: Callable[..., Subject]) -> None:
    subject = load()
    assert subject.model is not None
    plan = samples.plan_with(None)
    frame = feature_frame(plan, subject.frame, subject.columns, subject.model)
    supplied = subject.scores[0].score
    assert supplied is not None
    whole = check_model(subject.model, frame, supplied)
    assert (whole.n, whole.reproduced, whole.largest_difference) == (samples.N, samples.N, 0.0)
    assert whole.deterministic
    assert whole.seconds > 0
    changed = supplied.copy()
    changed[[3, 70]] += (2e-6, -0.25)
    assert check_model(subject.model, frame, changed).reproduced == samples.N - 2
    assert check_model(subject.model, frame, changed, tolerance=1e-5).reproduced == samples.N - 1
    assert check_model(subject.model, frame, changed).largest_difference == pytest.approx(0.25)


def answering(answer: Callable[[pd.DataFrame], Any]) -> Model:
    return Model("call", "0" * 64, "own:score", Path(), "own:score", None, None, 0, (), "number", answer)


def test_a_model_that_answers_otherwise_the_second_time_is_found() -> None:
    rng = np.random.default_rng(4)

    def wavering(frame: pd.DataFrame) -> Any:
        scores = np.arange(len(frame), dtype=float)
        scores[:5] += rng.random(5)
        return scores

    found = check_model(answering(wavering), pd.DataFrame({"a": range(40)}), None)
    assert (found.n, found.differing, found.deterministic) == (40, 5, False)
    assert (found.reproduced, found.largest_difference) == (None, None)


def test_a_bad_answer_stops_the_check() -> None:
    with pytest.raises(ModelError, match="39 values for 40 rows"):
        check_model(answering(lambda frame: np.zeros(39)), pd.DataFrame({"a": range(40)}), np.zeros(40))
