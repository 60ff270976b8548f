"""From plan, subject and model to what the calculations read, and the check that it is the model that was scored."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

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

Cell = TypeVar("Cell", bound=np.generic)

CHECKED_SIZES = (10_000, 3_000, 1_000, 300, 100, 30)
TIMES_ASKED = 2
AGAIN = 2_000
"""Rows asked about again to see how far the answers differ."""


class Given(NamedTuple):
    """The rows of positive weight as the model reads them, and where they stand in the subject, shape (n,)."""

    frame: pd.DataFrame
    kept: IntArray


class Question(NamedTuple):
    """One model, asked for each of its scores.

    Attributes
    ----------
    asks : one for the score, or one for each class that is explained.
    model : answers with these classes alone, in the order of `supplied`.
    supplied : the scores handed in, shape (n,) or (n, classes of the model); None without.
    forget : gives up answers that were kept because several classes share them.
    left_out : classes that are not explained alone, as people call them.
    """

    asks: tuple[Asked, ...]
    model: Model
    supplied: FloatArray | None
    forget: Callable[[], None]
    left_out: tuple[str, ...] = ()


def rows_given(plan: Plan, subject: Subject, model: Model) -> Given:
    """The rows that the model is asked about."""
    frame = feature_frame(plan, subject.frame, subject.columns, model)
    kept = np.arange(subject.n) if subject.weight is None else np.flatnonzero(subject.weight > 0)
    return Given(frame.iloc[kept].reset_index(drop=True), kept.astype(np.int64))


def ask(plan: Plan, subject: Subject, model: Model, given: Given | None = None) -> Asked:
    """The rows and the one score of each; scores are the supplied ones, else the model's."""
    given = rows_given(plan, subject, model) if given is None else given
    mixer = Mixer(given.frame, model.scores)
    supplied = subject.scores[0].score
    score = mixer.rows(np.arange(given.kept.size)) if supplied is None else supplied[given.kept].astype(np.float64)
    label = subject.label[given.kept].astype(np.float64)
    return Asked(
        plan=plan, words=words_of(plan), mixer=mixer, estimator=model.estimator, label=label, score=score,
        wrong=_wrong(subject, given.kept, score, label), weight=rows_of(subject.weight, given.kept),
        cluster=rows_of(subject.cluster, given.kept), columns=columns_of(subject, given.frame),
    )  # fmt: skip


def ask_once(plan: Plan, subject: Subject, model: Model, given: Given) -> Question:
    """The question about a single score."""
    supplied = subject.scores[0].score
    asked = ask(plan, subject, model, given)
    return Question((asked,), model, None if supplied is None else asked.score, lambda: None)


def columns_of(subject: Subject, frame: pd.DataFrame) -> tuple[ColumnInfo, ...]:
    """What is known about each feature, in the model's order."""
    known = {column.name: column for column in subject.columns}
    return tuple(known.get(name) or _unknown(name, frame[name]) for name in map(str, frame.columns))


def rows_of(values: NDArray[Cell] | None, kept: IntArray) -> NDArray[Cell] | None:
    """Some rows of a column that may be absent."""
    return None if values is None else values[kept]


def check(question: Question, rate: float) -> Checked:
    """Ask for the supplied scores again, for all rows when there is time, else for some of them."""
    asked, model = question.asks[0], question.model
    index = np.arange(asked.n)
    if affordable(rate, CHECK_SECONDS, TIMES_ASKED, [asked.n]) is None:
        size = affordable(rate, CHECK_SECONDS, TIMES_ASKED, CHECKED_SIZES) or CHECKED_SIZES[-1]
        rng = stream(asked.seed, "explanations/checked")
        index = np.sort(rng.permutation(asked.n)[:size])
    answers = check_model(model, asked.frame.iloc[index], rows_of(question.supplied, index))
    return Checked(answers, answers.deterministic or _nearly_same(asked, model, index[:AGAIN]))


def _nearly_same(asked: Asked, model: Model, index: IntArray) -> bool:
    """Whether answers differ in the last digits alone, as sums do that threads make in another order each time."""
    frame = asked.frame.iloc[index]
    return bool(np.abs(model.scores(frame) - model.scores(frame)).max() <= within(asked, asked.space))


def _wrong(subject: Subject, kept: IntArray, score: FloatArray, label: FloatArray) -> NDArray[np.bool_]:
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
