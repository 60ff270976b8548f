"""Small fitted models, their rows, and files of them, also damaged and hostile ones."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import skops.io
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from evaluator.plan.schema import Plan

N = 120


@lru_cache
def rows() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    return pd.DataFrame({"a": rng.normal(size=N), "b": rng.normal(size=N), "c": rng.choice(["x", "y", "z"], N)})


@lru_cache
def label() -> np.ndarray[Any, Any]:
    noise = np.random.default_rng(6).normal(size=N)
    return (rows()["a"].to_numpy() + noise > 0).astype(int)


def prepared(encoder: Any) -> ColumnTransformer:
    return ColumnTransformer([("n", StandardScaler(), ["a", "b"]), ("c", encoder, ["c"])])


def categories() -> pd.DataFrame:
    return rows().assign(c=rows()["c"].astype("category"))


CLASSIFIERS: dict[str, Callable[[], Any]] = {
    "logistic": lambda: make_pipeline(prepared(OneHotEncoder()), LogisticRegression()),
    "boosting": lambda: make_pipeline(prepared(OrdinalEncoder()), HistGradientBoostingClassifier(max_iter=8)),
    "forest": lambda: make_pipeline(prepared(OneHotEncoder()), RandomForestClassifier(4, random_state=1)),
    "gradient": lambda: make_pipeline(prepared(OneHotEncoder()), GradientBoostingClassifier(n_estimators=4)),
    "calibrated": lambda: CalibratedClassifierCV(make_pipeline(prepared(OneHotEncoder()), LogisticRegression()), cv=3),
}


@lru_cache
def classifier(name: str) -> Any:
    return CLASSIFIERS[name]().fit(rows(), label())


@lru_cache
def native_categories() -> Any:
    """Boosting that splits on categories by itself."""
    model = HistGradientBoostingClassifier(max_iter=8, categorical_features="from_dtype")
    return model.fit(categories(), label())


@lru_cache
def regressor() -> Any:
    model = make_pipeline(prepared(OrdinalEncoder()), HistGradientBoostingRegressor(max_iter=8))
    return model.fit(rows(), rows()["a"] * 3)


def plan_with(artifact: dict[str, Any] | None, *, trust: str | None = None, **sections: Any) -> Plan:
    """A plan with a model; sections given are laid over its own."""
    content: dict[str, Any] = {
        "plan_version": 1, "plan": "loans", "title": "Loans",
        "model": {"name": "loans", "version": "2", "artifact": artifact, "trust_sha256": trust},
        "task": {"kind": "binary", "label": "repaid", "positive": 1, "score": "score", "threshold": 0.5},
        "data": {"evaluation": {"path": "loans.csv"}},
    }  # fmt: skip
    for name, section in sections.items():
        content[name] = content.get(name, {}) | section
    return Plan.model_validate(content)


REGRESSION = {"kind": "regression", "positive": None, "threshold": None, "score_kind": "rank"}


def write_skops(folder: Path, model: Any, name: str = "m.skops") -> Path:
    skops.io.dump(model, folder / name)
    return folder / name


def change_archive(path: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Rewrite a skops file with its members changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def change_schema(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Rewrite the schema of a skops file."""

    def changed(members: dict[str, bytes]) -> None:
        schema = json.loads(members["schema.json"])
        change(schema)
        members["schema.json"] = json.dumps(schema).encode()

    change_archive(path, changed)


def change_nodes(path: Path, field: str, value: float, *, of: int = 0) -> int:
    """Set a field of one node in every array of nodes that has it; returns how many arrays were changed."""
    count = 0

    def changed(members: dict[str, bytes]) -> None:
        nonlocal count
        for name, content in members.items():
            if name.endswith(".npy"):
                array = np.load(io.BytesIO(content))
                if array.dtype.names and field in array.dtype.names and len(array) > of:
                    array[field][of] = value
                    buffer = io.BytesIO()
                    np.save(buffer, array)
                    members[name] = buffer.getvalue()
                    count += 1

    change_archive(path, changed)
    return count
