"""What the plan did not let this analysis test, and the line that would change it."""

from __future__ import annotations

from evaluator.plan.schema import Plan
from evaluator.records import MODEL, NotTested
from evaluator.subject.subject import Scores, Subject

WHAT = "Whether promised probabilities come true"
_EARLIER = 'compare_with: {version: "1.0", score_prefix: START_OF_ITS_SCORE_COLUMNS}'


def what_was_not_tested(plan: Plan, subject: Subject) -> tuple[NotTested, ...]:
    """One row for each subject whose score promises no probability."""
    missing = _missing if subject.classes is None else _missing_of_classes
    return tuple(row for scores in subject.scores if (row := missing(scores)) is not None)


def _missing(scores: Scores) -> NotTested | None:
    what = _what(scores)
    if scores.score is None:
        line = "task: {score: NAME_OF_THE_SCORE_COLUMN}"
        return NotTested("calibration", what, "the plan names no score column, and decisions promise nothing", line)
    if not scores.probability:
        line = "task: {score_kind: probability}"
        return NotTested("calibration", what, "the score is declared as a ranking and promises no probability", line)
    return None


def _missing_of_classes(scores: Scores) -> NotTested | None:
    if scores.class_scores is None:
        line = "task: {score_prefix: START_OF_THE_SCORE_COLUMNS}" if scores.subject == MODEL else _EARLIER
        reason = "the plan names no score columns, and classes given without probabilities promise nothing"
        return NotTested("calibration", _what(scores), reason, line)
    if not scores.probability:
        line = "task: {score_kind: probability}"
        reason = "the scores are declared as a ranking and promise no probability"
        return NotTested("calibration", _what(scores), reason, line)
    return None


def _what(scores: Scores) -> str:
    return WHAT if scores.subject == MODEL else f"{WHAT}, for the earlier model"
