"""What a reader should know about the classes although the data can be evaluated."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evaluator.errors import nearest_name
from evaluator.plan.schema import Plan
from evaluator.subject.class_scores import ClassAnswers
from evaluator.subject.levels import canonical_level, find_level, nfc
from evaluator.subject.problems import count_words, listed
from evaluator.subject.subject import Classes, Scores, UnknownLevel


def class_warnings(answers: ClassAnswers) -> Iterator[str]:
    """Classes without rows, columns that look like scores, and predictions that are not the class scored highest."""
    classes = answers.classes
    if classes is None:
        return
    without = np.flatnonzero(np.bincount(answers.label, minlength=len(classes.values)) == 0)
    if without.size:
        yield f"task.label: no row has {listed([classes.values[position] for position in without])}."
    if len(classes.values) == 2:
        yield "task.kind: the label has two classes; with kind: binary, cut-offs and costs can be looked at too."
    if answers.strange:
        yield f"task.score_prefix: {listed(answers.strange)} start like the score columns but fit no class."
    for scores in answers.scores:
        yield from _other_than_highest(scores)


def _other_than_highest(scores: Scores) -> Iterator[str]:
    if not scores.recorded or scores.class_scores is None or scores.score is None:
        return
    other = int(np.count_nonzero(scores.score < scores.class_scores.max(axis=1)))
    if other:
        rows = count_words(other, "row")
        yield f"version {scores.version}: in {rows} the prediction is not the class with the highest score."


def unknown_classes(plan: Plan, classes: Classes | None) -> Iterator[UnknownLevel]:
    """Classes that a criterion asks about and the data do not have."""
    if classes is None:
        return
    for criterion in plan.criteria:
        wanted = criterion.class_
        if wanted is not None and find_level(wanted, classes.values) is None:
            text = canonical_level(wanted) or ""
            nearest = nearest_name(text, classes.values)
            yield UnknownLevel(criterion.id, nfc(plan.task.label), text, nearest)
