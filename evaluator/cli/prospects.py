"""What stands in the way of judging each criterion, seen before anything is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from evaluator.analyses.performance.views import views_of
from evaluator.analyses.seen import TaskRows
from evaluator.catalogue.metrics import METRICS
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.measure import few_reason, relevant_count, what_is_missing
from evaluator.plan.schema import CriterionPart, Plan
from evaluator.records import MODEL
from evaluator.subject.subject import Subject, UnknownLevel, criterion_class, criterion_population_id
from evaluator.wording import plural


class Prospect(NamedTuple):
    """One criterion: whom it is about, and why it cannot be judged ('' when it can)."""

    criterion_id: str
    metric: str
    whom: str
    blocking: bool
    obstacle: str


def prospects(plan: Plan, subject: Subject) -> tuple[Prospect, ...]:
    """Every criterion of the plan, in its order."""
    views = {view.name: view.rows for view in views_of(subject)}
    unknown = {level.criterion_id: level for level in subject.unknown_levels}
    return tuple(_prospect(criterion, plan, subject, views, unknown) for criterion in plan.criteria)


def _prospect(
    criterion: CriterionPart,
    plan: Plan,
    subject: Subject,
    views: Mapping[str, TaskRows],
    unknown: Mapping[str, UnknownLevel],
) -> Prospect:
    rows = subject.find_rows(criterion_population_id(subject, criterion))
    level = unknown.get(criterion.id)
    if level is not None or rows is None:
        obstacle = _unknown_level(level) if level else "Its population was not made."
        return Prospect(criterion.id, criterion.metric, "no rows", criterion.blocking, obstacle)
    n = rows.population.n
    whom = f"{_class_label(subject, criterion)}{rows.population.words}, {n:,} {plural(n, 'row', 'rows')}"
    seen = [_about(views[name], subject, criterion) for name in _subjects(criterion)]
    asked = [one.take(rows.index) if rows.index is not None else one for one in seen]
    obstacles = (_obstacle(criterion.metric, part.with_weight(), plan.data.min_group) for part in asked)
    return Prospect(criterion.id, criterion.metric, whom, criterion.blocking, next(filter(None, obstacles), ""))


def _class_label(subject: Subject, criterion: CriterionPart) -> str:
    class_ = criterion_class(subject, criterion)
    if subject.classes is None or not class_:
        return ""
    return f"{subject.classes.labels[subject.classes.values.index(class_)]} against the rest, "


def _about(rows: TaskRows, subject: Subject, criterion: CriterionPart) -> TaskRows:
    """The rows as the criterion looks at them: one class against the rest, or as they are."""
    class_ = criterion_class(subject, criterion)
    if subject.classes is None or not class_ or not isinstance(rows, ClassRows):
        return rows
    return rows.one_class(subject.classes.values.index(class_))


def _subjects(criterion: CriterionPart) -> tuple[str, ...]:
    return (MODEL, criterion.against) if criterion.against else (MODEL,)


def _obstacle(metric: str, rows: TaskRows, min_group: int) -> str:
    entry = METRICS[metric]
    if missing := what_is_missing(entry, rows):
        return missing
    count = relevant_count(entry, rows)
    few = rows.n < min_group or count < MIN_RELEVANT
    return f"Too few: {few_reason(entry, rows.n, count, min_group)}" if few else ""


def _unknown_level(level: UnknownLevel) -> str:
    nearest = f" The nearest is '{level.nearest}'." if level.nearest else ""
    return f"No row has '{level.level}' in column '{level.column}'.{nearest}"
