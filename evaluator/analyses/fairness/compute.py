"""What is measured on every group, and the gaps that follow. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from evaluator.analyses.fairness.arms import (
    Arm,
    arms_of,
    arms_together,
    clusters_together,
    measured_together,
    rests_of,
    shared_clusters,
)
from evaluator.analyses.fairness.compared import Compared, compared
from evaluator.analyses.fairness.contrast import Contrast
from evaluator.analyses.fairness.gaps import ANALYSIS_NAME, gap_row
from evaluator.analyses.fairness.judged import fair_metrics
from evaluator.analyses.seen import TaskRows
from evaluator.catalogue.metrics import METRICS, PROPORTIONS
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.grouped_rows import SortedRows, sorted_rows
from evaluator.metrics.measure import Measurement, measure
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.schema import Plan
from evaluator.records import Estimate, Gap
from evaluator.subject.subject import Partition, Subject, criterion_class

FAMILY = "each on its own"

Table = dict[str, list[Measurement]]
"""What was measured on every group, by metric."""
Wanted = dict[str, list[Contrast]]
"""The contrasts to look at, by metric."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A gap that a criterion asks about; `class_` is '' where it is not about one class."""

    metric: str
    class_: str
    attribute: str
    within: str
    contrast: Contrast


@dataclass(frozen=True, eq=False)
class Seen:
    """All rows as one subject sees them; of several classes all together, or `class_` against the rest."""

    name: str
    rows: TaskRows
    subject: Subject
    plan: Plan
    class_: str = ""

    def measure(self, metric: str, rows: TaskRows, unit: str) -> Measurement:
        """One metric on some of the rows; `unit` names them."""
        settings, fewest = self.plan.settings, self.plan.data.min_group
        key = f"{self._key}/{unit}"
        return measure(metric, rows, level=settings.level, min_group=fewest, seed=settings.seed, unit=key)

    def arms(self, partition: Partition) -> tuple[Arm, ...]:
        """Every group of a partition; of two outcomes all are cut from the rows in one pass."""
        if self._sorted is None:
            return arms_of(partition, self.subject, self.rows)
        settings, fewest = self.plan.settings, self.plan.data.min_group
        return arms_together(
            partition, self.subject, self._sorted, level=settings.level, min_group=fewest, seed=settings.seed,
            name=self._key,
        )  # fmt: skip

    def measure_arms(self, metric: str, arms: Sequence[Arm]) -> list[Measurement]:
        """One metric on every one of `arms`."""
        if self._sorted is None:
            return [self.measure(metric, arm.rows, arm.population_id) for arm in arms]
        return measured_together(metric, arms)

    @property
    def _key(self) -> str:
        """What random streams are named after."""
        return f"{self.name}/{self.class_}" if self.class_ else self.name

    @cached_property
    def _sorted(self) -> SortedRows | None:
        """The rows by descending score, sorted once for all partitions; None unless there are two outcomes."""
        return sorted_rows(self.rows) if isinstance(self.rows, BinaryRows) else None


def asked_gaps(plan: Plan, subject: Subject) -> tuple[Asked, ...]:
    """The gaps of the plan's criteria whose levels are all known, each once."""
    found: list[Asked] = []
    for criterion in plan.criteria:
        question = subject.gap_questions.get(criterion.id)
        if criterion.gap is not None and question is not None:
            contrast = Contrast(criterion.gap.kind, question.against, question.reference)
            class_ = criterion_class(subject, criterion)
            found.append(Asked(criterion.metric, class_, question.attribute, question.within, contrast))
    return tuple(dict.fromkeys(found))


def each_class(seen: Seen) -> Iterator[Seen]:
    """The same rows asked about one class after another, against the rest; none without several classes."""
    classes = seen.subject.classes
    if classes is not None and isinstance(seen.rows, ClassRows):
        for position, value in enumerate(classes.values):
            yield replace(seen, rows=seen.rows.one_class(position), class_=value)


def wanted_of(partition: Partition, asked: Sequence[Asked], seen: Seen, *, planned: bool) -> Wanted:
    """What to look at in a partition: the usual gaps when it is `planned`, and those that criteria ask about."""
    wanted: Wanted = {}
    if planned:
        for metric in fair_metrics(seen.subject.task, seen.class_):
            wanted[metric] = [Contrast("difference"), *([Contrast("ratio")] if metric in PROPORTIONS else [])]
    for question in asked:
        place = (question.attribute, question.within, question.class_)
        if place != (partition.attribute, partition.within, seen.class_):
            continue
        contrasts = wanted.setdefault(question.metric, [])
        if question.contrast not in contrasts:
            contrasts.append(question.contrast)
    return wanted


def compare_groups(partition: Partition, wanted: Wanted, seen: Seen) -> tuple[list[Estimate], list[Gap]]:
    """Every metric on every group of a partition, and the gaps between them."""
    if not wanted:
        return [], []
    arms = seen.arms(partition)
    shared = clusters_together(arms)
    table = {metric: seen.measure_arms(metric, arms) for metric in wanted}
    gaps: list[Gap] = []
    for metric, contrasts in wanted.items():
        sides = compared(metric, arms, table[metric], shared)
        among_groups = [contrast for contrast in contrasts if contrast.against != "overall"]
        gaps += [_gap(contrast, partition, table[metric], sides, seen) for contrast in among_groups]
    gaps += _against_everyone_else(partition, wanted, arms, table, seen)
    estimates = [
        estimate_row(metric, row, arm.rows, seen, arm.population_id)
        for metric, found in table.items()
        for arm, row in zip(arms, found, strict=True)
    ]
    return estimates, gaps


def _against_everyone_else(
    partition: Partition, wanted: Wanted, arms: Sequence[Arm], table: Table, seen: Seen
) -> list[Gap]:
    overall = [(metric, one) for metric, many in wanted.items() for one in many if one.against == "overall"]
    if not overall:
        return []
    rests = rests_of(partition, seen.subject, seen.rows)
    shared = shared_clusters((*arms, *rests))
    gaps: list[Gap] = []
    for metric, contrast in overall:
        named = zip(rests, partition.groups, strict=True)
        beside = [seen.measure(metric, rest.rows, f"without/{group}") for rest, group in named]
        sides = compared(metric, (*arms, *rests), (*table[metric], *beside), shared)
        gaps.append(_gap(contrast, partition, table[metric], sides, seen))
    return gaps


def _gap(contrast: Contrast, partition: Partition, groups: Sequence[Measurement], sides: Compared, seen: Seen) -> Gap:
    settings = seen.plan.settings
    return gap_row(
        contrast, partition, groups, sides, subject=seen.name, class_=seen.class_, level=settings.level,
        seed=settings.seed,
    )  # fmt: skip


def estimate_row(metric: str, found: Measurement, rows: TaskRows, seen: Seen, population_id: str) -> Estimate:
    """One measurement as a row of the estimate table."""
    interval = found.interval
    return Estimate(
        analysis=ANALYSIS_NAME, metric=metric, class_=seen.class_, subject=seen.name, population_id=population_id,
        value=found.value, low=interval.low if interval else None, high=interval.high if interval else None,
        se=found.se, level=seen.plan.settings.level, method=interval.method if interval else "none",
        coverage=interval.coverage if interval else "none", n=found.n, relevant_count=found.relevant_count,
        successes=found.successes, n_clusters=found.n_clusters, n_effective=found.n_effective,
        weighted=rows.weight is not None, family=FAMILY, family_size=1, unit=METRICS[metric].unit,
        status=found.status, reason=found.reason,
    )  # fmt: skip
