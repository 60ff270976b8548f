"""What both models say about every row, as read from the rows of a run."""

from __future__ import annotations

from typing import NamedTuple

from evaluator.recompute.masks import Mask
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.subject import Classes


class Answers(NamedTuple):
    """See `LoadedRows`; None where a model says nothing of the kind."""

    score: FloatArray | None
    prediction: Mask | None
    previous_score: FloatArray | None
    previous_prediction: Mask | None
    classes: Classes | None = None
    class_scores: FloatArray | None = None
    chosen: IntArray | None = None
    previous_class_scores: FloatArray | None = None
    previous_chosen: IntArray | None = None
