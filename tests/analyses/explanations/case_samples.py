"""Explained models with cases to look at, on a machine of constant speed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from explained_samples import clock_of, loaded, plan_of

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.asking import ask
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.mixing import Mixer
from evaluator.analyses.explanations.ways import contributions_of
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.subject.models.model import Model
from evaluator.subject.subject import ColumnInfo

FAST = 1e7


def explained_of(
    folder: Path, plan: Plan, model: Model, frame: pd.DataFrame | None = None, *, rate: float = FAST
) -> Explained:
    """What every further look at a model reads."""
    subject, clock = loaded(folder, plan, model, frame), clock_of()
    asked = ask(plan, subject, model)
    attempts = contributions_of(asked, rate, clock)
    return Explained(plan, subject, asked, rate, clock, attempts.shown, attempts.reason, (None,) * len(asked.columns))


def asked_about(
    frame: pd.DataFrame,
    *,
    label: np.ndarray | None = None,
    weight: np.ndarray | None = None,
    cluster: np.ndarray | None = None,
) -> Asked:
    """Rows of a table, whose columns of numbers are quantities, and a model that says the same about all of them."""
    plan = plan_of()
    kinds = ["number" if pd.api.types.is_numeric_dtype(frame[name].dtype) else "category" for name in frame.columns]
    return Asked(
        plan=plan, words=words_of(plan), mixer=Mixer(frame, lambda rows: np.full(len(rows), 0.5)), estimator=None,
        label=np.zeros(len(frame)) if label is None else label, score=np.full(len(frame), 0.5),
        wrong=np.zeros(len(frame), dtype=np.bool_), weight=weight, cluster=cluster,
        columns=tuple(
            ColumnInfo(str(name), "feature", kind, str(name), "", (), ())  # type: ignore[arg-type]
            for name, kind in zip(frame.columns, kinds, strict=True)
        ),
    )  # fmt: skip
