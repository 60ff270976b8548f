"""The best guess about every group, and every group against the best one and against everyone else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evaluator.analyses.fairness.best_guesses import guessed_means, guessed_shares
from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.equalized_odds import equalized_odds
from evaluator.analyses.fairness.group_gaps import Levels, gaps_by_kind, held_against_best, held_against_rest
from evaluator.analyses.fairness.grouped import Grouped, View
from evaluator.analyses.fairness.held_against import Batch
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.number_gaps import number_gaps, sides_of
from evaluator.analyses.fairness.three_way import metrics_for, planned_partitions
from evaluator.catalogue.metrics import PROPORTIONS
from evaluator.metrics.number_rows import NumberRows
from evaluator.records import MODEL, AnalysisTables, Gap, GroupGap, Shrunken
from evaluator.subject.subject import Partition

MOST_HELD_AGAINST_BEST = 2
"""Attributes together; with three, so many pairs hold together that hardly any range says something."""


def group_values(measured: Measured) -> AnalysisTables:
    """Best guesses, group gaps and equalized odds of the model under review.

    Of several classes, one class against the rest is looked at by one attribute at a time: the classes times the groups
    of several attributes are too many to be read.
    """
    partitions = planned_partitions(measured.plan, measured.subject)
    known = gaps_by_kind(measured.gaps)
    guesses: list[Shrunken] = []
    gaps: list[GroupGap] = []
    odds: list[Gap] = []
    batch = Batch()
    for seen in (view for view in measured.views if view.name == MODEL):
        wanted = [one for one in partitions if not seen.class_ or len(one.columns) == 1]
        if isinstance(seen.rows, NumberRows):
            found = [_numbers(seen, partition, known) for partition in wanted]
            guesses += [row for rows, _ in found for row in rows]
            gaps += [row for _, rows in found for row in rows]
            continue
        view = View(seen)
        for grouped in _grouped(view, wanted):
            guesses += _shares(view, grouped, known, batch)
            odds += equalized_odds(view, grouped)
    return AnalysisTables(gaps=tuple(odds), shrunken=tuple(guesses), group_gaps=(*batch.measured(), *gaps))


def _grouped(view: View, partitions: list[Partition]) -> Iterator[Grouped]:
    for partition in partitions:
        grouped = view.grouped(partition)
        if grouped is not None:
            yield grouped


def _shares(view: View, grouped: Grouped, known: Levels, batch: Batch) -> list[Shrunken]:
    """Every share of one partition; what is held against what goes into the batch."""
    guesses: list[Shrunken] = []
    for metric in metrics_for(grouped.partition, view.seen.subject.task, view.seen.class_):
        shares = view.share(metric, grouped) if metric in PROPORTIONS else None
        if shares is None:
            continue
        guesses += guessed_shares(metric, grouped, shares)
        if len(grouped.partition.columns) <= MOST_HELD_AGAINST_BEST:
            held_against_best(metric, grouped, shares, known, batch)
        held_against_rest(metric, grouped, shares, batch)
    return guesses


def _numbers(seen: Seen, partition: Partition, known: Levels) -> tuple[list[Shrunken], list[GroupGap]]:
    columns = [seen.subject.find_partition(column) for column in partition.columns]
    sizes = [len(column.groups) for column in columns if column is not None]
    if int(np.prod(sizes)) != len(partition.groups):
        return [], []
    levels = np.array(np.unravel_index(np.arange(len(partition.groups)), sizes), dtype=np.int64)
    guesses: list[Shrunken] = []
    gaps: list[GroupGap] = []
    for sides in sides_of(seen, partition):
        guesses += guessed_means(seen, partition, sides, levels)
        gaps += number_gaps(seen, partition, sides, known)
    return guesses, gaps
