"""Parcels sorted into classes by a made-up machine, as files with a plan, and what an evaluation makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evaluator.pipeline import evaluate
from evaluator.plan.loading import load_plan
from evaluator.publishing import publish
from evaluator.records import RunContent
from evaluator.subject.loading import load_subject
from evaluator.subject.subject import Subject

KINDS = ("box", "letter", "tube", "sack")
WORDS = {
    "case": ["parcel", "parcels"], "people": False, "positive": "held a {class}", "negative": "held something else",
    "predicted_positive": "sorted as {class}", "predicted_negative": "sorted as something else",
}  # fmt: skip


def parcels(n: int = 1_200, kinds: tuple[str, ...] = KINDS, *, confusing: float = 2.4, seed: int = 31) -> pd.DataFrame:
    """Parcels of several kinds; the last kind is rare. Tubes are taken for letters more often than anything else."""
    rng = np.random.default_rng(seed)
    k = len(kinds)
    share = np.r_[np.full(k - 1, (1 - 0.06) / (k - 1)), 0.06]
    kind = rng.choice(k, size=n, p=share)
    found = {"kind": np.array(kinds)[kind], "depot": rng.choice(["east", "west"], size=n), "van": np.arange(n) // 3}
    for name, skill in (("p_", 3.0), ("old_", 1.6)):
        logit = rng.normal(0.0, 1.0, (n, k))
        logit[np.arange(n), kind] += skill
        if k > 2:
            logit[kind == 2, 1] += confusing
        chance = np.exp(logit) / np.exp(logit).sum(axis=1, keepdims=True)
        found |= {f"{name}{value}": chance[:, place].round(6) for place, value in enumerate(kinds)}
    found["sorted_as"] = np.array(kinds)[rng.integers(0, k, n)]
    found["weight"] = rng.choice([1.0, 2.0], size=n)
    return pd.DataFrame(found)


def plan_of(**changes: Any) -> dict[str, Any]:
    """The plan of an evaluation; `changes` replace its parts."""
    return {
        "plan_version": 1, "plan": "parcels", "title": "Parcels", "model": {"name": "sorter", "version": "2"},
        "words": WORDS, "task": {"kind": "multiclass", "label": "kind", "score_prefix": "p_"},
        "data": {"evaluation": {"path": "parcels.csv"}, "sensitive": ["depot"]},
        "compare_with": {"version": "1", "score_prefix": "old_"}, "analyses": ["performance"],
        "settings": {"keep_rows": False}, "criteria": [],
    } | changes  # fmt: skip


def evaluated(folder: Path, frame: pd.DataFrame, **changes: Any) -> tuple[RunContent, Subject]:
    """Write the data and the plan into `folder`, and evaluate them."""
    frame.to_csv(folder / "parcels.csv", index=False)
    path = folder / "parcels.yaml"
    path.write_text(json.dumps(plan_of(**changes)), encoding="utf-8")
    loaded = load_plan(path)
    subject = load_subject(loaded.plan, loaded.folder)
    return evaluate(loaded, subject, lambda what, done, total: None), subject


def published(folder: Path, store: Path, frame: pd.DataFrame, **changes: Any) -> str:
    """Evaluate and publish; the id of the run."""
    content, subject = evaluated(folder, frame, **changes)
    return publish(store, content, subject, load_plan(folder / "parcels.yaml").plan)
