"""A small lender whose data are clean, and ways to spoil them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evaluator.analyses.data.examined import Examined, examine
from evaluator.analyses.data.measured import Measured, measure_data
from evaluator.analyses.data.run import run
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Finding, Quality
from evaluator.subject.loading import load_subject
from evaluator.subject.subject import Subject

BRANCHES = ("B1", "B2", "B3", "B4", "B5")
DAYS = {"test": "2025-01-01", "train": "2024-01-01"}


def applicants(n: int = 2_000, *, name: str = "test", seed: int = 1) -> pd.DataFrame:
    """One year of applications: nothing is missing, repeated, off, or too good to be true."""
    rng = np.random.default_rng([seed, len(name)])
    income = np.exp(rng.normal(7.7, 0.4, n)).round(2)
    repaid = rng.random(n) < 1 / (1 + np.exp(-(np.log(income) - 7.0)))
    score = 1 / (1 + np.exp(-(np.log(income) - 7.0 + rng.normal(0, 0.5, n))))
    days = np.datetime64(DAYS[name]) + rng.integers(0, 365, n).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "id": [f"{name}-{row}" for row in range(n)],
            "household": [f"{name}-H{row // 2}" for row in range(n)],
            "applied": days.astype("datetime64[s]"),
            "sex": rng.choice(["F", "M"], n),
            "region": rng.choice(["north", "south", "east"], n),
            "branch": rng.choice(BRANCHES, n),
            "income": income,
            "debt": rng.gamma(2.0, 10.0, n).round(3),
            "loans": rng.poisson(0.6, n),
            "repaid": repaid.astype(np.int64),
            "score": score.round(9),
        }
    )


def plan_of(training: bool = True, *, task: dict[str, Any] | None = None, **data: Any) -> Plan:
    """The lender's plan; keywords are laid over its data section."""
    section: dict[str, Any] = {
        "evaluation": {"path": "test.parquet", "period": "2025"},
        "id": "id", "cluster": "household", "time": "applied", "sensitive": ["sex", "region"],
        "columns": {"debt": {"words": "debt share", "min": 0}},
    }  # fmt: skip
    if training:
        section["training"] = {"path": "train.parquet", "period": "2024"}
    return Plan.model_validate(
        {
            "plan_version": 1,
            "plan": "loans",
            "title": "Loans",
            "model": {"name": "loans", "version": "2"},
            "words": {"case": ["applicant", "applicants"], "positive": "repaid"},
            "task": {"kind": "binary", "label": "repaid", "positive": 1, "score": "score", "threshold": 0.5}
            | (task or {}),
            "data": {key: value for key, value in (section | data).items() if value is not None},
        }
    )


def load(
    folder: Path, test: pd.DataFrame, train: pd.DataFrame | None = None, plan: Plan | None = None
) -> tuple[Plan, Subject]:
    """Write both tables and load the subject."""
    plan = plan or plan_of(train is not None)
    test.to_parquet(folder / "test.parquet", index=False)
    if train is not None:
        train.to_parquet(folder / "train.parquet", index=False)
    return plan, load_subject(plan, folder)


def analyse(
    folder: Path, test: pd.DataFrame, train: pd.DataFrame | None = None, plan: Plan | None = None
) -> AnalysisTables:
    return run(*load(folder, test, train, plan), lambda what, done, total: None)


def measured_of(
    folder: Path, test: pd.DataFrame, train: pd.DataFrame | None = None, plan: Plan | None = None
) -> tuple[Examined, Measured]:
    examined = examine(*load(folder, test, train, plan))
    return examined, measure_data(examined, lambda what, done, total: None)


def outcomes(tables: AnalysisTables) -> dict[str, str]:
    return {row.code: row.outcome for row in tables.findings}


def found(tables: AnalysisTables) -> set[str]:
    return {row.code for row in tables.findings if row.outcome == "found"}


def finding(tables: AnalysisTables, code: str) -> Finding:
    return next(row for row in tables.findings if row.code == code)


def rows(tables: AnalysisTables, check: str) -> dict[tuple[str, str], Quality]:
    """Rows of one check by column and population."""
    return {(row.column, row.population_id): row for row in tables.quality if row.check == check}
