"""Trivial answers where there are several classes."""

from __future__ import annotations

import numpy as np

from evaluator.metrics.class_rows import ClassRows
from evaluator.subject.subject import Subject


def most_common(subject: Subject) -> ClassRows:
    """Every case gets the most common class; of equally common ones, the first."""
    rows = _without_answer(subject)
    chosen = np.full(subject.n, int(np.argmax(_shares(rows))), dtype=np.int64)
    return ClassRows(rows.label, chosen, None, False, rows.k, rows.ordered, rows.weight, rows.cluster)


def base_rates(subject: Subject) -> ClassRows:
    """Every case gets the overall share of each class as its probabilities."""
    rows = _without_answer(subject)
    scores = np.tile(_shares(rows), (subject.n, 1))
    return ClassRows(rows.label, None, scores, True, rows.k, rows.ordered, rows.weight, rows.cluster)


def _without_answer(subject: Subject) -> ClassRows:
    classes = subject.classes
    assert classes is not None
    label = subject.label.astype(np.int64)
    return ClassRows(
        label, None, None, False, len(classes.values), classes.ordered, subject.weight, subject.cluster
    )  # fmt: skip


def _shares(rows: ClassRows) -> np.ndarray:
    """Share of each class, shape (k,)."""
    found = np.bincount(rows.label, weights=rows.weight, minlength=rows.k)
    shares: np.ndarray = found / found.sum()
    return shares
