"""Scored rows published without analysing them, and what scikit-learn says about any part of them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sklearn.metrics as skm
import yaml
from sklearn.linear_model import LogisticRegression

from evaluator.plan import load_plan
from evaluator.plan.canonical import canonical_json
from evaluator.publishing import scored_rows
from evaluator.recompute import LoadedRows, load_rows
from evaluator.records import AnalysisTables, PlanText, Recommendation, Run, RunContent
from evaluator.store import SCHEMA_VERSION, make_run_id, publish_run
from evaluator.subject.loading import load_subject

THRESHOLD = 0.55
PLAN: dict[str, Any] = {
    "plan_version": 1,
    "plan": "asked",
    "title": "Rows to ask about",
    "model": {"name": "small-model", "version": "2.0"},
    "words": {
        "case": ["applicant", "applicants"],
        "positive": "repaid",
        "negative": "did not repay",
        "predicted_positive": "approved",
        "predicted_negative": "refused",
    },
    "task": {"kind": "binary", "label": "repaid", "positive": 1, "score": "score", "threshold": THRESHOLD},
    "data": {
        "evaluation": {"path": "data.parquet"},
        "time": "applied_on",
        "sensitive": ["sex", {"column": "age", "bands": [18, 30, 60]}],
        "columns": {"sex": {"levels": {"F": "women", "M": "men"}}, "age": {"unit": "years"}},
    },
    "compare_with": {"version": "1.0", "score": "old_score"},
    "criteria": [],
}
Change = Callable[[dict[str, Any]], object]


def applications(n: int = 900, seed: int = 4) -> pd.DataFrame:
    """Applicants with scores that rank them, tied often enough to matter, and a few missing values."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(0.6, 1.3, n)
    score = (1 / (1 + np.exp(-odds))).round(3).clip(0.002, 0.998)
    return pd.DataFrame(
        {
            "repaid": (rng.random(n) < 1 / (1 + np.exp(-0.9 * odds))).astype(int),
            "score": score,
            "old_score": (1 / (1 + np.exp(-odds - rng.normal(0, 0.8, n)))).round(3).clip(0.002, 0.998),
            "sex": rng.choice(["F", "M"], n),
            "region": rng.choice(["north", "south", "east", "west"], n),
            "age": rng.integers(18, 80, n),
            "income": np.where(rng.random(n) < 0.1, np.nan, rng.normal(3_000, 900, n).round()),
            "online": rng.random(n) < 0.4,
            "applied_on": np.datetime64("2025-01-01", "s") + rng.integers(0, 365, n).astype("timedelta64[D]"),
        }
    )


def published(folder: Path, frame: pd.DataFrame, change: Change | None = None) -> tuple[Path, str]:
    """A store with one run that holds no results, and its id."""
    content = copy.deepcopy(PLAN)
    if change is not None:
        change(content)
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(folder / "data.parquet")
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, folder)
    started = datetime(2026, 3, 1, tzinfo=UTC)
    run = Run(
        make_run_id(loaded.plan.plan, started, loaded.sha256), SCHEMA_VERSION, loaded.plan.plan, loaded.plan.title, "",
        "small-model", "2.0", "binary", started, 0.0, 7, loaded.sha256, "", None, None, "", "", "", subject.n, "",
    )  # fmt: skip
    text = PlanText(loaded.text, canonical_json(loaded.plan), loaded.sha256, None, "[]")
    recommendation = Recommendation("defer", "", "", "{}")
    run_content = RunContent(run, text, (), AnalysisTables(), (), recommendation, subject.provenance, ())
    kept = scored_rows(subject, loaded.plan) if loaded.plan.settings.keep_rows else None
    return folder / "store", publish_run(folder / "store", run_content, kept)


def loaded(folder: Path, frame: pd.DataFrame, change: Change | None = None) -> LoadedRows:
    return load_rows(*published(folder, frame, change))


def _error_ratio(y: Any, decided: Any, w: Any) -> float:
    cells = skm.confusion_matrix(y, decided, sample_weight=w)
    return float(cells[1, 0] / cells[0, 1])


def oracle(metric: str, frame: pd.DataFrame, threshold: float = THRESHOLD, score: str = "score") -> float:
    """The metric of these rows by scikit-learn; weights are those of the column `weight`, if there is one."""
    y, s = frame["repaid"].to_numpy(), frame[score].to_numpy()
    w = frame["weight"].to_numpy() if "weight" in frame else None
    decided = (s >= threshold).astype(int)

    def rate(positive_label: int, truth: Any, predicted: Any) -> float:
        return float(skm.recall_score(truth, predicted, pos_label=positive_label, sample_weight=w))

    calculated: dict[str, Callable[[], float]] = {
        "accuracy": lambda: skm.accuracy_score(y, decided, sample_weight=w),
        "balanced_accuracy": lambda: skm.balanced_accuracy_score(y, decided, sample_weight=w),
        "precision": lambda: skm.precision_score(y, decided, sample_weight=w),
        "true_positive_rate": lambda: rate(1, y, decided),
        "false_negative_rate": lambda: 1 - rate(1, y, decided),
        "true_negative_rate": lambda: rate(0, y, decided),
        "false_positive_rate": lambda: 1 - rate(0, y, decided),
        "negative_predictive_value": lambda: skm.precision_score(y, decided, pos_label=0, sample_weight=w),
        "selection_rate": lambda: float(np.average(decided, weights=w)),
        "informedness": lambda: skm.balanced_accuracy_score(y, decided, sample_weight=w, adjusted=True),
        "error_ratio": lambda: _error_ratio(y, decided, w),
        "f1": lambda: skm.f1_score(y, decided, sample_weight=w),
        "mcc": lambda: skm.matthews_corrcoef(y, decided, sample_weight=w),
        "auc": lambda: skm.roc_auc_score(y, s, sample_weight=w),
        "average_precision": lambda: skm.average_precision_score(y, s, sample_weight=w),
        "brier_loss": lambda: skm.brier_score_loss(y, s, sample_weight=w),
        "log_loss": lambda: skm.log_loss(y, s, sample_weight=w, labels=[0, 1]),
        "expected_calibration_error": lambda: _calibration_error(y, s, w),
        "calibration_slope": lambda: _slope(y, s, w),
        "calibration_intercept": lambda: _intercept(y, s, w),
    }
    return float(calculated[metric]())


def _slope(y: Any, s: Any, w: Any) -> float:
    odds = np.log(s / (1 - s))[:, None]
    fitted = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(odds, y, sample_weight=w)
    return float(fitted.coef_[0, 0])


def _intercept(y: Any, s: Any, w: Any) -> float:
    """By bisection: the shift at which as many are promised as were seen."""
    odds = np.log(s / (1 - s))
    low, high = -30.0, 30.0
    for _ in range(200):
        middle = (low + high) / 2
        promised = np.average(1 / (1 + np.exp(-odds - middle)), weights=w)
        low, high = (middle, high) if promised < np.average(y, weights=w) else (low, middle)
    return (low + high) / 2


def _calibration_error(y: Any, s: Any, w: Any) -> float:
    """Ten groups of equal weight, group by group; equal scores go where the middle of their weight falls."""
    frame = pd.DataFrame({"y": y, "s": s, "w": np.ones(len(y)) if w is None else w})
    tied = frame.groupby("s")["w"].sum()
    middle = tied.cumsum() - tied / 2
    group = frame["s"].map(np.minimum((middle / tied.sum() * 10).astype(int), 9))
    total = 0.0
    for _, part in frame.groupby(group):
        weight = part["w"].sum()
        total += weight * abs(np.average(part["y"], weights=part["w"]) - np.average(part["s"], weights=part["w"]))
    return total / frame["w"].sum()
