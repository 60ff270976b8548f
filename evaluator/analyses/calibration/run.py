"""The analysis from plan and subject to tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from evaluator.analyses.calibration.compute import About, check_rows
from evaluator.analyses.calibration.families import adjusted
from evaluator.analyses.calibration.findings import findings
from evaluator.analyses.calibration.reliability import reliability_points
from evaluator.analyses.calibration.untested import what_was_not_tested
from evaluator.analyses.seen import TaskRows, classes_in_words, is_measured, rows_as_seen
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, Calibration, CurvePoint, Progress
from evaluator.subject.subject import Subject


def run(plan: Plan, subject: Subject, progress: Progress) -> AnalysisTables:
    """Hold the probabilities of the model and of the earlier one against what happened, on every planned population.

    Several classes: that of the class given against being right; on all rows also that of every class against the rest.
    """
    rows: list[Calibration] = []
    points: list[CurvePoint] = []
    measured = [part for part in subject.populations if is_measured(part.population, subject)]
    promising = [scores for scores in subject.scores if scores.score is not None and scores.probability]
    seen = [(scores.subject, rows_as_seen(subject, scores)) for scores in promising]
    classes = subject.classes.values if subject.classes is not None else ()
    total = len(measured)
    for done, part in enumerate(measured if seen else ()):
        progress(part.population.words, done, total)
        for name, every in seen:
            inside = (every if part.index is None else every.take(part.index)).with_weight()
            whole = About(name, part.population.population_id, part.population.kind == "all", plan)
            for about, asked in _asked(inside, whole, classes):
                rows += check_rows(asked, about)
                points += reliability_points(asked, about)
    progress("", total, total)
    checked = adjusted(rows)
    populations = [part.population for part in subject.populations]
    found = findings(checked, points, populations, words_of(plan), classes_in_words(plan, subject))
    missing = what_was_not_tested(plan, subject)
    return AnalysisTables(curves=tuple(points), findings=found, not_tested=missing, calibrations=checked)


def _asked(rows: TaskRows, about: About, classes: Sequence[str]) -> Iterator[tuple[About, BinaryRows]]:
    """What is promised of these rows: two outcomes, or that the class given is right, and each class."""
    if isinstance(rows, BinaryRows):
        yield about, rows
    if not isinstance(rows, ClassRows):
        return
    yield replace(about, several=True), rows.confidence
    for position, value in enumerate(classes if about.whole else ()):
        # A copy, so that what is worked out of the rows is let go with the class.
        yield replace(about, whole=False, class_=value), replace(rows).one_class(position)
