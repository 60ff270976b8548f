"""Seeded cases whose errors gather where they were planted, and plans about them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evaluator.analyses.failures.run import run
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables
from evaluator.subject.loading import load_subject
from evaluator.subject.subject import Subject

FEATURES = ("job", "region", "income", "months", "home", "asked")


def cases(n: int, seed: int) -> pd.DataFrame:
    """Six features, no error yet: labels for half of the cases, decisions that agree with them."""
    rng = np.random.default_rng(seed)
    label = rng.random(n) < 0.5
    return pd.DataFrame(
        {
            "id": [f"c{place}" for place in range(n)],
            "job": rng.choice(["employed", "self", "retired", "seasonal"], n, p=[0.5, 0.25, 0.15, 0.1]),
            "region": rng.choice(["north", "south", "east", "west"], n, p=[0.4, 0.3, 0.2, 0.1]),
            "income": rng.gamma(4.0, 500.0, n).round(),
            "months": rng.choice([12, 24, 36, 48], n),
            "home": rng.random(n) < 0.6,
            "asked": np.where(rng.random(n) < 0.15, np.nan, rng.normal(0.0, 1.0, n)),
            "label": label.astype(int),
            "decided": label.astype(int),
        }
    )


def with_errors(frame: pd.DataFrame, where: np.ndarray, rate: float, elsewhere: float, seed: int) -> pd.DataFrame:
    """The cases with decisions turned over at one rate in a place, and another elsewhere."""
    chance = np.where(where, rate, elsewhere)
    wrong = np.random.default_rng(seed).random(len(frame)) < chance
    return frame.assign(decided=np.where(wrong, 1 - frame["label"], frame["label"]))


def plan_of(**changes: Any) -> Plan:
    """A plan about `cases`; keywords replace its sections, `data` is laid over."""
    base: dict[str, Any] = {
        "plan_version": 1, "plan": "cases", "title": "Cases", "model": {"name": "decider", "version": "1"},
        "words": {
            "case": ["applicant", "applicants"], "positive": "repaid", "negative": "did not repay",
            "predicted_positive": "approved", "predicted_negative": "refused",
        },
        "task": {"kind": "binary", "label": "label", "positive": 1, "prediction": "decided"},
        "data": {"evaluation": {"path": "cases.parquet"}, "id": "id", "features": list(FEATURES)},
    }  # fmt: skip
    for name, section in changes.items():
        base[name] = base[name] | section if name == "data" else section
    return Plan.model_validate(base)


BINARY = {"kind": "binary", "label": "label", "positive": 1}
DAYS = {"kind": "regression", "label": "label", "prediction": "decided", "unit": "days"}
PARCELS = {"case": ["parcel", "parcels"], "people": False}


def loaded(folder: Path, plan: Plan, frame: pd.DataFrame, training: pd.DataFrame | None = None) -> Subject:
    """The subject of a plan whose table is `frame`."""
    frame.to_parquet(folder / "cases.parquet", index=False)
    if training is not None:
        training.to_parquet(folder / "training.parquet", index=False)
    return load_subject(plan, folder)


def analysed(folder: Path, frame: pd.DataFrame, plan: Plan | None = None) -> AnalysisTables:
    """The tables of the whole analysis."""
    plan = plan_of() if plan is None else plan
    return run(plan, loaded(folder, plan, frame), quiet)


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def conditions(
    tables: AnalysisTables, loss: str = "error", status: str = "confirmed", rank: int | None = None
) -> list[set[str]]:
    """The conditions of the slices of one loss, worst first, each as the words of its conditions."""
    rows = [row for row in tables.slices if (row.loss, row.status) == (loss, status)]
    rows.sort(key=lambda row: row.rank)
    return [
        {one.words for one in tables.slice_conditions if (one.loss, one.slice_id) == (loss, row.slice_id)}
        for row in rows
        if rank is None or row.rank == rank
    ]
