"""The kept model against the supplied scores, from the plan file to the answer of the job."""

from __future__ import annotations

import pickle
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import skops.io
from job_samples import EVALUATOR, ended
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from evaluator.errors import EvaluatorError
from evaluator.jobs import JobState, start_job
from evaluator.jobs.kept_model import load_kept_model, model_rows, read_plan
from evaluator.jobs.model_check import run
from evaluator.jobs.progress import ProgressFile
from evaluator.pipeline import evaluate
from evaluator.plan import load_plan
from evaluator.publishing import publish
from evaluator.store import open_rows, open_run
from evaluator.subject.loading import load_subject

N, CHANGED = 400, 7
FEATURES = ["size", "colour", "count", "new", "share"]
PLAN = """
plan_version: 1
plan: parcels
title: Parcels
model: {name: parcels, version: "1", owner: Post, purpose: Sorting%s}
task: {kind: binary, label: lost, positive: 1, score: score, score_kind: probability, threshold: 0.5}
data: {evaluation: {path: rows.parquet}, id: parcel, features: [size, colour, count, new, share]}
settings: {resamples: 64, keep_model: %s}
criteria: []
"""


class Case(NamedTuple):
    store: Path
    run_id: str


def rows_and_model() -> tuple[pd.DataFrame, object]:
    """Rows of every type, some values missing, and a model of them."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "size": rng.normal(size=N),
            "colour": pd.Series(rng.choice(["red", "blue", "grün"], N), dtype="str").mask(rng.random(N) < 0.1),
            "count": rng.integers(0, 9, N),
            "new": rng.random(N) < 0.5,
            "share": rng.random(N).astype(np.float32),
        }
    )
    lost = (frame["size"] + frame["count"] / 4 + rng.normal(size=N) > 1).astype(int)
    colours = ColumnTransformer([("colour", OneHotEncoder(), ["colour"])], remainder="passthrough")
    model = make_pipeline(colours, LogisticRegression(max_iter=1_000)).fit(frame, lost)
    score = model.predict_proba(frame)[:, 1]
    score[:CHANGED] = 1 - score[:CHANGED]
    return frame.assign(parcel=[f"p{number}" for number in range(N)], lost=lost, score=score), model


def publish_case(folder: Path, artifact: str, keep: bool) -> Case:
    """Evaluate and publish the plan beside rows and model."""
    (folder / "plan.yaml").write_text(PLAN % (artifact, str(keep).lower()), encoding="utf-8")
    loaded = load_plan(folder / "plan.yaml")
    subject = load_subject(loaded.plan, folder, allow_code=True)
    content = evaluate(loaded, subject, lambda what, done, total: None, only=("performance",))
    return Case(folder / "store", publish(folder / "store", content, subject, loaded.plan))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("parcels")
    frame, model = rows_and_model()
    frame.to_parquet(made / "rows.parquet", index=False)
    skops.io.dump(model, made / "model.skops")
    (made / "model.pkl").write_bytes(pickle.dumps(model))
    return made


@pytest.fixture(scope="module")
def kept(folder: Path) -> Case:
    return publish_case(folder, ", artifact: {path: model.skops}", True)


def checked(case: Case) -> JobState:
    return ended(case.store, start_job(case.store, "check_model", {"run_id": case.run_id}, role=EVALUATOR))


def test_the_scores_that_were_changed_are_counted(kept: Case) -> None:
    state = checked(kept)
    assert (state.status, state.message) == ("done", "")
    assert state.result is not None
    assert (state.result["n"], state.result["reproduced"], state.result["deterministic"]) == (N, N - CHANGED, True)
    assert state.result["largest_difference"] > 0.01
    assert state.result["seconds"] > 0
    assert state.progress == ("Comparing", 3, 3)


def test_the_model_reads_the_rows_with_the_types_and_values_of_the_data(folder: Path, kept: Case) -> None:
    plan, reader = read_plan(kept.store, kept.run_id), open_rows(kept.store, kept.run_id)
    frame = model_rows(reader, plan, load_kept_model(kept.store, kept.run_id, plan))
    loaded = load_plan(folder / "plan.yaml")
    expected = load_subject(loaded.plan, folder).frame.set_index("parcel")[FEATURES]
    stored = frame.set_index(pd.Index(reader.frame(["row_id"])["row_id"], name="parcel")).loc[expected.index]
    pd.testing.assert_frame_equal(stored, expected, check_index_type=False)


@pytest.mark.parametrize(
    ("artifact", "keep", "message", "hint"),
    [
        ("", False, "made without the model itself", "artifact"),
        (", artifact: {path: model.skops}", False, "is not in the store", "keep_model: true"),
        (", artifact: {path: model.pkl}, trust_sha256: {hash}", True, "can run code", "skops"),
        (", artifact: {call: 'scoring:score', source_sha256: {source}}", True, "is a function", "skops.io.dump"),
    ],
)
def test_a_model_that_cannot_be_asked_is_said_with_a_next_step(
    artifact: str, keep: bool, message: str, hint: str, folder: Path, tmp_path: Path
) -> None:
    for name in ("rows.parquet", "model.skops", "model.pkl"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    source = b"def score(rows):\n    return rows['share'].astype('float64').clip(0, 1)\n"
    (tmp_path / "scoring.py").write_bytes(source)
    for name, content in (("hash", (folder / "model.pkl").read_bytes()), ("source", source)):
        artifact = artifact.replace(f"{{{name}}}", sha256(content).hexdigest())
    case = publish_case(tmp_path, artifact, keep)
    with pytest.raises(EvaluatorError) as caught:
        run(case.store, {"run_id": case.run_id}, ProgressFile(tmp_path))
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_kept_model_that_was_changed_is_not_loaded(folder: Path, tmp_path: Path) -> None:
    for name in ("rows.parquet", "model.skops"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    case = publish_case(tmp_path, ", artifact: {path: model.skops}", True)
    path = case.store / "models" / str(open_run(case.store, case.run_id).run().model_sha256)
    path.chmod(0o600)
    path.write_bytes((folder / "model.pkl").read_bytes())
    state = checked(case)
    assert state.status == "failed"
    assert "was changed after it was kept" in state.message
