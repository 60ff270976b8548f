"""The same rows as each subject sees them: the model, the earlier one, and two trivial answers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.metrics.rows import BinaryRows
from evaluator.subject.subject import Scores, Subject

MAJORITY = "baseline:majority"
BASE_RATE = "baseline:base_rate"
BASELINES = (MAJORITY, BASE_RATE)


class View(NamedTuple):
    """A subject's name and its rows."""

    name: str
    rows: BinaryRows


def views_of(subject: Subject) -> list[View]:
    """All subjects that can be measured, the model first."""
    given = [View(scores.subject, _rows(subject, scores)) for scores in subject.scores]
    return [*given, *_baselines(subject)]


def _rows(subject: Subject, scores: Scores) -> BinaryRows:
    return BinaryRows(
        subject.label, scores.prediction, scores.score, scores.probability, subject.weight, subject.cluster
    )


def _baselines(subject: Subject) -> list[View]:
    """Everyone gets the most common answer; everyone gets the overall share as probability."""
    share = float(np.average(subject.label, weights=subject.weight))
    everyone = np.full(subject.n, share >= 0.5)
    rate = np.full(subject.n, share)
    majority = BinaryRows(subject.label, everyone, None, False, subject.weight, subject.cluster)
    base_rate = BinaryRows(subject.label, None, rate, True, subject.weight, subject.cluster)
    return [View(MAJORITY, majority), View(BASE_RATE, base_rate)]
