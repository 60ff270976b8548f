"""A small plan with its data, and commands run inside the test's own process."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import yaml

from evaluator.cli import main

ROWS = 240

PLAN: dict[str, Any] = {
    "plan_version": 1,
    "plan": "small",
    "title": "Small plan",
    "question": "May it be used?",
    "model": {"name": "small-model", "version": "2.0"},
    "words": {
        "case": ["applicant", "applicants"],
        "positive": "repaid",
        "negative": "did not repay",
        "predicted_positive": "approved",
        "predicted_negative": "refused",
    },
    "task": {"kind": "binary", "label": "label", "positive": 1, "score": "score", "threshold": 0.5},
    "data": {
        "evaluation": {"path": "data.csv"},
        "id": "id",
        "sensitive": ["region"],
    },
    "compare_with": {"version": "1.0", "score": "old_score"},
    "settings": {"resamples": 64},
    "criteria": [
        {"id": "ranks", "metric": "auc", "at_least": 0.6, "why": "agreed", "blocking": True},
        {"id": "northern", "metric": "accuracy", "at_least": 0.55, "why": "agreed", "population": {"region": "north"}},
    ],
}

Change = Callable[[dict[str, Any]], object]


class Result(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


def small_frame() -> pd.DataFrame:
    """A score that ranks well, an older one that is worse, two regions."""
    rng = np.random.default_rng(11)
    label = (np.arange(ROWS) % 2).astype(int)
    return pd.DataFrame(
        {
            "id": [f"r{position:03d}" for position in range(ROWS)],
            "label": label,
            "score": np.clip(0.5 + 0.35 * (label - 0.5) + rng.normal(0, 0.15, ROWS), 0.01, 0.99).round(4),
            "old_score": np.clip(0.5 + 0.2 * (label - 0.5) + rng.normal(0, 0.2, ROWS), 0.01, 0.99).round(4),
            "region": np.where(np.arange(ROWS) % 3 == 0, "north", "south"),
        }
    )


def write_plan(folder: Path, change: Change | None = None, *, name: str = "plan.yaml") -> Path:
    """The small plan and its data in `folder`, the plan changed as asked."""
    content = copy.deepcopy(PLAN)
    if change is not None:
        change(content)
    small_frame().to_csv(folder / "data.csv", index=False)
    path = folder / name
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def run_command(capsys: pytest.CaptureFixture[str], *arguments: object) -> Result:
    """Run one command as the console does."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as leaving:
        main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    assert isinstance(leaving.value.code, int)
    return Result(leaving.value.code, captured.out, captured.err)
