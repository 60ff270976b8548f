"""What the plan did not let this analysis test, and the line that would change it."""

from __future__ import annotations

from evaluator.plan.schema import Plan
from evaluator.records import NotTested
from evaluator.subject.subject import Subject

_EARLIER = 'compare_with: {version: "1.0", score: NAME_OF_ITS_SCORE_COLUMN}'
_EARLIER_CLASSES = 'compare_with: {version: "1.0", score_prefix: START_OF_ITS_SCORE_COLUMNS}'

Missing = tuple[bool, str, str, str]
"""Whether it is missing, what was not tested, why, and the line to add."""


def what_was_not_tested(plan: Plan, subject: Subject) -> tuple[NotTested, ...]:
    """One row for each thing that is missing."""
    rows = [*_of_task(subject), *_of_data(plan, subject)]
    return tuple(NotTested("performance", what, reason, line) for missing, what, reason, line in rows if missing)


def _of_task(subject: Subject) -> list[Missing]:
    if subject.task == "regression":
        return []
    return _of_answers(subject) if subject.classes is None else _of_classes(subject)


def _of_classes(subject: Subject) -> list[Missing]:
    model = subject.scores[0]
    return [
        (
            model.class_scores is None, "Ranking and probabilities of the classes",
            "the plan names no score columns, so the classes given were judged alone",
            "task: {score_prefix: START_OF_THE_SCORE_COLUMNS}",
        ),
        (
            model.class_scores is not None and not model.probability, "Errors of the probabilities (Brier, log loss)",
            "the scores are declared as a ranking", "task: {score_kind: probability}",
        ),
    ]  # fmt: skip


def _of_answers(subject: Subject) -> list[Missing]:
    model = subject.scores[0]
    return [
        (
            model.score is None, "Ranking and probabilities",
            "the plan names no score column, so decisions alone were judged", "task: {score: NAME_OF_THE_SCORE_COLUMN}",
        ),
        (
            model.score is not None and not model.probability, "Errors of the probabilities (Brier, log loss)",
            "the score is declared as a ranking", "task: {score_kind: probability}",
        ),
        (
            model.prediction is None, "Decisions",
            "the plan names neither a decision column nor a threshold", "task: {threshold: 0.5}",
        ),
    ]  # fmt: skip


def _of_data(plan: Plan, subject: Subject) -> list[Missing]:
    return [
        (
            len(subject.scores) == 1, "Comparison with the earlier model",
            "the plan names no earlier model", _EARLIER_CLASSES if subject.classes is not None else _EARLIER,
        ),
        (
            not plan.data.sensitive, "Differences between groups of people",
            "the plan names no sensitive columns", "data: {sensitive: [sex, {column: age, bands: [18, 40, 65]}]}",
        ),
        (
            plan.data.time is None or plan.data.windows is None, "Change over time",
            "the plan names no time column with windows", "data: {time: NAME_OF_A_DATE_COLUMN, windows: quarter}",
        ),
        (
            plan.data.cluster is None, "Dependence between rows",
            "the plan names no cluster column, so every row is taken to be independent of every other",
            "data: {cluster: NAME_OF_A_PERSON_OR_HOUSEHOLD_COLUMN}",
        ),
    ]  # fmt: skip
