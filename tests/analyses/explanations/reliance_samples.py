"""Models that were looked at, ready for the checks of reliance, and the judgements made from their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from explained_samples import clock_of, loaded

from evaluator.analyses.explanations.asking import ask
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.findings import Material, findings
from evaluator.analyses.explanations.ways import contributions_of
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import ALL, MODEL, ExplanationCheck, Finding, Importance, SurrogateLeaf
from evaluator.subject.models.model import Model

RATE = 6_000.0
"""Rows that a sample model is said to answer in a second."""


def explained_by(
    folder: Path, plan: Plan, model: Model, frame: pd.DataFrame | None = None, *, rate: float = RATE
) -> Explained:
    """What every check reads, on a machine of constant speed."""
    subject = loaded(folder, plan, model, frame)
    asked = ask(plan, subject, model)
    found = contributions_of(asked, rate, clock_of())
    curves = (None,) * len(asked.columns)
    return Explained(plan, subject, asked, rate, clock_of(), found.shown, found.reason, curves)


def withheld(explained: Explained, reason: str = "the parts do not add up") -> Explained:
    """The same without contributions."""
    return replace(explained, parts=None, withheld=reason)


def with_parts(explained: Explained, values: np.ndarray) -> Explained:
    """The same with other parts of the drawn rows."""
    assert explained.parts is not None
    return replace(explained, parts=replace(explained.parts, values=values))


def all_rows(n: int) -> Drawn:
    """Every row of a population of n, each for itself."""
    size = np.array([n])
    return Drawn(np.arange(n), np.ones(n), np.zeros(n, dtype=np.int64), size, size, None)


def parts_of(explained: Explained) -> Contributions:
    assert explained.parts is not None
    return explained.parts


def judged_as(
    explained: Explained, code: str, rows: Sequence[ExplanationCheck], leaves: Sequence[SurrogateLeaf] = ()
) -> Finding:
    """The finding of one code from the rows of its check."""
    populations = {rows.population.population_id: rows.population for rows in explained.subject.populations}
    material = Material(
        words=words_of(explained.plan), withheld=explained.withheld, importances=_importances(explained),
        checks=tuple(rows), leaves=tuple(leaves), populations=populations,
    )  # fmt: skip
    return next(row for row in findings(material) if row.code == code)


def _importances(explained: Explained) -> tuple[Importance, ...]:
    """The share of each feature, as far as the judgements read it."""
    if explained.parts is None:
        return ()
    sizes = np.abs(explained.parts.values).mean(axis=0)
    shares = sizes / max(float(sizes.sum()), 1e-300)
    return tuple(
        Importance(
            method="shap", subject=MODEL, population_id=ALL, feature=column.name, words=column.words, value=float(size),
            low=None, high=None, se=None, level=0.95, share=float(share), share_low=float(share) * 0.9,
            share_high=float(share), rank_low=1, rank_high=1, times_first=None, repeats=0, direction="mixed",
            moves_with="[]", space="chance", unit="points", how="sampled", n=10, background=None, weighted=False,
            status="ok", reason="",
        )
        for column, size, share in zip(explained.asked.columns, sizes, shares, strict=True)
    )  # fmt: skip
