"""What the plan did not let this analysis test, and the line that would change it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from evaluator.analyses.explanations.effects import MOST_LEVELS
from evaluator.plan.schema import Plan
from evaluator.records import NotTested
from evaluator.subject.subject import Subject

ANALYSIS_NAME = "explanations"
NO_MODEL = "the model was not supplied"
MODEL_LINE = "model: {artifact: {path: models/NAME.skops}}"
CONTRIBUTIONS = "What the score leans on"
SHIFTS = "What the model would lose without a feature"
EFFECTS = "What one feature does to the score"
SINGLE = "Why one case got its score"
CHECK = "Whether the model gives the supplied scores"
EVERYTHING = (CONTRIBUTIONS, SHIFTS, EFFECTS, SINGLE, CHECK)
SCORE_LINE = "task: {score: NAME_OF_THE_SCORE_COLUMN}"
RANK = "the score is declared as a ranking, so no error can be read from it"
RANK_LINE = "task: {score_kind: probability}"

FREE_TEXT = "long free text is not explained word by word; it counts as one feature"
ONLY_FREE_TEXT = "the model reads long free text alone, and explanations are about columns of a table"
LONG_TEXT = 40
"""Characters of a long value, with this many spaces or more."""
SPACES = 4


def what_was_not_tested(plan: Plan, subject: Subject) -> tuple[NotTested, ...]:
    """What the plan alone shows cannot run; the analysis itself may find more."""
    if subject.model is None:
        return tuple(not_tested(what, NO_MODEL, MODEL_LINE) for what in EVERYTHING)
    rows = []
    if subject.scores[0].score is None:
        rows.append(not_tested(CHECK, "the plan names no column with the model's scores", SCORE_LINE))
    if is_ranking(plan):
        rows.append(not_tested(SHIFTS, RANK, RANK_LINE))
    return tuple(rows)


def is_free_text(series: pd.Series[Any]) -> bool:
    """Whether a column holds sentences: half of its values are long, and most of them no other row has."""
    if pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_datetime64_any_dtype(series.dtype):
        return False
    known = series.dropna()
    if known.empty or known.nunique() <= MOST_LEVELS:
        return False
    texts = known.astype(str)
    long = (texts.str.len() >= LONG_TEXT) & (texts.str.count(r"\s") >= SPACES)
    return bool(long.mean() >= 0.5 and known.nunique() >= 0.5 * len(known))


def not_tested(what: str, reason: str, line: str = "") -> NotTested:
    """One row of this analysis."""
    return NotTested(ANALYSIS_NAME, what, reason, line)


def is_ranking(plan: Plan) -> bool:
    """Whether the score says which case comes first and promises no probability."""
    return plan.task.kind == "binary" and plan.task.score_kind == "rank"
