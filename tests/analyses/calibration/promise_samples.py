"""Loans whose promised chances of repayment hold, or do not, overall or for one region."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evaluator.analyses.calibration.run import run
from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Calibration
from evaluator.subject.loading import load_subject

REGIONS = ("north", "south", "east", "west")


def loans(n: int = 3_000, *, off: Mapping[str, float] | None = None, seed: int = 21) -> pd.DataFrame:
    """Rows of four regions; in the regions `off` the true chance differs by so much from the promised one."""
    rng = np.random.default_rng(seed)
    promised = np.clip(rng.beta(3.0, 1.5, n), 0.02, 0.98)
    region = rng.choice(REGIONS, n)
    shift = np.array([(off or {}).get(name, 0.0) for name in region])
    label = rng.random(n) < np.clip(promised + shift, 0, 1)
    return pd.DataFrame(
        {
            "id": [f"r{row}" for row in range(n)], "label": label.astype(int), "score": promised,
            "old": np.clip(promised**2, 0.01, 0.99), "region": region, "w": rng.uniform(0.3, 2.5, n),
            "home": np.arange(n) // 3, "few": np.arange(n) % 6,
        }
    )  # fmt: skip


def plan_of(**changes: Any) -> Plan:
    """A plan about `loans`; each section given is laid over it."""
    base: dict[str, Any] = {
        "plan_version": 1, "plan": "loans", "title": "Loans", "model": {"name": "loans", "version": "2"},
        "words": {
            "case": ["applicant", "applicants"], "positive": "repaid", "negative": "did not repay",
            "predicted_positive": "approved", "predicted_negative": "refused",
        },
        "task": {"kind": "binary", "label": "label", "positive": 1, "score": "score", "threshold": 0.5},
        "data": {
            "evaluation": {"path": "loans.parquet"}, "id": "id", "sensitive": ["region"],
            "columns": {"region": {"levels": {name: f"applicants in the {name}" for name in REGIONS}}},
        },
        "compare_with": {"version": "1", "score": "old"},
        "settings": {"resamples": 256},
    }  # fmt: skip
    for name, section in changes.items():
        base[name] = base[name] | section if isinstance(section, dict) and name in base else section
    return resolve(Plan.model_validate(base))


def analysed(folder: Path, frame: pd.DataFrame, **changes: Any) -> AnalysisTables:
    """The tables of the analysis."""
    plan = plan_of(**changes)
    frame.to_parquet(folder / "loans.parquet", index=False)
    return run(plan, load_subject(plan, folder), lambda what, done, total: None)


def row_of(tables: AnalysisTables, check: str, population: str = "all", subject: str = "model") -> Calibration:
    """The one row of a check."""
    key = (check, subject, population)
    (row,) = [row for row in tables.calibrations if (row.check, row.subject, row.population_id) == key]
    return row
