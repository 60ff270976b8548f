"""Runs of many scored rows to ask about."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from evaluator.plan import load_plan
from evaluator.plan.canonical import canonical_json
from evaluator.publishing import scored_rows
from evaluator.records import AnalysisTables, PlanText, Recommendation, Run, RunContent
from evaluator.store import SCHEMA_VERSION, make_run_id, publish_run
from evaluator.subject.loading import load_subject

CATEGORIES, NUMBERS = 4, 9
THRESHOLD = 0.78
CONDITIONS = (["sex=F", "age>=60"], ["sex=F"], ["region!=north,south", "number0>=0"], ["flag=true", "category1=a,b"])


def frame_of(n: int) -> pd.DataFrame:
    """A label, two scores and twenty columns to ask about: four of text with few values, the others typed."""
    rng = np.random.default_rng(7)
    odds = rng.normal(1.8, 1.2, n)
    score = 1 / (1 + np.exp(-odds))
    columns: dict[str, object] = {
        "label": (rng.random(n) < score).astype(int),
        "score": score.round(6),
        "old_score": (1 / (1 + np.exp(-odds - rng.normal(0, 0.7, n)))).round(6),
        "household": np.arange(n) // 2,
        "sex": rng.choice(["F", "M"], n),
        "region": rng.choice(["north", "south", "east", "west"], n),
        "age": rng.integers(18, 80, n),
        "flag": rng.random(n) < 0.5,
        "applied_on": np.datetime64("2025-01-01", "s") + rng.integers(0, 365, n).astype("timedelta64[D]"),
    }
    columns |= {f"category{number}": rng.choice(list("abcdef"), n) for number in range(CATEGORIES)}
    columns |= {f"number{number}": rng.normal(0, 1, n) for number in range(NUMBERS)}
    return pd.DataFrame(columns | {"branch": rng.integers(1, 400, n), "rank": rng.integers(0, 9, n)})


def publish(folder: Path, n: int, *, cluster: str | None = None) -> tuple[Path, str]:
    """A run that kept its rows and holds no results."""
    folder.mkdir()
    frame_of(n).to_parquet(folder / "data.parquet")
    plan = {
        "plan_version": 1,
        "plan": "asked",
        "title": "Rows to ask about",
        "model": {"name": "synthetic", "version": "2"},
        "task": {"kind": "binary", "label": "label", "positive": 1, "score": "score", "threshold": THRESHOLD},
        "data": {"evaluation": {"path": "data.parquet"}, "time": "applied_on", "cluster": cluster},
        "compare_with": {"version": "1", "score": "old_score"},
    }
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(plan), encoding="utf-8")
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, folder)
    started = datetime(2026, 3, 1, tzinfo=UTC)
    about = Run(
        make_run_id("asked", started, loaded.sha256), SCHEMA_VERSION, "asked", loaded.plan.title, "", "synthetic", "2",
        "binary", started, 0.0, 7, loaded.sha256, "", None, None, "", "", "", n, "",
    )  # fmt: skip
    text = PlanText(loaded.text, canonical_json(loaded.plan), loaded.sha256, None, "[]")
    content = RunContent(
        about, text, (), AnalysisTables(), (), Recommendation("defer", "", "", "{}"), subject.provenance, ()
    )
    return folder / "store", publish_run(folder / "store", content, scored_rows(subject, loaded.plan))
