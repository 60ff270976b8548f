"""The rows of a subject as one model sees them."""

from __future__ import annotations

from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.subject.subject import Scores, Subject

TaskRows = BinaryRows | NumberRows


def rows_as_seen(subject: Subject, scores: Scores) -> TaskRows:
    """All rows with the label and what one model says about them, in the order of the evaluation file."""
    if subject.task == "regression":
        assert scores.score is not None
        return NumberRows(subject.label.astype(float), scores.score, subject.weight, subject.cluster)
    return BinaryRows(
        subject.label.astype(bool), scores.prediction, scores.score, scores.probability, subject.weight, subject.cluster
    )
