"""What the analysis itself found that it could not test, beside what the plan alone shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.analyses.explanations.asking import Question
from evaluator.analyses.explanations.effects import is_quantity
from evaluator.analyses.explanations.features import Features
from evaluator.analyses.explanations.untested import (
    CONTRIBUTIONS,
    EFFECTS,
    FREE_TEXT,
    SHIFTS,
    is_free_text,
    not_tested,
)
from evaluator.analyses.explanations.ways import TOO_SLOW, Attempts
from evaluator.plan.schema import Plan
from evaluator.records import NotTested
from evaluator.wording import join_words

GROUP_GAPS = "How far apart the scores of groups lie, feature by feature"
EACH_CLASS = "each class has a score of its own"


def what_was_not_found(
    plan: Plan, question: Question, attempts: Attempts, seen: Sequence[Features]
) -> Iterator[NotTested]:
    """What took too long, does not add up, or is more than can be shown."""
    if attempts.shown is None:
        yield not_tested(CONTRIBUTIONS, attempts.reason)
    if not any(curve for one in seen for curve in one.curves):
        yield not_tested(EFFECTS, TOO_SLOW)
    if seen[0].unshifted == TOO_SLOW:
        yield not_tested(SHIFTS, TOO_SLOW)
    yield from _of_classes(plan, question, seen)
    yield from _of_columns(seen[0])


def _of_classes(plan: Plan, question: Question, seen: Sequence[Features]) -> Iterator[NotTested]:
    if not seen[0].asked.class_:
        return
    if question.left_out:
        reason = f"the {len(seen)} classes of the most {seen[0].asked.words.cases} are explained"
        yield not_tested(f"What the scores of {join_words(question.left_out)} lean on", reason)
    if plan.data.sensitive:
        yield not_tested(GROUP_GAPS, EACH_CLASS)


def _of_columns(seen: Features) -> Iterator[NotTested]:
    """The words of free texts, and levels that few rows have."""
    asked = seen.asked
    for place, (column, curve) in enumerate(zip(asked.columns, seen.curves, strict=True)):
        series = asked.frame.iloc[:, place]
        if is_free_text(series):
            yield not_tested(f"What single words of {column.words} do to the score", FREE_TEXT)
        elif curve is not None and not is_quantity(column) and (hidden := series.nunique() - len(curve.levels)) > 0:
            shown = f"the {len(curve.levels):,} levels of the most {asked.words.cases} are shown, {hidden:,} are not"
            yield not_tested(f"What every level of {column.words} does to the score", shown)
