"""Answer a what-if question on loaded rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaluator.analyses.fairness.judged import lead_metric
from evaluator.catalogue.metrics import MULTICLASS, canonical_metric, class_metrics_for, metrics_for
from evaluator.errors import InputError, did_you_mean
from evaluator.recompute.answer import Answer, Drop, SideAnswer
from evaluator.recompute.asking import Asking
from evaluator.recompute.checking import checked_question
from evaluator.recompute.group_cutoffs import check_can_be_tried
from evaluator.recompute.masks import Mask, joined_mask
from evaluator.recompute.mix import mixed_rows
from evaluator.recompute.prices import check_can_be_priced
from evaluator.recompute.question import Question
from evaluator.recompute.rows import LoadedRows
from evaluator.subject.words import visible


def metrics_of(rows: LoadedRows, *, headline_only: bool = False) -> tuple[str, ...]:
    """What can be measured on these rows; with `headline_only` without what only a technical table shows."""
    entries = class_metrics_for(MULTICLASS) if rows.facts.class_ else metrics_for(rows.facts.task)
    return tuple(entry.name for entry in entries if entry.headline or not headline_only)


def rows_about(rows: LoadedRows, question: Question) -> LoadedRows:
    """The rows as a checked question looks at them: one class against the rest, or as they are; weighed to its mix."""
    same = not question.class_ or rows.facts.class_ == question.class_
    return mixed_rows(rows if same else rows.for_class(question.class_), question.mix)


def answer(
    rows: LoadedRows,
    question: Question,
    *,
    metrics: Sequence[str] | None = None,
    headline_only: bool = False,
    level: float | None = None,
) -> Answer:
    """Measure these rows, the compared rows and everyone, at today's cut-off and at the one tried.

    Parameters
    ----------
    metrics : names of the metrics wanted; all of them when None.
    headline_only : leave out what only a technical table shows (F1, Matthews correlation, average precision, Brier,
        log loss, calibration slope and intercept).
    level : of every range; the plan's when None.

    Raises
    ------
    InputError : the question names columns, levels or metrics that do not exist, or cannot be asked of these rows.
    """
    checked = askable(rows, question)
    rows = rows_about(rows, checked)
    wanted = _wanted(rows, metrics, headline_only=headline_only)
    return Asking(rows, checked, wanted, rows.facts.level if level is None else level).answer()


def adjusted(answered: Answer, questions_asked: int) -> Answer:
    """The leading errors again, at level 1 - (1 - level) / k for the k-th question asked of the same rows."""
    questions = max(1, questions_asked)
    level = 1 - (1 - answered.level) / questions
    wider = Asking(answered.rows, answered.question, lead_metrics(answered.rows), level).answer()
    compared = None if wider.compared is None else _one_of(wider.compared, questions)
    asked, everyone = _one_of(wider.asked, questions), _one_of(wider.everyone, questions)
    return replace(wider, asked=asked, compared=compared, everyone=everyone)


def _one_of(side: SideAnswer, questions: int) -> SideAnswer:
    """The side with estimates that say of how many questions they are one."""
    today, tried = (
        {metric: replace(found, family_size=questions) for metric, found in part.items()}
        for part in (side.today, side.tried)
    )
    return replace(side, today=today, tried=tried)


def lead_metrics(rows: LoadedRows) -> tuple[str, ...]:
    """The error that hurts the person first, then the other one; the ranking where nothing can be decided.

    Of predicted numbers: how far they are off, then whether they lean to one side. Of several classes together: how
    many are right, then with every class weighing alike.
    """
    if rows.predicts_numbers:
        return ("mean_absolute_error", "mean_error")
    if rows.predicts_classes:
        return ("accuracy", "balanced_accuracy")
    if rows.prediction is None and rows.score is None:
        return ("selection_rate",)
    first = lead_metric(rows.facts.task, rows.facts.words)
    both = ("false_negative_rate", "false_positive_rate")
    return both if first == both[0] else both[::-1]


def which_filter_to_drop(rows: LoadedRows, question: Question) -> Drop | None:
    """The filter whose removal leaves most cases that count for the leading error; None when none adds any."""
    # Weights change no count.
    question = askable(rows, replace(question, mix=()))
    rows = rows_about(rows, question)
    if question.combine == "any" or len(question.filters) == 0:
        return None
    relevant = _relevant(rows)
    now = _count(rows, question, relevant)[1]
    drops = [Drop(one, *_count(rows, question.without(one), relevant)) for one in question.filters]
    best = max(drops, key=lambda drop: drop.relevant_count)
    return best if best.relevant_count > now else None


def _relevant(rows: LoadedRows) -> Mask:
    """Which rows count for the leading error."""
    if rows.predicts_numbers or rows.predicts_classes:
        return np.ones(rows.n, dtype=np.bool_)
    label = rows.label.astype(bool, copy=False)
    return label if lead_metrics(rows)[0] == "false_negative_rate" else ~label


def _count(rows: LoadedRows, question: Question, relevant: Mask) -> tuple[int, int]:
    found = joined_mask(question.filters, question.combine, rows.columns, rows.n)
    return int(np.count_nonzero(found)), int(np.count_nonzero(found & relevant))


def askable(rows: LoadedRows, question: Question) -> Question:
    """The question in the spelling of the rows; InputError when it cannot be asked of them."""
    checked = checked_question(question, rows.columns, probability=rows.facts.probability, previous=rows.has_previous)
    _check_class(rows, checked)
    check_can_be_tried(rows, checked)
    check_can_be_priced(rows, checked)
    rows_about(rows, checked)
    return checked


def _check_class(rows: LoadedRows, question: Question) -> None:
    known = rows.facts.class_words
    if not question.class_ or question.class_ in known:
        return
    if not known:
        raise InputError("The outcome of this run is not one of several classes.", "Ask without a class.")
    raise InputError(f"There is no class '{visible(question.class_)}'.", did_you_mean(question.class_, list(known)))


def _wanted(rows: LoadedRows, metrics: Sequence[str] | None, *, headline_only: bool) -> tuple[str, ...]:
    known = metrics_of(rows)
    if metrics is None:
        return metrics_of(rows, headline_only=headline_only)
    for name in metrics:
        if canonical_metric(name) not in known:
            raise InputError(f"There is no metric '{name}'.", did_you_mean(name, known))
    return tuple(dict.fromkeys(canonical_metric(name) or name for name in metrics))
