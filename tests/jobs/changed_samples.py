"""Small runs with kept models of every kind of task, and what their models say of changed inputs when asked directly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import skops.io
import yaml
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from evaluator.jobs.kept_model import load_kept_model, model_rows, read_plan
from evaluator.pipeline import evaluate
from evaluator.plan import Plan, load_plan
from evaluator.publishing import publish
from evaluator.recompute import LoadedRows, load_rows
from evaluator.store import open_rows
from evaluator.subject.loading import load_subject
from evaluator.subject.models.model import Model

N = 600
FEATURES = ["income", "age", "sex", "region", "new"]
HOSTILE = '<b>n</b> ;:%,"é😀'
THRESHOLD = 0.5
Edit = Callable[[dict[str, Any], pd.DataFrame], object]


class Case(NamedTuple):
    """A published run; `frame` holds the model's features in the order of `rows`."""

    store: Path
    run_id: str
    plan: Plan
    rows: LoadedRows
    frame: pd.DataFrame
    model: Model


def people(seed: int = 11) -> pd.DataFrame:
    """Features of every type, some values missing, and levels that would break what quotes nothing."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "person": [f"p{number:04d}" for number in range(N)],
            "income": np.where(rng.random(N) < 0.08, np.nan, rng.gamma(4.0, 500.0, N).round(1)),
            "age": rng.integers(18, 80, N),
            "sex": pd.Series(rng.choice(["F", "M"], N, p=[0.45, 0.55]), dtype="str"),
            "region": pd.Series(rng.choice(["north", "south", HOSTILE], N), dtype="str").mask(rng.random(N) < 0.05),
            "new": rng.random(N) < 0.4,
            "shoe_size": rng.integers(35, 48, N),
        }
    )


def fitted(estimator: Any, frame: pd.DataFrame, target: Any) -> Any:
    """A pipeline that takes missing numbers and levels never seen."""
    numbers = ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), ["income", "age"])
    levels = ("levels", OneHotEncoder(handle_unknown="ignore"), ["sex", "region"])
    columns = ColumnTransformer([numbers, levels], remainder="passthrough")
    return make_pipeline(columns, estimator).fit(frame[FEATURES], target)


def signal(frame: pd.DataFrame, seed: int = 12) -> Any:
    """What the outcomes follow: income, age and sex, with noise."""
    noise = np.random.default_rng(seed).normal(0, 1, N)
    known = frame["income"].fillna(2_000.0)
    return (known - 2_000) / 800 + (frame["age"] - 48) / 20 + 0.7 * (frame["sex"] == "F") + noise


def plan_of(kind: str) -> dict[str, Any]:
    plan: dict[str, Any] = {
        "plan_version": 1, "plan": f"changed-{kind}", "title": "Changed inputs",
        "model": {"name": "changed", "version": "1", "artifact": {"path": "model.skops"}},
        "words": {"case": ["applicant", "applicants"]},
        "task": {"kind": kind, "label": "outcome"},
        "data": {
            "evaluation": {"path": "rows.parquet"}, "id": "person", "features": list(FEATURES),
            "sensitive": ["sex", {"column": "age", "bands": [30, 60]}],
            "columns": {"sex": {"levels": {"F": "women", "M": "men"}}, "income": {"unit": "EUR", "min": 0, "max": 9000}},
        },
        "settings": {"keep_model": True, "resamples": 64},
        "criteria": [],
    }  # fmt: skip
    if kind == "binary":
        outcomes = {"positive": "repaid", "negative": "did not repay"}
        plan["words"] |= {**outcomes, "predicted_positive": "approved", "predicted_negative": "refused"}
        plan["task"] |= {"positive": 1, "score": "score", "threshold": THRESHOLD}
    if kind == "regression":
        plan["task"] |= {"score": "score", "unit": "points"}
    if kind == "multiclass":
        plan["task"] |= {"scores": {value: f"p_{value}" for value in "abc"}}
    return plan


def data_of(kind: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, Any]:
    """The rows with outcome and scores, and the model that gave the scores."""
    told = signal(frame)
    if kind == "regression":
        model = fitted(LinearRegression(), frame, told * 10)
        return frame.assign(outcome=told * 10, score=model.predict(frame[FEATURES])), model
    if kind == "binary":
        label = (told > 0.4).astype(int)
        model = fitted(LogisticRegression(), frame, label)
        return frame.assign(outcome=label, score=model.predict_proba(frame[FEATURES])[:, 1]), model
    label = np.where(told < 0, "a", np.where(told < 1, "b", "c"))
    model = fitted(LogisticRegression(), frame, label)
    scores = model.predict_proba(frame[FEATURES])
    return frame.assign(outcome=label, **{f"p_{value}": scores[:, place] for place, value in enumerate("abc")}), model


def make_case(folder: Path, kind: str, edit: Edit | None = None) -> Case:
    """Evaluate and publish one small run; `edit` changes its plan and its rows before that."""
    folder.mkdir(parents=True, exist_ok=True)
    frame, model = data_of(kind, people())
    plan = plan_of(kind)
    if edit is not None:
        edit(plan, frame)
    frame.to_parquet(folder / "rows.parquet", index=False)
    skops.io.dump(model, folder / "model.skops")
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(plan, sort_keys=False, allow_unicode=True), encoding="utf-8")
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, folder)
    content = evaluate(loaded, subject, lambda what, done, total: None, only=("performance",))
    store = folder / "store"
    return opened(store, publish(store, content, subject, loaded.plan))


def opened(store: Path, run_id: str) -> Case:
    """A published run with its kept model."""
    plan, reader = read_plan(store, run_id), open_rows(store, run_id)
    model = load_kept_model(store, run_id, plan)
    kept = ~(reader.frame(["weight"])["weight"] == 0).to_numpy()
    frame = model_rows(reader, plan, model)[kept].reset_index(drop=True)
    return Case(store, run_id, plan, load_rows(store, run_id), frame, model)
