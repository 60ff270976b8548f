"""Groups to compare: single ones as arrays, and whole subjects loaded from a small plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evaluator.analyses.fairness.arms import Arm, shared_clusters
from evaluator.analyses.fairness.compared import compared
from evaluator.analyses.fairness.contrast import Contrast
from evaluator.analyses.fairness.gaps import gap_row
from evaluator.analyses.fairness.run import run
from evaluator.metrics.measure import measure
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Gap
from evaluator.subject.loading import load_subject
from evaluator.subject.subject import Partition, Subject

SEED = 7


def decided(successes: int, n: int) -> BinaryRows:
    """Positive cases of which so many are predicted positive."""
    decision = np.arange(n) < successes
    return BinaryRows(np.ones(n, dtype=bool), decision, None, False)


def gap_between(
    groups: Mapping[str, BinaryRows], metric: str = "true_positive_rate", contrast: Contrast | None = None, *,
    level: float = 0.95, seed: int = SEED,
) -> Gap:  # fmt: skip
    """The gap between groups given as rows; clusters are those of the rows, over all groups."""
    arms = tuple(Arm(name, _renumbered(rows), rows.cluster) for name, rows in groups.items())
    partition = Partition("group", ("group",), "all", tuple(groups))
    found = [measure(metric, arm.rows, level=level, min_group=30, seed=seed, unit=arm.population_id) for arm in arms]
    sides = compared(metric, arms, found, shared_clusters(arms))
    asked = contrast or Contrast("difference")
    return gap_row(asked, partition, found, sides, subject="model", level=level, seed=seed)


def _renumbered(rows: BinaryRows) -> BinaryRows:
    if rows.cluster is None:
        return rows
    inside = np.unique(rows.cluster, return_inverse=True)[1].astype(np.int64)
    return BinaryRows(rows.label, rows.decision, rows.score, rows.probability, rows.weight, inside)


def people(n: int = 1500, seed: int = 5) -> pd.DataFrame:
    """Scores that favour men and older people, in groups of uneven size; one group is very small."""
    rng = np.random.default_rng(seed)
    sex = np.where(rng.random(n) < 0.4, "F", "M")
    age = rng.integers(20, 80, n)
    label = rng.random(n) < 0.6
    logit = 1.6 * label - 0.8 + rng.normal(0, 1, n) + 0.7 * (sex == "M") + 0.01 * (age - 50)
    region = rng.choice(["north", "south", "east"], n, p=[0.5, 0.35, 0.15])
    region[:12] = "isles"
    frame = {
        "id": [f"r{position}" for position in range(n)], "label": label.astype(int), "score": 1 / (1 + np.exp(-logit)),
        "old": rng.random(n), "sex": sex, "age": age, "region": region, "w": rng.uniform(0.2, 3.0, n),
        "home": rng.integers(0, n // 3, n),
    }  # fmt: skip
    return pd.DataFrame(frame)


def plan_of(**changes: Any) -> Plan:
    """A plan about `people`; each section given is laid over it."""
    base: dict[str, Any] = {
        "plan_version": 1,
        "plan": "people",
        "title": "People",
        "model": {"name": "people", "version": "2"},
        "words": {
            "case": ["applicant", "applicants"], "positive": "repaid", "negative": "did not repay",
            "predicted_positive": "approved", "predicted_negative": "refused",
        },
        "task": {"kind": "binary", "label": "label", "positive": 1, "score": "score", "threshold": 0.5},
        "data": {
            "evaluation": {"path": "people.parquet"}, "id": "id",
            "sensitive": ["sex", {"column": "age", "bands": [20, 40, 60, 80]}, "region"],
            "columns": {"sex": {"words": "sex", "levels": {"F": "women", "M": "men"}}},
        },
    }  # fmt: skip
    for name, section in changes.items():
        base[name] = base[name] | section if isinstance(section, dict) and name in base else section
    return resolve(Plan.model_validate(base))


def loaded(folder: Path, frame: pd.DataFrame | None = None, **changes: Any) -> tuple[Plan, Subject]:
    """The plan and its subject."""
    plan = plan_of(**changes)
    (people() if frame is None else frame).to_parquet(folder / "people.parquet", index=False)
    return plan, load_subject(plan, folder)


def analysed(folder: Path, frame: pd.DataFrame | None = None, **changes: Any) -> AnalysisTables:
    """The tables of the analysis."""
    return run(*loaded(folder, frame, **changes), quiet)


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


Pick = Callable[..., Gap]


def pick(tables: AnalysisTables, **fields: Any) -> Gap:
    """The one gap with these fields; the model's difference of extremes over all rows unless said otherwise."""
    wanted = {"subject": "model", "within": "all", "kind": "difference", "against": "extremes"} | fields
    (row,) = [gap for gap in tables.gaps if all(getattr(gap, name) == value for name, value in wanted.items())]
    return row


def criterion(name: str = "gap", **changes: Any) -> dict[str, Any]:
    """A criterion on the difference by sex in the chance of approval."""
    base = {"id": name, "metric": "true_positive_rate", "gap": {"by": "sex"}, "at_most": 0.1}
    return base | changes
