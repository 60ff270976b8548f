"""Parcels whose promised classes come true, or not for one class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evaluator.analyses.calibration.run import run
from evaluator.plan.resolving import resolve
from evaluator.plan.schema import Plan
from evaluator.records import ALL, MODEL, AnalysisTables, Calibration
from evaluator.subject.loading import load_subject

KINDS = ("box", "letter", "sack", "tube")
DEPOTS = ("east", "west")


def promised(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of every class, and classes drawn from them: a promise kept."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(0.0, 1.4, (n, len(KINDS))) + np.array([0.3, 0.1, 0.0, -0.4])
    chance = np.exp(logit) / np.exp(logit).sum(axis=1, keepdims=True)
    kind = (rng.random(n)[:, None] > chance.cumsum(axis=1)[:, :-1]).sum(axis=1)
    return chance, kind


def tilted(chance: np.ndarray, position: int, odds: float) -> np.ndarray:
    """The same with the odds of one class multiplied."""
    moved = chance.copy()
    moved[:, position] *= odds
    found: np.ndarray = moved / moved.sum(axis=1, keepdims=True)
    return found


def parcels(n: int = 3_000, *, odds: float = 1.0, seed: int = 71) -> pd.DataFrame:
    """Parcels of which the tubes are promised with wrong odds by the model, and the boxes by the earlier one."""
    chance, kind = promised(n, seed)
    columns = {
        f"{prefix}{name}": scores[:, place]
        for prefix, scores in (("p_", tilted(chance, 3, odds)), ("old_", tilted(chance, 0, 4.0)))
        for place, name in enumerate(KINDS)
    }
    rng = np.random.default_rng(seed + 1)
    return pd.DataFrame(
        {
            "kind": np.array(KINDS)[kind], **columns, "depot": rng.choice(DEPOTS, n), "w": rng.uniform(0.3, 2.5, n),
            "van": np.arange(n) // 3, "few": np.arange(n) % 6, "given": rng.choice(KINDS, n),
        }
    )  # fmt: skip


def plan_of(**changes: Any) -> Plan:
    """A plan about `parcels`; each section given is laid over it."""
    base: dict[str, Any] = {
        "plan_version": 1, "plan": "parcels", "title": "Parcels", "model": {"name": "sorter", "version": "2"},
        "words": {
            "case": ["parcel", "parcels"], "people": False, "positive": "held a {class}", "negative": "held no {class}",
            "predicted_positive": "sorted as {class}", "predicted_negative": "sorted as something else",
        },
        "task": {"kind": "multiclass", "label": "kind", "score_prefix": "p_"},
        "data": {"evaluation": {"path": "parcels.parquet"}, "sensitive": ["depot"]},
        "compare_with": {"version": "1", "score_prefix": "old_"}, "settings": {"resamples": 64},
    }  # fmt: skip
    for name, section in changes.items():
        base[name] = base[name] | section if isinstance(section, dict) and name == "data" else section
    return resolve(Plan.model_validate(base))


def analysed(folder: Path, frame: pd.DataFrame, **changes: Any) -> AnalysisTables:
    """The tables of the analysis."""
    plan = plan_of(**changes)
    frame.to_parquet(folder / "parcels.parquet", index=False)
    return run(plan, load_subject(plan, folder), lambda what, done, total: None)


def row_of(tables: AnalysisTables, check: str, class_: str = "", subject: str = MODEL) -> Calibration:
    key = (check, class_, subject, ALL)
    (row,) = [row for row in tables.calibrations if (row.check, row.class_, row.subject, row.population_id) == key]
    return row
