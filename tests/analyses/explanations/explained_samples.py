"""Models with known answers, and small subjects to explain them on."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.asking import ask
from evaluator.analyses.explanations.run import explain
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Effect, Finding, Importance
from evaluator.subject.loading import load_subject
from evaluator.subject.models.estimators import estimator_answer, estimator_features, feature_count
from evaluator.subject.models.model import Model
from evaluator.subject.subject import Subject

Function = Callable[[pd.DataFrame], np.ndarray]


def clock_of(step: float = 0.001) -> Callable[[], float]:
    """A clock that moves by the same step whenever it is looked at: a machine that is always equally fast."""
    ticks: Iterator[int] = itertools.count()
    return lambda: next(ticks) * step


def model_of(function: Function, features: tuple[str, ...], *, wanted: str = "probability") -> Model:
    """A model that is a function of its columns."""
    return Model(
        "call", "0" * 64, "sample:function", Path("sample.py"), "sample:function", None, features, len(features), (),
        wanted, function,
    )  # fmt: skip


def fitted(estimator: Any, plan: Plan) -> Model:
    """A model that is a fitted estimator."""
    wanted = "number" if plan.task.kind == "regression" else "probability"
    return Model(
        "skops", "0" * 64, type(estimator).__name__, Path("model.skops"), "model.skops", estimator,
        estimator_features(estimator), feature_count(estimator), (), wanted,
        estimator_answer(estimator, plan.task, type(estimator).__name__),
    )  # fmt: skip


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def people(n: int = 600, seed: int = 3) -> pd.DataFrame:
    """Four features: two quantities, one of few values, one text."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": [f"r{row}" for row in range(n)],
            "income": rng.normal(3.0, 1.0, n),
            "debt": rng.gamma(2.0, 1.0, n),
            "loans": rng.integers(0, 4, n),
            "region": rng.choice(["east", "north", "south"], n, p=[0.2, 0.5, 0.3]),
            "home": rng.integers(0, max(n // 3, 1), n),
            "w": rng.uniform(0.2, 3.0, n),
        }
    )
    frame["repaid"] = (rng.random(n) < sigmoid(frame["income"] - frame["debt"])).astype(int)
    frame["days"] = 10 * frame["income"] - 4 * frame["debt"] + rng.normal(0, 3, n)
    return frame


FEATURES = ("income", "debt", "loans", "region")


def plan_of(kind: str = "binary", **changes: Any) -> Plan:
    """A plan about `people`; keywords are laid over its sections."""
    task: dict[str, Any] = {"kind": "regression", "label": "days", "score": "score", "unit": "days"}
    words: dict[str, Any] = {"case": ["applicant", "applicants"]}
    if kind == "binary":
        task = {"kind": "binary", "label": "repaid", "positive": 1, "score": "score", "threshold": 0.5}
        words |= {"positive": "repaid", "negative": "did not repay"}
    base: dict[str, Any] = {
        "plan_version": 1, "plan": "people", "title": "People", "model": {"name": "people", "version": "2"},
        "words": words, "task": task,
        "data": {"evaluation": {"path": "people.parquet"}, "id": "id", "features": list(FEATURES)},
    }  # fmt: skip
    for name, section in changes.items():
        base[name] = base[name] | section if isinstance(section, dict) and name in base else section
    return Plan.model_validate(base)


def loaded(folder: Path, plan: Plan, model: Model, frame: pd.DataFrame | None = None) -> Subject:
    """The subject whose scores are those of the model, unless the frame has its own."""
    frame = people() if frame is None else frame
    names = list(model.features or FEATURES)
    if "score" not in frame.columns:
        frame = frame.assign(score=model.scores(frame[names]))
    frame.to_parquet(folder / "people.parquet", index=False)
    return replace(load_subject(plan, folder), model=model)


def asked_of(folder: Path, plan: Plan, model: Model, frame: pd.DataFrame | None = None) -> Asked:
    """What the calculations read."""
    return ask(plan, loaded(folder, plan, model, frame), model)


def explained(
    folder: Path, plan: Plan, model: Model, frame: pd.DataFrame | None = None, *, step: float = 0.001
) -> AnalysisTables:
    """The tables of the analysis, on a machine of constant speed."""
    return explain(plan, loaded(folder, plan, model, frame), model, quiet, clock_of(step))


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def importances(tables: AnalysisTables, method: str = "shap") -> dict[str, Importance]:
    return {row.feature: row for row in tables.importances if row.method == method}


def effects(tables: AnalysisTables, feature: str) -> list[Effect]:
    return [row for row in tables.effects if row.feature == feature]


def finding(tables: AnalysisTables, code: str) -> Finding:
    return next(row for row in tables.findings if row.code == code)
