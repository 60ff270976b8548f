"""The analysis from plan and subject to tables."""

from __future__ import annotations

from dataclasses import replace

from evaluator.analyses.performance.class_compute import measure_classes
from evaluator.analyses.performance.class_curves import class_curves
from evaluator.analyses.performance.compute import compare_all, measure_all
from evaluator.analyses.performance.curves import curves_of
from evaluator.analyses.performance.findings import findings
from evaluator.analyses.performance.second_opinion import second_opinions
from evaluator.analyses.performance.untested import what_was_not_tested
from evaluator.analyses.performance.views import View, views_of
from evaluator.analyses.seen import TaskRows, classes_in_words, is_measured
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import Plan
from evaluator.records import AnalysisTables, CurvePoint, Estimate, Paired, Progress
from evaluator.subject.subject import Rows, Subject


def run(plan: Plan, subject: Subject, progress: Progress) -> AnalysisTables:
    """Measure every metric for every subject on every planned population, and compare subjects pair by pair."""
    views = views_of(subject)
    estimates: list[Estimate] = []
    paired: list[Paired] = []
    curves: list[CurvePoint] = []
    measured = [rows for rows in subject.populations if is_measured(rows.population, subject)]
    total = len(measured)
    for done, rows in enumerate(measured):
        progress(rows.population.words, done, total)
        inside = [View(view.name, _inside(view, rows)) for view in views]
        estimates.extend(measure_all(inside, rows.population.population_id, plan))
        paired.extend(compare_all(inside, rows.population.population_id, plan))
        curves.extend(curves_of(inside, rows.population, plan))
        if subject.classes is not None:
            one_by_one = measure_classes(inside, rows.population, plan, subject)
            estimates.extend(one_by_one.estimates)
            paired.extend(one_by_one.paired)
            curves.extend(class_curves(inside, rows.population, plan, subject.classes.values))
    progress("", total, total)
    tables = AnalysisTables(estimates=tuple(estimates), paired=tuple(paired), curves=tuple(curves))
    everyone = [View(view.name, view.rows.with_weight()) for view in views]
    found = findings(
        tables, [rows.population for rows in subject.populations], words_of(plan), classes_in_words(plan, subject),
        second_opinions(everyone, estimates, plan),
    )  # fmt: skip
    return replace(tables, findings=found, not_tested=what_was_not_tested(plan, subject))


def _inside(view: View, rows: Rows) -> TaskRows:
    return (view.rows if rows.index is None else view.rows.take(rows.index)).with_weight()
