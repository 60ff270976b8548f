"""Which decision would have to turn, and the rule by which it does: the run's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.analyses.explanations.explained import Explained
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray

SEVERAL = "several classes have no single favourable decision to be turned to"
NUMBER = "a predicted number is no decision, and the plan sets no cut-off for one"
NO_CUT_OFF = "there is no cut-off that turns a score into a decision"
OTHER_RULE = "the decisions come from a column and do not follow from a score and a cut-off"
CUT_OFF_LINE = "task: {threshold: 0.5}"


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """From the unfavourable to the favourable decision.

    Attributes
    ----------
    up : whether the favourable decision is the one from the cut-off up; else it is the one below.
    unfavourable : which of the asked rows had the unfavourable decision, shape (n,).
    """

    cut_off: float
    up: bool
    unfavourable: BoolArray

    def reached(self, score: FloatArray) -> BoolArray:
        """Whether scores get the favourable decision, by the run's rule: positive from the cut-off up."""
        positive = score >= self.cut_off
        return np.asarray(positive if self.up else ~positive, dtype=bool)

    def gain(self, change: FloatArray) -> FloatArray:
        """Changes of a score, counted towards the favourable decision."""
        return change if self.up else -change


@dataclass(frozen=True, slots=True)
class NoTurn:
    """Why there is no decision to be turned, and the line of the plan that would change it, or ''."""

    reason: str
    line: str = ""


def turn_of(explained: Explained) -> Turn | NoTurn:
    """The decision to be turned; where the plan names no favourable one, it is the positive one, as everywhere."""
    asked, task = explained.asked, explained.plan.task
    if task.kind != "binary":
        return NoTurn(NUMBER if task.kind == "regression" else SEVERAL)
    scores = explained.subject.scores[0]
    if scores.threshold is None:
        return NoTurn(NO_CUT_OFF if scores.prediction is None else OTHER_RULE, CUT_OFF_LINE)
    positive = asked.score >= scores.threshold
    if scores.prediction is not None and not np.array_equal(scores.prediction[explained.positions], positive):
        return NoTurn(OTHER_RULE)
    up = asked.words.favourable_positive
    return Turn(scores.threshold, up, np.asarray(~positive if up else positive, dtype=bool))
