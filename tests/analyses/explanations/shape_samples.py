"""Rows and functions with known shapes, as the look at shapes reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from explained_samples import clock_of, loaded, model_of, plan_of

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.asking import ask
from evaluator.analyses.explanations.drawing import Drawn, draw_alike
from evaluator.analyses.explanations.effects import Curve, curve_of
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.mixing import Mixer
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables
from evaluator.statistics.streams import stream
from evaluator.subject.subject import ColumnInfo

Function = Callable[[pd.DataFrame], Any]
FAST = 1e9
REGRESSION, BINARY = plan_of("regression"), plan_of("binary")


def numbers(n: int, seed: int, *names: str) -> pd.DataFrame:
    """Independent standard normal columns."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({name: rng.normal(size=n) for name in names})


def asked_by(
    function: Function, frame: pd.DataFrame, *, plan: Plan = REGRESSION, weight: Any = None, cluster: Any = None
) -> Asked:
    """A function asked about a table, without files."""

    def answer(rows: pd.DataFrame) -> np.ndarray:
        return np.asarray(function(rows), dtype=np.float64)

    n = len(frame)
    columns = tuple(
        ColumnInfo(name, "feature", "number" if pd.api.types.is_numeric_dtype(part) else "category", name, "", (), ())
        for name, part in frame.items()
    )
    return Asked(
        plan=plan, words=words_of(plan), mixer=Mixer(frame, answer), estimator=None, label=np.zeros(n),
        score=answer(frame), wrong=np.zeros(n, dtype=bool), weight=weight, cluster=cluster, columns=columns,
    )  # fmt: skip


def all_rows(asked: Asked, n: int = 100_000, seed: int = 5) -> Drawn:
    return draw_alike(n, stream(seed, "test"), asked.n, weight=asked.weight, cluster=asked.cluster)


def curve(asked: Asked, name: str) -> Curve:
    found = curve_of(asked, asked.names.index(name), all_rows(asked))
    assert found is not None
    return found


def explained_by(
    folder: Path, function: Function, frame: pd.DataFrame, features: tuple[str, ...], *, kind: str = "regression",
    rate: float = FAST, **changes: Any,
) -> Explained:  # fmt: skip
    """A function as the whole analysis would hand it on, parts withheld."""
    plan = plan_of(kind, **changes)
    wanted = "number" if kind == "regression" else "probability"
    model = model_of(lambda rows: np.asarray(function(rows), dtype=float), features, wanted=wanted)
    subject = loaded(folder, plan, model, frame)
    asked = ask(plan, subject, model)
    drawn = all_rows(asked)
    curves = tuple(curve_of(asked, place, drawn) for place in range(len(asked.columns)))
    return Explained(plan, subject, asked, rate, clock_of(), None, "withheld", curves)


def means(tables: AnalysisTables, feature: str) -> list[Any]:
    return [row for row in tables.dependences if row.feature == feature and row.kind == "mean"]
