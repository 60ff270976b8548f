"""What came of asking the model at all: does it give the supplied scores, and the same ones twice?"""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.analyses.explanations.contributions import Contributions
from evaluator.records import ALL, Quality
from evaluator.subject.models.checking import ModelCheck

MOST_OFF = 0.001
"""A model that misses more than this part of the supplied scores is not the one that made them."""
REPRODUCED = "scores_reproduced"
ADD_UP = "parts_add_up"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answers, and whether the same ones come when the model is asked again, but for rounding."""

    answers: ModelCheck
    same_twice: bool

    @property
    def supplied(self) -> bool:
        """Whether there were scores to hold the answers against."""
        return self.answers.reproduced is not None

    @property
    def is_other_model(self) -> bool:
        """Whether too many supplied scores were not reproduced."""
        answers = self.answers
        return answers.reproduced is not None and answers.reproduced < (1 - MOST_OFF) * answers.n

    @property
    def obstacle(self) -> str:
        """Why nothing can be explained, or ''."""
        if self.is_other_model:
            return "the model does not give the supplied scores"
        return "" if self.same_twice else "the model gives other answers when it is asked again"


def reproduced_row(checked: Checked, level: float) -> Quality:
    """How many of the supplied scores the model gave."""
    return _counted(REPRODUCED, checked.answers.reproduced or 0, checked.answers.n, level)


def adding_row(found: Contributions, level: float) -> Quality:
    """For how many explained rows the parts add up to the model's own score."""
    return _counted(ADD_UP, found.drawn.n - found.rows_off, found.drawn.n, level)


def _counted(check: str, count: int, n: int, level: float) -> Quality:
    return Quality(check, "", ALL, count, n, count / n if n else 0.0, None, None, level, "exact_count", "")
