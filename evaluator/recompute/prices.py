"""What each kind of error weighs: by the plan, or as asked."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.errors import InputError
from evaluator.recompute.question import Question
from evaluator.recompute.rows import LoadedRows


@dataclass(frozen=True, slots=True)
class Prices:
    """What one error of each kind weighs.

    Attributes
    ----------
    unit : the plan's words for what weighs 1, plural; '' where the error that weighs 1 is said in the plan's outcomes.
    asked : somebody asked for these; otherwise the plan says so.
    """

    false_positive: float
    false_negative: float
    unit: str
    asked: bool

    @property
    def ratio(self) -> float | None:
        """How many false negatives one false positive weighs; None where one of the two weighs nothing."""
        if self.false_negative == 0 or self.false_positive == 0:
            return None
        return self.false_positive / self.false_negative


def prices_of(rows: LoadedRows, question: Question) -> Prices | None:
    """The prices of a question, else of the plan; None where neither says any.

    As asked, the smaller of both errors weighs 1.
    """
    if question.cost is not None:
        return Prices(max(1.0, question.cost), max(1.0, 1 / question.cost), "", asked=True)
    costs = rows.facts.costs
    if costs is None or costs.false_positive == costs.false_negative == 0:
        return None
    return Prices(float(costs.false_positive), float(costs.false_negative), costs.unit, asked=False)


def check_can_be_priced(rows: LoadedRows, question: Question) -> None:
    """Raise InputError where a cost is asked of rows that no decision is wrong for in two ways."""
    if question.cost is None or rows.facts.task == "binary":
        return
    raise InputError("Costs weigh two kinds of error, and this outcome has more or none.", "Ask without a cost.")
