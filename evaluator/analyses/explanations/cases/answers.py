"""What the model, the earlier version and the data say about the asked rows, for any task."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.analyses.explanations.explained import Explained
from evaluator.records import PREVIOUS
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.subject.subject import Scores


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Answers about the asked rows, every array of shape (n,) and in their order.

    Attributes
    ----------
    score : the model's; for several classes that of the class it names, and None where the data have none.
    decision : 1 for the positive decision; for several classes the position of the named class; None without any.
    truth : the label in the same numbers as `decision`, or the measured number.
    previous, previous_decision : the same of the earlier version, None where it has none.
    cut_off : the score from which the decision is positive, or None.
    """

    score: FloatArray | None
    decision: IntArray | None
    truth: FloatArray
    previous: FloatArray | None
    previous_decision: IntArray | None
    cut_off: float | None

    @property
    def wrong(self) -> BoolArray | None:
        """Whether the decision is wrong; None without decisions."""
        return None if self.decision is None else np.asarray(self.decision != self.truth, dtype=bool)


def answers_of(explained: Explained) -> Answers:
    """The answers of a binary task, a regression, or all classes of several together."""
    subject, kept = explained.subject, explained.positions
    model = subject.scores[0]
    earlier = next((scores for scores in subject.scores if scores.subject == PREVIOUS), None)
    several = subject.classes is not None  # then the score explained is that of one class alone
    return Answers(
        score=_kept(model.score, kept) if several else explained.asked.score,
        decision=_decision(model, kept),
        truth=subject.label[kept].astype(np.float64),
        previous=None if earlier is None else _kept(earlier.score, kept),
        previous_decision=None if earlier is None else _decision(earlier, kept),
        cut_off=model.threshold,
    )


def answers_about(explained: Explained) -> Answers:
    """The answers about the score that is explained: of several classes, 1 stands for the class explained."""
    found, subject = answers_of(explained), explained.subject
    if subject.classes is None:
        return found
    named = subject.classes.values.index(explained.asked.class_)
    earlier = next((scores for scores in subject.scores if scores.subject == PREVIOUS), None)
    table = None if earlier is None or earlier.class_scores is None else earlier.class_scores[:, named]
    return Answers(
        score=explained.asked.score,
        decision=_is(found.decision, named),
        truth=(found.truth == named).astype(np.float64),
        previous=_kept(table, explained.positions),
        previous_decision=_is(found.previous_decision, named),
        cut_off=None,
    )


def _is(decision: IntArray | None, named: int) -> IntArray | None:
    return None if decision is None else (decision == named).astype(np.int64)


def _kept(score: FloatArray | None, kept: IntArray) -> FloatArray | None:
    return None if score is None else score[kept].astype(np.float64)


def _decision(scores: Scores, kept: IntArray) -> IntArray | None:
    named = scores.prediction if scores.chosen is None else scores.chosen
    return None if named is None else named[kept].astype(np.int64)
