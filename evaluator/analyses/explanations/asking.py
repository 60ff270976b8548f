"""From plan, subject and model to what the calculations read, and the check that it is the model that was scored."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.checked import Checked
from evaluator.analyses.explanations.contributions import within
from evaluator.analyses.explanations.mixing import Mixer
from evaluator.analyses.explanations.pace import CHECK_SECONDS, affordable
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream
from evaluator.subject.models.checking import check_model
from evaluator.subject.models.features import feature_frame
from evaluator.subject.models.model import Model
from evaluator.subject.subject import ColumnInfo, Subject

CHECKED_SIZES = (10_000, 3_000, 1_000, 300)
TIMES_ASKED = 2
AGAIN = 2_000
"""Rows asked about again to see how far the answers differ."""


def ask(plan: Plan, subject: Subject, model: Model) -> Asked:
    """The rows of positive weight as the model reads them; scores are the supplied ones, else the model's."""
    frame = feature_frame(plan, subject.frame, subject.columns, model)
    kept = np.arange(subject.n) if subject.weight is None else np.flatnonzero(subject.weight > 0)
    frame = frame.iloc[kept].reset_index(drop=True)
    mixer = Mixer(frame, model.scores)
    supplied = subject.scores[0].score
    score = mixer.rows(np.arange(kept.size)) if supplied is None else supplied[kept].astype(np.float64)
    label = subject.label[kept].astype(np.float64)
    known = {column.name: column for column in subject.columns}
    return Asked(
        plan=plan, words=words_of(plan), mixer=mixer, estimator=model.estimator, label=label, score=score,
        wrong=_wrong(subject, kept, score, label), weight=None if subject.weight is None else subject.weight[kept],
        cluster=None if subject.cluster is None else subject.cluster[kept],
        columns=tuple(known.get(name) or _unknown(name, frame[name]) for name in map(str, frame.columns)),
    )  # fmt: skip


def check(asked: Asked, subject: Subject, model: Model, rate: float) -> Checked:
    """Ask for the supplied scores again, for all rows when there is time, else for some of them."""
    index = np.arange(asked.n)
    if affordable(rate, CHECK_SECONDS, TIMES_ASKED, [asked.n]) is None:
        size = affordable(rate, CHECK_SECONDS, TIMES_ASKED, CHECKED_SIZES) or CHECKED_SIZES[-1]
        rng = stream(asked.seed, "explanations/checked")
        index = np.sort(rng.permutation(asked.n)[:size])
    supplied = None if subject.scores[0].score is None else asked.score[index]
    answers = check_model(model, asked.frame.iloc[index], supplied)
    return Checked(answers, answers.deterministic or _nearly_same(asked, index[:AGAIN]))


def _nearly_same(asked: Asked, index: IntArray) -> bool:
    """Whether answers differ in the last digits alone, as sums do that threads make in another order each time."""
    first, second = asked.mixer.rows(index), asked.mixer.rows(index)
    return bool(np.abs(first - second).max() <= within(asked, asked.space))


def _wrong(subject: Subject, kept: NDArray[np.intp], score: FloatArray, label: FloatArray) -> NDArray[np.bool_]:
    """Whether the decision is wrong; without decisions, whether the score is further off than usual."""
    decided = subject.scores[0].prediction
    if decided is not None:
        return np.asarray(decided[kept] != (label > 0), dtype=bool)
    off = np.abs(score - label)
    return np.asarray(off > np.median(off), dtype=bool)


def _unknown(name: str, series: pd.Series[float]) -> ColumnInfo:
    """A column that the model wants and the plan's table does not describe."""
    number = pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype)
    return ColumnInfo(name, "feature", "number" if number else "category", name.replace("_", " "), "", (), ())
