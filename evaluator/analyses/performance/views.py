"""The same rows as each subject sees them: the model, the earlier one, and two trivial answers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.performance.class_views import base_rates, most_common
from evaluator.analyses.seen import TaskRows, rows_as_seen
from evaluator.catalogue.baselines import BASE_RATE, MAJORITY, MEAN, MEDIAN
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.subject.subject import Subject


class View(NamedTuple):
    """A subject's name and its rows."""

    name: str
    rows: TaskRows


def views_of(subject: Subject) -> list[View]:
    """All subjects that can be measured, the model first."""
    given = [View(scores.subject, rows_as_seen(subject, scores)) for scores in subject.scores]
    if subject.classes is not None:
        return [*given, View(MAJORITY, most_common(subject)), View(BASE_RATE, base_rates(subject))]
    return [*given, *(_same_number(subject) if subject.task == "regression" else _same_answer(subject))]


def _same_answer(subject: Subject) -> list[View]:
    """Everyone gets the most common answer; everyone gets the overall share as probability."""
    label = subject.label.astype(bool)
    share = float(np.average(label, weights=subject.weight))
    everyone = np.full(subject.n, share >= 0.5)
    rate = np.full(subject.n, share)
    majority = BinaryRows(label, everyone, None, False, subject.weight, subject.cluster)
    base_rate = BinaryRows(label, None, rate, True, subject.weight, subject.cluster)
    return [View(MAJORITY, majority), View(BASE_RATE, base_rate)]


def _same_number(subject: Subject) -> list[View]:
    """Everyone gets the average; everyone gets the middle value."""
    label = subject.label.astype(float)
    middle = {MEAN: float(np.average(label, weights=subject.weight)), MEDIAN: _middle(label, subject.weight)}
    return [
        View(name, NumberRows(label, np.full(subject.n, value), subject.weight, subject.cluster))
        for name, value in middle.items()
    ]


def _middle(label: np.ndarray, weight: np.ndarray | None) -> float:
    """The smallest value that at least half of the weight does not exceed; without weights the usual median."""
    if weight is None:
        return float(np.median(label))
    order = np.argsort(label)
    reached = np.cumsum(weight[order])
    return float(label[order][np.searchsorted(reached, reached[-1] / 2)])
