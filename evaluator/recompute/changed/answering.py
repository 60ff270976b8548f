"""One question about changed inputs being answered, with the model at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.errors import InputError
from evaluator.plan import Plan
from evaluator.recompute.answering import rows_about
from evaluator.recompute.changed.applying import Ends, Index, applied
from evaluator.recompute.changed.asked import AskedChange
from evaluator.recompute.changed.grouping import groups_of, ungrouped
from evaluator.recompute.changed.measuring import Both
from evaluator.recompute.changed.result import ModelAnswers, Part, Result
from evaluator.recompute.changed.scoring import (
    Answers,
    Ask,
    about_class,
    answers,
    asked_again,
    blocks,
    drawn,
    scored,
    scored_changed,
    seen,
)
from evaluator.recompute.masks import Mask
from evaluator.recompute.population import ASKED, population, question_label, question_words
from evaluator.recompute.question import Question
from evaluator.recompute.rows import LoadedRows, mask
from evaluator.records import Population, Progress
from evaluator.statistics.spread import FloatArray
from evaluator.subject.columns import sensitive_columns
from evaluator.subject.levels import nfc

TOLERANCE = 1e-6
"""Scores closer than this are the same."""
RECORDED = "Decisions were recorded and follow no cut-off, so nobody knows what would be decided."


@dataclass(frozen=True, slots=True)
class KeptModel:
    """The model as it can be asked: `ask` takes rows with its features as columns (`subject.models.model.Model.scores`)."""

    name: str
    classes: tuple[str, ...] | None
    ask: Ask


@dataclass(frozen=True, slots=True, eq=False)
class _Twice:
    """The model's answers about the rows at `index`, today and with the changed inputs."""

    index: Index
    today: Answers
    changed: Answers


def ask_changed(
    rows: LoadedRows, plan: Plan, asked: AskedChange, frame: pd.DataFrame, row_ids: NDArray[Any], model: KeptModel,
    progress: Progress,
) -> Result:  # fmt: skip
    """Ask the model about the rows as they are and as they would be.

    Parameters
    ----------
    frame : the columns that the model reads, of every row in `rows` and in their order.
    row_ids : of the same rows.

    Raises
    ------
    InputError : the question is about nobody, or the changes cannot be made.
    ModelError : the model does not answer with one usable number per row.
    """
    fitting = np.flatnonzero(mask(rows, asked.question))
    if not fitting.size:
        raise InputError("Nobody fits this question.", "Remove a group or a range.")
    index = drawn(row_ids, fitting, rows.facts.seed)
    put = applied(frame, index, asked.changes, declared_ends(plan))
    as_they_are = frame.iloc[index].reset_index(drop=True)
    half = blocks(index.size)
    before = scored(model.ask, as_they_are, progress, "Asking the model with the inputs as they are", 0, 2 * half + 2)
    after = scored_changed(model.ask, put.frame, progress, half, 2 * half + 2)
    progress("Asking the model again", 2 * half, 2 * half + 2)
    again, differing = asked_again(model.ask, as_they_are, before)
    progress("Comparing", 2 * half + 1, 2 * half + 2)
    cutoff = cutoff_of(rows, plan, asked.question)
    twice = _Twice(
        index, answers(rows, before, cutoff, model.classes), answers(rows, after, cutoff, model.classes)
    )  # fmt: skip
    checked = ModelAnswers(model.name, reproduced(rows, index, twice.today), again, differing)
    everyone, groups = _parts(rows, plan, asked.question, twice)
    decides = rows.predicts_numbers or everyone.flips is not None
    return Result(
        everyone=everyone, groups=groups, n_fit=int(fitting.size), level=rows.facts.level, cutoff=cutoff,
        no_decisions="" if decides else RECORDED, weighted=rows.weight is not None, inputs=put.inputs, model=checked,
        ungrouped=ungrouped(rows.columns, _sensitive(plan)),
    )  # fmt: skip


def declared_ends(plan: Plan) -> dict[str, Ends]:
    """Least and largest value that the plan declares, by column."""
    return {nfc(name): (part.min, part.max) for name, part in plan.data.columns.items()}


def cutoff_of(rows: LoadedRows, plan: Plan, question: Question) -> float | None:
    """The cut-off that both answers are decided at: the one tried, else today's if decisions follow one."""
    if not rows.has_cutoff or question.threshold is not None:
        return question.threshold
    cutoff = plan.task.threshold
    if cutoff is None or not rows.facts.recorded:
        return cutoff
    if rows.score is None or rows.prediction is None:
        return None
    return cutoff if np.array_equal(rows.score >= cutoff, rows.prediction) else None


def reproduced(rows: LoadedRows, index: Index, today: Answers) -> int | None:
    """How many of the run's own scores the model gives again; None when the run has none."""
    own = rows.class_scores if rows.predicts_classes else rows.score
    if own is None:
        return None
    apart = np.abs(own[index] - (today.score if today.class_scores is None else today.class_scores))
    return int(np.count_nonzero((apart if apart.ndim == 1 else apart.max(axis=1)) <= TOLERANCE))


def _sensitive(plan: Plan) -> list[str]:
    return [name for name, _ in sensitive_columns(plan)]


def _parts(rows: LoadedRows, plan: Plan, question: Question, twice: _Twice) -> tuple[Part, tuple[Part, ...]]:
    """Everyone asked about, then every group of them; one class against the rest when the question is about one."""
    today, changed = twice.today, twice.changed
    if question.class_ and rows.classes is not None:
        position = rows.classes.values.index(question.class_)
        today, changed = about_class(today, position), about_class(changed, position)
        rows = rows_about(rows, question)
    scores, changed_scores = _same_class(today, changed)
    both = Both(
        rows.facts, seen(rows, twice.index, today), seen(rows, twice.index, changed), scores, changed_scores
    )  # fmt: skip
    asked = np.zeros(rows.n, dtype=np.bool_)
    asked[twice.index] = True
    groups = tuple(both.groups(list(groups_of(rows, _sensitive(plan), asked)), asked))
    return both.everyone(_whom(rows, question, asked)), groups


def _same_class(today: Answers, changed: Answers) -> tuple[FloatArray, FloatArray]:
    """The scores that move: of several classes, those of the class chosen today."""
    if today.chosen is None or changed.class_scores is None:
        return today.score, changed.score
    return today.score, changed.class_scores[np.arange(today.chosen.size), today.chosen]


def _whom(rows: LoadedRows, question: Question, asked: Mask) -> Population:
    phrasing, n = rows.facts.phrasing, int(np.count_nonzero(asked))
    words = question_words(question, rows.columns, phrasing)
    return population(ASKED, words, question_label(question, rows.columns, phrasing), question, n, rows.n)
