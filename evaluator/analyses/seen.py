"""The rows of a subject as one model sees them, and the populations that are measured one by one."""

from __future__ import annotations

import numpy as np

from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.plan_words import class_words
from evaluator.plan.schema import Plan
from evaluator.records import Population, Words
from evaluator.subject.subject import Scores, Subject

TaskRows = BinaryRows | NumberRows | ClassRows


def is_measured(population: Population, subject: Subject) -> bool:
    """Groups of several columns belong to the analysis of fairness, unless a criterion asks about one."""
    asked = population.population_id in subject.criterion_populations.values()
    return population.kind in ("all", "group", "window") or asked


def classes_in_words(plan: Plan, subject: Subject) -> dict[str, Words]:
    """The words for each class against the rest, in the order of the classes; empty without several classes."""
    classes = subject.classes
    named = zip(classes.values, classes.labels, strict=True) if classes is not None else ()
    return {value: class_words(plan, label) for value, label in named}


def rows_as_seen(subject: Subject, scores: Scores) -> TaskRows:
    """All rows with the label and what one model says about them, in the order of the evaluation file."""
    if subject.classes is not None:
        classes = subject.classes
        return ClassRows(
            subject.label.astype(np.int64), scores.chosen, scores.class_scores, scores.probability,
            len(classes.values), classes.ordered, subject.weight, subject.cluster,
        )  # fmt: skip
    if subject.task == "regression":
        assert scores.score is not None
        return NumberRows(subject.label.astype(float), scores.score, subject.weight, subject.cluster)
    return BinaryRows(
        subject.label.astype(bool), scores.prediction, scores.score, scores.probability, subject.weight, subject.cluster
    )
